/* page.h: what the parts of an HTML report share: where they write, and small pieces of markup. */
#ifndef EXPORTCHECK_REPORTS_HTML_PAGE_H
#define EXPORTCHECK_REPORTS_HTML_PAGE_H

#include "reports/words/markup.h"
#include "rule/results.h"

struct html_page {
    struct markup *markup;
    struct sink *sink;     /* of the whole page, where markup is not sent elsewhere */
    struct arena *arena;   /* for as long as the page */
    struct arena *scratch; /* the caller rewinds it */
    const struct run_info *run;
    struct str beside; /* the file with all results, where the page shows fewer; may be empty all the same */
};

/** The results that a page shows at most. */
#define HTML_MOST 10000

/** `<span class="badge s-fail">FAIL</span>`; "ADVICE" and "KNOWN" for what does not decide. */
void html_badge(const struct html_page *page, enum verdict verdict, bool advice, bool old);

/** "fail", …, or "advice": the class is s- and this, and the filter reads it. */
struct str html_status(enum verdict verdict, bool advice);

/** `<dt>label</dt><dd>text</dd>`; nothing where the text is empty. */
void html_field(const struct html_page *page, const char *label, struct str text);
/** The same in `<code>`. */
void html_code_field(const struct html_page *page, const char *label, struct str text);

/** `<a href="FILE">FILE</a>`, a file beside the page. */
void html_link_beside(const struct html_page *page);

#endif
