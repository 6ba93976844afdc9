/* merge.h: several runs as one (accounts of an organization, scenarios of an account), and two runs compared. */
#ifndef EXPORTCHECK_REPORTS_RESULTS_MERGE_H
#define EXPORTCHECK_REPORTS_RESULTS_MERGE_H

#include "reports/results/stream.h"

/**
 * One run of all results, in the order of the parts. Of results with one id the one whose run
 * finished last is kept. What the parts agree on (account, caller, members of the target, …) stays,
 * the rest is left out; times span all parts, causes with one name are joined, and the exit status
 * follows from the results. `count` is at least 1.
 */
struct results results_merge(struct arena *arena, const struct results *parts, size_t count);

/** What became of a result between two runs. */
enum change_kind {
    CHANGE_NEW,       /* fails now, and did not before: also a finding whose waiver ended */
    CHANGE_UNDECIDED, /* unknown or pending now, and was not before: nobody can say that it is good */
    CHANGE_ADVICE,    /* one of both, but of what decides nothing: it is below --fail-on, or in the baseline */
    CHANGE_UNCHANGED, /* failed before and fails now */
    CHANGE_FIXED,     /* failed before, and passes, is waived or does not apply now */
    CHANGE_GONE,      /* failed before, and is not among the results now */
    CHANGE_COUNT,
};

/** "new", "undecided", … */
struct str change_name(enum change_kind kind);

struct change {
    enum change_kind kind;
    const struct result *before; /* NULL: there was none */
    const struct result *after;  /* NULL only for CHANGE_GONE */
};

struct comparison {
    struct change *changes; /* by kind, then in the order of the newer run */
    size_t change_count;
    size_t count[CHANGE_COUNT];
};

/** Compares by result id. What neither failed nor became undecided is no change. */
struct comparison results_compare(struct arena *arena, const struct results *before, const struct results *after);

/** Whether the newer run is worse: something new failed, or can no longer be decided. */
bool comparison_has_findings(const struct comparison *comparison);

#endif
