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
#include "reports/html/assets.h"
#include "reports/html/result.h"
#include "reports/words/headline.h"
#include "reports/words/steps.h"
#include "reports/words/words.h"

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
    struct markup *markup = report->page.markup;
    const struct run_info *run = report->page.run;
    markup_raw(markup, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    markup_raw(markup, "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    markup_raw(markup, html_security_policy);
    markup_raw(
        markup,
        "\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    struct str outcome = headline_word(headline_standing(run));
    markup_element(
        markup, "title",
        str_format(report->page.scratch, "%.*s · exportcheck · %.*s", STR_ARG(outcome), STR_ARG(run->account)));
    markup_raw(markup, "\n<style>");
    for (size_t i = 0; i < html_style_count; i++)
        markup_raw(markup, html_style[i]);
    markup_raw(markup, "</style>\n</head>\n<body>\n");
}

static void write_tiles(struct report *report)
{
    static const enum verdict order[] = {VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_PENDING,
                                         VERDICT_PASS, VERDICT_WAIVED,  VERDICT_SKIP};
    struct markup *markup = report->page.markup;
    markup_raw(markup, "<ul class=\"tiles\">");
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        size_t count = report->page.run->summary.count[order[i]];
        struct str class = str_join3(report->page.scratch, STR("s-"), verdict_name(order[i]), STR(""));
        markup_start(markup, "li");
        markup_attribute(markup, "class",
                         str_join3(report->page.scratch, class, count ? STR("") : STR(" zero"), STR("")));
        markup_element(markup, "b", words_count(report->page.scratch, count));
        markup_element(markup, "span", words_verdict(order[i]));
        markup_end(markup);
    }
    markup_raw(markup, "</ul>\n");
}

static void write_heading(struct report *report)
{
    struct markup *markup = report->page.markup;
    const struct run_info *run = report->page.run;
    struct str scenario = json_find_string(run->target, "scenario");
    markup_raw(markup, "<header>\n");
    markup_element(markup, "h1", headline_text(report->page.scratch, run));
    markup_raw(markup, "<p class=\"outcome\">");
    markup_text_c(markup, "account ");
    markup_element(markup, "code", run->account.len ? run->account : STR("unknown"));
    if (scenario.len) {
        markup_text_c(markup, " scenario ");
        markup_element(markup, "code", scenario);
    }
    markup_start(markup, "span");
    markup_attribute_c(markup, "class", "soft");
    markup_text(markup, words_time(report->page.scratch, run->finished));
    markup_end(markup);
    markup_raw(markup, "</p>\n");
    write_tiles(report);
    markup_raw(markup, "</header>\n");
}

static void write_cause(struct report *report, const struct cause *cause)
{
    struct markup *markup = report->page.markup;
    struct str effect = steps_effect(report->page.scratch, cause);
    markup_element(markup, "strong", cause->title);
    if (!effect.len)
        return;
    markup_text_c(markup, " ");
    markup_element(markup, "span", effect);
}

static void write_step(struct report *report, const struct step *step)
{
    struct markup *markup = report->page.markup;
    markup_start(markup, "li");
    if (step->cause_count == 1) {
        write_cause(report, step->causes[0]);
    } else {
        markup_text_c(markup, "In ");
        markup_text(markup, step->where);
        markup_raw(markup, ":<ul>");
        for (size_t i = 0; i < step->cause_count; i++) {
            markup_start(markup, "li");
            write_cause(report, step->causes[i]);
            markup_end(markup);
        }
        markup_raw(markup, "</ul>");
    }
    markup_end(markup);
}

static void write_steps(struct report *report, const char *heading, bool advice)
{
    struct markup *markup = report->page.markup;
    size_t count;
    const struct step *steps = steps_of(report->page.scratch, report->page.run, advice, &count);
    if (!count)
        return;
    markup_start(markup, "section");
    markup_attribute_c(markup, "id", advice ? "advice" : "first");
    markup_element(markup, "h2", str_from(heading));
    markup_raw(markup, "<div class=\"panel\"><ol class=\"causes\">\n");
    for (size_t i = 0; i < count; i++)
        write_step(report, &steps[i]);
    markup_raw(markup, "</ol></div>");
    markup_end(markup);
    markup_raw(markup, "\n");
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
    report->page = (struct html_page){.markup = markup_open(arena, sink), .scratch = words_scratch(arena), .run = run};
    report->causes = map_open(arena);
    for (size_t i = 0; i < run->cause_count; i++)
        map_set(report->causes, run->causes[i].root_cause, &run->causes[i]);
    open_shelves(report);
    struct arena_mark mark = arena_mark(report->page.scratch);
    write_document_head(report);
    write_heading(report);
    markup_raw(report->page.markup, "<main>\n");
    write_steps(report, "Do this first", false);
    write_steps(report, "Advice", true);
    markup_raw(report->page.markup, filter_bar);
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
        struct markup *markup = report->page.markup;
        markup_redirect(markup, &sink);
        markup_raw(markup, "<details class=\"more\"><summary>");
        markup_text_c(markup, "and ");
        markup_text(markup, words_count(report->page.scratch, shelf->in_a_row - CARDS_OF_A_RULE));
        markup_text_c(markup, " more of ");
        markup_element(markup, "code", shelf->rule);
        markup_raw(markup, "</summary>\n");
        markup_copy(markup, buf_str(&shelf->rest));
        markup_raw(markup, "</details>\n");
        markup_redirect(markup, report->sink);
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
    markup_redirect(report->page.markup, &sink);
    if (card && !folded)
        html_card(&report->page, result);
    else
        html_item(&report->page, result);
    markup_redirect(report->page.markup, report->sink);
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
    struct markup *markup = report->page.markup;
    struct shelf *shelves = report->shelves[sections[index].verdict];
    size_t count = 0;
    for (size_t s = 0; s < SEVERITY_COUNT; s++)
        count += shelves[s].count;
    if (!count)
        return;
    bool items = sections[index].verdict == VERDICT_PASS || sections[index].verdict == VERDICT_SKIP ||
                 sections[index].verdict == VERDICT_WAIVED;
    bool folded = items && count > OPEN_ITEMS;
    markup_raw(markup, sections[index].open);
    if (folded) {
        markup_raw(markup, "<details class=\"more\"><summary>");
        markup_text(markup, words_plural(report->page.scratch, count, "result"));
        markup_raw(markup, "</summary>\n");
    } else if (items) {
        markup_raw(markup, "<div class=\"items\">\n");
    }
    for (size_t s = SEVERITY_COUNT; s-- > 0;) {
        close_rule(report, &shelves[s]);
        markup_copy(markup, buf_str(&shelves[s].page));
    }
    markup_raw(markup, folded ? "</details>\n" : items ? "</div>\n" : "");
    markup_raw(markup, "</section>\n");
}

static void write_exports(struct report *report)
{
    struct markup *markup = report->page.markup;
    const struct run_info *run = report->page.run;
    if (!run->export_count)
        return;
    markup_raw(markup,
               "<section id=\"exports\"><h2>Exports found</h2><div class=\"panel scroll\"><table><thead><tr>"
               "<th>Name</th><th>Type</th><th>Bucket</th><th>Prefix</th><th>Check it with</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < run->export_count; i++) {
        const struct found_export *found = &run->exports[i];
        markup_start(markup, "tr");
        markup_element(markup, "td", found->name);
        markup_element(markup, "td", found->type);
        markup_element(markup, "td", found->bucket);
        markup_element(markup, "td", found->prefix);
        markup_start(markup, "td");
        if (found->command.len)
            markup_element(markup, "code", found->command);
        else
            markup_text_c(markup, "OptScale cannot import it.");
        markup_end(markup);
        markup_end(markup);
    }
    markup_raw(markup, "</tbody></table></div></section>\n");
}

static void write_prediction(struct report *report)
{
    struct markup *markup = report->page.markup;
    const struct json *optscale = report->page.run->optscale;
    if (!json_is(optscale, JSON_OBJECT))
        return;
    markup_raw(markup, "<section id=\"optscale\"><h2>What OptScale will do</h2><div class=\"panel\"><dl>");
    for (size_t i = 0; i < words_prediction_count; i++) {
        const struct json *outcome = json_find(optscale, words_predictions[i].name);
        if (json_is(outcome, JSON_OBJECT))
            html_field(markup, words_predictions[i].label, words_prediction(report->page.scratch, outcome));
    }
    markup_raw(markup, "</dl></div></section>\n");
}

static void write_about(struct report *report)
{
    static const struct words_limits limits = {.max_items = 20, .max_bytes = 1000};
    struct markup *markup = report->page.markup;
    const struct run_info *run = report->page.run;
    markup_raw(markup, "<section id=\"about\"><h2>About this run</h2><div class=\"panel\"><dl>");
    html_field(markup, "Tool", run->tool);
    html_field(markup, "Caller", run->caller);
    for (size_t i = 0; json_is(run->target, JSON_OBJECT) && i < run->target->count; i++) {
        const struct json_member *member = &run->target->members[i];
        if (member->value.type != JSON_NULL)
            html_field(markup, str_to_c(report->page.scratch, member->name),
                       words_value(report->page.scratch, &member->value, limits));
    }
    html_field(markup, "Started", run->started);
    html_field(markup, "Finished", run->finished);
    html_field(markup, "Exit status", str_format(report->page.scratch, "%d", run->exit_status));
    html_field(markup, "For a ticket", words_ticket(report->page.scratch, run));
    markup_raw(markup, "</dl>");
    if (run->command_line.len) {
        markup_raw(markup, "<p class=\"soft\">To run it again:</p>");
        markup_element(markup, "pre", run->command_line);
    }
    markup_raw(markup, "</div></section>\n");
}

static void write_entries(struct report *report)
{
    struct markup *markup = report->page.markup;
    const struct run_info *run = report->page.run;
    if (!run->entry_count)
        return;
    markup_raw(markup, "<section id=\"enter\"><h2>Enter in OptScale</h2><div class=\"panel scroll\">"
                       "<table class=\"enter\"><tbody>\n");
    for (size_t i = 0; i < run->entry_count; i++) {
        markup_start(markup, "tr");
        markup_element(markup, "th", run->entries[i].label);
        markup_start(markup, "td");
        markup_element(markup, "code", words_quoted(report->page.scratch, run->entries[i].value));
        markup_end(markup);
        markup_end(markup);
    }
    markup_raw(markup, "</tbody></table></div></section>\n");
}

static void end(struct report *report)
{
    struct markup *markup = report->page.markup;
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        write_section(report, i);
    write_exports(report);
    write_prediction(report);
    write_about(report);
    write_entries(report);
    markup_raw(markup, "</main>\n<script>");
    markup_raw(markup, html_script);
    markup_raw(markup, "</script>\n</body>\n</html>\n");
    markup_finish(markup);
}

const struct report_format report_format_html = {
    .name = "html",
    .summary = "One file for a browser, without network or script",
    .begin = begin,
    .result = result,
    .end = end,
};
