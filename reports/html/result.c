/* result.c: see html_result.h. */
#include "reports/html/result.h"

#include "reports/words/words.h"

static const struct words_limits limits = {.max_items = 50, .max_bytes = 4000};

void html_badge(struct markup *markup, enum verdict verdict, bool advice)
{
    static const char *const classes[VERDICT_COUNT] = {
        [VERDICT_PASS] = "badge s-pass",       [VERDICT_FAIL] = "badge s-fail", [VERDICT_UNKNOWN] = "badge s-unknown",
        [VERDICT_PENDING] = "badge s-pending", [VERDICT_SKIP] = "badge s-skip", [VERDICT_WAIVED] = "badge s-waived",
    };
    markup_start(markup, "span");
    markup_attribute_c(markup, "class", advice ? "badge soft" : classes[verdict]);
    markup_text(markup, words_status(verdict, advice));
    markup_end(markup);
}

void html_field(struct markup *markup, const char *label, struct str text)
{
    if (!text.len)
        return;
    markup_element(markup, "dt", str_from(label));
    markup_element(markup, "dd", text);
}

static void code_field(struct markup *markup, const char *label, struct str text)
{
    if (!text.len)
        return;
    markup_element(markup, "dt", str_from(label));
    markup_start(markup, "dd");
    markup_element(markup, "code", text);
    markup_end(markup);
}

static void value_field(const struct html_page *page, const char *label, const struct json *value)
{
    if (value)
        code_field(page->markup, label, words_value(page->scratch, value, limits));
}

/** Only a web address becomes a link: `javascript:` and the like stay text. */
static bool is_web_address(struct str text)
{
    return str_starts(text, STR("https://")) || str_starts(text, STR("http://"));
}

static void reference_field(struct markup *markup, struct str reference)
{
    if (!is_web_address(reference)) {
        html_field(markup, "Reference", reference);
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

static void fix_field(const struct html_page *page, const struct fix *fix)
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

/** Documents among what was found and expected are for those who open them. */
static bool documents_are_folded(const struct result *result)
{
    bool brief =
        (!result->actual || words_is_brief(result->actual)) && (!result->expected || words_is_brief(result->expected));
    return result->message.len && !brief;
}

static void folded_document(const struct html_page *page, const char *summary, const struct json *value)
{
    struct markup *markup = page->markup;
    if (!value || value->type == JSON_NULL)
        return;
    markup_start(markup, "details");
    markup_element(markup, "summary", str_from(summary));
    markup_element(markup, "pre", json_text(page->scratch, value, 2));
    markup_end(markup);
}

static void fields(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    markup_start(markup, "dl");
    if (!str_equal(result->account, page->run->account))
        code_field(markup, "Account", result->account);
    code_field(markup, "Subject", words_quoted(page->scratch, result->subject));
    html_field(markup, "Found", result->message);
    if (!documents_are_folded(result)) {
        value_field(page, result->message.len ? "Value" : "Found", result->actual);
        value_field(page, "Expected", result->expected);
    }
    code_field(markup, "Waits for", result->root_cause);
    html_field(markup, "Look again", words_time(page->scratch, result->until));
    if (result->verdict == VERDICT_WAIVED)
        html_field(markup, "Waived", words_waiver(page->scratch, result->waiver));
    html_field(markup, "Why", result->why);
    fix_field(page, &result->fix);
    html_field(markup, "Documentation", result->section);
    reference_field(markup, result->reference);
    markup_end_full(markup);
}

static void folded_documents(const struct html_page *page, const struct result *result)
{
    if (!documents_are_folded(result))
        return;
    folded_document(page, "Found, as a document", result->actual);
    folded_document(page, "Expected, as a document", result->expected);
}

static void row(struct markup *markup, const struct evidence *evidence)
{
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

static void evidence_table(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    if (!result->evidence_count)
        return;
    markup_raw(markup, "<details class=\"evidence\"><summary>Evidence</summary><div class=\"scroll\"><table><thead><tr>"
                       "<th>Fact</th><th>Call</th><th>State</th><th>Error</th></tr></thead><tbody>");
    for (size_t i = 0; i < result->evidence_count; i++)
        row(markup, &result->evidence[i]);
    markup_raw(markup, "</tbody></table></div></details>");
}

/** The attributes that the filter reads, and the anchor. */
static void identity(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    if (result->id.len)
        markup_attribute(markup, "id", str_join3(page->scratch, STR("r-"), result->id, STR("")));
    markup_attribute(markup, "data-status", verdict_name(result->verdict));
    markup_attribute(markup, "data-severity", severity_name(result->severity));
    markup_attribute(markup, "data-place", result->place);
}

static void anchor(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    if (!result->id.len)
        return;
    markup_start(markup, "a");
    markup_attribute(markup, "href", str_join3(page->scratch, STR("#r-"), result->id, STR("")));
    markup_attribute_c(markup, "class", "soft id");
    markup_attribute_c(markup, "title", "Link to this result");
    markup_text_c(markup, "#");
    markup_text(markup, result->id);
    markup_end(markup);
}

static void severity_badge(struct markup *markup, enum severity severity)
{
    markup_start(markup, "span");
    markup_attribute_c(markup, "class", "badge soft");
    markup_text(markup, severity_name(severity));
    markup_end(markup);
}

void html_card(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    markup_start(markup, "article");
    markup_attribute(markup, "class", str_join3(page->scratch, STR("s-"), verdict_name(result->verdict), STR("")));
    identity(page, result);
    markup_raw(markup, "<div class=\"top\">");
    html_badge(markup, result->verdict, result->advice);
    severity_badge(markup, result->severity);
    markup_element(markup, "code", result->rule);
    anchor(page, result);
    markup_raw(markup, "</div>");
    markup_element(markup, "h3", result->title.len ? result->title : result->rule);
    fields(page, result);
    folded_documents(page, result);
    evidence_table(page, result);
    markup_end(markup);
    markup_raw(markup, "\n");
}

static void item_summary(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    markup_start(markup, "summary");
    html_badge(markup, result->verdict, result->advice);
    markup_element(markup, "code", result->rule);
    markup_text_c(markup, " ");
    if (result->subject.len) {
        markup_element(markup, "code", words_quoted(page->scratch, result->subject));
        markup_text_c(markup, " ");
    }
    markup_start(markup, "span");
    markup_attribute_c(markup, "class", "text");
    markup_text(markup, result->message.len ? result->message : result->title);
    markup_end(markup);
    markup_end(markup);
}

void html_item(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    markup_start(markup, "details");
    markup_attribute_c(markup, "class", "item");
    identity(page, result);
    item_summary(page, result);
    markup_element(markup, "h3", result->title.len ? result->title : result->rule);
    fields(page, result);
    folded_documents(page, result);
    evidence_table(page, result);
    markup_end(markup);
    markup_raw(markup, "\n");
}
