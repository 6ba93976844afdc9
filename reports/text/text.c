/*
 * text.c: the report for people at a terminal. The verdict comes first, then the steps to take, then in their order
 * each failure with what was found, what was expected, why it matters and how to mend it; advice stands apart. What
 * passed and what does not apply is counted, and listed on demand. The end repeats the verdict and the first steps,
 * since it is what a terminal shows. Colour only repeats what the words say.
 */
#include "reports/text/overview.h"
#include "reports/text/targets.h"
#include "reports/words/clean.h"
#include "reports/words/groups.h"
#include "reports/words/words.h"

#define IN_FULL 3         /* results of a rule that are shown one by one; more are listed */
#define RULE_COLUMN 9     /* where the rule's id begins in the list of rules */
#define MAX_RULE_WIDTH 36 /* columns for a rule's id before the text moves to the next line */
#define MIN_TEXT_WIDTH 36
#define NAMES_WIDTH 100 /* columns for the names at the end, where the terminal says nothing */

struct report {
    const struct run_info *run;
    struct groups *groups;
    struct page page;
    bool all; /* what passed and what does not apply is listed */
};

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){
        .run = run,
        .all = style->all,
        .groups = groups_open(arena, run, true),
        .page = {.sink = sink, .scratch = words_scratch(arena), .color = style->color, .width = style->width},
    };
    return report;
}

static void result(struct report *report, const struct result *result)
{
    groups_add(report->groups, result);
}

static struct str subject_or_account(const struct report *report, const struct kept *kept)
{
    if (kept->subject.len || str_equal(kept->account, report->run->account))
        return kept->subject;
    return kept->account;
}

static void write_finding(struct report *report, const struct kept *kept)
{
    struct page *page = &report->page;
    page_field(page, 2, "Subject", subject_or_account(report, kept));
    page_field(page, 2, "Found", kept->message);
    page_field(page, 2, "Found", kept->found);
    page_field(page, 2, "Expected", kept->expected);
    page_field(page, 2, "Next", kept->remark);
    page_field(page, 2, "Evidence", kept->evidence);
}

static void write_advice(struct page *page, const struct kept *kept)
{
    page_field(page, 2, "Why", kept->why);
    bool first = true;
    if (kept->console.len) {
        page_field(page, 2, "Fix", kept->console);
        first = false;
    }
    if (kept->cli.len) {
        page_verbatim(page, 2, first ? "Fix" : "", kept->cli);
        first = false;
    }
    page_field(page, 2, first ? "Fix" : "", kept->note);
    page_verbatim(page, 2, "Policy", kept->policy);
}

static bool same_advice(const struct kept *a, const struct kept *b)
{
    return str_equal(a->why, b->why) && str_equal(a->console, b->console) && str_equal(a->cli, b->cli) &&
           str_equal(a->note, b->note) && str_equal(a->policy, b->policy);
}

static void write_in_full(struct report *report, const struct group *group)
{
    for (size_t i = 0; i < group->kept_count; i++) {
        write_finding(report, &group->kept[i]);
        bool last = i + 1 == group->kept_count;
        if (last || !same_advice(&group->kept[i], &group->kept[i + 1]))
            write_advice(&report->page, &group->kept[i]);
    }
}

static void write_listed(struct report *report, const struct group *group)
{
    struct page *page = &report->page;
    page_field(page, 2, "Subjects", words_count(page->scratch, group->count));
    for (size_t i = 0; i < group->kept_count; i++) {
        struct str subject = subject_or_account(report, &group->kept[i]);
        struct str gap = subject.len ? STR("  ") : STR("");
        page_paragraph(page, 4, PAINT_NONE, str_join3(page->scratch, subject, gap, group->kept[i].message));
    }
    if (group->count > group->kept_count) {
        struct str more = words_count(page->scratch, group->count - group->kept_count);
        page_paragraph(page, 4, PAINT_NONE,
                       str_format(page->scratch, "and %.*s more, named at the end", STR_ARG(more)));
    }
    page_field(page, 2, "Expected", group->kept[0].expected);
    write_advice(page, &group->kept[0]);
}

