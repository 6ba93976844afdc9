/* Cases: what passes, what is found, how accounts are changed, and mistakes in case files. */
#include "rule/cases/cases.h"
#include "rule/kit.h"

/* The account of the cases: a user called a, and a role. */
#define ACCOUNT                                                                                                        \
    "{'format': 'exportcheck-snapshot/1', 'created': '2026-11-22T10:00:00Z', 'target': {'scenario': 's'}, 'calls': ["  \
    "{'service': 'iam', 'operation': 'GetUser', 'region': 'us-east-1', 'parameters': {'UserName': 'u'},"               \
    " 'answer': {'User': {'name': 'a', 'tags': ['t']}}},"                                                              \
    "{'service': 'iam', 'operation': 'GetRole', 'region': 'us-east-1', 'parameters': {'RoleName': 'r'},"               \
    " 'answer': {'Role': {'name': 'r'}}}]}"

static struct rule_base *base_of(struct arena *arena)
{
    struct str list[] = {
        kit_rule(arena, "user", "'check': {'kind': 'value', 'value': 'user.name', 'equals': 'a'}"),
        STR(", "),
        kit_rule(arena, "below", "'needs': ['user'], 'check': {'kind': 'value', 'value': 'role.name', 'equals': 'r'}"),
        STR(", "),
        kit_rule(arena, "role", "'check': {'kind': 'value', 'value': 'role.name', 'equals': 'r'}"),
        STR(", "),
        kit_rule(arena, "named",
                 "'subject': '{user.name}', 'check': {'kind': 'value', 'value': 'user', 'present': true}"),
        STR(", "),
        kit_rule(arena, "region",
                 "'when': 'target.bucket', 'check': {'kind': 'value', 'value': 'target.bucket', 'equals': 'b'}"),
        STR(", "),
        kit_rule(arena, "young",
                 "'check': {'kind': 'value', 'value': 'days_since(~2026-11-20T00:00:00Z~)', 'at_most': 5}")};
    return kit_base(arena, KIT_FACTS, str_concat(arena, list, COUNT_OF(list)),
                    "'user', 'below', 'role', 'named', 'region', 'young'");
}

static bool read_account(void *context, struct arena *arena, struct str path, struct str *ret_text, struct error *error)
{
    (void)context;
    if (!str_equal(path, STR("dir/account.json")))
        return error_set(error, ERROR_IO, "%.*s: no such file", STR_ARG(path));
    *ret_text = requoted(arena, ACCOUNT);
    return true;
}

/* Runs one case file; the text of the error, or NULL. */
static const char *run_file(struct arena *arena, const char *file, struct case_report *report)
{
    struct error *error = arena_new(arena, struct error);
    *report = (struct case_report){0};
    bool good =
        cases_run(arena, base_of(arena), STR("dir/c.json"), requoted(arena, file), read_account, NULL, report, error);
    return good ? NULL : error->text;
}

#define CASE(text) "{'account': 'account.json', 'cases': [\n{'name': 'n', " text "}]}"
#define GET_USER(change) "'changes': [{'call': 'iam:GetUser', " change "}]"
#define USER_NAMED_B "'merge': {'User': {'name': 'b'}}"
#define EXPECT_FAIL ", 'expect': {'user': 'fail'}, 'also': ['named']"

