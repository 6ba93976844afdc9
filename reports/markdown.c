/*
 * markdown.c: GitHub-flavoured Markdown for a step summary or a comment: the verdict, what to do first,
 * then what needs action and nothing else, then what to enter in OptScale. A step summary beyond
 * 1 MiB is dropped whole, a comment beyond 65,536 characters is refused: what does not fit is
 * counted instead. Names of the account stand in code spans or are escaped, so that they make no
 * link, mention, table cell or tag.
 */
#include "reports/words/clean.h"
#include "reports/words/commonmark.h"
#include "reports/words/groups.h"
#include "reports/words/headline.h"
#include "reports/words/steps.h"
#include "reports/words/words.h"

#define SUMMARY_BYTES ((size_t)1000 * 1000)
#define COMMENT_BYTES ((size_t)60 * 1000)
#define CLOSING_BYTES ((size_t)400) /* for the line that counts what was left out */

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct groups *groups;
    struct arena *scratch;
    size_t max_bytes;
};

static struct report *begin_sized(struct arena *arena, struct sink *sink, const struct run_info *run, size_t max_bytes)
{
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){
        .run = run,
        .sink = sink,
        .groups = groups_open(arena, run, false),
        .scratch = words_scratch(arena),
        .max_bytes = max_bytes,
    };
    return report;
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    return begin_sized(arena, sink, run, SUMMARY_BYTES);
}

static struct report *begin_comment(struct arena *arena, struct sink *sink, const struct run_info *run,
                                    const struct report_style *style)
{
    (void)style;
    return begin_sized(arena, sink, run, COMMENT_BYTES);
}

static void result(struct report *report, const struct result *result)
{
    groups_add(report->groups, result);
}

static void add_block(struct buf *buf, const char *language, struct str text)
{
    struct str clean = clean_block(buf->arena, text);
    if (!clean.len)
        return;
    size_t ticks = commonmark_longest_ticks(clean) + 1;
    ticks = ticks < 3 ? 3 : ticks;
    buf_add_char(buf, '\n');
    commonmark_add_ticks(buf, ticks);
    buf_addf(buf, "%s\n", language);
    buf_add(buf, clean);
    buf_add_char(buf, '\n');
    commonmark_add_ticks(buf, ticks);
    buf_add_char(buf, '\n');
}

/** `- **label:** text` */
static void add_point(struct buf *buf, const char *label, struct str text)
{
    if (!text.len)
        return;
    buf_addf(buf, "- **%s:** ", label);
    commonmark_add_text(buf, text);
    buf_add_char(buf, '\n');
}

static void add_code_point(struct buf *buf, const char *label, struct str text)
{
    if (!text.len)
        return;
    buf_addf(buf, "- **%s:** ", label);
    commonmark_add_code(buf, text);
    buf_add_char(buf, '\n');
}

/** A step's sentence, bold, and behind it what follows where it is not taken. */
static void add_cause(struct buf *buf, const struct cause *cause)
{
    struct str effect = steps_effect(buf->arena, cause);
    buf_add(buf, STR("**"));
    commonmark_add_text(buf, cause->title);
    buf_add(buf, effect.len ? STR("** ") : STR("**"));
    commonmark_add_text(buf, effect);
    buf_add_char(buf, '\n');
}

static void add_steps(struct buf *buf, const struct run_info *run, const char *heading, bool advice)
{
    size_t count;
    const struct step *steps = steps_of(buf->arena, run, advice, &count);
    if (count)
        buf_addf(buf, "\n### %s\n\n", heading);
    for (size_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        buf_addf(buf, "%zu. ", i + 1);
        if (step->lead.len) {
            commonmark_add_text(buf, step->lead);
            buf_add(buf, step->command.len ? STR(": ") : STR(":"));
            commonmark_add_code(buf, step->command);
            buf_add_char(buf, '\n');
        }
        for (size_t j = 0; j < step->cause_count; j++) {
            buf_add(buf, step->lead.len ? STR("   - ") : STR(""));
            add_cause(buf, step->causes[j]);
        }
    }
}

static void add_head(struct buf *buf, const struct run_info *run)
{
    struct str scenario = json_find_string(run->target, "scenario");
    buf_add(buf, STR("## "));
    commonmark_add_text(buf, headline_text(buf->arena, run));
    buf_add(buf, STR("\n\nAccount "));
    commonmark_add_code(buf, words_account(run));
    if (scenario.len) {
        buf_add(buf, STR(" · "));
        commonmark_add_code(buf, scenario);
    }
    buf_add(buf, STR(" · rules: "));
    commonmark_add_text(buf, words_summary(buf->arena, &run->summary));
    buf_add_char(buf, '\n');
    struct str view = words_view(run);
    if (view.len)
        buf_addf(buf, "\n%.*s\n", STR_ARG(view));
    add_steps(buf, run, "Do this first", false);
}

