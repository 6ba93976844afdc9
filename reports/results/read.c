/* read.c: see read.h; the reverse of document.c. */
#include "reports/results/read.h"

#include "reports/results/document.h"

#include <string.h>

/** The string members of an array; other members are left out. */
static const struct str *read_strings(struct arena *arena, const struct json *array, size_t *ret_count)
{
    size_t count = json_is(array, JSON_ARRAY) ? array->count : 0;
    struct str *strings = arena_array(arena, struct str, count);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (array->items[i].type == JSON_STRING)
            strings[(*ret_count)++] = array->items[i].string;
    }
    return strings;
}

/** What is no text counts as missing. */
static struct str text_of(const struct json *value)
{
    return json_is(value, JSON_STRING) ? value->string : STR("");
}

/** A member that stands for "nothing" where it is null. */
static const struct json *find_value(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_NULL) ? NULL : value;
}

static struct fix read_fix(struct arena *arena, const struct json *fix)
{
    if (!json_is(fix, JSON_OBJECT) || !fix->count)
        return (struct fix){0};
    struct fix ret = {
        .cli = json_find_string(fix, "cli"),
        .note = json_find_string(fix, "note"),
        .policy = find_value(fix, "policy"),
    };
    ret.console = read_strings(arena, json_find(fix, "console"), &ret.console_count);
    return ret;
}

static const struct evidence *read_evidence(struct arena *arena, const struct json *array, size_t *ret_count)
{
    *ret_count = json_is(array, JSON_ARRAY) ? array->count : 0;
    struct evidence *evidence = arena_array(arena, struct evidence, *ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        const struct json *item = &array->items[i];
        size_t next = 0;
        evidence[i].fact = text_of(json_get_next(item, STR("fact"), &next));
        evidence[i].call = text_of(json_get_next(item, STR("call"), &next));
        evidence[i].state = text_of(json_get_next(item, STR("state"), &next));
        evidence[i].error = text_of(json_get_next(item, STR("error"), &next));
    }
    return evidence;
}

static int read_int(const struct json *object, const char *name, int otherwise)
{
    double number = json_find_number(object, name, otherwise);
    return number >= 0 && number <= 1e9 ? (int)number : otherwise;
}

static bool read_flag(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_BOOLEAN) && value->boolean;
}

/** A result whose parts are not looked into yet. */
struct reading {
    struct result result;
    const struct json *severity;
    const struct json *status;
    const struct json *evidence;
    const struct json *fix;
    const struct json *source;
};

/** The members of a result, in the order in which they are written (document.c), and where in `reading` they go. */
static const struct member {
    struct str name;
    enum { TEXT, VALUE, FLAG } kind;
    size_t offset;
} members[] = {
    {STR_INIT("id"), TEXT, offsetof(struct reading, result.id)},
    {STR_INIT("rule"), TEXT, offsetof(struct reading, result.rule)},
    {STR_INIT("title"), TEXT, offsetof(struct reading, result.title)},
    {STR_INIT("severity"), VALUE, offsetof(struct reading, severity)},
    {STR_INIT("section"), TEXT, offsetof(struct reading, result.section)},
    {STR_INIT("place"), TEXT, offsetof(struct reading, result.place)},
    {STR_INIT("status"), VALUE, offsetof(struct reading, status)},
    {STR_INIT("account"), TEXT, offsetof(struct reading, result.account)},
    {STR_INIT("target"), TEXT, offsetof(struct reading, result.target)},
    {STR_INIT("subject"), TEXT, offsetof(struct reading, result.subject)},
    {STR_INIT("message"), TEXT, offsetof(struct reading, result.message)},
    {STR_INIT("expected"), VALUE, offsetof(struct reading, result.expected)},
    {STR_INIT("actual"), VALUE, offsetof(struct reading, result.actual)},
    {STR_INIT("comparison"), TEXT, offsetof(struct reading, result.comparison)},
    {STR_INIT("evidence"), VALUE, offsetof(struct reading, evidence)},
    {STR_INIT("root_cause"), TEXT, offsetof(struct reading, result.root_cause)},
    {STR_INIT("until"), TEXT, offsetof(struct reading, result.until)},
    {STR_INIT("waiver"), VALUE, offsetof(struct reading, result.waiver)},
    {STR_INIT("baseline"), FLAG, offsetof(struct reading, result.old)},
    {STR_INIT("many"), FLAG, offsetof(struct reading, result.many)},
    {STR_INIT("do"), TEXT, offsetof(struct reading, result.to_do)},
    {STR_INIT("why"), TEXT, offsetof(struct reading, result.why)},
    {STR_INIT("fix"), VALUE, offsetof(struct reading, fix)},
    {STR_INIT("reference"), TEXT, offsetof(struct reading, result.reference)},
    {STR_INIT("source"), VALUE, offsetof(struct reading, source)},
};

