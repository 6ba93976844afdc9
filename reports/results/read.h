/*
 * read.h: the parts of a results file (design: "Results", `exportcheck-results/1`) read back, so that a run can be
 * rendered again, merged with others and compared; stream.h reads whole files.
 */
#ifndef EXPORTCHECK_REPORTS_RESULTS_READ_H
#define EXPORTCHECK_REPORTS_RESULTS_READ_H

#include "rule/results.h"

/** More results than this are not held in memory at once. */
#define RESULTS_MAX 1000000

struct results {
    struct run_info run;
    struct result *items; /* in the file's order */
    size_t count;
};

/** One element of `results`. False, code "input": no rule, or a status or severity that does not exist. */
bool results_read_result(struct arena *arena, const struct json *object, struct result *ret,
                         struct error *error) MUST_CHECK;

/** Everything but the results. What other tools may leave out gets a default: no entries, no causes, `fail_on` medium.
 */
bool results_read_run(struct arena *arena, const struct json *object, struct run_info *ret,
                      struct error *error) MUST_CHECK;

/** One element of `targets`; its texts are views of the value. */
struct target_row results_read_target(const struct json *item);

/** The counts that a run's object says; 0 where it does not say one. */
struct summary results_read_summary(const struct json *object);

/**
 * Reads a text that is one JSON document. The results share memory of `arena` alone; `name` begins the message. The
 * summary is counted, not believed.
 */
bool results_read_document(struct arena *arena, struct str name, struct str text, struct results *ret,
                           struct error *error) MUST_CHECK;

/** The status with which `check` would exit: 1, 3 or 0 by `fail_on` (design, section 4); 2 without results. */
int results_exit_status(const struct result *items, size_t count, enum severity fail_on);

/** The same by one result more; it begins with 2. */
int results_worse_status(int status, const struct result *result, enum severity fail_on);

#endif