static void write_group(struct report *report, const struct group *group)
{
    struct page *page = &report->page;
    page_blank(page);
    page_paint(page, page_status_paint(group->verdict, group->advice),
               words_status(group->verdict, group->advice, group->old));
    sink_add_c(page->sink, "  ");
    page_paint(page, PAINT_BOLD, group->rule);
    sink_add_c(page->sink, "  ");
    page_paint(page, PAINT_DIM, severity_name(group->severity));
    page_blank(page);
    page_field(page, 2, "Must hold", group->title);
    if (group->count <= IN_FULL)
        write_in_full(report, group);
    else
        write_listed(report, group);
}

/** The message; after the title where it only goes on from there ("it is in eu-west-1"). Why a rule is skipped stands
 * alone. */
static struct str sentence(struct arena *arena, const struct group *group)
{
    struct str message = group->kept[0].message;
    if (!message.len)
        return group->title;
    bool goes_on = message.ptr[0] >= 'a' && message.ptr[0] <= 'z' && group->verdict != VERDICT_SKIP;
    return goes_on ? str_join3(arena, group->title, STR(": "), message) : message;
}

/** What stands beside the rule's id in the list. */
static struct str line_text(struct arena *arena, const struct group *group)
{
    if (group->collapsed)
        return str_join3(arena, STR("waits for "), words_cause(group->root_cause), STR(""));
    if (group->count > 1) {
        struct str count = words_plural(arena, group->count, "subject");
        return str_format(arena, "%.*s (%.*s)", STR_ARG(group->title), STR_ARG(count));
    }
    struct str text = sentence(arena, group);
    struct str remark = group->kept[0].remark;
    return remark.len ? str_format(arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(remark)) : text;
}

/** Whether the group has a line of its own: what passed and what does not apply only on demand. */
static bool is_listed(const struct report *report, const struct group *group)
{
    if (group_in_detail(group))
        return false;
    return report->all || (group->verdict != VERDICT_PASS && group->verdict != VERDICT_SKIP);
}

static size_t rule_width(const struct report *report, struct group *const *groups, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        size_t own = clean_width(groups[i]->rule);
        if (is_listed(report, groups[i]) && own > width)
            width = own;
    }
    return width < MAX_RULE_WIDTH ? width : MAX_RULE_WIDTH;
}

static void write_line(struct page *page, const struct group *group, size_t width)
{
    struct str word = words_verdict(group->verdict);
    page_paint(page, page_verdict_paint(group->verdict), word);
    sink_addf(page->sink, "%*s", RULE_COLUMN - (int)word.len, "");
    page_paint(page, PAINT_NONE, group->rule);
    struct str text = line_text(page->scratch, group);
    size_t own = clean_width(group->rule);
    if (page->width && page->width < RULE_COLUMN + (int)width + 2 + MIN_TEXT_WIDTH) {
        page_blank(page);
        page_paragraph(page, RULE_COLUMN, PAINT_NONE, text);
        return;
    }
    sink_addf(page->sink, "%*s", own < width ? (int)(width - own) + 2 : 2, "");
    page_hanging(page, RULE_COLUMN + (int)(own < width ? width : own) + 2, RULE_COLUMN + (int)width + 2, text);
}

/** "52 rules passed, 17 do not apply: --all lists them." */
static void write_counts(struct report *report)
{
    struct page *page = &report->page;
    const struct summary *summary = &report->run->summary;
    if (report->all || !words_total(summary))
        return;
    struct buf buf = buf_make(page->scratch, BUF_NO_MAX);
    struct str passed = words_plural(page->scratch, summary->rules[VERDICT_PASS], "rule");
    buf_addf(&buf, "%.*s passed", STR_ARG(passed));
    if (summary->rules[VERDICT_SKIP]) {
        struct str skipped = words_count(page->scratch, summary->rules[VERDICT_SKIP]);
        bool one = summary->rules[VERDICT_SKIP] == 1;
        buf_addf(&buf, ", %.*s %s not apply", STR_ARG(skipped), one ? "does" : "do");
    }
    buf_add(&buf, STR(": --all lists them."));
    page_blank(page);
    page_paragraph(page, 0, PAINT_NONE, buf_str(&buf));
}

