/* A run: from what is needed, known and applicable to verdicts, causes, evidence and the exit status. */
#include "kit.h"

#define USER_IS(name) "'check': {'kind': 'value', 'value': 'user.name', 'equals': '" name "'}"
#define ROLE_IS(name) "'check': {'kind': 'value', 'value': 'role.name', 'equals': '" name "'}"

static const struct scripted healthy[] = {KIT_CALLER, ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"a\"}}"),
                                          ANSWERS("iam:GetRole", NULL, "{\"Role\": {\"name\": \"r\"}}"),
                                          ANSWERS("iam:ListUserPolicies", NULL, "{\"PolicyNames\": [\"p\", \"q\"]}"),
                                          SCRIPT_END};

static struct str two(struct arena *arena, struct str a, struct str b)
{
    return str_join3(arena, a, STR(", "), b);
}

/* `top`, which is about the user; `below` needs it and is about the role; `last` needs `below`. */
static struct rule_base *chain(struct arena *arena, const char *top)
{
    struct str rules = two(arena, kit_rule(arena, "top", top),
                           two(arena, kit_rule(arena, "below", "'needs': ['top'], " ROLE_IS("r")),
                               kit_rule(arena, "last", "'needs': ['below'], " ROLE_IS("r"))));
    return kit_base(arena, KIT_FACTS, rules, "'top', 'below', 'last'");
}

static void a_failed_need_makes_unknown_and_is_the_root_cause_of_all_behind_it(void **state)
{
    struct kit_order order = {.base = chain(*state, USER_IS("other")), .script = healthy};
    const struct run *run = kit_run(*state, &order);
    expect_verdict(kit_result(run, "top", NULL), "fail");
    expect_verdict(kit_result(run, "below", NULL), "unknown");
    expect_verdict(kit_result(run, "last", NULL), "unknown");
    assert_str_equal(kit_result(run, "below", NULL)->root_cause, STR("top"));
    assert_str_equal(kit_result(run, "last", NULL)->root_cause, STR("top"));
    assert_int_equal(run->cause_count, 1);
    assert_str_equal(run->causes[0].root_cause, STR("top"));
    assert_int_equal(run->causes[0].rule_count, 2);
}

static void a_refused_call_is_the_root_cause_of_all_behind_it(void **state)
{
    static const struct scripted script[] = {KIT_CALLER, KIT_DENIED("iam:GetUser"),
                                             ANSWERS("iam:GetRole", NULL, "{\"Role\": {\"name\": \"r\"}}"), SCRIPT_END};
    struct kit_order order = {.base = chain(*state, USER_IS("a")), .script = script};
    const struct run *run = kit_run(*state, &order);
    static const char *const rules[] = {"top", "below", "last"};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        expect_verdict(kit_result(run, rules[i], NULL), "unknown");
        assert_str_equal(kit_result(run, rules[i], NULL)->root_cause, STR("permission:iam:GetUser"));
    }
    assert_int_equal(run->cause_count, 1);
    assert_int_equal(run->causes[0].rule_count, 3);
    expect_contains(run->causes[0].title, "Allow iam:GetUser to the caller");
}

static void a_pending_need_makes_pending_with_the_same_time(void **state)
{
    struct kit_order order = {
        .base = chain(*state, USER_IS("other") ", 'pending': {'when': 'user.name == ~a~', 'until': '2027-01-01'}"),
        .script = healthy};
    const struct run *run = kit_run(*state, &order);
    expect_verdict(kit_result(run, "top", NULL), "pending");
    expect_verdict(kit_result(run, "last", NULL), "pending");
    assert_str_equal(kit_result(run, "top", NULL)->until, STR("2027-01-01"));
    assert_str_equal(kit_result(run, "last", NULL)->until, STR("2027-01-01"));
}

static void a_skipped_need_skips(void **state)
{
    struct kit_order order = {
        .base = chain(*state, USER_IS("a") ", 'when': 'user.nothing', 'skip_reason': 'no {user.name}'"),
        .script = healthy};
    const struct run *run = kit_run(*state, &order);
    expect_verdict(kit_result(run, "top", NULL), "skip");
    assert_str_equal(kit_result(run, "top", NULL)->message, STR("no a"));
    expect_verdict(kit_result(run, "last", NULL), "skip");
    assert_int_equal(run->cause_count, 0);
}

