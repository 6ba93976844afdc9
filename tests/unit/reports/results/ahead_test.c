/* Results that are read ahead: the same as without, up to what is wrong in the file, and wherever one stops. */
#include "reports/results/ahead.h"

#include "reports/render.h"

#include <string.h>

enum { MOST = 200 };

/* A file of so many results, "rule-0" and so on. */
static FILE *file_of(struct arena *arena, size_t count, char **ret_text)
{
    struct result *items = arena_array(arena, struct result, MOST);
    struct results results = {.items = items, .count = count};
    results.run.fail_on = SEVERITY_MEDIUM;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct result){.id = str_format(arena, "%zu", i),
                                   .rule = str_format(arena, "rule-%zu", i),
                                   .severity = SEVERITY_HIGH,
                                   .verdict = VERDICT_FAIL};
    results.run.summary = results_summary(items, count);
    *ret_text = str_to_c(arena, render_results(arena, "jsonl", &results, render_plain));
    return fmemopen(*ret_text, strlen(*ret_text), "r");
}

static struct results_ahead *open_ahead(struct arena *arena, FILE *file)
{
    struct results_stream *stream;
    struct error error;
    if (!results_stream_open(arena, STR("f"), file, &stream, &error))
        fail_msg("%s", error.text);
    return results_ahead_open(arena, stream);
}

/* How many come, each the one that is due; `*ret_error`: code empty where all went well. */
static size_t count_in_order(struct results_ahead *ahead, struct error *ret_error)
{
    struct result result;
    size_t count = 0;
    bool more = true;
    *ret_error = (struct error){{0}, {0}};
    while (results_ahead_next(ahead, &result, &more, ret_error) && more) {
        char due[32];
        snprintf(due, sizeof due, "rule-%zu", count++);
        assert_true(str_equal(result.rule, str_from(due)));
    }
    return count;
}

static void all_come_in_their_order(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 63, 64, 65, 128, 129, MOST};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct arena *arena = arena_open(0);
        char *text;
        FILE *file = file_of(arena, counts[i], &text);
        struct results_ahead *ahead = open_ahead(arena, file);
        struct error error;
        assert_int_equal(count_in_order(ahead, &error), counts[i]);
        assert_string_equal(error.code, "");
        results_ahead_closep(&ahead);
        fclose(file);
        arena_close(arena);
    }
}

static void what_is_wrong_is_told_behind_what_is_right(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char *text;
    struct error error;
    FILE *file = file_of(arena, MOST, &text);
    *strstr(text, "\"rule-150\"") = '!';
    struct results_ahead *ahead = open_ahead(arena, file);
    for (int turn = 0; turn < 2; turn++) { /* and again, where one asks again */
        assert_int_equal(count_in_order(ahead, &error), turn ? 0 : 150);
        assert_true(str_contains(str_from(error.text), STR("line 152")));
    }
    results_ahead_closep(&ahead);
    fclose(file);
    arena_close(arena);
}

static void one_may_stop_anywhere(void **state)
{
    (void)state;
    for (size_t taken = 0; taken < 70; taken += 23) {
        struct arena *arena = arena_open(0);
        char *text;
        struct error error;
        struct result result;
        bool more;
        FILE *file = file_of(arena, MOST, &text);
        struct results_ahead *ahead = open_ahead(arena, file);
        for (size_t i = 0; i < taken; i++)
            assert_true(results_ahead_next(ahead, &result, &more, &error) && more);
        results_ahead_closep(&ahead);
        fclose(file);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_come_in_their_order),
        cmocka_unit_test(what_is_wrong_is_told_behind_what_is_right),
        cmocka_unit_test(one_may_stop_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
