/*
 * github.c: a run in a GitHub workflow: the verdict and the steps as lines of the log, and what needs action as
 * annotations, one for each rule. GitHub shows ten of a kind in a step, so the tenth counts what is left. The step's
 * summary is Markdown in the file that GITHUB_STEP_SUMMARY names: cli/outputs.c writes it beside this report.
 */
#include "reports/words/clean.h"
#include "reports/words/groups.h"
#include "reports/words/headline.h"
#include "reports/words/steps.h"
#include "reports/words/words.h"

#define MAX_ANNOTATIONS 10 /* of a kind in a step */

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct arena *scratch;
    struct groups *groups;
};

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){
        .run = run, .sink = sink, .scratch = words_scratch(arena), .groups = groups_open(arena, run, false)};
    return report;
}

static void result(struct report *report, const struct result *result)
{
    groups_add(report->groups, result);
}

/** Percent-encodes what would end a command or a property of it. */
static void write_data(struct report *report, struct str text, bool property)
{
    struct str clean = clean_line(report->scratch, text);
    for (ptrdiff_t i = 0; i < clean.len; i++) {
        char c = clean.ptr[i];
        if (c == '%' || (property && (c == ':' || c == ',')))
            sink_addf(report->sink, "%%%02X", (unsigned)c);
        else
            sink_add_char(report->sink, c);
    }
}

enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_COUNT };
static const char *const levels[LEVEL_COUNT] = {"error", "warning", "notice"};

static enum level level_of(const struct group *group)
{
    if (group->advice)
        return LEVEL_NOTICE;
    return group->verdict == VERDICT_FAIL ? LEVEL_ERROR : LEVEL_WARNING;
}

static void begin_annotation(struct report *report, enum level level, struct str title)
{
    sink_addf(report->sink, "::%s ", levels[level]);
    if (report->run->target_file.len) {
        sink_add_c(report->sink, "file=");
        write_data(report, report->run->target_file, true);
        sink_add_c(report->sink, ",line=1,");
    }
    sink_add_c(report->sink, "title=");
    write_data(report, title, true);
    sink_add_c(report->sink, "::");
}

/** What is to be done about the group; then its first finding, and how many more there are. */
static void annotate(struct report *report, const struct group *group)
{
    const struct run_info *run = report->run;
    const struct kept *first = &group->kept[0];
    bool is_step = group->verdict == VERDICT_FAIL && group->step < run->cause_count;
    begin_annotation(report, level_of(group), is_step ? run->causes[group->step].title : group->title);
    if (first->subject.len) {
        write_data(report, first->subject, false);
        sink_add_c(report->sink, ": ");
    }
    write_data(report, first->message.len ? first->message : group->title, false);
    if (group->count > 1)
        sink_addf(report->sink, " (and %.*s more)", STR_ARG(words_count(report->scratch, group->count - 1)));
    sink_addf(report->sink, " [");
    write_data(report, group->rule, false);
    sink_add_c(report->sink, "]\n");
}

static void write_annotations(struct report *report)
{
    size_t count;
    struct group **groups = groups_sorted(report->groups, &count);
    size_t all[LEVEL_COUNT] = {0};
    size_t written[LEVEL_COUNT] = {0};
    for (size_t i = 0; i < count; i++)
        all[level_of(groups[i])] += group_in_detail(groups[i]);
    for (size_t i = 0; i < count; i++) {
        enum level level = level_of(groups[i]);
        bool fits = all[level] <= MAX_ANNOTATIONS || written[level] < MAX_ANNOTATIONS - 1;
        if (!group_in_detail(groups[i]) || !fits)
            continue;
        annotate(report, groups[i]);
        written[level]++;
    }
    for (size_t level = 0; level < LEVEL_COUNT; level++) {
        if (written[level] == all[level])
            continue;
        begin_annotation(report, (enum level)level, STR("And more"));
        sink_addf(report->sink, "%zu more rules, see the step's summary\n", all[level] - written[level]);
    }
}

static void write_line(struct report *report, struct str text)
{
    sink_add(report->sink, clean_line(report->scratch, text));
    sink_add_char(report->sink, '\n');
}

static void end(struct report *report)
{
    size_t count;
    const struct step *steps = steps_of(report->scratch, report->run, false, &count);
    write_line(report, headline_text(report->scratch, report->run));
    for (size_t i = 0; i < count; i++) {
        if (steps[i].command.len)
            write_line(report, str_format(report->scratch, "%zu. %.*s: %.*s", i + 1, STR_ARG(steps[i].lead),
                                          STR_ARG(steps[i].command)));
        for (size_t j = 0; !steps[i].command.len && j < steps[i].cause_count; j++)
            write_line(report, str_format(report->scratch, "%zu. %.*s", i + 1, STR_ARG(steps[i].causes[j]->title)));
    }
    write_annotations(report);
    write_line(report, words_ticket(report->scratch, report->run));
}

const struct report_format report_format_github = {
    .name = "github",
    .summary = "Annotations of a GitHub workflow, and the step's summary",
    .begin = begin,
    .result = result,
    .end = end,
};