static const struct run *run_one(struct arena *arena, const char *more, const struct scripted *script)
{
    struct kit_order order = {.base = kit_base(arena, KIT_FACTS, kit_rule(arena, "x", more), "'x'"), .script = script};
    return kit_run(arena, &order);
}

static void a_failure_is_pending_only_where_that_was_read(void **state)
{
    static const struct scripted unread[] = {KIT_CALLER, ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"a\"}}"),
                                             KIT_DENIED("iam:GetRole"), SCRIPT_END};
    const char *rule = USER_IS("b") ", 'pending': {'when': 'role.name', 'until': 'soon'}";
    expect_verdict(kit_result(run_one(*state, rule, healthy), "x", NULL), "pending");
    expect_verdict(kit_result(run_one(*state, rule, unread), "x", NULL), "unknown");
    const char *never = USER_IS("b") ", 'pending': {'when': 'role.other', 'until': 'soon'}";
    expect_verdict(kit_result(run_one(*state, never, healthy), "x", NULL), "fail");
    /* A pass asks nothing of it, and does not name it. */
    const char *passing = USER_IS("a") ", 'pending': {'when': 'role.name', 'until': 'soon'}";
    const struct result *result = kit_result(run_one(*state, passing, unread), "x", NULL);
    expect_verdict(result, "pass");
    assert_int_equal(result->evidence_count, 1);
}

static void what_is_not_known_is_unknown_and_says_what_to_tell(void **state)
{
    const char *rule = USER_IS("a") ", 'known': {'value': 'target.principal', 'otherwise': 'say --principal'}";
    const struct result *result = kit_result(run_one(*state, rule, healthy), "x", NULL);
    expect_verdict(result, "unknown");
    assert_str_equal(result->message, STR("cannot be decided: say --principal"));
    struct kit_order order = {.base = kit_base(*state, KIT_FACTS, kit_rule(*state, "x", rule), "'x'"),
                              .script = healthy,
                              .target = "{'principal': 'p'}"};
    expect_verdict(kit_result(kit_run(*state, &order), "x", NULL), "pass");
}

static void a_condition_that_cannot_be_read_is_unknown_and_never_a_skip(void **state)
{
    static const struct scripted script[] = {KIT_CALLER, ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"a\"}}"),
                                             KIT_DENIED("iam:GetRole"), SCRIPT_END};
    expect_verdict(kit_result(run_one(*state, USER_IS("a") ", 'when': 'role.name'", script), "x", NULL), "unknown");
}

#define EACH "'for_each': 'names', 'subject': '{item}', 'check': {'kind': 'value', 'value': 'item', 'equals': 'p'}"

static void each_item_has_a_result_of_its_own(void **state)
{
    const struct run *run = run_one(*state, EACH, healthy);
    assert_int_equal(run->result_count, 2);
    expect_verdict(kit_result(run, "x", "p"), "pass");
    expect_verdict(kit_result(run, "x", "q"), "fail");
    assert_false(str_equal(run->results[0].id, run->results[1].id));
}

static void a_condition_that_speaks_of_the_item_is_asked_for_each(void **state)
{
    const struct run *run = run_one(*state, EACH ", 'when': 'item == ~p~'", healthy);
    expect_verdict(kit_result(run, "x", "p"), "pass");
    expect_verdict(kit_result(run, "x", "q"), "skip");
}

static void a_list_that_is_empty_is_skipped_one_that_is_unread_or_none_is_unknown(void **state)
{
    static const struct scripted empty[] = {KIT_CALLER, ANSWERS("iam:ListUserPolicies", NULL, "{\"PolicyNames\": []}"),
                                            SCRIPT_END};
    static const struct scripted denied[] = {KIT_CALLER, KIT_DENIED("iam:ListUserPolicies"), SCRIPT_END};
    static const struct scripted text[] = {
        KIT_CALLER, ANSWERS("iam:ListUserPolicies", NULL, "{\"PolicyNames\": \"p\"}"), SCRIPT_END};
    expect_verdict(kit_result(run_one(*state, EACH, empty), "x", NULL), "skip");
    expect_verdict(kit_result(run_one(*state, EACH, denied), "x", NULL), "unknown");
    expect_verdict(kit_result(run_one(*state, EACH, text), "x", NULL), "unknown");
}

