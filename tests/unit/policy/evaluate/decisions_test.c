/* The decisions in the files of tests/policy: what the documentation of AWS says comes out. */
#include "base/file.h"
#include "policy/evaluate/simulation.h"

#include "cmocka_all.h"

#define FOLDER TEST_SOURCE_DIR "/tests/policy"

enum { DECISIONS_MIN = 600, DELIVERIES_MIN = 150 };

static bool decide(struct arena *arena, const struct json *test)
{
    struct simulation simulation;
    struct decision decision;
    struct error error;
    struct str id = json_find_string(test, "id");
    if (!simulation_read(arena, json_find(test, "simulation"), &simulation, &error)) {
        print_error("%.*s: %s\n", STR_ARG(id), error.text);
        return false;
    }
    policy_evaluate(&simulation.environment, &simulation.request, &decision);
    struct str found = decision_name(decision.verdict);
    struct str expected = json_find_string(test, "expect");
    if (str_equal(found, expected))
        return true;
    print_error("%.*s: expected %.*s, found %.*s (%.*s)\n", STR_ARG(id), STR_ARG(expected), STR_ARG(found),
                STR_ARG(json_find_string(test, "source")));
    return false;
}

/* Runs a file's decisions; returns how many it has, and counts those that came out wrong. */
static size_t run_file(const char *path, size_t *wrong)
{
    struct arena *arena = arena_open(0);
    struct str text;
    struct str line;
    struct error error;
    size_t count = 0;
    assert_true(file_read(arena, path, (size_t)64 << 20, &text, &error));
    while (text.len) {
        struct arena_mark mark = arena_mark(arena);
        const struct json *test = NULL;
        str_cut(&text, '\n', &line);
        assert_true(json_parse(arena, STR("line"), line, &json_limits_default, &test, &error));
        assert_true(str_starts(json_find_string(test, "source"), STR("https://docs.aws.amazon.com/")));
        *wrong += !decide(arena, test);
        count++;
        arena_rewind(arena, mark);
    }
    arena_close(arena);
    return count;
}

static void every_documented_decision_comes_out(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct str *paths;
    size_t files;
    size_t count = 0;
    size_t wrong = 0;
    struct error error;
    assert_true(file_list(arena, FOLDER, STR(".jsonl"), &paths, &files, &error));
    for (size_t i = 0; i < files; i++)
        count += run_file(str_to_c(arena, paths[i]), &wrong);
    arena_close(arena);
    print_message("%zu decisions\n", count);
    assert_int_equal(wrong, 0);
    assert_true(count >= DECISIONS_MIN);
}

static void deliveries_have_decisions_enough(void **state)
{
    (void)state;
    size_t wrong = 0;
    assert_true(run_file(FOLDER "/delivery.jsonl", &wrong) >= DELIVERIES_MIN);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_documented_decision_comes_out),
        cmocka_unit_test(deliveries_have_decisions_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