static const struct {
    const char *file;
    size_t findings;
    const char *says; /* a part of the first finding */
} rows[] = {
    {CASE("'expect': {'user': 'pass'}"), 0, NULL},
    {CASE("'expect': {}"), 0, NULL},
    {CASE(GET_USER(USER_NAMED_B) EXPECT_FAIL), 0, NULL},
    {CASE(GET_USER("'patch': [{'op': 'replace', 'path': '/User/name', 'value': 'b'}]") EXPECT_FAIL), 0, NULL},
    {CASE(GET_USER("'answer': {'User': {'name': 'b'}}") EXPECT_FAIL), 0, NULL},
    {CASE(GET_USER("'with': {'UserName': 'u'}, 'answer': {'User': {'name': 'b'}}") EXPECT_FAIL), 0, NULL},
    {CASE(GET_USER(
         "'error': {'code': 'AccessDenied', 'http_status': 403}") ", 'expect': {'user': 'unknown'}, 'also': {'named': 'unknown'}"),
     0, NULL},
    {CASE(GET_USER("'error': {'code': 'NoSuchEntity'}") ", 'expect': {'user': 'fail', 'named': 'fail'}"), 0, NULL},
    {CASE(GET_USER("'drop': true") ", 'expect': {'user': 'unknown', 'named': 'unknown'}"), 0, NULL},
    {CASE(GET_USER("'with': {'UserName': 'other'}, 'answer': {}") ", 'expect': {'user': 'pass'}"), 0, NULL},
    {CASE("'target': {'bucket': 'b'}, 'expect': {'region': 'pass'}"), 0, NULL},
    {CASE("'target': {'bucket': 'c'}, 'expect': {'region': 'fail'}"), 0, NULL},
    {CASE("'at': '2026-12-24T00:00:00Z', 'expect': {'young': 'fail'}"), 0, NULL},
    {CASE("'expect': {'named': {'a': 'pass'}}"), 0, NULL},
    {CASE("'expect': {'named': {'z': 'pass'}}"), 1, "rule 'named' on z: there is no such result"},
    {CASE("'expect': {'user': 'fail'}"), 1, "rule 'user': expected fail, found pass"},
    {CASE(GET_USER(USER_NAMED_B) ", 'expect': {'named': 'pass'}"), 2, "rule 'user' changed too: pass, then fail"},
    /* A subject of another name with the same status is no change. */
    {CASE(GET_USER(USER_NAMED_B) ", 'expect': {'user': 'fail'}"), 0, NULL},
    {CASE(GET_USER("'error': {'code': 'NoSuchEntity'}") ", 'expect': {'user': 'fail'}"), 2,
     "rule 'named' changed too: absent, then fail"},
    {CASE(GET_USER(USER_NAMED_B) ", 'expect': {'user': 'fail'}, 'also': {'named': 'fail'}"), 1,
     "rule 'named' on b: expected fail, found pass"},
};

static void a_case_finds_what_differs_from_what_it_expects_and_nothing_else(void **state)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct case_report report;
        const char *error = run_file(*state, rows[i].file, &report);
        if (error)
            fail_msg("%s: %s", rows[i].file, error);
        if (report.finding_count != rows[i].findings)
            fail_msg("%s: %zu findings, the first: %.*s", rows[i].file, report.finding_count,
                     STR_ARG(report.finding_count ? report.findings[0].message : STR("none")));
        assert_int_equal(report.case_count, 1);
        if (rows[i].says) {
            expect_contains(report.findings[0].message, rows[i].says);
            assert_int_equal(report.findings[0].line, 2);
            assert_str_equal(report.findings[0].name, STR("n"));
        }
    }
}

static void rules_that_need_a_changed_one_follow_by_themselves(void **state)
{
    struct case_report report;
    assert_null(run_file(*state, CASE(GET_USER(USER_NAMED_B) EXPECT_FAIL), &report));
    assert_int_equal(report.finding_count, 0);
    assert_int_equal(report.row_count, 1);
    assert_true(report.rows[0].met);
}

static void what_cases_and_the_unchanged_account_show_is_counted(void **state)
{
    struct case_report report;
    assert_null(run_file(*state, CASE(GET_USER(USER_NAMED_B) EXPECT_FAIL), &report));
    assert_true(report.coverage[0].shown[VERDICT_PASS]);
    assert_true(report.coverage[0].shown[VERDICT_FAIL]);
    assert_false(report.coverage[0].shown[VERDICT_UNKNOWN]);
    assert_true(report.coverage[2].shown[VERDICT_PASS]);
    assert_false(report.coverage[2].shown[VERDICT_FAIL]);
}

