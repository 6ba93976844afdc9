/*
 * text.c: the report for people at a terminal. What is to be done comes first: the causes for which
 * other rules wait, then each failure with what was found, what was expected, why it matters and
 * the next step; then a line for every other rule, what to enter in OptScale, and a summary that
 * can be pasted in a ticket. Colour only repeats what the words say.
 */
#include "reports/text/page.h"
#include "reports/words/clean.h"
#include "reports/words/groups.h"
#include "reports/words/words.h"

#define IN_FULL 3         /* results of a rule that are shown one by one; more are listed */
#define CAUSE_RULES 8     /* rules named behind a cause */
#define RULE_COLUMN 9     /* where the rule's id begins in the list of rules */
#define MAX_RULE_WIDTH 36 /* columns for a rule's id before the text moves to the next line */
#define MIN_TEXT_WIDTH 36
#define NAMES_WIDTH 100 /* columns for the names at the end, where the terminal says nothing */

struct report {
    const struct run_info *run;
    struct groups *groups;
    struct page page;
};

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){
        .run = run,
        .groups = groups_open(arena, run, true),
        .page = {.sink = sink, .scratch = words_scratch(arena), .color = style->color, .width = style->width},
    };
    return report;
}

static void result(struct report *report, const struct result *result)
{
    groups_add(report->groups, result);
}

static void write_target(struct page *page, const struct json *target)
{
    static const struct words_limits limits = {.max_items = 5, .max_bytes = 200};
    struct buf buf = buf_make(page->scratch, BUF_NO_MAX);
    for (size_t i = 0; json_is(target, JSON_OBJECT) && i < target->count; i++) {
        const struct json_member *member = &target->members[i];
        if (member->value.type == JSON_NULL)
            continue;
        if (buf.len)
            buf_add(&buf, STR(", "));
        buf_add(&buf, member->name);
        if (member->value.type == JSON_ARRAY) /* the list of connected accounts: results name those that matter */
            buf_addf(&buf, " (%zu)", (size_t)member->value.count);
        else
            buf_addf(&buf, " %.*s", STR_ARG(words_value(page->scratch, &member->value, limits)));
    }
    page_field(page, 0, "Target", buf_str(&buf));
}

static void write_head(struct report *report)
{
    struct page *page = &report->page;
    const struct run_info *run = report->run;
    struct buf head = buf_make(page->scratch, BUF_NO_MAX);
    buf_add(&head, run->tool);
    buf_add(&head, STR(" · account "));
    buf_add(&head, run->account.len ? run->account : STR("unknown"));
    if (run->finished.len) {
        buf_add(&head, STR(" · "));
        buf_add(&head, words_time(page->scratch, run->finished));
    }
    page_paragraph(page, 0, PAINT_BOLD, buf_str(&head));
    page_field(page, 0, "Caller", run->caller);
    write_target(page, run->target);
}

/** "export-exists, export-format and 10 more" */
static struct str rule_names(struct arena *arena, const struct cause *cause)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < cause->rule_count && i < CAUSE_RULES; i++) {
        if (i)
            buf_add(&buf, STR(", "));
        buf_add(&buf, cause->rules[i]);
    }
    if (cause->rule_count > CAUSE_RULES)
        buf_addf(&buf, " and %zu more", cause->rule_count - CAUSE_RULES);
    return buf_str(&buf);
}

static void write_causes(struct report *report)
{
    struct page *page = &report->page;
    const struct run_info *run = report->run;
    if (!run->cause_count)
        return;
    page_heading(page, "Do this first");
    for (size_t i = 0; i < run->cause_count; i++) {
        const struct cause *cause = &run->causes[i];
        struct str number = str_format(page->scratch, "%zu.", i + 1);
        struct str title = cause->title.len ? cause->title : cause->root_cause;
        page_item(page, 2, PAINT_BOLD, number, title);
        if (!cause->rule_count)
            continue;
        struct str count = words_plural(page->scratch, cause->rule_count, "rule");
        const char *verb = cause->rule_count == 1 ? "waits" : "wait";
        struct str names = rule_names(page->scratch, cause);
        page_paragraph(page, 5, PAINT_NONE,
                       str_format(page->scratch, "%.*s %s for it: %.*s", STR_ARG(count), verb, STR_ARG(names)));
    }
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
    page_field(page, 2, kept->message.len ? "" : "Found", kept->found);
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
    page_paint(page, page_verdict_paint(group->verdict), words_verdict(group->verdict));
    sink_add_c(page->sink, "  ");
    page_paint(page, PAINT_BOLD, group->rule);
    sink_add_c(page->sink, "  ");
    page_paint(page, PAINT_DIM, severity_name(group->severity));
    page_blank(page);
    page_paragraph(page, 2, PAINT_BOLD, group->title);
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
        return str_join3(arena, STR("waits for "), group->root_cause, STR(""));
    if (group->count > 1) {
        struct str count = words_plural(arena, group->count, "subject");
        return str_format(arena, "%.*s (%.*s)", STR_ARG(group->title), STR_ARG(count));
    }
    struct str text = sentence(arena, group);
    struct str remark = group->kept[0].remark;
    return remark.len ? str_format(arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(remark)) : text;
}

static size_t rule_width(struct group *const *groups, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        size_t own = clean_width(groups[i]->rule);
        if (!group_in_detail(groups[i]) && own > width)
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

static void write_groups(struct report *report)
{
    size_t count = 0;
    struct group **groups = groups_sorted(report->groups, &count);
    size_t lines = 0;
    for (size_t i = 0; i < count; i++) {
        if (group_in_detail(groups[i]))
            write_group(report, groups[i]);
        else
            lines++;
    }
    if (!lines)
        return;
    page_heading(&report->page, count == lines ? "All rules" : "All other rules");
    size_t width = rule_width(groups, count);
    for (size_t i = 0; i < count; i++) {
        if (!group_in_detail(groups[i]))
            write_line(&report->page, groups[i], width);
    }
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
            page_field(page, 2, words_predictions[i].label, words_prediction(page->scratch, outcome));
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

static void write_summary(struct report *report)
{
    struct page *page = &report->page;
    page_blank(page);
    if (!words_total(&report->run->summary))
        page_paragraph(page, 0, PAINT_YELLOW, STR("No rule was selected: nothing was checked."));
    page_paragraph(page, 0, page_verdict_paint(words_outcome(report->run)), words_ticket(page->scratch, report->run));
    page_verbatim(page, 0, "Again:", report->run->command_line);
}

static void end(struct report *report)
{
    write_head(report);
    write_causes(report);
    write_groups(report);
    write_exports(report);
    write_prediction(report);
    write_entries(report);
    write_others(report);
    write_summary(report);
}

const struct report_format report_format_text = {
    .name = "text",
    .summary = "For people: what failed and what to do comes first",
    .begin = begin,
    .result = result,
    .end = end,
};
