/* ahead.h: what the policies say of time: when a verdict that holds today ends. */
#ifndef EXPORTCHECK_CHECKS_GRANTS_AHEAD_H
#define EXPORTCHECK_CHECKS_GRANTS_AHEAD_H

#include "policy/evaluate/evaluate.h"
#include "rule/check.h"

/** Judges as if it were the time `at`. */
typedef void grants_judge_at(const void *data, const struct judging *judging, int64_t at, struct judgement *ret);

/** How far a pass looks ahead. */
enum { GRANTS_AHEAD_DAYS = 90 };

/**
 * Judges at the account's time. A pass that ends within GRANTS_AHEAD_DAYS, since an Allow expires or a Deny begins,
 * says in its note when, and what then fails. `policies` are those of the check.
 */
void grants_judge_ahead(grants_judge_at *judge, const void *data, const struct judging *judging,
                        const struct policy_environment *policies, struct judgement *ret);

#endif
