/* Truth, equality, weight and characters of values. */
#include "query/value.h"

#include "cmocka_all.h"

static const struct json *parse(struct arena *arena, const char *text)
{
    const struct json *value;
    struct error error;
    if (!json_parse(arena, STR("test"), str_from(text), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static void empty_things_are_false(void **state)
{
    static const char *const no[] = {"null", "false", "\"\"", "[]", "{}"};
    static const char *const yes[] = {"0", "true", "\"0\"", "[null]", "{\"a\": null}"};
    for (size_t i = 0; i < COUNT_OF(no); i++) {
        assert_false(value_is_true(parse(*state, no[i])));
        assert_true(value_is_true(parse(*state, yes[i])));
    }
}

static void equality_is_deep_and_blind_to_order_of_members(void **state)
{
    size_t budget = 1000;
    const struct json *a = parse(*state, "{\"a\": [1, {\"b\": null}], \"c\": \"x\"}");
    assert_true(value_equal(a, parse(*state, "{\"c\": \"x\", \"a\": [1.0, {\"b\": null}]}"), &budget));
    assert_false(value_equal(a, parse(*state, "{\"c\": \"x\", \"a\": [1, {\"b\": false}]}"), &budget));
    assert_false(value_equal(a, parse(*state, "{\"c\": \"x\", \"d\": [1, {\"b\": null}]}"), &budget));
    assert_true(budget > 0);
}

static void budgets_run_out(void **state)
{
    const struct json *a = parse(*state, "[1, 2, 3, [4, 5]]");
    size_t budget = 4;
    assert_false(value_equal(a, a, &budget));
    assert_int_equal(budget, 0);
    budget = 5;
    assert_false(value_weigh(a, &budget));
    assert_int_equal(budget, 0);
    budget = 100;
    assert_true(value_weigh(a, &budget));
    assert_int_equal(budget, 93);
}

static void text_weighs_by_its_length(void **state)
{
    size_t budget = 100;
    char text[VALUE_CELL_BYTES * 10] = {0};
    const struct json value = json_string((struct str){text, sizeof text});
    (void)state;
    assert_true(value_weigh(&value, &budget));
    assert_int_equal(budget, 100 - 1 - 10);
}

static void characters_are_code_points(void **state)
{
    (void)state;
    assert_int_equal(value_code_points(STR("a\xc3\xa9\xf0\x9f\x98\x80")), 3);
    assert_int_equal(value_code_point_length(STR("\xf0\x9f\x98\x80x")), 4);
    assert_int_equal(value_code_point_length(STR("x")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(empty_things_are_false),
        arena_test(equality_is_deep_and_blind_to_order_of_members),
        arena_test(budgets_run_out),
        arena_test(text_weighs_by_its_length),
        arena_test(characters_are_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
