/* html_result.c: see html_result.h. */
#include "reports/html_result.h"

#include "reports/words.h"

static const struct words_limits limits = {.max_items = 50, .max_bytes = 4000};

void html_badge(struct xml *xml, enum verdict verdict)
{
    static const char *const classes[VERDICT_COUNT] = {
        [VERDICT_PASS] = "badge s-pass",       [VERDICT_FAIL] = "badge s-fail", [VERDICT_UNKNOWN] = "badge s-unknown",
        [VERDICT_PENDING] = "badge s-pending", [VERDICT_SKIP] = "badge s-skip", [VERDICT_WAIVED] = "badge s-waived",
    };
    xml_start(xml, "span");
    xml_attribute_c(xml, "class", classes[verdict]);
    xml_text(xml, words_verdict(verdict));
    xml_end(xml);
}

void html_field(struct xml *xml, const char *label, struct str text)
{
    if (!text.len)
        return;
    xml_element(xml, "dt", str_from(label));
    xml_element(xml, "dd", text);
}

static void code_field(struct xml *xml, const char *label, struct str text)
{
    if (!text.len)
        return;
    xml_element(xml, "dt", str_from(label));
    xml_start(xml, "dd");
    xml_element(xml, "code", text);
    xml_end(xml);
}

static void value_field(const struct html_page *page, const char *label, const struct json *value)
{
    if (value)
        code_field(page->xml, label, words_value(page->scratch, value, limits));
}

/** Only a web address becomes a link: `javascript:` and the like stay text. */
static bool is_web_address(struct str text)
{
    return str_starts(text, STR("https://")) || str_starts(text, STR("http://"));
}

static void reference_field(struct xml *xml, struct str reference)
{
    if (!is_web_address(reference)) {
        html_field(xml, "Reference", reference);
        return;
    }
    xml_element(xml, "dt", STR("Reference"));
    xml_start(xml, "dd");
    xml_start(xml, "a");
    xml_attribute(xml, "href", reference);
    xml_attribute_c(xml, "rel", "noreferrer noopener");
    xml_text(xml, reference);
    xml_end(xml);
    xml_end(xml);
}

static void fix_field(const struct html_page *page, const struct fix *fix)
{
    struct xml *xml = page->xml;
    if (!words_has_fix(fix))
        return;
    xml_element(xml, "dt", STR("Fix"));
    xml_start(xml, "dd");
    if (fix->console_count)
        xml_element(xml, "p", words_console(page->scratch, fix));
    if (fix->cli.len)
        xml_element(xml, "pre", fix->cli);
    if (fix->note.len)
        xml_element(xml, "p", fix->note);
    if (fix->policy)
        xml_element(xml, "pre", json_text(page->scratch, fix->policy, 2));
    xml_end(xml);
}

static void fields(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    xml_start(xml, "dl");
    if (!str_equal(result->account, page->run->account))
        code_field(xml, "Account", result->account);
    code_field(xml, "Subject", result->subject);
    html_field(xml, "Found", result->message);
    value_field(page, result->message.len ? "Value" : "Found", result->actual);
    value_field(page, "Expected", result->expected);
    code_field(xml, "Waits for", result->root_cause);
    html_field(xml, "Look again", words_time(page->scratch, result->until));
    if (result->verdict == VERDICT_WAIVED)
        html_field(xml, "Waived", words_waiver(page->scratch, result->waiver));
    html_field(xml, "Why", result->why);
    fix_field(page, &result->fix);
    html_field(xml, "Documentation", result->section);
    reference_field(xml, result->reference);
    xml_end_full(xml);
}

static void row(struct xml *xml, const struct evidence *evidence)
{
    const struct str cells[] = {evidence->fact, evidence->call, evidence->state, evidence->error};
    xml_start(xml, "tr");
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        xml_start(xml, "td");
        if (i < 2 && cells[i].len)
            xml_element(xml, "code", cells[i]);
        else
            xml_text(xml, cells[i]);
        xml_end_full(xml);
    }
    xml_end(xml);
}

static void evidence_table(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    if (!result->evidence_count)
        return;
    xml_raw(xml, "<details class=\"evidence\"><summary>Evidence</summary><div class=\"scroll\"><table><thead><tr>"
                 "<th>Fact</th><th>Call</th><th>State</th><th>Error</th></tr></thead><tbody>");
    for (size_t i = 0; i < result->evidence_count; i++)
        row(xml, &result->evidence[i]);
    xml_raw(xml, "</tbody></table></div></details>");
}

/** The attributes that the filter reads, and the anchor. */
static void identity(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    if (result->id.len)
        xml_attribute(xml, "id", str_join3(page->scratch, STR("r-"), result->id, STR("")));
    xml_attribute(xml, "data-status", verdict_name(result->verdict));
    xml_attribute(xml, "data-severity", severity_name(result->severity));
    xml_attribute(xml, "data-place", result->place);
}

static void anchor(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    if (!result->id.len)
        return;
    xml_start(xml, "a");
    xml_attribute(xml, "href", str_join3(page->scratch, STR("#r-"), result->id, STR("")));
    xml_attribute_c(xml, "class", "soft id");
    xml_attribute_c(xml, "title", "Link to this result");
    xml_text_c(xml, "#");
    xml_text(xml, result->id);
    xml_end(xml);
}

static void severity_badge(struct xml *xml, enum severity severity)
{
    xml_start(xml, "span");
    xml_attribute_c(xml, "class", "badge soft");
    xml_text(xml, severity_name(severity));
    xml_end(xml);
}

void html_card(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    xml_start(xml, "article");
    xml_attribute(xml, "class", str_join3(page->scratch, STR("s-"), verdict_name(result->verdict), STR("")));
    identity(page, result);
    xml_raw(xml, "<div class=\"top\">");
    html_badge(xml, result->verdict);
    severity_badge(xml, result->severity);
    xml_element(xml, "code", result->rule);
    anchor(page, result);
    xml_raw(xml, "</div>");
    xml_element(xml, "h3", result->title.len ? result->title : result->rule);
    fields(page, result);
    evidence_table(page, result);
    xml_end(xml);
    xml_raw(xml, "\n");
}

static void item_summary(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    xml_start(xml, "summary");
    html_badge(xml, result->verdict);
    xml_element(xml, "code", result->rule);
    xml_text_c(xml, " ");
    if (result->subject.len) {
        xml_element(xml, "code", result->subject);
        xml_text_c(xml, " ");
    }
    xml_start(xml, "span");
    xml_attribute_c(xml, "class", "text");
    xml_text(xml, result->message.len ? result->message : result->title);
    xml_end(xml);
    xml_end(xml);
}

void html_item(const struct html_page *page, const struct result *result)
{
    struct xml *xml = page->xml;
    xml_start(xml, "details");
    xml_attribute_c(xml, "class", "item");
    identity(page, result);
    item_summary(page, result);
    xml_element(xml, "h3", result->title.len ? result->title : result->rule);
    fields(page, result);
    evidence_table(page, result);
    xml_end(xml);
    xml_raw(xml, "\n");
}
