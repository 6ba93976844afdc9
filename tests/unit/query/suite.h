/*
 * suite.h: runs files in the form of the JMESPath compliance suite: a list of groups
 * `{"given": JSON, "cases": [{"expression", and "result", "error" or "bench"}]}`.
 */
#ifndef EXPORTCHECK_TESTS_QUERY_SUITE_H
#define EXPORTCHECK_TESTS_QUERY_SUITE_H

#include "base/file.h"
#include "base/json/json.h"
#include "query/query.h"

#include <stdio.h>

struct suite_tally {
    size_t passed;
    size_t failed;
};

/** Compiles and evaluates; false with the error's code set. */
static inline bool suite_run(struct arena *arena, struct str expression, const struct json *given,
                             const struct query_scope *scope, const struct json **ret, struct error *error)
{
    const struct query *query;
    return query_compile(arena, expression, &query, error) && query_evaluate(query, given, scope, arena, ret, error);
}

/** Whether one case gives what it says; prints it where it does not. */
static inline bool suite_case(struct arena *arena, const char *file, const struct json *given, const struct json *test)
{
    static const struct json item = {.type = JSON_STRING, .string = STR_INIT("the item")};
    const struct query_scope scope = {.item = &item, .now = 1795341600}; /* 2026-11-22T10:00:00Z */
    struct error error = {0};
    const struct json *actual = NULL;
    bool ok = suite_run(arena, json_find_string(test, "expression"), given, &scope, &actual, &error);
    const struct json *result = json_find(test, "result");
    struct str wanted = json_find_string(test, "error");
    bool passed = wanted.len > 0 ? !ok && str_equal(str_from(error.code), wanted)
                  : result       ? ok && json_equal(actual, result)
                                 : ok;
    if (!passed)
        printf("%s: %.*s\n  expected %.*s\n  actual   %.*s %s %s\n", file,
               STR_ARG(json_find_string(test, "expression")),
               STR_ARG(result       ? json_text(arena, result, 0)
                       : wanted.len ? wanted
                                    : STR("no error")),
               STR_ARG(ok ? json_text(arena, actual, 0) : STR("")), ok ? "" : error.code, ok ? "" : error.text);
    return passed;
}

/** Runs a whole file; a file that cannot be read counts as a failure. */
static inline struct suite_tally suite_file(const char *path)
{
    struct suite_tally tally = {0};
    struct arena *arena = arena_open(0);
    struct error error;
    struct str text;
    const struct json *groups = NULL;
    if (!file_read(arena, path, (size_t)1 << 24, &text, &error) ||
        !json_parse(arena, str_from(path), text, &json_limits_default, &groups, &error)) {
        printf("%s\n", error.text);
        tally.failed++;
    }
    for (size_t i = 0; groups && i < groups->count; i++) {
        const struct json *given = json_find(&groups->items[i], "given");
        const struct json *cases = json_find(&groups->items[i], "cases");
        for (size_t j = 0; cases && j < cases->count; j++) {
            bool passed = suite_case(arena, path, given, &cases->items[j]);
            tally.passed += passed;
            tally.failed += !passed;
        }
    }
    arena_close(arena);
    return tally;
}

#endif
