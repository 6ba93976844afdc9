/* compare.h: what changed between two runs, in the formats of `exportcheck report compare`. */
#ifndef EXPORTCHECK_REPORTS_COMPARE_COMPARE_H
#define EXPORTCHECK_REPORTS_COMPARE_COMPARE_H

#include "reports/results/merge.h"

struct comparison_format {
    const char *name;
    void (*write)(struct arena *arena, struct sink *sink, const struct comparison *comparison);
};

/** text, json, markdown or html; NULL: there is no such. */
const struct comparison_format *comparison_format_find(struct str name);

/** "Worse: 2 new, 1 undecided; 1 fixed.", "Better: 3 fixed.", "No change: 4 failed before and still do." */
struct str comparison_headline(struct arena *arena, const struct comparison *comparison);

/** The result that speaks for a change: the newer, where there is one. */
const struct result *change_result(const struct change *change);

/** "fail → pass"; "none" where a run has no such result. */
struct str change_states(struct arena *arena, const struct change *change);

extern const struct comparison_format comparison_format_text, comparison_format_json, comparison_format_markdown,
    comparison_format_html;

#endif
