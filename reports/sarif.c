/*
 * sarif.c: SARIF 2.1.0 (OASIS) as GitHub code scanning wants it: each result has a location (with a
 * relative path and a line where a target file was named), a rule in the driver's list, and a stable fingerprint; the
 * run has an automation id, so that two uploads do not replace each other.
 *
 * A live account has no source file: the location is the file that --target named, which is in the user's repository,
 * or none; the subject is the logical location and stands first in the message. GitHub takes every result for an alert,
 * whatever its `kind` says, so what passed or does not apply is left out, and advice (what fails below --fail-on) is a
 * note of the invocation; what is waived is there, suppressed, so that the alert does not close and open again. Results
 * are written as they come; the rules, which are kept, follow them.
 */
#include "base/map.h"
#include "reports/results/document.h"
#include "reports/words/details.h"
#include "reports/words/words.h"

#define MAX_RESULTS 25000 /* GitHub refuses a run with more */

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct arena *arena;
    struct arena *scratch;
    struct map *rule_indexes; /* id → struct json (number) */
    struct json_builder rules;
    struct document_writer writer;
    size_t written;
    size_t left_out;
};

/** `{"text": …}`, SARIF's message. */
static struct json message(struct arena *arena, struct str text)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "text", text.len ? text : STR("-"));
    return json_built(&object);
}

static const char *const levels[SEVERITY_COUNT] = {
    [SEVERITY_LOW] = "note",
    [SEVERITY_MEDIUM] = "warning",
    [SEVERITY_HIGH] = "error",
    [SEVERITY_CRITICAL] = "error",
};

/** GitHub's bands: above 9.0 critical, from 7.0 high, from 4.0 medium. */
static const char *const scores[SEVERITY_COUNT] = {
    [SEVERITY_LOW] = "2.0",
    [SEVERITY_MEDIUM] = "5.0",
    [SEVERITY_HIGH] = "8.0",
    [SEVERITY_CRITICAL] = "9.5",
};

/** `kind` (section 3.27.9); NULL: no result is written. */
static const char *const kinds[VERDICT_COUNT] = {
    [VERDICT_FAIL] = "fail",
    [VERDICT_WAIVED] = "fail",
    [VERDICT_UNKNOWN] = "review",
    [VERDICT_PENDING] = "open",
};

/** "export-exists" as "ExportExists": a rule's name may not be its id (SARIF1001). */
static struct str pascal_case(struct arena *arena, struct str id)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    bool upper = true;
    for (ptrdiff_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter)
            buf_add_char(&buf, upper && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        upper = !letter;
    }
    return buf.len ? buf_str(&buf) : STR("Rule");
}

static struct json rule_properties(struct arena *arena, const struct result *result)
{
    struct json_builder tags = json_build(arena, JSON_ARRAY);
    json_build_add(&tags, json_string(STR("security"))); /* GitHub shows security-severity beside this tag alone */
    if (result->place.len && !str_equal(result->place, STR("security")))
        json_build_add(&tags, json_string(result->place));
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("tags"), json_built(&tags));
    document_set_text(&object, "precision", STR("very-high"));
    document_set_text(&object, "security-severity", str_from(scores[result->severity]));
    return json_built(&object);
}

static struct json rule_object(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct buf help = buf_make(arena, BUF_NO_MAX);
    if (result->why.len)
        buf_addf(&help, "%.*s\n", STR_ARG(result->why));
    details_add_fix(&help, &result->fix);
    document_set_text(&object, "id", result->rule);
    document_set_text(&object, "name", pascal_case(arena, result->rule));
    json_build_append(&object, STR("shortDescription"),
                      message(arena, result->title.len ? result->title : result->rule));
    if (result->why.len)
        json_build_append(&object, STR("fullDescription"), message(arena, result->why));
    json_build_append(&object, STR("help"), message(arena, help.len ? buf_str(&help) : result->title));
    if (str_starts(result->reference, STR("https://")))
        document_set_text(&object, "helpUri", str_percent_encode(arena, result->reference, ":/?#[]@!$&'()*+,;=%"));
    struct json_builder configuration = json_build(arena, JSON_OBJECT);
    document_set_text(&configuration, "level", str_from(levels[result->severity]));
    json_build_append(&object, STR("defaultConfiguration"), json_built(&configuration));
    json_build_append(&object, STR("properties"), rule_properties(arena, result));
    return json_built(&object);
}

