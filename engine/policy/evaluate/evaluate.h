/*
 * evaluate.h: would AWS allow this request? All policies together, in AWS's order (IAM User Guide, "Policy evaluation
 * logic", "Cross-account policy evaluation logic"; Organizations User Guide, "SCP evaluation", "RCP evaluation").
 *
 * 1. An explicit Deny in any policy that applies ends it.
 * 2. Each level of resource control policies must allow: for services that support them, and not for service-linked
 *    roles. Each level of service control policies must allow: not for services, service-linked roles, the anonymous.
 * 3. Within an account an Allow of either side is enough. What the resource's policy names decides what else limits it:
 *    a session, a federated user, everyone: nothing; a user: the session policy; a role: boundary and session policy;
 * the account: it only lets the caller's own policies decide. Boundary and session policy limit what those allow.
 * 4. Across accounts both sides must allow, each by itself.
 *
 * Exceptions, each in a function of its own in evaluate.c: keys and roles need an Allow in their own policy; services,
 * providers and the anonymous have no side but the resource's; the root user needs no identity policy, and a bucket's
 * owner always reaches the bucket's policy; names that AWS reserves; sts:GetCallerIdentity.
 * Block Public Access and ACLs are not evaluated here.
 */
#ifndef EXPORTCHECK_POLICY_EVALUATE_EVALUATE_H
#define EXPORTCHECK_POLICY_EVALUATE_EVALUATE_H

#include "policy/evaluate/request.h"
#include "policy/language/document.h"

/** Policies that are a union: those of a user and its groups, those of one level of an organization. */
struct policy_list {
    const struct policy *const *items;
    size_t count;
};

/** One list for each level, from the root down. Count 0: no such policies; an empty level allows nothing. */
struct policy_levels {
    const struct policy_list *items;
    size_t count;
};

/** Everything that bears on a request. */
struct policy_environment {
    struct policy_list identity;
    struct policy_list boundaries; /* empty: none */
    const struct policy *session;  /* NULL: none */
    const struct policy *resource; /* NULL: none */
    struct policy_levels service_control;
    struct policy_levels resource_control;
};

enum verdict_of_policies { DECISION_ALLOWED, DECISION_EXPLICITLY_DENIED, DECISION_IMPLICITLY_DENIED };

/** "Allowed", "ExplicitlyDenied", "ImplicitlyDenied". */
struct str decision_name(enum verdict_of_policies verdict);

/** One reason of a decision: a statement, or, where an Allow is lacking, the policies that lack it. */
struct decision_reason {
    enum policy_type type;
    size_t level;                      /* of control policies, from 0 */
    const struct statement *statement; /* NULL: no statement of these policies allows the request */
};

#define DECISION_REASONS_MAX 16

struct decision {
    enum verdict_of_policies verdict;
    /** Why no policy was asked: "sts:GetCallerIdentity needs no permission"; else NULL. A literal. */
    const char *rule;
    struct decision_reason reasons[DECISION_REASONS_MAX];
    size_t reason_count; /* past the maximum they are dropped */
};

/** Decides; allocates nothing. */
void policy_evaluate(const struct policy_environment *environment, const struct request *request, struct decision *ret);

/** What kinds of callers have on their own side. */
struct caller_rules {
    bool has_side;    /* identity policies, boundary, session policy */
    bool needs_allow; /* of an identity policy: the root user does not */
    bool has_account; /* whose service control policies bind it */
};
const struct caller_rules *policy_caller_rules(enum principal_kind kind);

/** Whether resource control policies can bind a service's resources; its prefix, in lower case. */
bool policy_rcps_support(struct str service);

/** Whether action, resource and conditions of a statement meet the request; who asks is left out. */
bool statement_applies(const struct statement *statement, const struct request *request);
bool statement_action_matches(const struct statement *statement, const struct request *request);
bool statement_resource_matches(const struct statement *statement, const struct request *request);
bool statement_conditions_hold(const struct statement *statement, const struct request *request);

/** Whom a statement of a resource's policy means. `bounded`: the caller has a permissions boundary. */
enum principal_match statement_principal_match(const struct statement *statement, const struct request *request,
                                               bool bounded);

#endif
