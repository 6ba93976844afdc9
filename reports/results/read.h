/*
 * read.h: a results file (design: "Results", `exportcheck-results/1`), JSON or JSON Lines, read
 * back, so that a run can be rendered again, merged with others and compared.
 */
#ifndef EXPORTCHECK_REPORTS_RESULTS_READ_H
#define EXPORTCHECK_REPORTS_RESULTS_READ_H

#include "rule/results.h"

struct results {
    struct run_info run;
    struct result *items; /* in the file's order */
    size_t count;
};

/**
 * Reads the text of a results file; which of the two forms it has is seen from its first line. The
 * results share memory of `arena` alone. `name` begins the message. What other tools may leave out
 * gets a default: no entries, no causes, `fail_on` medium, the exit status that follows from the
 * results. The summary is counted, not believed.
 *
 * False, code "input": no JSON, another format, a result without rule or with a status or severity
 * that does not exist; a JSON Lines file without its last line, or one whose summary does not
 * agree with its lines, since then results are missing.
 */
bool results_read(struct arena *arena, struct str name, struct str text, struct results *ret,
                  struct error *error) MUST_CHECK;

/** The status with which `check` would exit: 1, 3 or 0 by `fail_on` (design, section 4); 2 without results. */
int results_exit_status(const struct result *items, size_t count, enum severity fail_on);

#endif
