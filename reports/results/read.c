/* read.c: see read.h; the reverse of document.c. */
#include "reports/results/read.h"

#include "reports/results/document.h"

#define MAX_RESULTS 1000000

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

/** A member that stands for "nothing" where it is null. */
static const struct json *find_value(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_NULL) ? NULL : value;
}

static struct fix read_fix(struct arena *arena, const struct json *fix)
{
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
        evidence[i].fact = json_find_string(item, "fact");
        evidence[i].call = json_find_string(item, "call");
        evidence[i].state = json_find_string(item, "state");
        evidence[i].error = json_find_string(item, "error");
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

static bool read_result(struct arena *arena, const struct json *object, struct result *ret, struct error *error)
{
    struct str status = json_find_string(object, "status");
    struct str severity = json_find_string(object, "severity");
    struct result result = {.rule = json_find_string(object, "rule")};
    if (!result.rule.len)
        return error_set(error, ERROR_INPUT, "a result has no \"rule\"");
    if (!verdict_parse(status, &result.verdict))
        return error_set(error, ERROR_INPUT, "%.*s: there is no status \"%.*s\"", STR_ARG(result.rule),
                         STR_ARG(status));
    if (!severity_parse(severity, &result.severity))
        return error_set(error, ERROR_INPUT, "%.*s: there is no severity \"%.*s\"", STR_ARG(result.rule),
                         STR_ARG(severity));
    result.id = json_find_string(object, "id");
    result.title = json_find_string(object, "title");
    result.section = json_find_string(object, "section");
    result.place = json_find_string(object, "place");
    result.account = json_find_string(object, "account");
    result.subject = json_find_string(object, "subject");
    result.message = json_find_string(object, "message");
    result.expected = find_value(object, "expected");
    result.actual = find_value(object, "actual");
    result.evidence = read_evidence(arena, json_find(object, "evidence"), &result.evidence_count);
    result.root_cause = json_find_string(object, "root_cause");
    result.until = json_find_string(object, "until");
    result.waiver = find_value(object, "waiver");
    result.to_do = json_find_string(object, "do");
    result.why = json_find_string(object, "why");
    result.fix = read_fix(arena, json_find(object, "fix"));
    result.reference = json_find_string(object, "reference");
    result.rule_file = json_find_string(json_find(object, "source"), "file");
    result.rule_line = read_int(json_find(object, "source"), "line", 0);
    *ret = result;
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
        if (!verdict_parse(json_find_string(item, "status"), &causes[i].verdict))
            causes[i].verdict = VERDICT_FAIL; /* an older file says nothing */
        causes[i].advice = read_flag(item, "advice");
        causes[i].findings = (size_t)read_int(item, "findings", 0);
        causes[i].rules = read_strings(arena, json_find(item, "rules"), &causes[i].rule_count);
    }
    run->causes = causes;
}

static bool read_run(struct arena *arena, const struct json *object, struct run_info *ret, struct error *error)
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
        .optscale = find_value(object, "optscale"),
        .fail_on = SEVERITY_MEDIUM,
    };
    struct str fail_on = json_find_string(object, "fail_on");
    if (fail_on.len && !severity_parse(fail_on, &run.fail_on))
        return error_set(error, ERROR_INPUT, "fail_on: there is no severity \"%.*s\"", STR_ARG(fail_on));
    read_entries(arena, json_find(object, "enter_in_optscale"), &run);
    read_exports(arena, json_find(object, "exports"), &run);
    read_causes(arena, json_find(object, "root_causes"), &run);
    *ret = run;
    return true;
}

int results_exit_status(const struct result *items, size_t count, enum severity fail_on)
{
    int status = count ? 0 : 2;
    for (size_t i = 0; i < count; i++) {
        if (items[i].severity < fail_on)
            continue;
        if (items[i].verdict == VERDICT_FAIL)
            return 1;
        if (items[i].verdict == VERDICT_UNKNOWN || items[i].verdict == VERDICT_PENDING)
            status = 3;
    }
    return status;
}

/** What follows from the results themselves. */
static void finish(struct arena *arena, struct results *results, const struct json *head)
{
    for (size_t i = 0; i < results->count; i++)
        results->items[i].advice = result_is_advice(&results->items[i], results->run.fail_on);
    results->run.summary = results_summary(arena, results->items, results->count);
    int status = results_exit_status(results->items, results->count, results->run.fail_on);
    results->run.exit_status = read_int(head, "exit_status", status);
}

