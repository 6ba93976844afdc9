/* The kind `value`: what each comparison passes, fails, and cannot decide. */
#include "rule/kit.h"

#define USER                                                                                                           \
    ANSWERS("iam:GetUser", NULL,                                                                                       \
            "{\"User\": {\"name\": \"a\", \"size\": 3, \"list\": [\"a\", \"b\"], \"empty\": [], \"yes\": true}}")
#define VALUE(of, rest) "{'kind': 'value', 'value': '" of "', " rest "}"

static const struct kit_row rows[] = {
    {"an equal value", VALUE("user.name", "'equals': 'a'"), {USER}, "pass", NULL},
    {"another value", VALUE("user.name", "'equals': 'b'"), {USER}, "fail", "expected b; it is a"},
    {"another type", VALUE("user.size", "'equals': '3'"), {USER}, "fail", NULL},
    {"an equal computed value", VALUE("user.name", "'equals': '{user.list[0]}'"), {USER}, "pass", NULL},
    {"a computed list keeps its type", VALUE("user.name", "'one_of': '{user.list}'"), {USER}, "pass", NULL},
    {"a text with a blank", VALUE("~a-b~", "'equals': '{user.name}-b'"), {USER}, "pass", NULL},
    {"not equal", VALUE("user.name", "'not_equals': 'b'"), {USER}, "pass", NULL},
    {"one of", VALUE("user.name", "'one_of': ['x', 'a']"), {USER}, "pass", NULL},
    {"none of, and it is", VALUE("user.name", "'none_of': ['x', 'a']"), {USER}, "fail", NULL},
    {"none of what is null", VALUE("user.name", "'none_of': '{user.nothing}'"), {USER}, "unknown", "was given null"},
    {"none of what is no list", VALUE("user.name", "'none_of': '{user.size}'"), {USER}, "unknown", "a number"},
    {"at most", VALUE("user.size", "'at_most': 3"), {USER}, "pass", NULL},
    {"more than at most", VALUE("user.size", "'at_most': 2"), {USER}, "fail", NULL},
    {"a text is at most nothing", VALUE("user.name", "'at_most': 2"), {USER}, "fail", NULL},
    {"at most what is no number", VALUE("user.size", "'at_most': '{user.name}'"), {USER}, "unknown", "a string"},
    {"at least", VALUE("user.size", "'at_least': 4"), {USER}, "fail", NULL},
    {"contains a text", VALUE("user.name", "'contains': 'a'"), {USER}, "pass", NULL},
    {"contains an item", VALUE("user.list", "'contains': 'b'"), {USER}, "pass", NULL},
    {"contains all", VALUE("user.list", "'contains_all': ['b', 'c']"), {USER}, "fail", NULL},
    {"present", VALUE("user.nothing", "'present': true"), {USER}, "fail", "it is not there"},
    {"not present", VALUE("user.nothing", "'present': false"), {USER}, "pass", NULL},
    {"empty", VALUE("user.empty", "'empty': true"), {USER}, "pass", NULL},
    {"not empty", VALUE("user.list", "'empty': true"), {USER}, "fail", NULL},
    {"a match", VALUE("user.name", "'matches': '^[a-c]$'"), {USER}, "pass", NULL},
    {"no match", VALUE("user.name", "'matches': '^b'"), {USER}, "fail", NULL},
    {"a number matches nothing", VALUE("user.size", "'matches': '3'"), {USER}, "fail", NULL},
    {"an absent user reads as null",
     VALUE("user.name", "'present': true"),
     {REFUSES("iam:GetUser", NULL, "NoSuchEntity", "none", 404)},
     "fail",
     NULL},
    {"a refused call",
     VALUE("user.name", "'present': false"),
     {KIT_DENIED("iam:GetUser")},
     "unknown",
     "iam:GetUser was refused: no; run again as somebody who may call iam:GetUser"},
    {"a failed call",
     VALUE("user.name", "'present': false"),
     {REFUSES("iam:GetUser", NULL, "ServiceFailure", "oops", 500)},
     "unknown",
     "iam:GetUser failed: ServiceFailure: oops; run again"},
    {"a call that was not made", VALUE("user.name", "'present': false"), {SCRIPT_END}, "unknown", "was not collected"},
    {"a refused operand",
     VALUE("caller.arn", "'not_equals': '{user.name}'"),
     {KIT_CALLER, KIT_DENIED("iam:GetUser")},
     "unknown",
     "iam:GetUser"},
    {"an expression that goes wrong", VALUE("abs(user.name)", "'equals': 1"), {USER}, "unknown", "cannot be decided"},
};

static void each_comparison_passes_fails_or_cannot_be_decided(void **state)
{
    kit_check_rows(*state, rows, COUNT_OF(rows));
}

static void a_long_value_is_cut_at_a_character(void **state)
{
    struct buf buf = buf_make(*state, BUF_NO_MAX);
    buf_add_c(&buf, "{\"User\": {\"name\": \"x");
    for (int i = 0; i < 200; i++)
        buf_add_c(&buf, "\xc3\xa9");
    buf_add_c(&buf, "\"}}");
    const struct scripted script[] = {ANSWERS("iam:GetUser", NULL, buf_str(&buf).ptr), SCRIPT_END};
    const struct result *result = kit_judge(*state, VALUE("user.name", "'equals': 'b'"), script);
    assert_true(str_is_utf8(result->message));
    assert_true(result->message.len < 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(each_comparison_passes_fails_or_cannot_be_decided),
        arena_test(a_long_value_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
