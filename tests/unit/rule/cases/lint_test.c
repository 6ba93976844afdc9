/* What is wrong with a rule base that loads: rules that nothing proves, or that never run. */
#include "rule/cases/lint.h"
#include "rule/kit.h"

static bool says(const struct lint_finding *findings, size_t count, const char *rule, const char *part)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(findings[i].rule, str_from(rule)) && str_contains(findings[i].message, str_from(part)))
            return true;
    }
    return false;
}

static struct rule_base *base_of(struct arena *arena)
{
    struct str rules = str_join3(
        arena, kit_rule(arena, "good", "'check': {'kind': 'value', 'value': 'user.name', 'equals': 'a'}"), STR(", "),
        STR("{'id': 'bad', 'title': 'T', 'severity': 'low', 'section': 'S', 'place': 'user', 'why': 'w', 'fix': {}, "
            "'when': 'user', 'for_each': 'names', 'check': {'kind': 'value', 'value': 'user.name', 'equals': 'a'}}"));
    return kit_base(arena, KIT_FACTS, rules, "'good'");
}

static void a_rule_is_shown_to_pass_to_fail_and_to_be_unknown(void **state)
{
    size_t count;
    struct rule_base *base = base_of(*state);
    struct rule_coverage coverage[2] = {
        {.shown = {[VERDICT_PASS] = true, [VERDICT_FAIL] = true, [VERDICT_UNKNOWN] = true},
         .judged = true,
         .selected = true},
        {.shown = {[VERDICT_PASS] = true}, .judged = true}};
    const struct lint_finding *findings = rules_lint(*state, base, coverage, &count);
    assert_false(says(findings, count, "good", ""));
    assert_false(says(findings, count, "bad", "shows it pass"));
    assert_true(says(findings, count, "bad", "shows it fail"));
    assert_true(says(findings, count, "bad", "shows it unknown"));
    assert_true(says(findings, count, "bad", "null in every sample account"));
    assert_true(says(findings, count, "bad", "no \"do\""));
    coverage[0].to_do = str_format(*state, "%0100d", 1);
    findings = rules_lint(*state, base, coverage, &count);
    assert_true(says(findings, count, "good", "100 characters long"));
    findings = rules_lint(*state, base, NULL, &count);
    assert_true(says(findings, count, "good", "shows it pass"));
}

static void texts_that_leave_a_reader_alone_are_found(void **state)
{
    size_t count;
    const struct lint_finding *findings = rules_lint(*state, base_of(*state), NULL, &count);
    assert_true(says(findings, count, "bad", "its fix says nothing"));
    assert_true(says(findings, count, "bad", "no \"skip_reason\""));
    assert_true(says(findings, count, "bad", "no \"subject\""));
    assert_true(says(findings, count, "bad", "no scenario has it"));
    assert_false(says(findings, count, "good", "no scenario"));
    assert_str_equal(findings[0].file, STR("rules/r.json"));
    assert_int_equal(findings[0].line, 1);
}

static void what_nobody_can_read_is_warned_of_wherever_it_stands(void **state)
{
    size_t count;
    struct str rule =
        kit_rule(*state, "hard", "'check': {'kind': 'value', 'value': 'user | @ | @ | name', 'equals': 1}");
    struct rule_base *base =
        kit_base(*state, "{'user': {'value': '~a~ | @ | @ | @'}, 'easy': {'value': '~a~'}}", rule, "'hard'");
    const struct lint_finding *findings = rules_lint(*state, base, NULL, &count);
    assert_true(says(findings, count, "hard", "an expression of 19 characters is hard to read"));
    assert_true(says(findings, count, "user", "give its steps names"));
    assert_false(says(findings, count, "easy", ""));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(findings[i].is_warning, str_contains(findings[i].message, STR("hard to read")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(a_rule_is_shown_to_pass_to_fail_and_to_be_unknown),
        arena_test(texts_that_leave_a_reader_alone_are_found),
        arena_test(what_nobody_can_read_is_warned_of_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
