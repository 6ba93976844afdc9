/* trial.h: an account with documents of it in another form, and what its rules say then. */
#ifndef EXPORTCHECK_FIX_TRIAL_H
#define EXPORTCHECK_FIX_TRIAL_H

#include "account/snapshot/snapshot.h"
#include "rule/run.h"

/** One state of the account: as it was read, or with corrections in place. */
struct trial {
    const struct snapshot *snapshot;
    struct run_options options; /* with the facts of this state */
    struct run run;
};

/** Evaluates the rules of a run on a snapshot; `at`: the time, 0: the account's. */
void trial_run(struct arena *arena, const struct run_options *options, int64_t at, const struct snapshot *snapshot,
               struct trial *ret);

/** The first failing result of the rule, or NULL. */
const struct result *trial_failure(const struct trial *trial, struct str rule);

/** Whether every result of the rule passes or does not apply. */
bool trial_holds(const struct trial *trial, struct str rule);

/**
 * What stands against `after`: a result of the rule that does not hold, or one of another rule that held before and no
 * longer does. NULL: nothing, it is better than `before`.
 */
const struct result *trial_objection(struct arena *arena, const struct trial *before, const struct trial *after,
                                     struct str rule);

#endif
