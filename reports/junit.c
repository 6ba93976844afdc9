/*
 * junit.c: JUnit XML that is valid under both schemas in use, Jenkins' junit-10.xsd and the Ant
 * style JUnit.xsd: no attribute on `testsuites`; properties, testcases, system-out, system-err in
 * this order and all present; a time stamp without zone; no `skipped` count on `testsuites`, no
 * `properties` in a testcase. `junit:file` adds the target file, which GitLab and the GitHub
 * actions use and neither schema allows.
 *
 * pass: a bare testcase; advice (what fails below --fail-on) passes with a note. fail: `failure`, type = severity.
 * unknown and pending: `error`, since nobody knows yet; type = the error's code, or "pending". skip, waived and what
 * waits for another rule (which fails itself): `skipped`. Class name and name stay the same whatever the message says,
 * so that a history can be kept.
 */
#include "base/clock.h"
#include "reports/words/clean.h"
#include "reports/words/details.h"
#include "reports/words/markup.h"
#include "reports/words/words.h"

#define MAX_LINE 197                 /* bytes of a line; with an ellipsis 200 */
#define MAX_ADVICE ((size_t)1 << 16) /* bytes of notes on what was advice */

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct markup *markup;
    struct buf text; /* of a testcase: one large write is cheaper than many small ones */
    struct sink text_sink;
    struct arena *scratch;
    struct buf advice; /* a line each */
    bool with_file;
};

static struct str suite_name(struct arena *arena, const struct run_info *run)
{
    struct str scenario = json_find_string(run->target, "scenario");
    return str_format(arena, "exportcheck %.*s %.*s", STR_ARG(scenario), STR_ARG(run->account));
}

/** Ant's pattern: no zone, no fraction. A run without a time gets the epoch, since one is required. */
static struct str timestamp(struct arena *arena, struct str started)
{
    int64_t seconds = 0;
    if (!clock_parse(started, &seconds))
        seconds = 0;
    struct str iso = clock_iso(arena, seconds);
    return str_slice(iso, 0, iso.len - 1);
}

static size_t duration(const struct run_info *run)
{
    int64_t started = 0;
    int64_t finished = 0;
    if (!clock_parse(run->started, &started) || !clock_parse(run->finished, &finished) || finished < started)
        return 0;
    return (size_t)(finished - started);
}

static void property(struct markup *markup, struct str name, struct str value)
{
    if (!value.len || !name.len)
        return;
    markup_start(markup, "property");
    markup_attribute(markup, "name", name);
    markup_attribute(markup, "value", value);
    markup_end(markup);
}

static void properties(struct report *report)
{
    static const struct words_limits limits = {.max_items = 20, .max_bytes = 1000};
    const struct run_info *run = report->run;
    markup_start(report->markup, "properties");
    property(report->markup, STR("tool"), run->tool);
    property(report->markup, STR("account"), run->account);
    property(report->markup, STR("caller"), run->caller);
    for (size_t i = 0; json_is(run->target, JSON_OBJECT) && i < run->target->count; i++) {
        const struct json_member *member = &run->target->members[i];
        property(report->markup, str_join3(report->scratch, STR("target."), member->name, STR("")),
                 words_value(report->scratch, &member->value, limits));
    }
    property(report->markup, STR("exit-status"), str_format(report->scratch, "%d", run->exit_status));
    property(report->markup, STR("command"), run->command_line);
    markup_end_full(report->markup);
}

static void suite_attributes(struct report *report)
{
    const struct run_info *run = report->run;
    const size_t *count = run->summary.count;
    struct markup *markup = report->markup;
    markup_attribute(markup, "name", str_trim(suite_name(report->scratch, run)));
    markup_attribute_c(markup, "package", "exportcheck");
    markup_attribute_c(markup, "id", "0");
    markup_attribute(markup, "hostname", run->account.len ? run->account : STR("unknown"));
    markup_attribute(markup, "timestamp", timestamp(report->scratch, run->started));
    markup_attribute_count(markup, "tests", words_total(&run->summary));
    markup_attribute_count(markup, "failures", count[VERDICT_FAIL] - run->summary.advice);
    size_t waiting = run->summary.waiting;
    markup_attribute_count(markup, "errors", count[VERDICT_UNKNOWN] + count[VERDICT_PENDING] - waiting);
    markup_attribute_count(markup, "skipped", count[VERDICT_SKIP] + count[VERDICT_WAIVED] + waiting);
    markup_attribute_count(markup, "time", duration(run));
}

