/* Results files: what is read back is what was written, and what is no results file is refused with the place. */
#include "reports/render.h"

static struct results read_text(struct arena *arena, struct str text)
{
    struct results results = {0};
    struct error error = {{0}, {0}};
    if (!results_read(arena, STR("f"), text, &results, &error))
        fail_msg("%s", error.text);
    return results;
}

static void json_and_json_lines_read_back_the_same(void **state)
{
    (void)state;
    static const char *const names[] = {"faulty", "healthy", "choose", "hostile", "empty"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct arena *arena = arena_open(0);
        struct results results = render_case(arena, names[i]);
        struct str json = render_results(arena, "json", &results, render_plain);
        struct str lines = render_results(arena, "jsonl", &results, render_plain);
        struct results from_json = read_text(arena, json);
        struct results from_lines = read_text(arena, lines);
        assert_true(str_equal(render_results(arena, "json", &from_json, render_plain), json));
        assert_true(str_equal(render_results(arena, "json", &from_lines, render_plain), json));
        assert_true(str_equal(render_results(arena, "jsonl", &from_json, render_plain), lines));
        arena_close(arena);
    }
}

#define HEAD "{\"format\":\"exportcheck-results/1\""
#define RESULT "{\"rule\":\"a\",\"status\":\"fail\",\"severity\":\"high\"}"
#define SUMMARY(fail)                                                                                                  \
    "{\"summary\":{\"pass\":0,\"fail\":" fail ",\"unknown\":0,\"pending\":0,\"skip\":0,\"waived\":0}}\n"

static void the_contract_alone_is_enough(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = read_text(arena, STR(HEAD ",\"results\":[" RESULT "]}"));
    assert_int_equal(results.count, 1);
    assert_int_equal(results.run.summary.count[VERDICT_FAIL], 1);
    assert_int_equal(results.run.fail_on, SEVERITY_MEDIUM);
    assert_int_equal(results.run.exit_status, 1);
    arena_close(arena);
}

static void the_exit_status_follows_from_the_results(void **state)
{
    (void)state;
    static const struct {
        enum verdict verdict;
        enum severity severity;
        int status;
    } cases[] = {
        {VERDICT_PASS, SEVERITY_CRITICAL, 0},   {VERDICT_FAIL, SEVERITY_MEDIUM, 1}, {VERDICT_FAIL, SEVERITY_LOW, 0},
        {VERDICT_UNKNOWN, SEVERITY_MEDIUM, 3},  {VERDICT_UNKNOWN, SEVERITY_LOW, 0}, {VERDICT_PENDING, SEVERITY_HIGH, 3},
        {VERDICT_WAIVED, SEVERITY_CRITICAL, 0}, {VERDICT_SKIP, SEVERITY_HIGH, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct result result = {.verdict = cases[i].verdict, .severity = cases[i].severity};
        assert_int_equal(results_exit_status(&result, 1, SEVERITY_MEDIUM), cases[i].status);
    }
    const struct result both[] = {{.verdict = VERDICT_UNKNOWN, .severity = SEVERITY_CRITICAL},
                                  {.verdict = VERDICT_FAIL, .severity = SEVERITY_HIGH}};
    assert_int_equal(results_exit_status(both, 2, SEVERITY_MEDIUM), 1);
    assert_int_equal(results_exit_status(both, 1, SEVERITY_MEDIUM), 3);
    assert_int_equal(results_exit_status(both, 0, SEVERITY_MEDIUM), 2);
}

static void what_is_no_results_file_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "f:1:1"},
        {"[]", "f: no results file"},
        {"{\"format\":\"exportcheck-snapshot/1\",\"results\":[]}", "\"format\" is \"exportcheck-snapshot/1\""},
        {HEAD "}", "\"results\" is missing"},
        {HEAD ",\"results\":{}}", "\"results\" is missing, or no array"},
        {HEAD ",\"results\":[{}]}", "results[0]: a result has no \"rule\""},
        {HEAD ",\"results\":[" RESULT ",{\"rule\":\"b\",\"status\":\"ok\",\"severity\":\"low\"}]}",
         "results[1]: b: there is no status \"ok\""},
        {HEAD ",\"results\":[{\"rule\":\"b\",\"status\":\"pass\",\"severity\":\"info\"}]}",
         "there is no severity \"info\""},
        {HEAD ",\"fail_on\":\"never\",\"results\":[]}", "fail_on: there is no severity \"never\""},
        {HEAD ",\"results\":[" RESULT "]} x", "f:1:"},
        {HEAD "}\n" RESULT "\n", "the run was cut off"},
        {HEAD "}\n" SUMMARY("1"), "does not agree"},
        {HEAD "}\n" RESULT "\n" SUMMARY("1") RESULT "\n", "line 4: nothing may follow"},
        {HEAD "}\n{]\n", "f: line 2:1:"},
        {HEAD "}\n{\"rule\":\"b\"}\n" SUMMARY("0"), "line 2: b: there is no status"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_open(0);
        struct results results = {.count = 77};
        struct error error = {{0}, {0}};
        assert_false(results_read(arena, STR("f"), str_from(cases[i].text), &results, &error));
        if (!str_contains(str_from(error.text), str_from(cases[i].message)))
            fail_msg("case %zu says '%s'", i, error.text);
        assert_int_equal(results.count, 77);
        arena_close(arena);
    }
}

static void blank_lines_between_lines_are_no_matter(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = read_text(arena, STR(HEAD "}\r\n\n" RESULT "\r\n \n" SUMMARY("1") "\n\n"));
    assert_int_equal(results.count, 1);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_and_json_lines_read_back_the_same),
        cmocka_unit_test(the_contract_alone_is_enough),
        cmocka_unit_test(the_exit_status_follows_from_the_results),
        cmocka_unit_test(what_is_no_results_file_is_refused),
        cmocka_unit_test(blank_lines_between_lines_are_no_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
