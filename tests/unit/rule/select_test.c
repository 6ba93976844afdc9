/* What a run is made of: the rules that are asked for, what they need, and parameters from outside. */
#include "kit.h"

#define PARAMETERS(list) "'check': {'kind': 'value', 'value': 'parameter.size', 'equals': 3}, 'parameters': " list

static struct rule_base *base_of(struct arena *arena)
{
    struct str rules = str_join3(arena, kit_rule(arena, "first", PARAMETERS("{'size': 1, 'word': 'a'}")), STR(", "),
                                 kit_rule(arena, "second", "'needs': ['first'], " PARAMETERS("{'size': 2}")));
    rules = str_join3(arena, rules, STR(", "), kit_rule(arena, "outside", PARAMETERS("{'size': 3}")));
    return kit_base(arena, KIT_FACTS, rules, "'first', 'second'");
}

static bool select(struct arena *arena, const char *only, const char *skip, struct selection *ret, struct error *error)
{
    const struct rule_base *base = base_of(arena);
    struct str patterns[] = {str_from(only), str_from(skip)};
    return select_rules(arena, base, base->scenarios[0], &patterns[0], only != NULL, &patterns[1], skip != NULL, ret,
                        error);
}

static void all_rules_of_the_scenario_are_run_and_no_others(void **state)
{
    struct selection selection;
    struct error error;
    assert_true(select(*state, NULL, NULL, &selection, &error));
    assert_int_equal(selection.count, 2);
    assert_str_equal(selection.rules[0]->id, STR("first"));
}

static void a_needed_rule_is_run_and_not_reported(void **state)
{
    struct selection selection;
    struct error error;
    assert_true(select(*state, "sec*", NULL, &selection, &error));
    assert_int_equal(selection.count, 2);
    assert_str_equal(selection.rules[0]->id, STR("second"));
    assert_true(selection.reported[0]);
    assert_false(selection.reported[1]);
    assert_true(select(*state, NULL, "first", &selection, &error));
    assert_int_equal(selection.count, 2);
    assert_false(selection.reported[1]);
}

static void a_rule_of_another_scenario_is_run_where_it_is_named(void **state)
{
    struct selection selection;
    struct error error;
    assert_true(select(*state, "outside", NULL, &selection, &error));
    assert_int_equal(selection.count, 1);
}

static void a_pattern_without_a_rule_and_a_selection_without_one_are_mistakes(void **state)
{
    struct selection selection;
    struct error error;
    assert_false(select(*state, "frist", NULL, &selection, &error));
    assert_str_equal(str_from(error.text), STR("--rule: no rule is called 'frist'; did you mean 'first'?"));
    assert_false(select(*state, NULL, "frist", &selection, &error));
    expect_contains(str_from(error.text), "--skip: ");
    assert_false(select(*state, "first", "first", &selection, &error));
    expect_contains(str_from(error.text), "no rule is selected");
}

static const char *set(struct arena *arena, const char *one, const char *other)
{
    struct kit_order order = {.base = base_of(arena), .script = (const struct scripted[]){SCRIPT_END}};
    order.settings[0] = one;
    order.settings[1] = other;
    const struct run *run = kit_run(arena, &order);
    struct str first = verdict_name(kit_result(run, "first", NULL)->verdict);
    struct str second = verdict_name(kit_result(run, "second", NULL)->verdict);
    return str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(second)).ptr;
}

static void a_parameter_is_set_for_one_rule_or_for_all_that_have_it_and_the_last_wins(void **state)
{
    assert_string_equal(set(*state, NULL, NULL), "fail unknown");
    assert_string_equal(set(*state, "size=3", NULL), "pass pass");
    assert_string_equal(set(*state, "first.size=3", NULL), "pass fail");
    assert_string_equal(set(*state, "size=3", "second.size=4"), "pass fail");
    assert_string_equal(set(*state, "second.size=4", "size=3"), "pass pass");
}

static void a_value_has_the_type_of_the_default(void **state)
{
    static const struct {
        const char *text;
        const char *says; /* NULL: it is taken */
    } rows[] = {
        {"size=4", NULL},
        {"size=big", "--set: size of 'first' is a number, not 'big'"},
        {"first.word=2026", NULL}, /* a text that looks like a number */
        {"first.word={}", NULL},
        {"word=\"quoted\"", NULL},
        {"size", "--set takes [RULE.]NAME=VALUE, not 'size'"},
        {"=1", "--set takes [RULE.]NAME=VALUE"},
        {"sise=1", "no selected rule has the parameter 'sise'; did you mean 'size'?"},
        {"first.sise=1", "did you mean 'first.size'?"},
        {"second.word=a", "no selected rule has the parameter 'second.word'"},
        {"outside.size=1", "no selected rule has the parameter 'outside.size'"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct selection selection;
        struct error error;
        struct str text = str_from(rows[i].text);
        assert_true(select(*state, NULL, NULL, &selection, &error));
        bool taken = select_settings(*state, &selection, &text, 1, &error);
        if (taken != !rows[i].says)
            fail_msg("%s: %s", rows[i].text, taken ? "taken" : error.text);
        if (!taken)
            expect_contains(str_from(error.text), rows[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(all_rules_of_the_scenario_are_run_and_no_others),
        arena_test(a_needed_rule_is_run_and_not_reported),
        arena_test(a_rule_of_another_scenario_is_run_where_it_is_named),
        arena_test(a_pattern_without_a_rule_and_a_selection_without_one_are_mistakes),
        arena_test(a_parameter_is_set_for_one_rule_or_for_all_that_have_it_and_the_last_wins),
        arena_test(a_value_has_the_type_of_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
