/*
 * choice.h: which results a page shows that cannot show all: the most important, by what came of them and by severity,
 * of equal ones those that come first. How many there are of each kind is known before the first, from the run's
 * summary.
 */
#ifndef EXPORTCHECK_REPORTS_HTML_CHOICE_H
#define EXPORTCHECK_REPORTS_HTML_CHOICE_H

#include "rule/results.h"

/** From the most important on: what failed by severity, then the others. */
enum choice_rank {
    CHOICE_FAILED, /* critical; the lower ones behind it */
    CHOICE_UNKNOWN = CHOICE_FAILED + SEVERITY_COUNT,
    CHOICE_PENDING,
    CHOICE_ADVICE,
    CHOICE_WAIVED,
    CHOICE_PASS,
    CHOICE_SKIP,
    CHOICE_RANKS,
};

struct choice {
    size_t room[CHOICE_RANKS]; /* for so many more of each */
};

/** At most `most` results of a run with that summary. */
struct choice choice_of(const struct summary *summary, size_t most);

/** Whether the page shows the result; to be asked once of each, in their order. */
bool choice_takes(struct choice *choice, const struct result *result);

#endif