/** What is of another type than it should be counts as missing. */
static void put_member(const struct member *member, const struct json *value, struct reading *ret)
{
    char *place = (char *)ret + member->offset;
    struct str text = text_of(value);
    const struct json *kept = json_is(value, JSON_NULL) ? NULL : value;
    bool flag = json_is_true(value);
    switch (member->kind) {
    case TEXT: memcpy(place, &text, sizeof text); break;
    case VALUE: memcpy(place, &kept, sizeof kept); break;
    case FLAG: memcpy(place, &flag, sizeof flag); break;
    }
}

/** The row of a member's name: most often the one behind the last that was found. NULL: it says nothing to us. */
static const struct member *find_member(struct str name, size_t *next)
{
    for (size_t i = 0, at = *next; i < COUNT_OF(members); i++, at++) {
        at = at < COUNT_OF(members) ? at : 0;
        if (!str_equal(members[at].name, name))
            continue;
        *next = at + 1;
        return &members[at];
    }
    return NULL;
}

static void put_members(const struct json *object, struct reading *ret)
{
    size_t next = 0;
    for (size_t i = 0; json_is(object, JSON_OBJECT) && i < object->count; i++) {
        const struct member *member = find_member(object->members[i].name, &next);
        if (member)
            put_member(member, &object->members[i].value, ret);
    }
}

/** The rule, and the words for verdict and severity, which have to exist. */
static bool read_words(struct reading *reading, struct error *error)
{
    struct result *result = &reading->result;
    struct str status = text_of(reading->status);
    struct str severity = text_of(reading->severity);
    if (!result->rule.len)
        return error_set(error, ERROR_INPUT, "a result has no \"rule\"");
    if (!verdict_parse(status, &result->verdict))
        return error_set(error, ERROR_INPUT, "%.*s: there is no status \"%.*s\"", STR_ARG(result->rule),
                         STR_ARG(status));
    return severity_parse(severity, &result->severity) ||
           error_set(error, ERROR_INPUT, "%.*s: there is no severity \"%.*s\"", STR_ARG(result->rule),
                     STR_ARG(severity));
}

bool results_read_result(struct arena *arena, const struct json *object, struct result *ret, struct error *error)
{
    struct reading reading = {0};
    struct result *result = &reading.result;
    put_members(object, &reading);
    if (!read_words(&reading, error))
        return false;
    result->evidence = read_evidence(arena, reading.evidence, &result->evidence_count);
    result->fix = read_fix(arena, reading.fix);
    result->rule_file = json_find_string(reading.source, "file");
    result->rule_line = read_int(reading.source, "line", 0);
    *ret = *result;
    return true;
}

static void read_entries(struct arena *arena, const struct json *array, struct run_info *run)
{
    run->entry_count = json_is(array, JSON_ARRAY) ? array->count : 0;
    struct entry *entries = arena_array(arena, struct entry, run->entry_count);
    for (size_t i = 0; i < run->entry_count; i++) {
        entries[i].label = json_find_string(&array->items[i], "label");
        entries[i].value = json_find_string(&array->items[i], "value");
    }
    run->entries = entries;
}

