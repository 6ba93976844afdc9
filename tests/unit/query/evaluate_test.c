/* What suites cannot say: the scope, the limits, large inputs, sharing. */
#include "query/evaluate.h"

#include "query/suite.h"

#include "cmocka_all.h"

enum { LARGE = 200000 };

/** The result of an expression that must not fail. */
static const struct json *result(struct arena *arena, const char *expression, const struct json *value,
                                 const struct query_scope *scope)
{
    struct error error;
    const struct json *made = NULL;
    if (!suite_run(arena, str_from(expression), value, scope, &made, &error))
        fail_msg("%s: %s", expression, error.text);
    return made;
}

static void functions_see_the_scope(void **state)
{
    const struct json root = json_string(STR("the root"));
    const struct json item = json_string(STR("the item"));
    const struct query_scope scope = {.root = &root, .item = &item, .now = 7200};
    assert_str_equal(result(*state, "root()", &json_true, &scope)->string, STR("the root"));
    assert_str_equal(result(*state, "item()", &json_true, &scope)->string, STR("the item"));
    assert_true(result(*state, "hours_since(`0`)", &json_true, &scope)->number == 2);
    assert_true(json_is_true(result(*state, "root()", &json_true, NULL)));
    assert_true(json_is(result(*state, "item()", &json_true, NULL), JSON_NULL));
}

static void selections_share_the_input(void **state)
{
    struct json_member member = {STR("a"), json_string(STR("x"))};
    const struct json object = json_object(&member, 1);
    assert_ptr_equal(result(*state, "a", &object, NULL), &member.value);
    assert_ptr_equal(result(*state, "@", &object, NULL), &object);
}

static void integers_print_without_a_point(void **state)
{
    assert_str_equal(json_text(*state, result(*state, "[`1.0`, length('abc'), avg(`[1, 2]`)]", &json_true, NULL), 0),
                     STR("[1,3,1.5]"));
}

/** `count` times `piece`, and `after`, is past the limits. */
static void assert_limit(struct arena *arena, const char *piece, size_t count, const char *after)
{
    const struct evaluation_limits limits = {100000, 100000};
    struct buf text = buf_make(arena, 1 << 16);
    struct error error = {0};
    const struct query *query;
    const struct json *made;
    for (size_t i = 0; i < count; i++)
        buf_add_c(&text, piece);
    buf_add_c(&text, after);
    if (!query_compile(arena, buf_str(&text), &query, &error))
        fail_msg("%s", error.text);
    assert_false(evaluate_within(query, &json_true, NULL, &limits, arena, &made, &error));
    assert_string_equal(error.code, ERROR_LIMIT);
}

static void doubling_results_are_refused(void **state)
{
    assert_limit(*state, "[@,@]|", 60, "@");
    assert_limit(*state, "{a:@,b:@}|", 60, "@");
    assert_limit(*state, "[@,@]|", 60, "to_string(@)");
    assert_limit(*state, "[@,@]|", 60, "@ == [@[0],@[0]]");
    assert_limit(*state, "[@,@][]|", 60, "@");
    assert_limit(*state, "join('', [to_string(@),to_string(@)])|", 60, "@");
    assert_limit(*state, "[map(&@, [@,@]), @]|", 60, "@");
}

static void deep_results_are_refused(void **state)
{
    /* 40 times 100 brackets: no part is deep, the result is */
    struct buf piece = buf_make(*state, 1000);
    for (int i = 0; i < 100; i++)
        buf_add_char(&piece, '[');
    buf_add_char(&piece, '@');
    for (int i = 0; i < 100; i++)
        buf_add_char(&piece, ']');
    buf_add_char(&piece, '|');
    const char *pipe = str_to_c(*state, buf_str(&piece));
    assert_limit(*state, pipe, 40, "@");
    assert_limit(*state, pipe, 40, "to_string(@)");
    assert_limit(*state, pipe, 40, "@ == @");
}

/** LARGE objects `{"k": …, "v": "…"}`, k falling and each value twice. */
static const struct json *large(struct arena *arena)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (int i = 0; i < LARGE; i++) {
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("k"), json_number((LARGE - i) / 2));
        json_build_append(&object, STR("v"), json_string(str_format(arena, "value %d", i % 1000)));
        json_build_add(&array, json_built(&object));
    }
    return json_box(arena, json_built(&array));
}

/* Quadratic time would be hours: the runner's limit ends that. */
static void large_arrays_take_no_quadratic_time(void **state)
{
    static const char *const expressions[] = {
        "sort_by(@, &k)[0].k",         "sort([].v)[0]",
        "length([?v == 'value 7'])",   "length([].{a: k, b: v})",
        "length([].[k, v][])",         "max_by(@, &v).v",
        "length(map(&k, @))",          "length(to_string(@))",
        "length(join(',', [].v))",     "length(split(join(',', [].v), ','))",
        "length([?matches(v, '7$')])", "length([?glob(v, '*7')])",
        "@ == [::-1][::-1]",           "contains([].k, `-1`)",
        "length(reverse(@)[1:])",      "sum([*].k)",
    };
    const struct json *array = large(*state);
    for (size_t i = 0; i < COUNT_OF(expressions); i++)
        result(*state, expressions[i], array, NULL);
}

static void sorting_is_stable(void **state)
{
    const struct json *sorted = result(*state, "sort_by(@, &k)", large(*state), NULL);
    for (size_t i = 2; i + 1 < sorted->count; i += 2) {
        assert_true(json_find_number(&sorted->items[i - 1], "k", -1) <= json_find_number(&sorted->items[i], "k", -1));
    }
    assert_str_equal(json_find_string(&sorted->items[1], "v"), STR("value 997"));
    assert_str_equal(json_find_string(&sorted->items[2], "v"), STR("value 998"));
}

static void large_objects_merge_in_linear_time(void **state)
{
    struct json_builder object = json_build(*state, JSON_OBJECT);
    for (int i = 0; i < LARGE; i++)
        json_build_append(&object, str_format(*state, "name %d", i), json_number(i));
    const struct json *value = json_box(*state, json_built(&object));
    assert_int_equal(result(*state, "merge(@, @)", value, NULL)->count, LARGE);
    assert_int_equal(result(*state, "values(@)", value, NULL)->count, LARGE);
    assert_int_equal(result(*state, "keys(@)", value, NULL)->count, LARGE);
}

static void results_stay_as_they_are_when_evaluation_fails(void **state)
{
    const struct json *made = &json_true;
    struct error error;
    assert_false(suite_run(*state, STR("abs('x')"), &json_null, NULL, &made, &error));
    assert_ptr_equal(made, &json_true);
    assert_string_equal(error.text, "abs(): argument 1 must be a number, and is a string");
    assert_false(suite_run(*state, STR("sum(`[1, \"a\"]`)"), &json_null, NULL, &made, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(functions_see_the_scope),
        arena_test(selections_share_the_input),
        arena_test(integers_print_without_a_point),
        arena_test(doubling_results_are_refused),
        arena_test(deep_results_are_refused),
        arena_test(large_arrays_take_no_quadratic_time),
        arena_test(sorting_is_stable),
        arena_test(large_objects_merge_in_linear_time),
        arena_test(results_stay_as_they_are_when_evaluation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