static void the_subject_that_decides_is_the_root_cause(void **state)
{
    /* p fails for itself; for q the role is asked, which is refused. */
    static const struct scripted script[] = {KIT_CALLER,
                                             ANSWERS("iam:ListUserPolicies", NULL, "{\"PolicyNames\": [\"p\", \"q\"]}"),
                                             KIT_DENIED("iam:GetRole"), SCRIPT_END};
    struct str rules = two(
        *state,
        kit_rule(
            *state, "top",
            "'for_each': 'names', 'subject': '{item}', 'check': {'kind': 'all', 'checks': ["
            "{'kind': 'value', 'value': 'item', 'not_equals': 'p'}, {'kind': 'value', 'value': 'role', 'present': true}]}"),
        kit_rule(*state, "below", "'needs': ['top'], 'check': {'kind': 'value', 'value': 'caller', 'present': true}"));
    struct kit_order order = {.base = kit_base(*state, KIT_FACTS, rules, "'top', 'below'"), .script = script};
    const struct run *run = kit_run(*state, &order);
    expect_verdict(kit_result(run, "top", "p"), "fail");
    expect_verdict(kit_result(run, "top", "q"), "unknown");
    assert_str_equal(kit_result(run, "below", NULL)->root_cause, STR("top"));
}

static void the_severity_is_the_first_whose_condition_holds(void **state)
{
    struct str rule =
        STR("{'id': 'x', 'title': 'T', 'section': 'S', 'place': 'bucket', 'why': 'w', 'fix': {}, "
            "'severity': [{'when': 'target.detect == ~auto~', 'is': 'critical'}, 'low'], " USER_IS("b") "}");
    struct kit_order order = {.base = kit_base(*state, KIT_FACTS, rule, "'x'"), .script = healthy};
    assert_int_equal(kit_result(kit_run(*state, &order), "x", NULL)->severity, SEVERITY_LOW);
    order.target = "{'detect': 'auto'}";
    assert_int_equal(kit_result(kit_run(*state, &order), "x", NULL)->severity, SEVERITY_CRITICAL);
}

static void evidence_is_the_calls_that_were_made_and_a_pass_names_none_that_was_refused(void **state)
{
    static const struct scripted script[] = {KIT_CALLER, ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"a\"}}"),
                                             KIT_DENIED("iam:GetRole"), SCRIPT_END};
    const char *either = "'check': {'kind': 'any', 'checks': [{'kind': 'value', 'value': 'role', 'present': true}, "
                         "{'kind': 'value', 'value': 'user', 'present': true}]}, 'message': {'pass': '{names}'}";
    const struct result *result = kit_result(run_one(*state, either, script), "x", NULL);
    expect_verdict(result, "pass");
    assert_int_equal(result->evidence_count, 1);
    assert_str_equal(result->evidence[0].call, STR("iam:GetUser"));
    assert_str_equal(result->evidence[0].state, STR("present"));
    const char *both = "'check': {'kind': 'all', 'checks': [{'kind': 'value', 'value': 'role', 'present': true}, "
                       "{'kind': 'value', 'value': 'user', 'present': true}]}";
    result = kit_result(run_one(*state, both, script), "x", NULL);
    expect_verdict(result, "unknown");
    assert_int_equal(result->evidence_count, 2);
    assert_str_equal(result->evidence[0].error, STR("AccessDenied: no"));
}

static void an_id_stays_where_only_the_verdict_and_its_message_change(void **state)
{
    static const struct scripted other[] = {KIT_CALLER, ANSWERS("iam:GetUser", NULL, "{\"User\": {\"name\": \"z\"}}"),
                                            SCRIPT_END};
    const struct result *pass = kit_result(run_one(*state, USER_IS("a"), healthy), "x", NULL);
    const struct result *fail =
        kit_result(run_one(*state, USER_IS("a") ", 'message': {'fail': 'oh'}", other), "x", NULL);
    expect_verdict(fail, "fail");
    assert_str_equal(pass->id, fail->id);
    assert_int_equal(pass->id.len, 16);
}