/** The rule's index in the driver's list, where it is added on its first result. */
static double rule_index(struct report *report, const struct result *result)
{
    const struct json *known = map_get(report->rule_indexes, result->rule);
    if (known)
        return known->number;
    struct json object = rule_object(report->scratch, result);
    const struct json *kept = json_clone(report->arena, &object);
    struct json index = json_number((double)report->rules.count);
    json_build_add(&report->rules, *kept);
    map_set(report->rule_indexes, str_copy(report->arena, result->rule), json_box(report->arena, index));
    return index.number;
}

/** The target file, as GitHub wants a path: relative, and a line in it. */
static struct json physical_location(struct arena *arena, struct str file)
{
    struct json_builder artifact = json_build(arena, JSON_OBJECT);
    document_set_text(&artifact, "uri", str_percent_encode(arena, file, "/"));
    struct json_builder region = json_build(arena, JSON_OBJECT);
    json_build_append(&region, STR("startLine"), json_number(1));
    struct json_builder physical = json_build(arena, JSON_OBJECT);
    json_build_append(&physical, STR("artifactLocation"), json_built(&artifact));
    json_build_append(&physical, STR("region"), json_built(&region));
    return json_built(&physical);
}

static struct json location(struct arena *arena, const struct run_info *run, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    if (run->target_file.len)
        json_build_append(&object, STR("physicalLocation"), physical_location(arena, run->target_file));
    struct json_builder logical = json_build(arena, JSON_OBJECT);
    document_set_text(&logical, "fullyQualifiedName", result->subject.len ? result->subject : result->rule);
    document_set_text(&logical, "kind", STR("resource"));
    json_build_append(&object, STR("logicalLocations"), document_list(arena, json_built(&logical)));
    return json_built(&object);
}

/** "optscale: The export does not include resource IDs." */
static struct str message_text(struct arena *arena, const struct result *result)
{
    struct str text = result->message.len ? result->message : result->title;
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct str subject = words_subject(arena, result);
    if (subject.len && !str_starts(text, subject))
        buf_addf(&buf, "%.*s: ", STR_ARG(subject));
    buf_add(&buf, text);
    if (result->root_cause.len)
        buf_addf(&buf, " Waits for %.*s.", STR_ARG(result->root_cause));
    if (result->until.len)
        buf_addf(&buf, " Look again at %.*s.", STR_ARG(result->until));
    return buf_str(&buf);
}

static struct json suppression(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "kind", STR("external"));
    document_set_text(&object, "status", STR("accepted"));
    struct str reason = words_waiver(arena, result->waiver);
    document_set_text(&object, "justification", reason.len ? reason : STR("waived"));
    return json_built(&object);
}

static struct json result_properties(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "status", verdict_name(result->verdict));
    document_set_text(&object, "severity", severity_name(result->severity));
    document_set_text(&object, "place", result->place);
    document_set_text(&object, "account", result->account);
    if (result->expected)
        json_build_append(&object, STR("expected"), *result->expected);
    if (result->actual)
        json_build_append(&object, STR("actual"), *result->actual);
    return json_built(&object);
}

static struct json result_object(struct report *report, const struct result *result)
{
    struct arena *arena = report->scratch;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    bool fails = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_WAIVED;
    document_set_text(&object, "ruleId", result->rule);
    json_build_append(&object, STR("ruleIndex"), json_number(rule_index(report, result)));
    document_set_text(&object, "kind", str_from(kinds[result->verdict]));
    document_set_text(&object, "level", str_from(fails ? levels[result->severity] : "none"));
    json_build_append(&object, STR("message"), message(arena, message_text(arena, result)));
    json_build_append(&object, STR("locations"), document_list(arena, location(arena, report->run, result)));
    struct json_builder fingerprints = json_build(arena, JSON_OBJECT);
    document_set_text(&fingerprints, "exportcheckResult/v1", result->id);
    json_build_append(&object, STR("partialFingerprints"), json_built(&fingerprints));
    if (report->run->baseline)
        document_set_text(&object, "baselineState", result->old ? STR("unchanged") : STR("new"));
    if (result->verdict == VERDICT_WAIVED)
        json_build_append(&object, STR("suppressions"), document_list(arena, suppression(arena, result)));
    json_build_append(&object, STR("properties"), result_properties(arena, result));
    return json_built(&object);
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .sink = sink, .scratch = words_scratch(arena)};
    report->arena = words_scratch(arena);
    report->writer = document_writer(words_scratch(arena), sink);
    report->rule_indexes = map_open(report->arena);
    report->rules = json_build(report->arena, JSON_ARRAY);
    sink_add_c(sink, "{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n"
                     "\"runs\": [{\n\"columnKind\": \"utf16CodeUnits\",\n\"results\": [");
    return report;
}