static void add_one(struct buf *buf, const struct kept *kept)
{
    add_code_point(buf, "Subject", kept->subject);
    add_point(buf, "Found", kept->message);
    add_code_point(buf, "Found", kept->found);
    add_point(buf, "Expected", kept->expected);
    add_point(buf, "Next", kept->remark);
    add_point(buf, "Evidence", kept->evidence);
}

static void add_many(struct buf *buf, const struct group *group)
{
    buf_add(buf, STR("- **Subjects:** "));
    buf_add(buf, words_count(buf->arena, group->count));
    buf_add_char(buf, '\n');
    for (size_t i = 0; i < group->kept_count; i++) {
        buf_add(buf, STR("  - "));
        commonmark_add_code(buf, group->kept[i].subject);
        buf_add_char(buf, ' ');
        commonmark_add_text(buf, group->kept[i].message);
        buf_add_char(buf, '\n');
    }
    if (group->count > group->kept_count) {
        struct str more = words_count(buf->arena, group->count - group->kept_count);
        buf_addf(buf, "  - and %.*s more, see the JSON report\n", STR_ARG(more));
    }
}

static void add_group(struct buf *buf, const struct group *group)
{
    const struct kept *first = &group->kept[0];
    struct str verdict = words_status(group->verdict, group->advice, group->old);
    struct str severity = severity_name(group->severity);
    buf_addf(buf, "\n#### %.*s · %.*s · ", STR_ARG(verdict), STR_ARG(severity));
    commonmark_add_text(buf, group->title);
    buf_add(buf, STR("\n\n- **Rule:** "));
    commonmark_add_code(buf, group->rule);
    buf_add_char(buf, '\n');
    if (group->count == 1)
        add_one(buf, first);
    else
        add_many(buf, group);
    add_point(buf, "Why", first->why);
    add_point(buf, "Fix", first->console);
    add_point(buf, "Note", first->note);
    add_block(buf, "sh", first->cli);
    add_block(buf, "json", first->policy);
}

static void add_tail(struct buf *buf, const struct run_info *run)
{
    if (run->export_count) {
        buf_add(buf, STR("\n### Exports found\n\n"));
        for (size_t i = 0; i < run->export_count; i++) {
            buf_add(buf, STR("- "));
            commonmark_add_code(buf, run->exports[i].name);
            buf_add(buf, STR(": "));
            commonmark_add_code(buf, run->exports[i].command.len ? run->exports[i].command
                                                                 : STR("OptScale cannot import it"));
            buf_add_char(buf, '\n');
        }
    }
    if (run->entry_count) {
        buf_add(buf, STR("\n### Enter in OptScale\n\n"));
        for (size_t i = 0; i < run->entry_count; i++) {
            buf_add(buf, STR("- "));
            commonmark_add_text(buf, run->entries[i].label);
            buf_add(buf, STR(": "));
            commonmark_add_code(buf, run->entries[i].value);
            buf_add_char(buf, '\n');
        }
    }
    buf_add_char(buf, '\n');
    commonmark_add_text(buf, words_ticket(buf->arena, run));
    buf_add_char(buf, '\n');
    if (run->command_line.len)
        add_block(buf, "sh", run->command_line);
}

/** The groups that fit into `room` bytes, worst first; then how many did not. */
static void write_groups(struct report *report, size_t room)
{
    size_t count = 0;
    struct group **groups = groups_sorted(report->groups, &count);
    size_t left_out = 0;
    bool any = false;
    bool advised = false;
    for (size_t i = 0; i < count; i++) {
        if (!group_in_detail(groups[i]))
            continue;
        struct buf buf = buf_make(report->scratch, BUF_NO_MAX);
        if (!any && !groups[i]->advice)
            buf_add(&buf, STR("\n### What needs action\n"));
        if (groups[i]->advice && !advised)
            add_steps(&buf, report->run, "Advice", true);
        advised = advised || groups[i]->advice;
        add_group(&buf, groups[i]);
        if (left_out || buf.len > room) {
            left_out++;
            continue;
        }
        sink_add(report->sink, buf_str(&buf));
        room -= buf.len;
        any = true;
    }
    if (left_out)
        sink_addf(report->sink, "\n**And %zu more rule%s, see the JSON or HTML report.**\n", left_out,
                  left_out == 1 ? "" : "s");
}

static void end(struct report *report)
{
    size_t part = report->max_bytes / 4; /* neither head nor tail may crowd the results out */
    struct buf head = buf_make(report->scratch, part);
    struct buf tail = buf_make(report->scratch, part);
    add_head(&head, report->run);
    add_tail(&tail, report->run);
    sink_add(report->sink, buf_str(&head));
    write_groups(report, report->max_bytes - head.len - tail.len - CLOSING_BYTES);
    sink_add(report->sink, buf_str(&tail));
}

const struct report_format report_format_markdown = {
    .name = "markdown",
    .summary = "Markdown for a CI step summary, at most 1 MB",
    .begin = begin,
    .result = result,
    .end = end,
};

const struct report_format report_format_markdown_comment = {
    .name = "markdown:comment",
    .summary = "Markdown for a pull request's comment, at most 60 KB",
    .begin = begin_comment,
    .result = result,
    .end = end,
};
