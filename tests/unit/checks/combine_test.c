/* The kinds `all`, `any` and `not`: which part decides, which one speaks, and what a pass rests on. */
#include "rule/kit.h"

#define USER ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"a\"}}")
#define NO_ROLE KIT_DENIED("iam:GetRole")
#define NAME(name) "{'kind': 'value', 'value': 'user.name', 'equals': '" name "'}"
#define ROLE "{'kind': 'value', 'value': 'role', 'present': true}"
#define ALL(list) "{'kind': 'all', 'checks': [" list "]}"
#define ANY(list) "{'kind': 'any', 'checks': [" list "]}"
#define NOT(check) "{'kind': 'not', 'check': " check "}"
#define SKIPS "{'kind': 'state', 'fact': 'user', 'pass': [], 'fail': [], 'skip': ['present']}"

static const struct kit_row rows[] = {
    {"all hold", ALL(NAME("a") ", " NAME("a")), {USER}, "pass", NULL},
    {"one of all fails", ALL(NAME("a") ", " NAME("b")), {USER}, "fail", "expected b; it is a"},
    {"one of all is unread", ALL(NAME("a") ", " ROLE), {USER, NO_ROLE}, "unknown", "iam:GetRole was refused"},
    {"a failure beats what is unread", ALL(ROLE ", " NAME("b")), {USER, NO_ROLE}, "fail", "expected b"},
    {"one of any holds", ANY(NAME("b") ", " NAME("a")), {USER}, "pass", NULL},
    {"none of any holds", ANY(NAME("b") ", " NAME("c")), {USER}, "fail", NULL},
    {"one of any holds, the other is unread", ANY(ROLE ", " NAME("a")), {USER, NO_ROLE}, "pass", NULL},
    {"one of any fails, the other is unread", ANY(ROLE ", " NAME("b")), {USER, NO_ROLE}, "unknown", "iam:GetRole"},
    {"what has nothing to say is passed over", ALL(SKIPS ", " NAME("a")), {USER}, "pass", NULL},
    {"nothing has anything to say", ANY(SKIPS ", " SKIPS), {USER}, "skip", NULL},
    {"not a failure", NOT(NAME("b")), {USER}, "pass", NULL},
    {"not a pass", NOT(NAME("a")), {USER}, "fail", NULL},
    {"not twice", NOT(NOT(NAME("a"))), {USER}, "pass", NULL},
    {"not what is unread", NOT(ROLE), {USER, NO_ROLE}, "unknown", "iam:GetRole was refused"},
    {"not what is skipped", NOT(SKIPS), {USER}, "skip", NULL},
};

static void the_algebra_decides_and_the_decisive_part_speaks(void **state)
{
    kit_check_rows(*state, rows, COUNT_OF(rows));
}

static void a_negation_does_not_repeat_what_the_inner_check_wanted(void **state)
{
    static const struct scripted script[] = {USER, SCRIPT_END};
    const struct result *result = kit_judge(*state, NOT(NAME("b")), script);
    assert_null(result->expected);
    assert_str_equal(result->message, STR("The title"));
}

static void a_pass_of_any_rests_on_the_part_that_passed(void **state)
{
    static const struct scripted script[] = {USER, ANSWERS("iam:GetRole", NULL, "{\"Role\": {\"name\": \"r\"}}"),
                                             SCRIPT_END};
    const struct result *result = kit_judge(*state, ANY(NAME("b") ", " ROLE), script);
    expect_verdict(result, "pass");
    assert_int_equal(result->evidence_count, 1);
    assert_str_equal(result->evidence[0].call, STR("iam:GetRole"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(the_algebra_decides_and_the_decisive_part_speaks),
        arena_test(a_negation_does_not_repeat_what_the_inner_check_wanted),
        arena_test(a_pass_of_any_rests_on_the_part_that_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