static struct str as_text(struct arena *arena, const struct run *run)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < run->result_count; i++) {
        const struct result *result = &run->results[i];
        buf_addf(&buf, "%.*s %.*s %.*s %.*s %.*s %zu\n", STR_ARG(result->id), STR_ARG(result->rule),
                 STR_ARG(verdict_name(result->verdict)), STR_ARG(result->message), STR_ARG(result->root_cause),
                 result->evidence_count);
    }
    for (size_t i = 0; i < run->cause_count; i++)
        buf_addf(&buf, "%.*s\n", STR_ARG(run->causes[i].title));
    return buf_str(&buf);
}

static void the_same_account_gives_the_same_results(void **state)
{
    struct kit_order order = {.base = chain(*state, USER_IS("other")), .script = healthy};
    struct str first = as_text(*state, kit_run(*state, &order));
    assert_str_equal(first, as_text(*state, kit_run(*state, &order)));
    order.base = chain(*state, USER_IS("other"));
    assert_str_equal(first, as_text(*state, kit_run(*state, &order)));
}

static void the_worst_cause_stands_first_then_the_one_with_most_behind_it(void **state)
{
    struct str rules =
        two(*state, kit_rule(*state, "a", USER_IS("z")),
            two(*state, kit_rule(*state, "b", ROLE_IS("z")),
                two(*state, kit_rule(*state, "c", "'needs': ['b'], " ROLE_IS("r")),
                    STR("{'id': 'd', 'title': 'T', 'section': 'S', 'place': 'bucket', 'why': 'w', 'fix': {}, "
                        "'severity': 'critical', " USER_IS("z") "}"))));
    struct kit_order order = {.base = kit_base(*state, KIT_FACTS, rules, "'a', 'b', 'c', 'd'"), .script = healthy};
    const struct run *run = kit_run(*state, &order);
    assert_int_equal(run->cause_count, 3);
    assert_str_equal(run->causes[0].root_cause, STR("d"));
    assert_str_equal(run->causes[1].root_cause, STR("b"));
    assert_str_equal(run->causes[2].root_cause, STR("a"));
}

