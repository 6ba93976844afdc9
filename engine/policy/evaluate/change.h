/*
 * change.h: the single changes to a policy that would have a request allowed.
 *
 * Changes are not guesses: each is made to a copy of the policy, and all is evaluated again. What is reported did turn
 * the decision.
 */
#ifndef EXPORTCHECK_POLICY_EVALUATE_CHANGE_H
#define EXPORTCHECK_POLICY_EVALUATE_CHANGE_H

#include "policy/evaluate/evaluate.h"

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

#endif