static void write_lines(struct report *report, struct group **groups, size_t count)
{
    size_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += is_listed(report, groups[i]);
    if (lines)
        page_heading(&report->page, count == lines ? "All rules" : report->all ? "All other rules" : "Other rules");
    size_t width = rule_width(report, groups, count);
    for (size_t i = 0; i < count; i++) {
        if (is_listed(report, groups[i]))
            write_line(&report->page, groups[i], width);
    }
}

static void write_groups(struct report *report)
{
    size_t count = 0;
    struct group **groups = groups_sorted(report->groups, &count);
    bool advised = false;
    for (size_t i = 0; i < count; i++) {
        if (!group_in_detail(groups[i]))
            continue;
        if (groups[i]->advice && !advised)
            overview_advice(&report->page, report->run);
        advised = advised || groups[i]->advice;
        write_group(report, groups[i]);
    }
    write_lines(report, groups, count);
    write_counts(report);
}

static void write_exports(struct report *report)
{
    struct page *page = &report->page;
    const struct run_info *run = report->run;
    if (!run->export_count)
        return;
    page_heading(page, "Exports found");
    for (size_t i = 0; i < run->export_count; i++) {
        const struct found_export *found = &run->exports[i];
        struct str place = str_format(page->scratch, "%.*s  %.*s  s3://%.*s/%.*s", STR_ARG(found->name),
                                      STR_ARG(found->type), STR_ARG(found->bucket), STR_ARG(found->prefix));
        page_paragraph(page, 2, PAINT_NONE, place);
        if (found->command.len)
            page_verbatim(page, 4, "Check it", found->command);
        else
            page_paragraph(page, 4, PAINT_NONE, STR("OptScale cannot import it."));
    }
}

static void write_prediction(struct report *report)
{
    struct page *page = &report->page;
    const struct json *optscale = report->run->optscale;
    if (!json_is(optscale, JSON_OBJECT))
        return;
    page_heading(page, "What OptScale will do");
    for (size_t i = 0; i < words_prediction_count; i++) {
        const struct json *outcome = json_find(optscale, words_predictions[i].name);
        if (json_is(outcome, JSON_OBJECT))
            page_field(page, 2, str_format(page->scratch, "%-12s", words_predictions[i].label).ptr,
                       words_prediction(page->scratch, outcome));
    }
}

static void write_entries(struct report *report)
{
    struct page *page = &report->page;
    const struct run_info *run = report->run;
    if (!run->entry_count)
        return;
    size_t width = 0;
    for (size_t i = 0; i < run->entry_count; i++) {
        size_t own = clean_width(clean_line(page->scratch, run->entries[i].label));
        width = own > width ? own : width;
    }
    page_heading(page, "Enter in OptScale");
    for (size_t i = 0; i < run->entry_count; i++) {
        struct str label = clean_line(page->scratch, run->entries[i].label);
        sink_addf(page->sink, "  %.*s%*s", STR_ARG(label), (int)(width - clean_width(label)) + 2, "");
        page_paint(page, PAINT_BOLD, words_quoted(page->scratch, run->entries[i].value));
        page_blank(page);
    }
}

static void write_names(struct page *page, const struct group *group)
{
    struct page folded = *page;
    folded.width = page->width ? page->width : NAMES_WIDTH;
    page_paragraph(page, 2, PAINT_BOLD, group->rule);
    page_paragraph(&folded, 4, PAINT_NONE, buf_str(&group->others));
}

/** Whoever was only counted above: thousands of names, after all that has to be read. */
static void write_others(struct report *report)
{
    size_t count;
    struct group **groups = groups_sorted(report->groups, &count);
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (!group_in_detail(groups[i]) || groups[i]->others.len == 0)
            continue;
        if (!any)
            page_heading(&report->page, "The others, by name");
        any = true;
        write_names(&report->page, groups[i]);
    }
}

static void end(struct report *report)
{
    overview_head(&report->page, report->run);
    targets_list(&report->page, report->run, report->all);
    overview_steps(&report->page, report->run);
    write_groups(report);
    write_exports(report);
    write_prediction(report);
    write_entries(report);
    write_others(report);
    overview_end(&report->page, report->run);
}

const struct report_format report_format_text = {
    .name = "text",
    .summary = "For people: what failed and what to do comes first",
    .begin = begin,
    .result = result,
    .end = end,
};
