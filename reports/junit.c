/*
 * junit.c: JUnit XML that is valid under both schemas in use, Jenkins' junit-10.xsd and the Ant
 * style JUnit.xsd: no attribute on `testsuites`; properties, testcases, system-out, system-err in
 * this order and all present; a time stamp without zone; no `skipped` count on `testsuites`, no
 * `properties` in a testcase. `junit:file` adds `file` and `line`, which GitLab and the GitHub
 * actions use and neither schema allows.
 *
 * pass: a bare testcase. fail: `failure`, type = severity. unknown and pending: `error`, since
 * nobody knows yet; type = the error's code, or "pending". skip and waived: `skipped`. Class name
 * and name stay the same whatever the message says, so that a history can be kept.
 */
#include "base/clock.h"
#include "reports/details.h"
#include "reports/words.h"
#include "reports/xml.h"

struct report {
    const struct run_info *run;
    struct xml *xml;
    struct arena *scratch;
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

static void property(struct xml *xml, struct str name, struct str value)
{
    if (!value.len || !name.len)
        return;
    xml_start(xml, "property");
    xml_attribute(xml, "name", name);
    xml_attribute(xml, "value", value);
    xml_end(xml);
}

static void properties(struct report *report)
{
    static const struct words_limits limits = {.max_items = 20, .max_bytes = 1000};
    const struct run_info *run = report->run;
    xml_start(report->xml, "properties");
    property(report->xml, STR("tool"), run->tool);
    property(report->xml, STR("account"), run->account);
    property(report->xml, STR("caller"), run->caller);
    for (size_t i = 0; json_is(run->target, JSON_OBJECT) && i < run->target->count; i++) {
        const struct json_member *member = &run->target->members[i];
        property(report->xml, str_join3(report->scratch, STR("target."), member->name, STR("")),
                 words_value(report->scratch, &member->value, limits));
    }
    property(report->xml, STR("exit-status"), str_format(report->scratch, "%d", run->exit_status));
    property(report->xml, STR("command"), run->command_line);
    xml_end_full(report->xml);
}

static void suite_attributes(struct report *report)
{
    const struct run_info *run = report->run;
    const size_t *count = run->summary.count;
    struct xml *xml = report->xml;
    xml_attribute(xml, "name", str_trim(suite_name(report->scratch, run)));
    xml_attribute_c(xml, "package", "exportcheck");
    xml_attribute_c(xml, "id", "0");
    xml_attribute(xml, "hostname", run->account.len ? run->account : STR("unknown"));
    xml_attribute(xml, "timestamp", timestamp(report->scratch, run->started));
    xml_attribute_count(xml, "tests", words_total(&run->summary));
    xml_attribute_count(xml, "failures", count[VERDICT_FAIL]);
    xml_attribute_count(xml, "errors", count[VERDICT_UNKNOWN] + count[VERDICT_PENDING]);
    xml_attribute_count(xml, "skipped", count[VERDICT_SKIP] + count[VERDICT_WAIVED]);
    xml_attribute_count(xml, "time", duration(run));
}

static struct report *begin_flavour(struct arena *arena, struct sink *sink, const struct run_info *run, bool with_file)
{
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .scratch = words_scratch(arena), .with_file = with_file};
    report->xml = xml_open(arena, sink);
    struct arena_mark mark = arena_mark(report->scratch);
    xml_declaration(report->xml);
    xml_start(report->xml, "testsuites");
    xml_raw(report->xml, "\n");
    xml_start(report->xml, "testsuite");
    suite_attributes(report);
    properties(report);
    xml_raw(report->xml, "\n");
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

/** Title and subject; the account too where a merged report holds several. GitLab drops doubles without a word. */
static struct str case_name(const struct report *report, const struct result *result)
{
    struct buf buf = buf_make(report->scratch, BUF_NO_MAX);
    buf_add(&buf, result->title.len ? result->title : result->rule);
    if (result->subject.len) {
        buf_add(&buf, STR(": "));
        buf_add(&buf, result->subject);
    }
    if (!str_equal(result->account, report->run->account)) {
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

static void outcome(struct report *report, const struct result *result)
{
    const char *element = outcome_elements[result->verdict];
    if (!element)
        return;
    xml_start(report->xml, element);
    xml_attribute(report->xml, "message", outcome_message(report->scratch, result));
    struct str type = outcome_type(result);
    if (type.len)
        xml_attribute(report->xml, "type", type);
    if (result->verdict != VERDICT_SKIP) {
        struct buf text = buf_make(report->scratch, BUF_NO_MAX);
        details_add(&text, result);
        xml_text(report->xml, buf_str(&text));
    }
    xml_end(report->xml);
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    struct xml *xml = report->xml;
    xml_start(xml, "testcase");
    xml_attribute(xml, "classname",
                  str_format(report->scratch, "exportcheck.%.*s.%.*s", STR_ARG(result->place), STR_ARG(result->rule)));
    xml_attribute(xml, "name", case_name(report, result));
    if (report->with_file && result->rule_file.len) {
        xml_attribute(xml, "file", result->rule_file);
        xml_attribute_count(xml, "line", result->rule_line > 0 ? (size_t)result->rule_line : 1);
    }
    xml_attribute_c(xml, "time", "0");
    outcome(report, result);
    xml_end(xml);
    xml_raw(xml, "\n");
    arena_rewind(report->scratch, mark);
}

static void end(struct report *report)
{
    struct xml *xml = report->xml;
    struct str ticket = words_ticket(report->scratch, report->run);
    xml_element(xml, "system-out", ticket);
    xml_element(xml, "system-err", STR(""));
    xml_end_full(xml);
    xml_raw(xml, "\n");
    xml_end_full(xml);
    xml_raw(xml, "\n");
    xml_finish(xml);
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
    .summary = "JUnit XML with file and line of the rule, for GitLab and GitHub",
    .begin = begin_with_file,
    .result = result,
    .end = end,
};
