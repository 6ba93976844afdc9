/* overview.h: the parts of the text report that say how the run stands and what to do: its beginning and its end. */
#ifndef EXPORTCHECK_REPORTS_TEXT_OVERVIEW_H
#define EXPORTCHECK_REPORTS_TEXT_OVERVIEW_H

#include "reports/text/page.h"

/** The verdict in one sentence, then what was checked, by whom and when. */
void overview_head(struct page *page, const struct run_info *run);

/** "Do this first": every step, whole, with the effect of not doing it and the rule below that says more. */
void overview_steps(struct page *page, const struct run_info *run);

/** What fails and does not decide, in one sentence each. */
void overview_advice(struct page *page, const struct run_info *run);

/** What can be pasted in a ticket, the command again, the verdict and the first three steps: what a terminal shows. */
void overview_end(struct page *page, const struct run_info *run);

#endif
