/* mismatch.h: in what a statement misses a request, in words; and all policies that bear on one, as a list. */
#ifndef EXPORTCHECK_POLICY_EVALUATE_MISMATCH_H
#define EXPORTCHECK_POLICY_EVALUATE_MISMATCH_H

#include "policy/evaluate/evaluate.h"

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

/**
 * Why each condition of a statement that applies holds: "it tests aws:PrincipalOrgID, of which the service sends none,
 * and StringNotEquals holds where the key is absent". None: it has no condition.
 */
struct mismatches explain_applied(struct arena *arena, const struct statement *statement,
                                  const struct request *request);

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
