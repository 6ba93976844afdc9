/* merge.h: what several runs are as one (merged.h reads their results), and two runs compared. */
#ifndef EXPORTCHECK_REPORTS_RESULTS_MERGE_H
#define EXPORTCHECK_REPORTS_RESULTS_MERGE_H

#include "reports/results/read.h"

/**
 * What is known of several runs as one, but for what follows from their results (summary, exit status) and their
 * targets. What all agree on stays, the rest is left out; times span all runs. `count` is at least 1.
 */
struct run_info merge_runs(struct arena *arena, const struct run_info *runs, size_t count);

/** Causes that are put together. */
struct cause_list {
    struct cause *items;
    size_t count;
    size_t capacity;
};

/**
 * Adds a cause, or joins it with the one that is the same thing to do: of one root cause and, where there are not many
 * targets, one title. The cause's texts are shared.
 */
void merge_cause(struct arena *arena, struct cause_list *list, const struct cause *cause, bool many);

/** Where the row of a target lies. */
struct merge_place {
    uint64_t name; /* its hash */
    size_t number;
    uint32_t run;
    uint32_t index;
};

/** The targets of several runs, none where one of these is of a single target. */
struct merge_rows {
    struct arena *arena;
    const struct run_info *runs;
    struct merge_place *items;
    size_t count;
    struct map *places; /* a name's hash → its place */
};

/** In the order of their numbers where each has its own, else in that of the runs; `finished` is of each run. */
struct merge_rows merge_rows(struct arena *arena, const struct run_info *runs, const int64_t *finished, size_t count);
/** The place of a target, told by the hash of its name; the count where there is none of that name. */
size_t merge_row_of(const struct merge_rows *rows, uint64_t name);
/** They as those of a run; `rows` stays. */
struct target_rows merge_target_rows(const struct merge_rows *rows);

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
