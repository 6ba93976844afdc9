/* The algebra of verdicts: its laws, over every pair and every triple. */
#include "rule/algebra.h"

#include "cmocka_all.h"

#define FOR_EACH(v) for (enum verdict v = VERDICT_PASS; (int)v < VERDICT_COUNT; v = (enum verdict)((int)v + 1))

typedef enum verdict (*operation)(enum verdict, enum verdict);
static const operation operations[] = {verdict_and, verdict_or};

static void both_operations_commute(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        FOR_EACH(a)
    FOR_EACH(b)
    assert_int_equal(operations[i](a, b), operations[i](b, a));
}

static void both_operations_associate(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        FOR_EACH(a)
    FOR_EACH(b)
    FOR_EACH(c)
    assert_int_equal(operations[i](operations[i](a, b), c), operations[i](a, operations[i](b, c)));
}

static void a_verdict_with_itself_is_itself_and_skip_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        FOR_EACH(a)
        {
            assert_int_equal(operations[i](a, a), a);
            assert_int_equal(operations[i](a, VERDICT_SKIP), a);
        }
    }
}

/* Each operation takes one of its operands: nothing is made up. */
static void the_outcome_is_one_of_the_operands(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        FOR_EACH(a)
        {
            FOR_EACH(b)
            {
                enum verdict c = operations[i](a, b);
                assert_true(c == a || c == b);
            }
        }
    }
}

static void unknown_never_becomes_a_pass(void **state)
{
    (void)state;
    FOR_EACH(a)
    {
        assert_int_not_equal(verdict_and(VERDICT_UNKNOWN, a), VERDICT_PASS);
        if (a != VERDICT_PASS)
            assert_int_not_equal(verdict_or(VERDICT_UNKNOWN, a), VERDICT_PASS);
    }
    assert_int_equal(verdict_not(VERDICT_UNKNOWN), VERDICT_UNKNOWN);
}

static void one_failure_fails_all_and_one_pass_passes_any(void **state)
{
    (void)state;
    FOR_EACH(a)
    {
        assert_int_equal(verdict_and(VERDICT_FAIL, a), VERDICT_FAIL);
        assert_int_equal(verdict_or(VERDICT_PASS, a), VERDICT_PASS);
    }
}

static void what_somebody_accepted_is_still_no_pass(void **state)
{
    (void)state;
    FOR_EACH(a)
    assert_int_not_equal(verdict_and(VERDICT_WAIVED, a), VERDICT_PASS);
    assert_int_equal(verdict_and(VERDICT_WAIVED, VERDICT_UNKNOWN), VERDICT_WAIVED);
    assert_int_equal(verdict_or(VERDICT_WAIVED, VERDICT_UNKNOWN), VERDICT_UNKNOWN);
}

static void twice_not_is_the_same_and_only_pass_and_fail_turn(void **state)
{
    (void)state;
    assert_int_equal(verdict_not(VERDICT_PASS), VERDICT_FAIL);
    assert_int_equal(verdict_not(VERDICT_FAIL), VERDICT_PASS);
    FOR_EACH(a)
    {
        if (a == VERDICT_WAIVED)
            continue; /* a failure: its opposite holds */
        assert_int_equal(verdict_not(verdict_not(a)), a);
    }
    assert_int_equal(verdict_not(VERDICT_WAIVED), VERDICT_PASS);
}

/* De Morgan, for all that a check can find. */
static void not_all_is_any_not(void **state)
{
    (void)state;
    FOR_EACH(a)
    {
        FOR_EACH(b)
        {
            if (a == VERDICT_WAIVED || b == VERDICT_WAIVED)
                continue;
            assert_int_equal(verdict_not(verdict_and(a, b)), verdict_or(verdict_not(a), verdict_not(b)));
            assert_int_equal(verdict_not(verdict_or(a, b)), verdict_and(verdict_not(a), verdict_not(b)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_operations_commute),
        cmocka_unit_test(both_operations_associate),
        cmocka_unit_test(a_verdict_with_itself_is_itself_and_skip_changes_nothing),
        cmocka_unit_test(the_outcome_is_one_of_the_operands),
        cmocka_unit_test(unknown_never_becomes_a_pass),
        cmocka_unit_test(one_failure_fails_all_and_one_pass_passes_any),
        cmocka_unit_test(what_somebody_accepted_is_still_no_pass),
        cmocka_unit_test(twice_not_is_the_same_and_only_pass_and_fail_turn),
        cmocka_unit_test(not_all_is_any_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
