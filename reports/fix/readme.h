/* readme.h: the page that says what the corrections are, in which order, and what was not corrected. */
#ifndef EXPORTCHECK_REPORTS_FIX_README_H
#define EXPORTCHECK_REPORTS_FIX_README_H

#include "fix/correction.h"

/** What the first line of every page is: who finds it knows that the folder is ours. */
extern const struct str fix_readme_mark;

/** Markdown; `folders` are the names of the corrections' folders, beside them. */
struct str fix_readme(struct arena *arena, const struct fix_plan *plan, const struct run_info *run,
                      const struct str *folders);

#endif