static void the_exit_status_is_one_for_failures_three_for_what_is_open(void **state)
{
    (void)state;
    static const struct {
        enum verdict verdicts[2];
        enum severity severities[2];
        enum severity fail_on;
        int status;
    } rows[] = {
        {{VERDICT_PASS, VERDICT_SKIP}, {SEVERITY_CRITICAL, SEVERITY_CRITICAL}, SEVERITY_LOW, 0},
        {{VERDICT_PASS, VERDICT_FAIL}, {SEVERITY_HIGH, SEVERITY_HIGH}, SEVERITY_MEDIUM, 1},
        {{VERDICT_PASS, VERDICT_FAIL}, {SEVERITY_HIGH, SEVERITY_LOW}, SEVERITY_MEDIUM, 0},
        {{VERDICT_UNKNOWN, VERDICT_FAIL}, {SEVERITY_HIGH, SEVERITY_MEDIUM}, SEVERITY_MEDIUM, 1},
        {{VERDICT_UNKNOWN, VERDICT_FAIL}, {SEVERITY_HIGH, SEVERITY_LOW}, SEVERITY_MEDIUM, 3},
        {{VERDICT_PENDING, VERDICT_PASS}, {SEVERITY_MEDIUM, SEVERITY_LOW}, SEVERITY_MEDIUM, 3},
        {{VERDICT_UNKNOWN, VERDICT_PASS}, {SEVERITY_MEDIUM, SEVERITY_LOW}, SEVERITY_CRITICAL, 0},
        {{VERDICT_WAIVED, VERDICT_WAIVED}, {SEVERITY_CRITICAL, SEVERITY_LOW}, SEVERITY_LOW, 0},
        {{VERDICT_WAIVED, VERDICT_UNKNOWN}, {SEVERITY_CRITICAL, SEVERITY_LOW}, SEVERITY_LOW, 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct result results[] = {{.verdict = rows[i].verdicts[0], .severity = rows[i].severities[0]},
                                         {.verdict = rows[i].verdicts[1], .severity = rows[i].severities[1]}};
        struct run run = {.results = results, .result_count = COUNT_OF(results)};
        assert_int_equal(run_exit_status(&run, rows[i].fail_on), rows[i].status);
    }
}

static void a_comparison_has_its_relation_and_unit_and_only_what_the_message_lacks(void **state)
{
    static const struct {
        const char *check;
        const char *message;
        const char *comparison;
    } rows[] = {
        {"'value': '`125.7975`', 'at_most': 48, 'unit': 'hours'", "5 days ago", "at most 48 hours; it is 126"},
        {"'value': '`412`', 'at_most': 90, 'unit': 'days'", "the key is 412 days old", "at most 90 days"},
        {"'value': '`48.3`', 'at_most': 48, 'unit': 'hours'", "late", "at most 48 hours; it is 48.3"},
        {"'value': '`48.0004`', 'at_most': 48", "late", "at most 48; it is 48.0004"},
        {"'value': '`0`', 'at_least': 1, 'unit': 'keys'", "no key", "at least 1 key; it is 0"},
        {"'value': '~root~', 'not_equals': 'root'", "it is another", "anything but root"},
        {"'value': '~aws-cn~', 'equals': 'aws'", "the partition is aws-cn", "aws"},
        {"'value': '~aws-cn~', 'equals': 'aws'", "of another partition", "aws; it is aws-cn"},
        {"'value': '~aws-cn~', 'equals': 'aws'", "it is not aws", ""},
        {"'value': '~WEEKLY~', 'one_of': ['HOURLY', 'DAILY']", "it is coarse", "one of HOURLY, DAILY; it is WEEKLY"},
        {"'value': '~x~', 'matches': '^AKIA'", "it is short", "one that matches ^AKIA; it is x"},
        {"'value': '~CUR~', 'equals': 'NEW'", "CUR in place of NEW", ""},
        {"'value': '`null`', 'equals': 'NEW'", "there is none", "NEW"},
        {"'value': '`false`', 'equals': true", "it is off", ""},
        {"'value': '`null`', 'present': true", "it is missing", ""},
        {"'value': '`[1]`', 'empty': true", "there is one", ""},
        {"'value': '`1`', 'equals': 1", "it is one", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str more = str_format(*state, "'check': {'kind': 'value', %s}, 'message': {'fail': '%s'}", rows[i].check,
                                     rows[i].message);
        struct kit_order order = {.base = kit_base(*state, KIT_FACTS, kit_rule(*state, "x", more.ptr), "'x'"),
                                  .script = healthy};
        const struct result *result = kit_result(kit_run(*state, &order), "x", NULL);
        if (!str_equal(result->comparison, str_from(rows[i].comparison)))
            fail_msg("%s: %.*s", rows[i].check, STR_ARG(result->comparison));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(a_comparison_has_its_relation_and_unit_and_only_what_the_message_lacks),
        arena_test(a_failed_need_makes_unknown_and_is_the_root_cause_of_all_behind_it),
        arena_test(a_refused_call_is_the_root_cause_of_all_behind_it),
        arena_test(a_pending_need_makes_pending_with_the_same_time),
        arena_test(a_skipped_need_skips),
        arena_test(a_failure_is_pending_only_where_that_was_read),
        arena_test(what_is_not_known_is_unknown_and_says_what_to_tell),
        arena_test(a_condition_that_cannot_be_read_is_unknown_and_never_a_skip),
        arena_test(each_item_has_a_result_of_its_own),
        arena_test(a_condition_that_speaks_of_the_item_is_asked_for_each),
        arena_test(a_list_that_is_empty_is_skipped_one_that_is_unread_or_none_is_unknown),
        arena_test(the_subject_that_decides_is_the_root_cause),
        arena_test(the_severity_is_the_first_whose_condition_holds),
        arena_test(evidence_is_the_calls_that_were_made_and_a_pass_names_none_that_was_refused),
        arena_test(an_id_stays_where_only_the_verdict_and_its_message_change),
        arena_test(the_same_account_gives_the_same_results),
        arena_test(the_worst_cause_stands_first_then_the_one_with_most_behind_it),
        arena_test(the_exit_status_is_one_for_failures_three_for_what_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