static void read_exports(struct arena *arena, const struct json *array, struct run_info *run)
{
    run->export_count = json_is(array, JSON_ARRAY) ? array->count : 0;
    struct found_export *exports = arena_array(arena, struct found_export, run->export_count);
    for (size_t i = 0; i < run->export_count; i++) {
        const struct json *item = &array->items[i];
        exports[i].name = json_find_string(item, "name");
        exports[i].type = json_find_string(item, "type");
        exports[i].bucket = json_find_string(item, "bucket");
        exports[i].prefix = json_find_string(item, "prefix");
        exports[i].command = json_find_string(item, "command");
    }
    run->exports = exports;
}

struct target_row results_read_target(const struct json *item)
{
    return (struct target_row){
        .number = (size_t)read_int(item, "number", 0),
        .name = json_find_string(item, "name"),
        .account = json_find_string(item, "account"),
        .headline = json_find_string(item, "headline"),
        .to_do = json_find_string(item, "do"),
        .exit_status = read_int(item, "exit_status", 3),
    };
}

static bool read_target(const void *context, size_t index, struct arena *scratch, struct target_row *ret)
{
    (void)scratch;
    const struct json *rows = context;
    *ret = results_read_target(&rows->items[index]);
    return true;
}

static void read_targets(const struct json *array, struct run_info *run)
{
    if (json_is(array, JSON_ARRAY))
        run->targets = (struct target_rows){.count = array->count, .read = read_target, .context = array};
}

static void read_causes(struct arena *arena, const struct json *array, struct run_info *run)
{
    run->cause_count = json_is(array, JSON_ARRAY) ? array->count : 0;
    struct cause *causes = arena_array(arena, struct cause, run->cause_count);
    for (size_t i = 0; i < run->cause_count; i++) {
        const struct json *item = &array->items[i];
        causes[i].root_cause = json_find_string(item, "root_cause");
        causes[i].title = json_find_string(item, "title");
        causes[i].effect = json_find_string(item, "effect");
        causes[i].where = json_find_string(item, "where");
        causes[i].place = json_find_string(item, "place");
        if (!verdict_parse(json_find_string(item, "status"), &causes[i].verdict))
            causes[i].verdict = VERDICT_FAIL; /* an older file says nothing */
        causes[i].advice = read_flag(item, "advice");
        causes[i].findings = (size_t)read_int(item, "findings", 0);
        causes[i].targets = (size_t)read_int(item, "targets", 0);
        causes[i].first = (size_t)read_int(item, "first_target", 0);
        causes[i].rank = (size_t)read_int(item, "rank", 0);
        causes[i].varies = read_flag(item, "varies");
        causes[i].rules = read_strings(arena, json_find(item, "rules"), &causes[i].rule_count);
    }
    run->causes = causes;
}

bool results_read_run(struct arena *arena, const struct json *object, struct run_info *ret, struct error *error)
{
    struct str format = json_find_string(object, "format");
    if (!str_equal(format, STR(RESULTS_FORMAT)))
        return error_set(error, ERROR_INPUT, "no results file: \"format\" is \"%.*s\", not \"" RESULTS_FORMAT "\"",
                         STR_ARG(format));
    struct run_info run = {
        .tool = json_find_string(object, "tool"),
        .target = find_value(object, "target"),
        .account = json_find_string(object, "account"),
        .caller = json_find_string(object, "caller"),
        .started = json_find_string(object, "started"),
        .finished = json_find_string(object, "finished"),
        .command_line = json_find_string(object, "command_line"),
        .admin_command = json_find_string(object, "admin_command"),
        .target_file = json_find_string(object, "target_file"),
        .baseline = read_flag(object, "baseline"),
        .optscale = find_value(object, "optscale"),
        .fail_on = SEVERITY_MEDIUM,
    };
    struct str fail_on = json_find_string(object, "fail_on");
    if (fail_on.len && !severity_parse(fail_on, &run.fail_on))
        return error_set(error, ERROR_INPUT, "fail_on: there is no severity \"%.*s\"", STR_ARG(fail_on));
    read_entries(arena, json_find(object, "enter_in_optscale"), &run);
    read_exports(arena, json_find(object, "exports"), &run);
    read_causes(arena, json_find(object, "root_causes"), &run);
    read_targets(json_find(object, "targets"), &run);
    *ret = run;
    return true;
}

