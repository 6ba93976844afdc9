/*
 * fix.h: corrections of an account's documents, each proven before it is told.
 *
 * A rule that fails says how it is mended (run_mend()); the document takes its place in the account's snapshot, and all
 * rules of the run are evaluated on that. A correction stands if the rule then passes and no result that passed does
 * anything else. What is mended stays in place while the next rule is looked at, so that the corrections fit together,
 * and one document is corrected once. Nothing here asks AWS anything.
 */
#ifndef EXPORTCHECK_FIX_FIX_H
#define EXPORTCHECK_FIX_FIX_H

#include "account/snapshot/snapshot.h"
#include "fix/correction.h"
#include "rule/run.h"

struct fix_options {
    const struct run_options *run; /* the run that found the failures */
    int64_t at;                    /* the time to evaluate at; 0: the account's */
};

/** The corrections for what failed in `found`. Everything that it returns lives in `arena`. */
void fix_make(struct arena *arena, const struct fix_options *options, const struct run *found, struct fix_plan *ret);

#endif
