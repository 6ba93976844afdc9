/*
 * html.c: one file that needs no network and no build step, and is whole without a script: the verdict, the way of the
 * billing data, what to do first and what to enter in OptScale; then a card for each rule with what its results have in
 * common said once, each with an anchor; then how to repeat the run. A script filters, copies, and makes elements of
 * the results beyond the first of a rule; a style sheet follows the reader's dark mode and prints well. Security policy
 * and escaping hold whatever the account's names contain. The memory used is the size of the page, which shows the most
 * important results where there are very many.
 */
#include "base/map.h"
#include "reports/html/assets.h"
#include "reports/html/card.h"
#include "reports/html/choice.h"
#include "reports/html/head.h"
#include "reports/words/words.h"

struct report {
    struct html_page page;
    struct groups *groups;
    struct bodies *bodies;
    struct map *anchored; /* rules that have a card with their anchor */
    struct choice choice;
};

static const char filter_bar[] =
    "<form id=\"filter\" hidden aria-label=\"Filter the results\">"
    "<label>Status<select name=\"status\"><option value=\"\">all</option><option>fail</option><option>unknown</option>"
    "<option>pending</option><option>advice</option><option>waived</option><option>pass</option><option>skip</option>"
    "</select></label>"
    "<label>Severity<select name=\"severity\"><option value=\"\">all</option><option>critical</option>"
    "<option>high</option><option>medium</option><option>low</option></select></label>"
    "<label>Place<select name=\"place\"><option value=\"\">all</option><option>account</option><option>export</option>"
    "<option>bucket</option><option>delivery</option><option>user</option><option>optscale</option>"
    "<option>linked</option></select></label>"
    "<label>Text<input type=\"search\" name=\"text\" autocomplete=\"off\"></label>"
    "<span id=\"shown\" class=\"soft\" role=\"status\"></span></form><div id=\"results\"></div>\n";

/* That not all is here, and where all of it is. */
static void write_cut(const struct html_page *page)
{
    struct markup *markup = page->markup;
    size_t total = words_total(&page->run->summary);
    if (total <= HTML_MOST)
        return;
    struct str most = words_count(page->scratch, HTML_MOST);
    struct str all = words_plural(page->scratch, total, "result");
    markup_raw(markup, "<section id=\"cut\"><p>");
    markup_text(markup, str_format(page->scratch, "This page shows the %.*s most important of %.*s. ", STR_ARG(most),
                                   STR_ARG(all)));
    if (page->beside.len) {
        markup_text_c(markup, "All of them are beside it, in ");
        html_link_beside(page);
        markup_text_c(markup, ".");
    } else {
        markup_text_c(markup, "Write it to a file (-o html=FILE) to have all of them beside it, or ask for -o csv.");
    }
    markup_raw(markup, "</p></section>\n");
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    struct report *report = arena_new(arena, struct report);
    report->page = (struct html_page){.markup = markup_open(arena, sink),
                                      .sink = sink,
                                      .arena = words_scratch(arena),
                                      .scratch = words_scratch(arena),
                                      .run = run,
                                      .beside = style->beside};
    report->choice = choice_of(&run->summary, HTML_MOST);
    report->groups = groups_open(report->page.arena, run, false);
    report->bodies = bodies_open(report->page.arena);
    report->anchored = map_open(report->page.arena);
    struct arena_mark mark = arena_mark(report->page.scratch);
    head_write(&report->page);
    head_write_steps(&report->page);
    write_cut(&report->page);
    markup_raw(report->page.markup, filter_bar);
    arena_rewind(report->page.scratch, mark);
    return report;
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->page.scratch);
    struct group *group = groups_add(report->groups, result);
    if (!group->own)
        group->own = card_open(report->page.arena);
    card_add(&report->page, report->bodies, group->own, result, choice_takes(&report->choice, result));
    arena_rewind(report->page.scratch, mark);
}

static bool needs_action(const struct group *group)
{
    return group_in_detail(group) && !group->advice;
}

static bool is_advice(const struct group *group)
{
    return group_in_detail(group) && group->advice;
}

static bool waits(const struct group *group)
{
    return group->collapsed;
}

static bool is_waived(const struct group *group)
{
    return group->verdict == VERDICT_WAIVED;
}

static bool passed(const struct group *group)
{
    return group->verdict == VERDICT_PASS;
}

static bool does_not_apply(const struct group *group)
{
    return group->verdict == VERDICT_SKIP;
}

