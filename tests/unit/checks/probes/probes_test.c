/* probes_test.c: what follows from policies and from what AWS answered. */
#include "checks/probes/probes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum probes_outcome outcome(enum prove_verdict verdict, enum prove_reason reason, bool missing,
                                   enum probe_said said)
{
    struct prove_result result = {.verdict = verdict, .reason = reason};
    return probes_outcome(&result, missing, said);
}

static void silence_leaves_all_to_the_policies(void **state)
{
    (void)state;
    assert_int_equal(outcome(PROVE_PROVED, PROVE_REASON_NONE, false, PROBE_SILENT), OUTCOME_POLICIES);
    assert_int_equal(outcome(PROVE_REFUTED, PROVE_REASON_NONE, true, PROBE_SILENT), OUTCOME_POLICIES);
    assert_int_equal(outcome(PROVE_UNDECIDED, PROVE_REASON_UNREAD, false, PROBE_SILENT), OUTCOME_POLICIES);
}

static void unread_policies_give_way_to_a_trial(void **state)
{
    (void)state;
    assert_int_equal(outcome(PROVE_UNDECIDED, PROVE_REASON_UNREAD, false, PROBE_ALLOWED), OUTCOME_TRIED);
    assert_int_equal(outcome(PROVE_UNDECIDED, PROVE_REASON_UNREAD, false, PROBE_REFUSED), OUTCOME_REFUSED);
}

static void a_condition_that_nobody_can_decide_does_not(void **state)
{
    (void)state;
    assert_int_equal(outcome(PROVE_UNDECIDED, PROVE_REASON_CONDITION, false, PROBE_ALLOWED), OUTCOME_POLICIES);
    assert_int_equal(outcome(PROVE_UNDECIDED, PROVE_REASON_BUDGET, false, PROBE_REFUSED), OUTCOME_POLICIES);
}

static void a_refusal_of_what_policies_allow_stands_between(void **state)
{
    (void)state;
    assert_int_equal(outcome(PROVE_PROVED, PROVE_REASON_NONE, false, PROBE_ALLOWED), OUTCOME_POLICIES);
    assert_int_equal(outcome(PROVE_PROVED, PROVE_REASON_NONE, false, PROBE_REFUSED), OUTCOME_BETWEEN);
}

static void an_answer_that_no_policy_allows_says_that_not_all_were_read(void **state)
{
    (void)state;
    assert_int_equal(outcome(PROVE_REFUTED, PROVE_REASON_NONE, true, PROBE_ALLOWED), OUTCOME_NOT_ALL);
    assert_int_equal(outcome(PROVE_REFUTED, PROVE_REASON_NONE, false, PROBE_ALLOWED), OUTCOME_POLICIES);
    assert_int_equal(outcome(PROVE_REFUTED, PROVE_REASON_NONE, true, PROBE_REFUSED), OUTCOME_POLICIES);
}

static void actions_fit_patterns_that_end_in_a_star(void **state)
{
    (void)state;
    assert_true(probes_action_fits(STR("ec2:Describe*"), STR("ec2:DescribeVpcs")));
    assert_true(probes_action_fits(STR("s3:getobject"), STR("s3:GetObject")));
    assert_false(probes_action_fits(STR("s3:GetObject"), STR("s3:GetObjectAcl")));
    assert_false(probes_action_fits(STR("ec2:Describe*"), STR("ec2:Des")));
}

static void what_stands_between_is_read_from_the_refusal(void **state)
{
    struct arena *arena = *state = arena_open(0);
    static const struct {
        struct str refusal;
        struct str found;
    } cases[] = {
        {STR_INIT("… with an explicit deny in a service control policy"), STR_INIT("a service control policy")},
        {STR_INIT("… because no resource control policy allows the action"), STR_INIT("a resource control policy")},
        {STR_INIT("… because no VPC endpoint policy allows the action"), STR_INIT("VPC endpoint")},
        {STR_INIT("… because no session policy allows the action"), STR_INIT("session")},
        {STR_INIT("Access Denied"), STR_INIT("these policies do not show")},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_true(str_contains(probes_between(arena, cases[i].refusal), cases[i].found));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_leaves_all_to_the_policies),
        cmocka_unit_test(unread_policies_give_way_to_a_trial),
        cmocka_unit_test(a_condition_that_nobody_can_decide_does_not),
        cmocka_unit_test(a_refusal_of_what_policies_allow_stands_between),
        cmocka_unit_test(an_answer_that_no_policy_allows_says_that_not_all_were_read),
        cmocka_unit_test(actions_fit_patterns_that_end_in_a_star),
        cmocka_unit_test(what_stands_between_is_read_from_the_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
