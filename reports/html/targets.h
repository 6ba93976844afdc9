/* targets.h: the targets of a run over many, as the index of the HTML report. */
#ifndef EXPORTCHECK_REPORTS_HTML_TARGETS_H
#define EXPORTCHECK_REPORTS_HTML_TARGETS_H

#include "reports/html/page.h"

/** A row each: those that are not ready, then folded those that are; a name leads to its results. Nothing of one
 * target. */
void targets_write(const struct html_page *page);

#endif