static void result(struct report *report, const struct result *result)
{
    if (!kinds[result->verdict] || (result->advice && !result->old))
        return;
    if (report->written == MAX_RESULTS) {
        report->left_out++;
        return;
    }
    struct arena_mark mark = arena_mark(report->scratch);
    struct json object = result_object(report, result);
    sink_add_c(report->sink, report->written++ ? ",\n" : "\n");
    document_write(&report->writer, &object, 0, 0);
    arena_rewind(report->scratch, mark);
}

static struct json notification(struct arena *arena, const char *level, struct str text)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "level", str_from(level));
    json_build_append(&object, STR("message"), message(arena, text));
    return json_built(&object);
}

/** What is to be done, once each, however many results it has; advice as notes. */
static struct json notifications(struct report *report)
{
    struct arena *arena = report->scratch;
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < report->run->cause_count; i++) {
        const struct cause *cause = &report->run->causes[i];
        json_build_add(&array, notification(arena, cause->advice ? "note" : "warning",
                                            cause->title.len ? cause->title : cause->root_cause));
    }
    if (report->left_out) {
        struct str count = words_count(arena, report->left_out);
        json_build_add(
            &array, notification(arena, "warning",
                                 str_format(arena, "%.*s results are left out: see the JSON report.", STR_ARG(count))));
    }
    return json_built(&array);
}

static struct json invocation(struct report *report)
{
    const struct run_info *run = report->run;
    struct json_builder object = json_build(report->scratch, JSON_OBJECT);
    json_build_append(&object, STR("executionSuccessful"),
                      json_boolean(run->exit_status <= 1 || run->exit_status == 3));
    json_build_append(&object, STR("exitCode"), json_number(run->exit_status));
    if (run->command_line.len)
        document_set_text(&object, "commandLine", run->command_line);
    if (run->started.len)
        document_set_text(&object, "startTimeUtc", run->started);
    if (run->finished.len)
        document_set_text(&object, "endTimeUtc", run->finished);
    json_build_append(&object, STR("toolExecutionNotifications"), notifications(report));
    return json_built(&object);
}

static struct json driver(struct report *report)
{
    struct str rest = report->run->tool;
    struct str name = {0};
    str_cut(&rest, ' ', &name);
    struct json_builder object = json_build(report->scratch, JSON_OBJECT);
    document_set_text(&object, "name", name.len ? name : STR("exportcheck"));
    if (rest.len)
        document_set_text(&object, "version", rest);
    json_build_append(&object, STR("rules"), json_built(&report->rules));
    struct json_builder tool = json_build(report->scratch, JSON_OBJECT);
    json_build_append(&tool, STR("driver"), json_built(&object));
    return json_built(&tool);
}

static void write_member(struct report *report, const char *name, struct json value)
{
    sink_addf(report->sink, ",\n\"%s\": ", name);
    document_write(&report->writer, &value, 0, 0);
}

static void end(struct report *report)
{
    struct arena *arena = report->scratch;
    struct str scenario = json_find_string(report->run->target, "scenario");
    struct json_builder automation = json_build(arena, JSON_OBJECT);
    document_set_text(&automation, "id",
                      str_format(arena, "exportcheck/%.*s/%.*s/", STR_ARG(report->run->account), STR_ARG(scenario)));
    sink_add_c(report->sink, report->written ? "\n]" : "]");
    write_member(report, "tool", driver(report));
    write_member(report, "automationDetails", json_built(&automation));
    write_member(report, "invocations", document_list(arena, invocation(report)));
    sink_add_c(report->sink, "\n}]\n}\n");
}

const struct report_format report_format_sarif = {
    .name = "sarif",
    .summary = "SARIF 2.1.0, for GitHub code scanning and editors",
    .begin = begin,
    .result = result,
    .end = end,
};
