/*
 * html.c: one file that needs no network, no build step and no script: what is to be done first,
 * then the results by verdict and severity, each with an anchor, then how to repeat the run, then
 * what to enter in OptScale. A small script filters; a style sheet follows the reader's dark mode
 * and prints well. Security policy and escaping hold whatever the account's names contain.
 *
 * Results are sorted by writing each into the shelf of its verdict and severity; the shelves are
 * joined at the end. So the memory used is the size of the page.
 */
#include "base/map.h"
#include "reports/html_assets.h"
#include "reports/html_result.h"
#include "reports/words.h"

#define CARDS_OF_A_RULE 3 /* results of one rule in a row that are shown at length */
#define OPEN_ITEMS 60     /* a section of more folded lines is itself folded */

/** The results of one verdict and severity, and in `rest` those of the current rule that are folded away. */
struct shelf {
    struct buf page;
    struct buf rest;
    struct str rule;
    size_t in_a_row; /* results of `rule` */
    size_t count;
};

struct report {
    struct html_page page;
    struct sink *sink;
    struct arena *arena;
    struct map *causes;
    struct shelf shelves[VERDICT_COUNT][SEVERITY_COUNT];
};

static void open_shelves(struct report *report)
{
    for (size_t v = 0; v < VERDICT_COUNT; v++) {
        for (size_t s = 0; s < SEVERITY_COUNT; s++) {
            report->shelves[v][s].page = buf_make(report->arena, BUF_NO_MAX);
            report->shelves[v][s].rest = buf_make(report->arena, BUF_NO_MAX);
        }
    }
}