static void pass_on(struct report *report)
{
    sink_add(report->sink, buf_str(&report->text));
    buf_clear(&report->text);
}

static struct report *begin_flavour(struct arena *arena, struct sink *sink, const struct run_info *run, bool with_file)
{
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .sink = sink, .scratch = words_scratch(arena), .with_file = with_file};
    report->advice = buf_make(arena, BUF_NO_MAX);
    report->text = buf_make(words_scratch(arena), BUF_NO_MAX);
    report->text_sink = sink_to_buf(&report->text);
    report->markup = markup_open(arena, &report->text_sink);
    struct arena_mark mark = arena_mark(report->scratch);
    markup_declaration(report->markup);
    markup_start(report->markup, "testsuites");
    markup_raw(report->markup, "\n");
    markup_start(report->markup, "testsuite");
    suite_attributes(report);
    properties(report);
    markup_raw(report->markup, "\n");
    pass_on(report);
    arena_rewind(report->scratch, mark);
    return report;
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    return begin_flavour(arena, sink, run, false);
}

static struct report *begin_with_file(struct arena *arena, struct sink *sink, const struct run_info *run,
                                      const struct report_style *style)
{
    (void)style;
    return begin_flavour(arena, sink, run, true);
}

/**
 * The title, which never changes; behind it the subject only where a rule has several, and the account where a merged
 * report holds several. So a test keeps its name when a bucket or a month changes. GitLab drops doubles without a word.
 */
static struct str case_name(const struct report *report, const struct result *result)
{
    struct buf buf = buf_make(report->scratch, BUF_NO_MAX);
    buf_add(&buf, result->title.len ? result->title : result->rule);
    struct str subject = result->many ? words_subject(report->scratch, result) : result->target;
    if (subject.len) {
        buf_add(&buf, STR(": "));
        buf_add(&buf, subject);
    }
    if (!result->target.len && !str_equal(result->account, report->run->account)) {
        buf_add(&buf, STR(" in "));
        buf_add(&buf, result->account.len ? result->account : STR("an unknown account"));
    }
    return buf_str(&buf);
}

/** The code that explains an unknown: the first error's, else the first state that is no value. */
static struct str error_type(const struct result *result)
{
    for (size_t i = 0; i < result->evidence_count; i++) {
        struct str rest = result->evidence[i].error;
        struct str code = {0};
        if (rest.len && str_cut(&rest, ':', &code) && code.len)
            return code;
    }
    return result->root_cause.len ? result->root_cause : STR("unknown");
}

/** What stands in a testcase; NULL for a pass. */
static const char *const outcome_elements[VERDICT_COUNT] = {
    [VERDICT_FAIL] = "failure", [VERDICT_UNKNOWN] = "error",  [VERDICT_PENDING] = "error",
    [VERDICT_SKIP] = "skipped", [VERDICT_WAIVED] = "skipped",
};

static struct str outcome_type(const struct result *result)
{
    switch (result->verdict) {
    case VERDICT_FAIL: return severity_name(result->severity);
    case VERDICT_UNKNOWN: return error_type(result);
    case VERDICT_PENDING: return STR("pending");
    default: return (struct str){0}; /* `skipped` has no type in JUnit.xsd */
    }
}

static struct str outcome_message(struct arena *arena, const struct result *result)
{
    if (result->verdict == VERDICT_WAIVED) {
        struct str waiver = words_waiver(arena, result->waiver);
        return str_format(arena, "waived (%.*s): %.*s", STR_ARG(waiver), STR_ARG(result->message));
    }
    if (result->verdict == VERDICT_PENDING && result->until.len)
        return str_format(arena, "%.*s Look again at %.*s.", STR_ARG(result->message), STR_ARG(result->until));
    return result->message;
}

