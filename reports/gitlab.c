/*
 * gitlab.c: GitLab's code quality report: a JSON array of what needs action, shown in a merge request. Each issue has a
 * stable fingerprint, and the target file as its place: GitLab demands one. Results are written as they come.
 */
#include "reports/results/document.h"
#include "reports/words/words.h"

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct arena *scratch;
    struct document_writer writer;
    bool any;
};

/** GitLab's words; what does not decide is "info", whatever its severity. */
static const char *const severities[SEVERITY_COUNT] = {
    [SEVERITY_LOW] = "minor",
    [SEVERITY_MEDIUM] = "major",
    [SEVERITY_HIGH] = "critical",
    [SEVERITY_CRITICAL] = "blocker",
};

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .sink = sink, .scratch = words_scratch(arena)};
    report->writer = document_writer(words_scratch(arena), sink);
    sink_add_char(sink, '[');
    return report;
}

static bool needs_action(const struct result *result)
{
    bool open = result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING;
    return result->verdict == VERDICT_FAIL || (open && !result_waits(result));
}

/** "optscale: Include resource IDs is off. Create another export, with …" */
static struct str description(struct arena *arena, const struct result *result)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct str subject = words_subject(arena, result);
    if (subject.len)
        buf_addf(&buf, "%.*s: ", STR_ARG(subject));
    buf_add(&buf, result->message.len ? result->message : result->title);
    if (result->to_do.len)
        buf_addf(&buf, ". %.*s", STR_ARG(result->to_do));
    return buf_str(&buf);
}

static struct json location(struct arena *arena, const struct run_info *run)
{
    struct json_builder lines = json_build(arena, JSON_OBJECT);
    json_build_append(&lines, STR("begin"), json_number(1));
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "path", run->target_file.len ? run->target_file : STR("exportcheck"));
    json_build_append(&object, STR("lines"), json_built(&lines));
    return json_built(&object);
}

static void result(struct report *report, const struct result *result)
{
    struct arena *arena = report->scratch;
    if (!needs_action(result))
        return;
    struct arena_mark mark = arena_mark(arena);
    bool decides = result_decides(result, report->run->fail_on);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "description", description(arena, result));
    document_set_text(&object, "check_name", result->rule);
    document_set_text(&object, "fingerprint", result->id);
    document_set_text(&object, "severity", str_from(decides ? severities[result->severity] : "info"));
    json_build_append(&object, STR("location"), location(arena, report->run));
    struct json issue = json_built(&object);
    sink_add_c(report->sink, report->any ? ",\n" : "\n");
    document_write(&report->writer, &issue, 0, 0);
    report->any = true;
    arena_rewind(arena, mark);
}

static void end(struct report *report)
{
    sink_add_c(report->sink, report->any ? "\n]\n" : "]\n");
}

const struct report_format report_format_gitlab = {
    .name = "gitlab",
    .summary = "GitLab's code quality report, for merge requests",
    .begin = begin,
    .result = result,
    .end = end,
};