static size_t read_count(const struct json *counts, struct str name)
{
    const struct json *count = json_get(counts, name);
    return json_is(count, JSON_NUMBER) && count->number > 0 ? (size_t)count->number : 0;
}

static struct place_state place_of(const struct json *flow, enum flow_place place)
{
    const struct json *word = json_get(flow, flow_place_name(place));
    struct place_state state = {.judged = json_is(word, JSON_STRING), .verdict = VERDICT_FAIL};
    state.advice = state.judged && str_equal(word->string, STR("advice"));
    if (state.judged && !state.advice && !verdict_parse(word->string, &state.verdict))
        state.verdict = VERDICT_UNKNOWN; /* a word of a later version */
    return state;
}

struct summary results_read_summary(const struct json *object)
{
    struct summary summary = {.advice = read_count(object, STR("advice"))};
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        summary.count[i] = read_count(json_find(object, "summary"), verdict_name((enum verdict)i));
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        summary.rules[i] = read_count(json_find(object, "rules"), verdict_name((enum verdict)i));
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        summary.failed[i] = read_count(json_find(object, "failed"), severity_name((enum severity)i));
    summary.advice_rules = read_count(json_find(object, "rules"), STR("advice"));
    summary.waiting = read_count(object, STR("waiting"));
    for (size_t i = 0; i < PLACE_COUNT; i++)
        summary.places[i] = place_of(json_find(object, "flow"), (enum flow_place)i);
    return summary;
}

int results_worse_status(int status, const struct result *result, enum severity fail_on)
{
    bool decides = result_decides(result, fail_on);
    if (status == 2)
        status = 0; /* something was checked */
    if (decides && result->verdict == VERDICT_FAIL)
        return 1;
    bool is_open = result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING;
    return decides && is_open && status == 0 ? 3 : status;
}

int results_exit_status(const struct result *items, size_t count, enum severity fail_on)
{
    int status = 2;
    for (size_t i = 0; i < count; i++)
        status = results_worse_status(status, &items[i], fail_on);
    return status;
}

/** What follows from the results themselves. */
static void finish(struct results *results, const struct json *head)
{
    for (size_t i = 0; i < results->count; i++)
        results->items[i].advice = result_is_advice(&results->items[i], results->run.fail_on);
    results->run.summary = results_summary(results->items, results->count);
    int status = results_exit_status(results->items, results->count, results->run.fail_on);
    results->run.exit_status = read_int(head, "exit_status", status);
}

static bool read_parts(struct arena *arena, const struct json *document, struct results *ret, struct error *error)
{
    struct results results = {0};
    const struct json *items = json_find(document, "results");
    if (!results_read_run(arena, document, &results.run, error))
        return false;
    if (!json_is(items, JSON_ARRAY))
        return error_set(error, ERROR_INPUT, "\"results\" is missing, or no array");
    if (items->count > RESULTS_MAX)
        return error_set(error, ERROR_LIMIT, "more than %d results", RESULTS_MAX);
    results.items = arena_array(arena, struct result, items->count);
    for (results.count = 0; results.count < items->count; results.count++) {
        if (!results_read_result(arena, &items->items[results.count], &results.items[results.count], error))
            return error_wrap(error, "results[%zu]", results.count);
    }
    finish(&results, document);
    *ret = results;
    return true;
}

bool results_read_document(struct arena *arena, struct str name, struct str text, struct results *ret,
                           struct error *error)
{
    const struct json *document = NULL;
    if (!json_parse(arena, name, text, &json_limits_snapshot, &document, error))
        return false;
    return read_parts(arena, document, ret, error) || error_wrap(error, "%.*s", STR_ARG(name));
}
