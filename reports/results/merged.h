/*
 * merged.h: several results files as one run, as a stream: accounts of an organization, scenarios of an account, parts
 * of a fleet. What is kept of a result while the files are read is 48 bytes, in files without names.
 */
#ifndef EXPORTCHECK_REPORTS_RESULTS_MERGED_H
#define EXPORTCHECK_REPORTS_RESULTS_MERGED_H

#include "reports/results/stream.h"

/** A results file. */
struct merge_source {
    struct str name;  /* begins messages */
    const char *path; /* opened when it is read, which is more than once; NULL: `file` */
    FILE *file;       /* read once; stays the caller's */
};

struct merged;

/**
 * Reads every file. One run of all results, in the order of the files; where all are runs over many targets, in the
 * order of the targets. The results of a rule on an account stand together. Of results with one id (and target) the one
 * whose run finished last is kept. What the runs agree on (account, caller, members of the target, …) stays, the rest
 * is left out; times span all runs, causes with one name are joined, and the exit status follows from the results.
 * `count` is at least 1. False, code "input": as results_stream_open(); code "io": a file that cannot be read, or a
 * temporary one.
 */
bool merged_open(struct arena *arena, const struct merge_source *sources, size_t count, struct merged **ret,
                 struct error *error) MUST_CHECK;

const struct run_info *merged_run(const struct merged *merged);

/** The next result, as results_stream_next() gives it. */
bool merged_next(struct merged *merged, struct arena *scratch, struct result *ret, bool *ret_more,
                 struct error *error) MUST_CHECK;

#endif
