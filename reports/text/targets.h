/* targets.h: the targets of a run over many, a row each, for the text report. */
#ifndef EXPORTCHECK_REPORTS_TEXT_TARGETS_H
#define EXPORTCHECK_REPORTS_TEXT_TARGETS_H

#include "reports/text/page.h"

/** Name, account, verdict and first thing to do of each; those that are ready are a count, unless `all`. Nothing of
 * one. */
void targets_list(struct page *page, const struct run_info *run, bool all);

#endif
