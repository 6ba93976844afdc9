/*
 * explain.h: why a decision came out as it did: of each Allow that did not apply, what stood in the way; and the single
 * changes to a policy that would have the request allowed.
 *
 * Changes are not guesses: each is made to a copy of the policy, and all is evaluated again. What is reported did turn
 * the decision.
 */
#ifndef EXPORTCHECK_POLICY_EXPLAIN_H
#define EXPORTCHECK_POLICY_EXPLAIN_H

#include "policy/simulation.h"

/** One thing in which a statement misses the request. */
struct mismatch {
    struct str pointer; /* of the element in its policy: "/Statement/0/Condition/StringEquals/aws:SourceArn" */
    struct str text;    /* one sentence without a period */
};

struct mismatches {
    struct mismatch *items;
    size_t count;
};

/** Everything in which the statement misses the request; none: it applies. `type`: of its policy, where it is attached.
 */
struct mismatches explain_statement(struct arena *arena, const struct statement *statement,
                                    const struct request *request, bool bounded);

/** A change of one policy after which the request is allowed. */
struct change {
    enum policy_type type;
    size_t level;
    const struct statement *statement;
    const struct json *patch; /* JSON Patch (RFC 6902) on the policy */
    struct str text;          /* "would be allowed if …" */
    int size;                 /* smaller ones first: operator, value, resource, action, principal, whole statement */
};

struct changes {
    struct change *items;
    size_t count;
};

#define CHANGES_MAX 8

/** The smallest first, at most CHANGES_MAX; none where the request is allowed, or no single change allows it. */
struct changes explain_changes(struct arena *arena, const struct policy_environment *environment,
                               const struct request *request, const struct decision *decision);

/** `result` (of simulation_result()) with `explanation`: `{"not_applied": […], "changes": […]}`. */
struct json explain_simulation(struct arena *arena, const struct simulation *simulation,
                               const struct decision *decision, struct json result);

/** A policy and where it is attached. */
struct attached_policy {
    const struct policy *policy;
    enum policy_type type;
    size_t level; /* of control policies */
};

/** All policies of an environment, in the order of its fields. */
struct attached_policy *environment_policies(struct arena *arena, const struct policy_environment *environment,
                                             size_t *ret_count);

#endif