static void write_document_head(struct report *report)
{
    struct xml *xml = report->page.xml;
    const struct run_info *run = report->page.run;
    xml_raw(xml, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    xml_raw(xml, "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    xml_raw(xml, html_security_policy);
    xml_raw(xml,
            "\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    struct str outcome = words_verdict(words_outcome(run));
    xml_element(xml, "title",
                str_format(report->page.scratch, "%.*s · exportcheck · %.*s", STR_ARG(outcome), STR_ARG(run->account)));
    xml_raw(xml, "\n<style>");
    for (size_t i = 0; i < html_style_count; i++)
        xml_raw(xml, html_style[i]);
    xml_raw(xml, "</style>\n</head>\n<body>\n");
}

static void write_tiles(struct report *report)
{
    static const enum verdict order[] = {VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_PENDING,
                                         VERDICT_PASS, VERDICT_WAIVED,  VERDICT_SKIP};
    struct xml *xml = report->page.xml;
    xml_raw(xml, "<ul class=\"tiles\">");
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        size_t count = report->page.run->summary.count[order[i]];
        struct str class = str_join3(report->page.scratch, STR("s-"), verdict_name(order[i]), STR(""));
        xml_start(xml, "li");
        xml_attribute(xml, "class", str_join3(report->page.scratch, class, count ? STR("") : STR(" zero"), STR("")));
        xml_element(xml, "b", words_count(report->page.scratch, count));
        xml_element(xml, "span", words_verdict(order[i]));
        xml_end(xml);
    }
    xml_raw(xml, "</ul>\n");
}

static void write_heading(struct report *report)
{
    struct xml *xml = report->page.xml;
    const struct run_info *run = report->page.run;
    struct str scenario = json_find_string(run->target, "scenario");
    xml_raw(xml, "<header>\n<h1>Is this account ready for OptScale?</h1>\n<p class=\"outcome\">");
    html_badge(xml, words_outcome(run));
    xml_text_c(xml, " account ");
    xml_element(xml, "code", run->account.len ? run->account : STR("unknown"));
    if (scenario.len) {
        xml_text_c(xml, " scenario ");
        xml_element(xml, "code", scenario);
    }
    xml_start(xml, "span");
    xml_attribute_c(xml, "class", "soft");
    xml_text(xml, words_time(report->page.scratch, run->finished));
    xml_end(xml);
    xml_raw(xml, "</p>\n");
    write_tiles(report);
    if (!words_total(&run->summary))
        xml_raw(xml, "<p class=\"panel\">No rule was selected: nothing was checked.</p>\n");
    xml_raw(xml, "</header>\n");
}

static void write_cause(struct report *report, const struct cause *cause)
{
    struct xml *xml = report->page.xml;
    xml_start(xml, "li");
    xml_element(xml, "strong", cause->title.len ? cause->title : cause->root_cause);
    if (cause->rule_count) {
        struct str count = words_plural(report->page.scratch, cause->rule_count, "rule");
        xml_start(xml, "div");
        xml_attribute_c(xml, "class", "soft");
        xml_text(xml, count);
        xml_text_c(xml, cause->rule_count == 1 ? " waits for it:" : " wait for it:");
        for (size_t i = 0; i < cause->rule_count; i++) {
            xml_text_c(xml, i ? ", " : " ");
            xml_element(xml, "code", cause->rules[i]);
        }
        xml_end(xml);
    }
    xml_end(xml);
}

static void write_causes(struct report *report)
{
    struct xml *xml = report->page.xml;
    const struct run_info *run = report->page.run;
    if (!run->cause_count)
        return;
    xml_raw(xml, "<section id=\"first\"><h2>Do this first</h2><div class=\"panel\"><ol class=\"causes\">\n");
    for (size_t i = 0; i < run->cause_count; i++)
        write_cause(report, &run->causes[i]);
    xml_raw(xml, "</ol></div></section>\n");
}

static const char filter_bar[] =
    "<form id=\"filter\" hidden>"
    "<label>Status<select name=\"status\"><option value=\"\">all</option><option>fail</option><option>unknown</option>"
    "<option>pending</option><option>waived</option><option>pass</option><option>skip</option></select></label>"
    "<label>Severity<select name=\"severity\"><option value=\"\">all</option><option>critical</option>"
    "<option>high</option><option>medium</option><option>low</option></select></label>"
    "<label>Place<select name=\"place\"><option value=\"\">all</option><option>account</option><option>user</option>"
    "<option>bucket</option><option>export</option><option>delivery</option><option>optscale</option></select></label>"
    "<label>Text<input type=\"search\" autocomplete=\"off\"></label>"
    "<span id=\"shown\" class=\"soft\" aria-live=\"polite\"></span></form>\n";

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    report->arena = words_scratch(arena);
    report->sink = sink;
    report->page = (struct html_page){.xml = xml_open(arena, sink), .scratch = words_scratch(arena), .run = run};
    report->causes = map_open(arena);
    for (size_t i = 0; i < run->cause_count; i++)
        map_set(report->causes, run->causes[i].root_cause, &run->causes[i]);
    open_shelves(report);
    struct arena_mark mark = arena_mark(report->page.scratch);
    write_document_head(report);
    write_heading(report);
    xml_raw(report->page.xml, "<main>\n");
    write_causes(report);
    xml_raw(report->page.xml, filter_bar);
    arena_rewind(report->page.scratch, mark);
    return report;
}

static bool needs_action(const struct report *report, const struct result *result)
{
    if (result->verdict == VERDICT_FAIL)
        return true;
    bool open = result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING;
    return open && !map_has(report->causes, result->root_cause);
}

/** Folds the rest of the shelf's current rule into one line that opens, and starts the next rule. */
static void close_rule(struct report *report, struct shelf *shelf)
{
    if (shelf->rest.len) {
        struct arena_mark mark = arena_mark(report->page.scratch);
        struct sink sink = sink_to_buf(&shelf->page);
        struct xml *xml = report->page.xml;
        xml_redirect(xml, &sink);
        xml_raw(xml, "<details class=\"more\"><summary>");
        xml_text_c(xml, "and ");
        xml_text(xml, words_count(report->page.scratch, shelf->in_a_row - CARDS_OF_A_RULE));
        xml_text_c(xml, " more of ");
        xml_element(xml, "code", shelf->rule);
        xml_raw(xml, "</summary>\n");
        xml_copy(xml, buf_str(&shelf->rest));
        xml_raw(xml, "</details>\n");
        xml_redirect(xml, report->sink);
        arena_rewind(report->page.scratch, mark);
    }
    buf_clear(&shelf->rest);
    shelf->in_a_row = 0;
}

static void result(struct report *report, const struct result *result)
{
    bool card = needs_action(report, result);
    /* What asks for nothing stays in the order of the scenario, whatever its severity. */
    bool by_severity = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN;
    struct shelf *shelf = &report->shelves[result->verdict][by_severity ? result->severity : SEVERITY_LOW];
    if (!str_equal(shelf->rule, result->rule)) {
        close_rule(report, shelf);
        shelf->rule = str_copy(report->arena, result->rule);
    }
    shelf->in_a_row++;
    shelf->count++;
    bool folded = shelf->in_a_row > CARDS_OF_A_RULE;
    struct sink sink = sink_to_buf(folded ? &shelf->rest : &shelf->page);
    struct arena_mark mark = arena_mark(report->page.scratch);
    xml_redirect(report->page.xml, &sink);
    if (card && !folded)
        html_card(&report->page, result);
    else
        html_item(&report->page, result);
    xml_redirect(report->page.xml, report->sink);
    arena_rewind(report->page.scratch, mark);
}

static const struct {
    enum verdict verdict;
    const char *open; /* the section's first tags */
} sections[] = {
    {VERDICT_FAIL, "<section class=\"results\" id=\"fail\"><h2>Failed</h2>\n"},
    {VERDICT_UNKNOWN, "<section class=\"results\" id=\"unknown\"><h2>Unknown</h2>\n"
                      "<p class=\"soft\">What could not be read counts neither as good nor as bad.</p>\n"},
    {VERDICT_PENDING, "<section class=\"results\" id=\"pending\"><h2>Pending</h2>\n"},
    {VERDICT_WAIVED, "<section class=\"results\" id=\"waived\"><h2>Waived</h2>\n"},
    {VERDICT_PASS, "<section class=\"results\" id=\"pass\"><h2>Passed</h2>\n"},
    {VERDICT_SKIP, "<section class=\"results\" id=\"skip\"><h2>Skipped</h2>\n"},
};

static void write_section(struct report *report, size_t index)
{
    struct xml *xml = report->page.xml;
    struct shelf *shelves = report->shelves[sections[index].verdict];
    size_t count = 0;
    for (size_t s = 0; s < SEVERITY_COUNT; s++)
        count += shelves[s].count;
    if (!count)
        return;
    bool items = sections[index].verdict == VERDICT_PASS || sections[index].verdict == VERDICT_SKIP ||
                 sections[index].verdict == VERDICT_WAIVED;
    bool folded = items && count > OPEN_ITEMS;
    xml_raw(xml, sections[index].open);
    if (folded) {
        xml_raw(xml, "<details class=\"more\"><summary>");
        xml_text(xml, words_plural(report->page.scratch, count, "result"));
        xml_raw(xml, "</summary>\n");
    } else if (items) {
        xml_raw(xml, "<div class=\"items\">\n");
    }
    for (size_t s = SEVERITY_COUNT; s-- > 0;) {
        close_rule(report, &shelves[s]);
        xml_copy(xml, buf_str(&shelves[s].page));
    }
    xml_raw(xml, folded ? "</details>\n" : items ? "</div>\n" : "");
    xml_raw(xml, "</section>\n");
}

static void write_exports(struct report *report)
{
    struct xml *xml = report->page.xml;
    const struct run_info *run = report->page.run;
    if (!run->export_count)
        return;
    xml_raw(xml,
            "<section id=\"exports\"><h2>Exports found</h2><div class=\"panel scroll\"><table><thead><tr>"
            "<th>Name</th><th>Type</th><th>Bucket</th><th>Prefix</th><th>Check it with</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < run->export_count; i++) {
        const struct found_export *found = &run->exports[i];
        xml_start(xml, "tr");
        xml_element(xml, "td", found->name);
        xml_element(xml, "td", found->type);
        xml_element(xml, "td", found->bucket);
        xml_element(xml, "td", found->prefix);
        xml_start(xml, "td");
        if (found->command.len)
            xml_element(xml, "code", found->command);
        else
            xml_text_c(xml, "OptScale cannot import it.");
        xml_end(xml);
        xml_end(xml);
    }
    xml_raw(xml, "</tbody></table></div></section>\n");
}

static void write_prediction(struct report *report)
{
    struct xml *xml = report->page.xml;
    const struct json *optscale = report->page.run->optscale;
    if (!json_is(optscale, JSON_OBJECT))
        return;
    xml_raw(xml, "<section id=\"optscale\"><h2>What OptScale will do</h2><div class=\"panel\"><dl>");
    for (size_t i = 0; i < words_prediction_count; i++) {
        const struct json *outcome = json_find(optscale, words_predictions[i].name);
        if (json_is(outcome, JSON_OBJECT))
            html_field(xml, words_predictions[i].label, words_prediction(report->page.scratch, outcome));
    }
    xml_raw(xml, "</dl></div></section>\n");
}

static void write_about(struct report *report)
{
    static const struct words_limits limits = {.max_items = 20, .max_bytes = 1000};
    struct xml *xml = report->page.xml;
    const struct run_info *run = report->page.run;
    xml_raw(xml, "<section id=\"about\"><h2>About this run</h2><div class=\"panel\"><dl>");
    html_field(xml, "Tool", run->tool);
    html_field(xml, "Caller", run->caller);
    for (size_t i = 0; json_is(run->target, JSON_OBJECT) && i < run->target->count; i++) {
        const struct json_member *member = &run->target->members[i];
        if (member->value.type != JSON_NULL)
            html_field(xml, str_to_c(report->page.scratch, member->name),
                       words_value(report->page.scratch, &member->value, limits));
    }
    html_field(xml, "Started", run->started);
    html_field(xml, "Finished", run->finished);
    html_field(xml, "Exit status", str_format(report->page.scratch, "%d", run->exit_status));
    html_field(xml, "For a ticket", words_ticket(report->page.scratch, run));
    xml_raw(xml, "</dl>");
    if (run->command_line.len) {
        xml_raw(xml, "<p class=\"soft\">To run it again:</p>");
        xml_element(xml, "pre", run->command_line);
    }
    xml_raw(xml, "</div></section>\n");
}

static void write_entries(struct report *report)
{
    struct xml *xml = report->page.xml;
    const struct run_info *run = report->page.run;
    if (!run->entry_count)
        return;
    xml_raw(xml, "<section id=\"enter\"><h2>Enter in OptScale</h2><div class=\"panel scroll\">"
                 "<table class=\"enter\"><tbody>\n");
    for (size_t i = 0; i < run->entry_count; i++) {
        xml_start(xml, "tr");
        xml_element(xml, "th", run->entries[i].label);
        xml_start(xml, "td");
        xml_element(xml, "code", run->entries[i].value);
        xml_end(xml);
        xml_end(xml);
    }
    xml_raw(xml, "</tbody></table></div></section>\n");
}

static void end(struct report *report)
{
    struct xml *xml = report->page.xml;
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        write_section(report, i);
    write_exports(report);
    write_prediction(report);
    write_about(report);
    write_entries(report);
    xml_raw(xml, "</main>\n<script>");
    xml_raw(xml, html_script);
    xml_raw(xml, "</script>\n</body>\n</html>\n");
    xml_finish(xml);
}

const struct report_format report_format_html = {
    .name = "html",
    .summary = "One file for a browser, without network or script",
    .begin = begin,
    .result = result,
    .end = end,
};