static void what_an_account_and_its_cases_take_is_released_behind_them(void **state)
{
    const struct rule_base *base = base_of(*state);
    struct str file = requoted(*state, CASE(GET_USER(USER_NAMED_B) EXPECT_FAIL));
    struct case_report report = {0};
    struct error error;
    assert_true(
        cases_run(*state, base, STR("dir/c.json"), file, read_account, NULL, &report, &error)); /* makes tables */
    size_t before = arena_used(*state);
    for (int i = 0; i < 10; i++)
        assert_true(cases_run(*state, base, STR("dir/c.json"), file, read_account, NULL, &report, &error));
    assert_int_equal(report.case_count, 11);
    assert_true(arena_used(*state) - before < 16384);
}

static const struct {
    const char *file;
    const char *says;
} mistakes[] = {
    {"[]", "dir/c.json:1:1: a case file must be an object"},
    {"{'account': 'other.json', 'cases': []}", "dir/c.json:1:13: dir/other.json: no such file"},
    {"{'account': 'account.json', 'cases': [], 'target': {'scenario': 'x'}}", "there is no scenario 'x'"},
    {CASE("'expect': {'usr': 'pass'}"), "dir/c.json:2:33: there is no rule \"usr\"; did you mean \"user\"?"},
    {CASE("'expect': {}, 'also': {'usr': 'pass'}"), "there is no rule \"usr\""},
    {CASE("'expect': {}, 'also': ['user', 'usr']"), "dir/c.json:2:46: there is no rule \"usr\""},
    {CASE("'expect': {}, 'also': [1]"), "\"also\" holds the ids of rules, not a number"},
    {CASE("'expect': {'user': 'passes'}"), "dir/c.json:2:34: a status is one of pass, fail, unknown, pending, skip"},
    {CASE("'expect': {'user': 'waived'}"), "a status is one of"},
    {CASE("'expect': {'user': {'': 1}}"), "a status is one of"},
    {CASE("'expct': {}"), "a case has no \"expct\"; did you mean \"expect\"?"},
    {CASE("'at': 'noon', 'expect': {}"), "\"at\" is a time"},
    {CASE("'changes': [{'call': 'iam:GetUsr', 'drop': true}], 'expect': {}"),
     "there is no call \"iam:GetUsr\"; did you mean \"iam:GetUser\"?"},
    {CASE(GET_USER("'with': {}") ", 'expect': {}"), "a change has one of patch, merge, answer, error, drop"},
    {CASE(GET_USER("'drop': true, 'merge': {}") ", 'expect': {}"), "a change has one of"},
    {CASE(GET_USER("'drop': false") ", 'expect': {}"), "a change has one of"},
    {CASE(GET_USER("'with': {'UserName': 'x'}, 'merge': {}") ", 'expect': {}"),
     "the account has no such call to change"},
    {CASE(GET_USER("'patch': [{'op': 'remove', 'path': '/No'}]") ", 'expect': {}"), "there is no place \"/No\""},
    {CASE(GET_USER("'error': {}") ", 'expect': {}"), "an error lacks \"code\""},
    {CASE(GET_USER("'error': {'code': 'X', 'http_status': 1e300}") ", 'expect': {}"), NULL},
    {CASE(GET_USER("'error': {'code': 'X', 'http_status': 1000}") ", 'expect': {}"), "an HTTP status is at most 599"},
    {CASE(
         "'changes': [{'call': 'iam:GetUser', 'error': {'code': 'X'}}, {'call': 'iam:GetUser', 'merge': {}}], 'expect': {}"),
     "the call has an error, and no answer to change"},
};

static void mistakes_in_a_case_file_are_named_with_their_place(void **state)
{
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct case_report report;
        const char *error = run_file(*state, mistakes[i].file, &report);
        if (!mistakes[i].says)
            continue; /* any answer will do */
        if (!error)
            fail_msg("%s was taken", mistakes[i].file);
        expect_contains(str_from(error), mistakes[i].says);
        assert_true(str_starts(str_from(error), STR("dir/c.json:")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(a_case_finds_what_differs_from_what_it_expects_and_nothing_else),
        arena_test(rules_that_need_a_changed_one_follow_by_themselves),
        arena_test(what_cases_and_the_unchanged_account_show_is_counted),
        arena_test(what_an_account_and_its_cases_take_is_released_behind_them),
        arena_test(mistakes_in_a_case_file_are_named_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
