/*
 * ocsf.c: an array of OCSF 1.8 events of class Compliance Finding (2003), one a result, for security
 * lakes. Times are milliseconds. `compliance.status_id` holds the verdict: 1 pass, 3 fail, 2
 * ("no result, missing information") for unknown and pending, 0 for what does not apply; the
 * outer `status_id` is the finding's life: 1 new, 3 suppressed, 4 resolved.
 */
#include "base/clock.h"
#include "reports/results/document.h"
#include "reports/words/details.h"
#include "reports/words/words.h"

enum {
    CATEGORY_FINDINGS = 2,
    CLASS_COMPLIANCE_FINDING = 2003,
    ACTIVITY_CREATE = 1,
    ACCOUNT_TYPE_AWS = 10,
    ANALYTIC_RULE = 1
};

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct arena *scratch;
    struct document_writer writer;
    struct json time;
    bool any;
};

struct code {
    int id;
    const char *name;
};

static const struct code compliance_codes[VERDICT_COUNT] = {
    [VERDICT_PASS] = {1, "Pass"},       [VERDICT_FAIL] = {3, "Fail"},    [VERDICT_UNKNOWN] = {2, "Warning"},
    [VERDICT_PENDING] = {2, "Warning"}, [VERDICT_SKIP] = {0, "Unknown"}, [VERDICT_WAIVED] = {3, "Fail"},
};

static const struct code life_codes[VERDICT_COUNT] = {
    [VERDICT_PASS] = {4, "Resolved"}, [VERDICT_FAIL] = {1, "New"},      [VERDICT_UNKNOWN] = {1, "New"},
    [VERDICT_PENDING] = {1, "New"},   [VERDICT_SKIP] = {4, "Resolved"}, [VERDICT_WAIVED] = {3, "Suppressed"},
};

static const struct code severity_codes[SEVERITY_COUNT] = {
    [SEVERITY_LOW] = {2, "Low"},
    [SEVERITY_MEDIUM] = {3, "Medium"},
    [SEVERITY_HIGH] = {4, "High"},
    [SEVERITY_CRITICAL] = {5, "Critical"},
};
static const struct code informational = {1, "Informational"};

static void set_number(struct json_builder *object, const char *name, double number)
{
    json_build_append(object, str_from(name), json_number(number));
}

static void set_code(struct json_builder *object, const char *id_name, const char *name, struct code code)
{
    set_number(object, id_name, code.id);
    document_set_text(object, name, str_from(code.name));
}

static struct json metadata(struct report *report)
{
    struct str version = report->run->tool;
    struct str name = {0};
    str_cut(&version, ' ', &name);
    struct json_builder product = json_build(report->scratch, JSON_OBJECT);
    document_set_text(&product, "name", name.len ? name : STR("exportcheck"));
    document_set_text(&product, "version", version);
    struct json_builder object = json_build(report->scratch, JSON_OBJECT);
    document_set_text(&object, "version", STR("1.8.0"));
    json_build_append(&object, STR("product"), json_built(&product));
    json_build_append(&object, STR("profiles"), document_list(report->scratch, json_string(STR("cloud"))));
    return json_built(&object);
}

static struct json cloud(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "provider", STR("AWS"));
    if (result->account.len) {
        struct json_builder account = json_build(arena, JSON_OBJECT);
        document_set_text(&account, "uid", result->account);
        set_number(&account, "type_id", ACCOUNT_TYPE_AWS);
        document_set_text(&account, "type", STR("AWS Account"));
        json_build_append(&object, STR("account"), json_built(&account));
    }
    return json_built(&object);
}

static struct json finding_info(struct arena *arena, const struct result *result)
{
    struct json_builder analytic = json_build(arena, JSON_OBJECT);
    document_set_text(&analytic, "uid", result->rule);
    document_set_text(&analytic, "name", result->title.len ? result->title : result->rule);
    set_number(&analytic, "type_id", ANALYTIC_RULE);
    document_set_text(&analytic, "type", STR("Rule"));
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("uid"), json_string(result->id));
    document_set_text(&object, "title", result->title);
    document_set_text(&object, "desc", result->why);
    json_build_append(&object, STR("analytic"), json_built(&analytic));
    return json_built(&object);
}