/** Where a line that is too long is folded: at the last blank that fits, else within the word. */
static ptrdiff_t fold_at(struct str line)
{
    ptrdiff_t at = str_find_last_char(str_slice(line, 0, MAX_LINE), ' ');
    return at > 0 ? at : str_boundary(line, MAX_LINE);
}

/** Lines of at most MAX_LINE bytes; nothing is left out but the blanks where they are folded. */
static struct str folded(struct arena *arena, struct str text)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct str line;
    text = clean_xml(arena, text); /* what is replaced takes more bytes */
    while (str_cut(&text, '\n', &line)) {
        while (line.len > MAX_LINE) {
            ptrdiff_t at = fold_at(line);
            buf_add(&buf, str_slice(line, 0, at));
            buf_add_char(&buf, '\n');
            line = str_skip(line, at + (line.ptr[at] == ' '));
        }
        buf_add(&buf, line);
        buf_add_char(&buf, '\n');
    }
    return buf_str(&buf);
}

/** Advice fails no build: the testcase passes, and the suite says what was found. */
static void note_advice(struct report *report, const struct result *result)
{
    const struct str parts[] = {STR("Advice: "), result->rule, STR(": "), result->message, STR("\n")};
    for (size_t i = 0; i < COUNT_OF(parts) && report->advice.len < MAX_ADVICE; i++)
        buf_add(&report->advice, parts[i]);
}

static void write_skipped(struct report *report, struct str message)
{
    markup_start(report->markup, "skipped");
    markup_attribute(report->markup, "message", str_shorten(report->scratch, message, MAX_LINE));
    markup_end(report->markup);
}

static void outcome(struct report *report, const struct result *result)
{
    const char *element = outcome_elements[result->verdict];
    if (result->advice)
        note_advice(report, result);
    if (result->advice || !element)
        return;
    if (result_waits(result)) {
        write_skipped(report, str_join3(report->scratch, STR("waits for "), result->root_cause, STR("")));
        return;
    }
    markup_start(report->markup, element);
    struct str message = clean_xml(report->scratch, outcome_message(report->scratch, result));
    markup_attribute(report->markup, "message", str_shorten(report->scratch, message, MAX_LINE));
    struct str type = outcome_type(result);
    if (type.len)
        markup_attribute(report->markup, "type", type);
    if (result->verdict != VERDICT_SKIP) {
        struct buf text = buf_make(report->scratch, BUF_NO_MAX);
        details_add(&text, result);
        markup_text(report->markup, folded(report->scratch, buf_str(&text)));
    }
    markup_end(report->markup);
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    struct markup *markup = report->markup;
    markup_start(markup, "testcase");
    const struct str class[] = {STR("exportcheck."), result->place, STR("."), result->rule};
    markup_attribute(markup, "classname", str_concat(report->scratch, class, COUNT_OF(class)));
    markup_attribute(markup, "name", case_name(report, result));
    if (report->with_file && report->run->target_file.len) {
        markup_attribute(markup, "file", report->run->target_file);
        markup_attribute_c(markup, "line", "1");
    }
    markup_attribute_c(markup, "time", "0");
    outcome(report, result);
    markup_end(markup);
    markup_raw(markup, "\n");
    pass_on(report);
    arena_rewind(report->scratch, mark);
}

static void end(struct report *report)
{
    struct markup *markup = report->markup;
    struct str ticket = words_ticket(report->scratch, report->run);
    markup_element(markup, "system-out", str_join3(report->scratch, buf_str(&report->advice), ticket, STR("")));
    markup_element(markup, "system-err", STR(""));
    markup_end_full(markup);
    markup_raw(markup, "\n");
    markup_end_full(markup);
    markup_raw(markup, "\n");
    markup_finish(markup);
    pass_on(report);
}

const struct report_format report_format_junit = {
    .name = "junit",
    .summary = "JUnit XML, valid under both schemas in use",
    .begin = begin,
    .result = result,
    .end = end,
};

const struct report_format report_format_junit_file = {
    .name = "junit:file",
    .summary = "JUnit XML that names the file of --target, for GitLab and GitHub",
    .begin = begin_with_file,
    .result = result,
    .end = end,
};
