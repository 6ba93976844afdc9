/* page.c: see page.h. */
#include "reports/html/page.h"

#include "reports/words/words.h"

struct str html_status(enum verdict verdict, bool advice)
{
    return advice ? STR("advice") : verdict_name(verdict);
}

void html_badge(const struct html_page *page, enum verdict verdict, bool advice, bool old)
{
    markup_start(page->markup, "span");
    markup_attribute(page->markup, "class",
                     str_join3(page->scratch, STR("badge s-"), html_status(verdict, advice), STR("")));
    markup_text(page->markup, words_status(verdict, advice, old));
    markup_end(page->markup);
}

void html_field(const struct html_page *page, const char *label, struct str text)
{
    if (!text.len)
        return;
    markup_element(page->markup, "dt", str_from(label));
    markup_element(page->markup, "dd", text);
}

void html_code_field(const struct html_page *page, const char *label, struct str text)
{
    if (!text.len)
        return;
    markup_element(page->markup, "dt", str_from(label));
    markup_start(page->markup, "dd");
    markup_element(page->markup, "code", text);
    markup_end(page->markup);
}

void html_link_beside(const struct html_page *page)
{
    markup_start(page->markup, "a");
    markup_attribute(page->markup, "href", str_percent_encode(page->scratch, page->beside, ""));
    markup_text(page->markup, page->beside);
    markup_end(page->markup);
}
