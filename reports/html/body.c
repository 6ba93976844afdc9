/* body.c: see body.h. */
#include "reports/html/body.h"

#include "reports/words/words.h"

/** Only a web address becomes a link: `javascript:` and the like stay text. */
static bool is_web_address(struct str text)
{
    return str_starts(text, STR("https://")) || str_starts(text, STR("http://"));
}

static void write_reference(const struct html_page *page, struct str reference)
{
    struct markup *markup = page->markup;
    if (!is_web_address(reference)) {
        html_field(page, "Reference", reference);
        return;
    }
    markup_element(markup, "dt", STR("Reference"));
    markup_start(markup, "dd");
    markup_start(markup, "a");
    markup_attribute(markup, "href", reference);
    markup_attribute_c(markup, "rel", "noreferrer noopener");
    markup_text(markup, reference);
    markup_end(markup);
    markup_end(markup);
}

static void write_fix(const struct html_page *page, const struct fix *fix)
{
    struct markup *markup = page->markup;
    if (!words_has_fix(fix))
        return;
    markup_element(markup, "dt", STR("Fix"));
    markup_start(markup, "dd");
    if (fix->console_count)
        markup_element(markup, "p", words_console(page->scratch, fix));
    if (fix->cli.len)
        markup_element(markup, "pre", fix->cli);
    if (fix->note.len)
        markup_element(markup, "p", fix->note);
    if (fix->policy)
        markup_element(markup, "pre", json_text(page->scratch, fix->policy, 2));
    markup_end(markup);
}

static void write_row(const struct html_page *page, const struct evidence *evidence)
{
    struct markup *markup = page->markup;
    const struct str cells[] = {evidence->fact, evidence->call, evidence->state, evidence->error};
    markup_start(markup, "tr");
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        markup_start(markup, "td");
        if (i < 2 && cells[i].len)
            markup_element(markup, "code", cells[i]);
        else
            markup_text(markup, cells[i]);
        markup_end_full(markup);
    }
    markup_end(markup);
}

static void write_evidence(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    if (!result->evidence_count)
        return;
    markup_raw(markup, "<details><summary>Evidence</summary><table><thead><tr><th>Fact</th><th>Call</th><th>State</th>"
                       "<th>Error</th></tr></thead><tbody>");
    for (size_t i = 0; i < result->evidence_count; i++)
        write_row(page, &result->evidence[i]);
    markup_raw(markup, "</tbody></table></details>");
}

struct str body_text(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    struct buf buf = buf_make(page->scratch, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    markup_redirect(markup, &sink);
    markup_raw(markup, "<dl>");
    html_code_field(page, "Waits for", result->root_cause);
    html_field(page, "Why", result->why);
    write_fix(page, &result->fix);
    html_field(page, "Documentation", result->section);
    write_reference(page, result->reference);
    markup_raw(markup, "</dl>");
    write_evidence(page, result);
    markup_redirect(markup, page->sink);
    return buf_str(&buf);
}

static void write_document(const struct html_page *page, const char *summary, const struct json *value)
{
    struct markup *markup = page->markup;
    if (!value || words_is_brief(value))
        return;
    markup_start(markup, "details");
    markup_element(markup, "summary", str_from(summary));
    markup_element(markup, "pre", json_text(page->scratch, value, 2));
    markup_end(markup);
}

void body_documents(const struct html_page *page, const struct result *result)
{
    write_document(page, "Found, as a document", result->actual);
    write_document(page, "Expected, as a document", result->expected);
}