static const struct section {
    bool (*has)(const struct group *group);
    const char *heading;
    bool cards;  /* at length */
    bool folded; /* opens as a whole */
} sections[] = {
    {needs_action, "What needs action", true, false},
    {is_advice, "Advice, in detail", true, false},
    {waits, "Waiting for one of the above", false, false},
    {is_waived, "Waived", false, false},
    {passed, "Passed", false, true},
    {does_not_apply, "Not applicable", false, true},
};

static void write_group(struct report *report, const struct section *section, const struct group *group)
{
    struct arena_mark mark = arena_mark(report->page.scratch);
    bool anchor = !map_has(report->anchored, group->rule);
    map_set(report->anchored, group->rule, group);
    if (section->cards)
        card_write(&report->page, group, anchor);
    else
        card_write_item(&report->page, group, anchor);
    arena_rewind(report->page.scratch, mark);
}

static void write_section(struct report *report, const struct section *section, struct group **groups, size_t count)
{
    struct markup *markup = report->page.markup;
    size_t own = 0;
    for (size_t i = 0; i < count; i++)
        own += section->has(groups[i]);
    if (!own)
        return;
    markup_raw(markup, "<section class=\"results\">");
    markup_element(markup, "h2", str_from(section->heading));
    if (section->folded) {
        markup_raw(markup, "<details class=\"fold\"><summary>");
        markup_text(markup, words_plural(report->page.scratch, own, "rule"));
        markup_raw(markup, "</summary>");
    }
    markup_raw(markup, section->cards ? "\n" : "<div class=\"items\">\n");
    for (size_t i = 0; i < count; i++) {
        if (section->has(groups[i]))
            write_group(report, section, groups[i]);
    }
    markup_raw(markup, section->cards ? "" : "</div>");
    markup_raw(markup, section->folded ? "</details></section>\n" : "</section>\n");
}

static void write_exports(const struct html_page *page)
{
    struct markup *markup = page->markup;
    const struct run_info *run = page->run;
    if (!run->export_count)
        return;
    markup_raw(markup, "<section id=\"exports\"><h2>Exports found</h2>\n");
    for (size_t i = 0; i < run->export_count; i++) {
        const struct found_export *found = &run->exports[i];
        markup_raw(markup, "<div class=\"panel\"><dl>");
        html_field(page, "Name", found->name);
        html_field(page, "Type", found->type);
        html_code_field(page, "Bucket", found->bucket);
        html_code_field(page, "Prefix", found->prefix);
        if (!found->command.len)
            html_field(page, "Check it", STR("OptScale cannot import it."));
        markup_raw(markup, "</dl>");
        if (found->command.len)
            markup_element(markup, "pre", found->command);
        markup_raw(markup, "</div>\n");
    }
    markup_raw(markup, "</section>\n");
}

static void write_about(const struct html_page *page)
{
    static const struct words_limits limits = {.max_items = 20, .max_bytes = 1000};
    struct markup *markup = page->markup;
    const struct run_info *run = page->run;
    markup_raw(markup, "<section id=\"about\"><h2>About this run</h2><div class=\"panel\"><dl>");
    html_field(page, "Tool", run->tool);
    html_field(page, "Caller", run->caller);
    for (size_t i = 0; json_is(run->target, JSON_OBJECT) && i < run->target->count; i++) {
        const struct json_member *member = &run->target->members[i];
        if (member->value.type != JSON_NULL)
            html_field(page, str_to_c(page->scratch, member->name),
                       words_target_value(page->scratch, &member->value, limits));
    }
    html_field(page, "Started", run->started);
    html_field(page, "Finished", run->finished);
    html_field(page, "Exit status", str_format(page->scratch, "%d", run->exit_status));
    html_field(page, "For a ticket", words_ticket(page->scratch, run));
    if (run->command_line.len) {
        markup_raw(markup, "<dt>To run it again</dt><dd>");
        markup_element(markup, "pre", run->command_line);
        markup_raw(markup, "</dd>");
    }
    markup_raw(markup, "</dl></div></section>\n");
}

static void end(struct report *report)
{
    struct markup *markup = report->page.markup;
    size_t count = 0;
    struct group **groups = groups_sorted(report->groups, &count);
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        write_section(report, &sections[i], groups, count);
    write_exports(&report->page);
    write_about(&report->page);
    markup_raw(markup, "</main>\n<div id=\"said\" class=\"skip-link\" role=\"status\"></div>\n");
    bodies_write(&report->page, report->bodies);
    markup_raw(markup, "<script>");
    markup_copy(markup, html_script());
    markup_raw(markup, "</script>\n</body>\n</html>\n");
    markup_finish(markup);
}

const struct report_format report_format_html = {
    .name = "html",
    .summary = "One file for a browser, without network or script",
    .most = HTML_MOST,
    .begin = begin,
    .result = result,
    .end = end,
};