static bool read_document(struct arena *arena, const struct json *document, struct results *ret, struct error *error)
{
    struct results results = {0};
    const struct json *items = json_find(document, "results");
    if (!read_run(arena, document, &results.run, error))
        return false;
    if (!json_is(items, JSON_ARRAY))
        return error_set(error, ERROR_INPUT, "\"results\" is missing, or no array");
    if (items->count > MAX_RESULTS)
        return error_set(error, ERROR_LIMIT, "more than %d results", MAX_RESULTS);
    results.items = arena_array(arena, struct result, items->count);
    for (results.count = 0; results.count < items->count; results.count++) {
        if (!read_result(arena, &items->items[results.count], &results.items[results.count], error))
            return error_wrap(error, "results[%zu]", results.count);
    }
    finish(arena, &results, document);
    *ret = results;
    return true;
}

/** JSON Lines being read. */
struct lines {
    struct arena *arena;
    struct str rest;
    size_t number; /* of the line read last, from 1 */
};

/** The next line that is not blank as JSON; `*ret` NULL at the end. */
static bool next_line(struct lines *lines, const struct json **ret, struct error *error)
{
    *ret = NULL;
    while (lines->rest.len) {
        struct str line = {0};
        str_cut(&lines->rest, '\n', &line);
        lines->number++;
        if (!str_trim(line).len)
            continue;
        struct str name = str_format(lines->arena, "line %zu", lines->number);
        return json_parse(lines->arena, name, line, &json_limits_default, ret, error);
    }
    return true;
}

static bool agrees(const struct json *summary, const struct summary *counted)
{
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        const struct json *count = json_get(summary, verdict_name((enum verdict)i));
        if (!json_is(count, JSON_NUMBER) || count->number != (double)counted->count[i])
            return false;
    }
    return true;
}

static bool append(struct lines *lines, struct results *results, size_t *capacity, const struct json *line,
                   struct error *error)
{
    if (results->count == MAX_RESULTS)
        return error_set(error, ERROR_LIMIT, "more than %d results", MAX_RESULTS);
    if (results->count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 256;
        struct result *items = arena_array(lines->arena, struct result, *capacity);
        for (size_t i = 0; i < results->count; i++)
            items[i] = results->items[i];
        results->items = items;
    }
    if (!read_result(lines->arena, line, &results->items[results->count], error))
        return error_wrap(error, "line %zu", lines->number);
    results->count++;
    return true;
}

static bool read_lines(struct lines *lines, const struct json *head, struct results *ret, struct error *error)
{
    struct results results = {0};
    size_t capacity = 0;
    const struct json *line = NULL;
    if (!read_run(lines->arena, head, &results.run, error))
        return false;
    for (;;) {
        if (!next_line(lines, &line, error))
            return false;
        if (!line)
            return error_set(error, ERROR_INPUT, "the last line, with the summary, is missing: the run was cut off");
        if (json_find(line, "summary") && !json_find(line, "rule"))
            break;
        if (!append(lines, &results, &capacity, line, error))
            return false;
    }
    finish(lines->arena, &results, head);
    if (!agrees(json_find(line, "summary"), &results.run.summary))
        return error_set(error, ERROR_INPUT, "the summary does not agree with the lines before it");
    if (!next_line(lines, &line, error))
        return false;
    if (line)
        return error_set(error, ERROR_INPUT, "line %zu: nothing may follow the summary", lines->number);
    *ret = results;
    return true;
}

bool results_read(struct arena *arena, struct str name, struct str text, struct results *ret, struct error *error)
{
    struct lines lines = {.arena = arena, .rest = text};
    const struct json *document = NULL;
    bool is_lines = next_line(&lines, &document, NULL) && document && !json_find(document, "results") && lines.rest.len;
    if (is_lines)
        return read_lines(&lines, document, ret, error) || error_wrap(error, "%.*s", STR_ARG(name));
    if (!json_parse(arena, name, text, &json_limits_snapshot, &document, error))
        return false;
    return read_document(arena, document, ret, error) || error_wrap(error, "%.*s", STR_ARG(name));
}
