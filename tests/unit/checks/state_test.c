/* The kind `state`: judges the call itself; nothing that was refused makes a pass. */
#include "rule/kit.h"

#define STATE                                                                                                               \
    "{'kind': 'state', 'fact': 'user', 'pass': ['present', 'ServiceFailure', 'AccessDenied'], 'fail': ['absent', 'Gone'], " \
    "'skip': ['Throttling']}"
#define USER ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"a\"}}")
#define ERROR(code) REFUSES("iam:GetUser", NULL, code, "words", 400)

static const struct kit_row rows[] = {
    {"present", STATE, {USER}, "pass", NULL},
    {"absent", STATE, {ERROR("NoSuchEntity")}, "fail", "iam:GetUser answered NoSuchEntity: words"},
    {"a code that fails", STATE, {ERROR("Gone")}, "fail", "iam:GetUser answered Gone: words"},
    {"a code that has nothing to say", STATE, {ERROR("Throttling")}, "skip", NULL},
    {"a code that is listed, of a call that failed", STATE, {ERROR("ServiceFailure")}, "unknown", "ServiceFailure"},
    {"a refusal that is listed", STATE, {ERROR("AccessDenied")}, "unknown", "iam:GetUser was refused"},
    {"a code that is not listed", STATE, {ERROR("Other")}, "unknown", "iam:GetUser failed: Other"},
    {"not collected", STATE, {SCRIPT_END}, "unknown", "was not collected"},
    {"a state that is not listed",
     "{'kind': 'state', 'fact': 'user', 'pass': [], 'fail': ['absent']}",
     {USER},
     "unknown",
     "user is present"},
};

static void a_state_is_judged_as_it_is_listed(void **state)
{
    kit_check_rows(*state, rows, COUNT_OF(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(a_state_is_judged_as_it_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
