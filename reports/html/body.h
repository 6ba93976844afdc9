/* body.h: what a result says beyond its own line: why it matters, how to mend it, and on what it rests. */
#ifndef EXPORTCHECK_REPORTS_HTML_BODY_H
#define EXPORTCHECK_REPORTS_HTML_BODY_H

#include "reports/html/page.h"

/** Markup in scratch memory; the same for results that say the same. */
struct str body_text(const struct html_page *page, const struct result *result);

/** The documents that were found and expected, folded; nothing where they are short. */
void body_documents(const struct html_page *page, const struct result *result);

#endif
