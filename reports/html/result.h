/* result.h: one result in HTML, at length or folded to a line. */
#ifndef EXPORTCHECK_REPORTS_HTML_RESULT_H
#define EXPORTCHECK_REPORTS_HTML_RESULT_H

#include "reports/words/markup.h"
#include "rule/results.h"

/** What both forms need. */
struct html_page {
    struct markup *markup;
    struct arena *scratch;
    const struct run_info *run;
};

/** A card with everything in sight but the evidence: for what needs action. */
void html_card(const struct html_page *page, const struct result *result);

/** One line that opens: for passes, for what waits for a cause, and for the many of a kind. */
void html_item(const struct html_page *page, const struct result *result);

/** `<span class="badge s-fail">FAIL</span>` */
void html_badge(struct markup *markup, enum verdict verdict, bool advice);

/** `<dt>label</dt><dd>text</dd>`; nothing where the text is empty. */
void html_field(struct markup *markup, const char *label, struct str text);

#endif