static struct json compliance(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "control", result->rule);
    if (result->section.len)
        json_build_append(&object, STR("requirements"), document_list(arena, json_string(result->section)));
    json_build_append(&object, STR("standards"), document_list(arena, json_string(STR("OptScale documentation: AWS"))));
    set_code(&object, "status_id", "status", compliance_codes[result->verdict]);
    document_set_text(&object, "status_code", verdict_name(result->verdict));
    document_set_text(&object, "status_detail", result->message);
    return json_built(&object);
}

static struct json evidences(struct arena *arena, const struct result *result)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < result->evidence_count; i++) {
        const struct evidence *evidence = &result->evidence[i];
        struct json_builder data = json_build(arena, JSON_OBJECT);
        document_set_text(&data, "call", evidence->call);
        document_set_text(&data, "state", evidence->state);
        document_set_text(&data, "error", evidence->error);
        struct json_builder object = json_build(arena, JSON_OBJECT);
        document_set_text(&object, "name", evidence->fact);
        json_build_append(&object, STR("data"), json_built(&data));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

static struct json resource(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "uid", result->subject);
    document_set_text(&object, "type", result->place);
    return json_built(&object);
}

static struct json remediation(struct arena *arena, const struct result *result)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    details_add_fix(&text, &result->fix);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("desc"), json_string(str_trim(buf_str(&text))));
    if (result->reference.len)
        json_build_append(&object, STR("references"), document_list(arena, json_string(result->reference)));
    return json_built(&object);
}

/** What OCSF has no place for. */
static struct json unmapped(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    document_set_text(&object, "place", result->place);
    document_set_text(&object, "severity", severity_name(result->severity));
    document_set_text(&object, "root_cause", result->root_cause);
    document_set_text(&object, "until", result->until);
    if (result->expected)
        json_build_append(&object, STR("expected"), *result->expected);
    if (result->actual)
        json_build_append(&object, STR("actual"), *result->actual);
    if (result->waiver)
        json_build_append(&object, STR("waiver"), *result->waiver);
    return json_built(&object);
}

static struct json event(struct report *report, const struct result *result)
{
    struct arena *arena = report->scratch;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    bool harmless = result->verdict == VERDICT_PASS || result->verdict == VERDICT_SKIP;
    set_number(&object, "category_uid", CATEGORY_FINDINGS);
    set_number(&object, "class_uid", CLASS_COMPLIANCE_FINDING);
    set_number(&object, "activity_id", ACTIVITY_CREATE);
    set_number(&object, "type_uid", CLASS_COMPLIANCE_FINDING * 100 + ACTIVITY_CREATE);
    json_build_append(&object, STR("time"), report->time);
    set_code(&object, "severity_id", "severity", harmless ? informational : severity_codes[result->severity]);
    set_code(&object, "status_id", "status", life_codes[result->verdict]);
    document_set_text(&object, "message", result->message);
    json_build_append(&object, STR("metadata"), metadata(report));
    json_build_append(&object, STR("cloud"), cloud(arena, result));
    json_build_append(&object, STR("finding_info"), finding_info(arena, result));
    json_build_append(&object, STR("compliance"), compliance(arena, result));
    if (result->subject.len)
        json_build_append(&object, STR("resources"), document_list(arena, resource(arena, result)));
    if (result->evidence_count)
        json_build_append(&object, STR("evidences"), evidences(arena, result));
    if (words_has_fix(&result->fix))
        json_build_append(&object, STR("remediation"), remediation(arena, result));
    json_build_append(&object, STR("unmapped"), unmapped(arena, result));
    return json_built(&object);
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .sink = sink, .scratch = words_scratch(arena)};
    report->writer = document_writer(words_scratch(arena), sink);
    int64_t seconds = 0;
    if (!clock_parse(run->finished, &seconds))
        seconds = 0;
    report->time = json_number((double)seconds * 1000);
    sink_add_char(sink, '[');
    return report;
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    struct json object = event(report, result);
    sink_add_c(report->sink, report->any ? ",\n" : "\n");
    document_write(&report->writer, &object, 0, 0);
    arena_rewind(report->scratch, mark);
    report->any = true;
}

static void end(struct report *report)
{
    sink_add_c(report->sink, report->any ? "\n]\n" : "]\n");
}

const struct report_format report_format_ocsf = {
    .name = "ocsf",
    .summary = "OCSF 1.8 Compliance Findings, for security lakes",
    .begin = begin,
    .result = result,
    .end = end,
};
