/* Reading rules: every mistake is named with its place and the nearest right name. */
#include "kit.h"

#define HEAD "{'id': 'x', 'title': 'T', 'severity': 'high', 'section': 'S', 'place': 'bucket', 'why': 'w', 'fix': {}"
#define VALUE "'check': {'kind': 'value', 'value': 'user.name', 'equals': 1}"
#define CHECK(text) "{'rules': [" HEAD ",\n 'check': " text "}]}"
#define WITH(text) "{'rules': [" HEAD ", " VALUE ",\n " text "}]}"

static const struct {
    const char *rules;
    const char *place; /* how the message begins */
    const char *says;
} mistakes[] = {
    {"[]", "rules/r.json:1:1: ", "a rule file must be an object, not an array"},
    {"{'rules': [1]}", "rules/r.json:1:12: ", "a rule must be an object, not a number"},
    {"{'rules': [", "rules/r.json", "1:12"},
    {"{'ruls': []}", "rules/r.json:1:10: ", "a rule file has no \"ruls\"; did you mean \"rules\"?"},
    {WITH("'severty': 'low'"), "rules/r.json:2:13: rule 'x': ", "did you mean \"severity\"?"},
    {WITH("'needs': 'y'"), "rules/r.json:2:11: rule 'x': ", "\"needs\" must be an array, not a string"},
    {"{'rules': [{'id': 'x'}]}", "rules/r.json:1:12: rule 'x': ", "a rule lacks \"title\""},
    {"{'rules': [{'id': 'X y', 'title': 'T', 'severity': 'low', 'section': 'S', 'place': 'bucket', 'why': 'w', "
     "'fix': {}, 'check': {}}]}",
     "rules/r.json:1:19: ", "an id has lower-case letters, digits and hyphens"},
    {CHECK("{}"), "rules/r.json:2:11: rule 'x': ", "a check is an object with a \"kind\""},
    {CHECK("{'kind': 'vale'}"), "rules/r.json:2:20: rule 'x': ", "no kind of check \"vale\"; did you mean \"value\"?"},
    {CHECK("{'kind': 'all', 'checks': [{'kind': 'vale'}]}"), "rules/r.json:2:47: ", "did you mean \"value\"?"},
    {CHECK("{'kind': 'all', 'checks': []}"), "rules/r.json:2:37: ", "nothing would be checked"},
    {CHECK("{'kind': 'value', 'value': 'usr.name', 'equals': 1}"),
     "rules/r.json:2:38: rule 'x': ", "unknown fact 'usr.name': did you mean 'user"},
    {CHECK("{'kind': 'value', 'value': 'user.', 'equals': 1}"), "rules/r.json:2:38: rule 'x': ", "expression 'user.'"},
    {CHECK("{'kind': 'value', 'value': 'target.buckt', 'equals': 1}"), "rules/r.json:2:38: ", "did you mean 'bucket'?"},
    {CHECK("{'kind': 'value', 'value': 'user'}"), "rules/r.json:2:11: ", "compares with one of equals"},
    {CHECK("{'kind': 'value', 'value': 'user', 'equals': 1, 'not_equals': 2}"),
     "rules/r.json:2:73: ", "compares once; use kind all"},
    {CHECK("{'kind': 'value', 'value': 'user', 'matches': '('}"), "rules/r.json:2:57: ", "\"matches\": "},
    {CHECK("{'kind': 'value', 'value': 'user', 'none_of': 'abc'}"),
     "rules/r.json:2:57: ", "\"none_of\" takes a list, or a \"{blank}\" that gives one"},
    {CHECK("{'kind': 'value', 'value': 'user', 'at_most': 'abc'}"), "rules/r.json:2:57: ", "takes a number"},
    {CHECK("{'kind': 'value', 'value': 'user', 'equals': 'a{b'}"), "rules/r.json:2:56: ", "'{' is never closed"},
    {CHECK("{'kind': 'state', 'fact': 'usr', 'pass': [], 'fail': []}"),
     "rules/r.json:2:37: ", "there is no fact \"usr\"; did you mean \"user\"?"},
    {CHECK("{'kind': 'state', 'fact': 'user', 'pass': ['denied'], 'fail': []}"),
     "rules/r.json:2:54: ", "\"pass\" cannot have \"denied\""},
    {CHECK("{'kind': 'state', 'fact': 'user', 'pass': [1], 'fail': []}"), "rules/r.json:2:54: ", "holds strings"},
    {CHECK("{'kind': 'accepts', 'value': 'user', 'as': 'buckt'}"), "rules/r.json:2:54: ", "did you mean \"bucket\"?"},
    {CHECK("{'kind': 'grants', 'policies': {}, 'template': 'nothing'}"),
     "rules/r.json:2:58: ", "there is no policy template \"nothing\""},
    {CHECK("{'kind': 'grants', 'policies': {}, 'template': 'tmplate'}"),
     "rules/r.json:2:58: ", "did you mean \"template\"?"},
    {CHECK("{'kind': 'grants', 'policies': {}, 'template': 'template', 'sids': ['Reed']}"),
     "rules/r.json:2:78: ", "Reed"},
    {CHECK("{'kind': 'grants', 'policies': {'identity': 'docments'}, 'template': 'template'}"),
     "rules/r.json:2:55: ", "did you mean \"documents\"?"},
    {CHECK("{'kind': 'grants', 'policies': {}}"), "rules/r.json:2:11: ", "has \"requests\" or a \"template\""},
    {CHECK("{'kind': 'grants', 'policies': {}, 'requests': []}"), "rules/r.json:2:58: ", "nothing would be asked"},
    {CHECK("{'kind': 'grants', 'policies': {}, 'requests': [{'principal': 'p', 'actions': [], 'resources': ['*']}]}"),
     "rules/r.json:2:89: ", "\"actions\" is empty"},
    {WITH("'severity': 'high'"), "rules/r.json", "2:"},
    {WITH("'known': {'value': 'user'}"), "rules/r.json:2:11: ", "\"known\" lacks \"otherwise\""},
    {WITH("'pending': {'when': 'user', 'until': '}'}"), "rules/r.json:2:39: ", "'}' closes nothing"},
    {WITH("'message': {'fial': 'x'}"), "rules/r.json:2:22: ", "did you mean \"fail\"?"},
    {WITH("'message': {'perhaps': 'x'}"), "rules/r.json:2:25: ", "\"message\" has no \"perhaps\""},
    {WITH("'optscale_errors': [1]"), "rules/r.json:2:22: ", "\"optscale_errors\" holds strings, not a number"},
    {WITH("'needs': ['yy']"), "rules/r.json:2:12: rule 'x': ", "there is no rule \"yy\""},
    {WITH("'needs': ['x']"), "rules/r.json:2:11: rule 'x': ", "lead back to itself"},
    {"{'rules': [" HEAD ", " VALUE "},\n" HEAD ", " VALUE "}]}",
     "rules/r.json:2:1: ", "the id 'x' is used twice, first in rules/r.json:1"},
};

static bool load(struct arena *arena, const char *rules, const char *scenario, struct error *error)
{
    struct kit_files files = {.embedded = 4};
    struct rule_base *base;
    kit_add_file(arena, &files, "rules/facts/f.json", str_from(KIT_FACTS));
    kit_add_file(
        arena, &files, "rules/policies/template.json",
        STR("{'name': 'template', 'title': 'T', 'attach': 'identity', 'policy': {'Version': '2012-10-17', 'Statement': ["
            "{'Sid': 'Read', 'Effect': 'Allow', 'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::b/x'}]}}"));
    kit_add_file(arena, &files, "rules/r.json", str_from(rules));
    kit_add_file(arena, &files, "rules/scenarios/s.json", str_from(scenario));
    return kit_load(arena, &files, &base, error);
}

#define SCENARIO "{'id': 's', 'title': 'T', 'section': 'S', 'rules': []}"

static void every_mistake_is_named_with_its_place(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct error error = {.text = "nothing"};
        bool taken = load(*state, mistakes[i].rules, SCENARIO, &error);
        if (!taken && str_starts(str_from(error.text), str_from(mistakes[i].place)) &&
            str_contains(str_from(error.text), str_from(mistakes[i].says)))
            continue;
        print_error("%s\n  gave     %s\n  expected %s… %s\n", mistakes[i].rules, error.text, mistakes[i].place,
                    mistakes[i].says);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void a_severity_and_a_place_are_of_their_lists(void **state)
{
    struct error error;
    assert_false(load(*state,
                      "{'rules': [{'id': 'x', 'title': 'T', 'severity': 'hi', 'section': 'S', 'place': 'bucket', "
                      "'why': 'w', 'fix': {}, 'check': {}}]}",
                      SCENARIO, &error));
    expect_contains(str_from(error.text), "a severity is one of critical, high, medium, low");
    assert_false(load(*state,
                      "{'rules': [{'id': 'x', 'title': 'T', 'severity': [], 'section': 'S', 'place': 'bucket', "
                      "'why': 'w', 'fix': {}, 'check': {}}]}",
                      SCENARIO, &error));
    expect_contains(str_from(error.text), "must end with a word");
    assert_false(load(*state,
                      "{'rules': [{'id': 'x', 'title': 'T', 'severity': 'low', 'section': 'S', 'place': 'buckets', "
                      "'why': 'w', 'fix': {}, 'check': {}}]}",
                      SCENARIO, &error));
    expect_contains(str_from(error.text), "\"place\" is one of account, export, bucket");
}

static void a_scenario_names_rules_that_exist(void **state)
{
    struct error error;
    assert_false(
        load(*state, WITH("'reference': ''"), "{'id': 's', 'title': 'T', 'section': 'S',\n 'rules': ['y']}", &error));
    expect_contains(str_from(error.text), "rules/scenarios/s.json:2:12: there is no rule \"y\"");
}

static struct str chain(struct arena *arena, int length, int width)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&buf, "{'rules': [");
    for (int i = 0; i < length * width; i++) {
        int level = i / width;
        buf_addf(&buf,
                 "%s{'id': 'r%d', 'title': 'T', 'severity': 'low', 'section': 'S', 'place': 'user', 'why': 'w', "
                 "'fix': {}, 'check': {'kind': 'value', 'value': 'user', 'present': true}, 'needs': [",
                 i ? ", " : "", i);
        for (int j = 0; level + 1 < length && j < width; j++)
            buf_addf(&buf, "%s'r%d'", j ? ", " : "", (level + 1) * width + j);
        buf_add_c(&buf, "]}");
    }
    buf_add_c(&buf, "]}");
    return buf_str(&buf);
}

/* Every rule of a level needs every rule of the next: 4^32 ways lead down, and each rule is looked at once. */
static void a_lattice_of_needs_is_walked_once(void **state)
{
    struct error error;
    if (!load(*state, str_to_c(*state, chain(*state, RULE_NEEDS_DEPTH_MAX, 4)), SCENARIO, &error))
        fail_msg("%s", error.text);
}

static void a_chain_of_needs_that_is_too_long_is_no_cycle(void **state)
{
    struct error error;
    assert_false(load(*state, str_to_c(*state, chain(*state, RULE_NEEDS_DEPTH_MAX + 1, 1)), SCENARIO, &error));
    expect_contains(str_from(error.text), "too many rules need each other in a row");
}

static bool load_with_user_files(struct arena *arena, const char *first, const char *second, struct rule_base **ret,
                                 struct error *error)
{
    struct kit_files files = {.embedded = 3};
    struct str rule = kit_rule(arena, "x", VALUE);
    kit_add_file(arena, &files, "rules/facts/f.json", str_from(KIT_FACTS));
    kit_add_file(arena, &files, "rules/r.json", str_format(arena, "{'rules': [%.*s]}", STR_ARG(rule)));
    kit_add_file(arena, &files, "rules/scenarios/s.json", str_from(SCENARIO));
    const char *const paths[] = {first, second};
    for (size_t i = 0; i < COUNT_OF(paths) && paths[i]; i++)
        kit_add_file(
            arena, &files, paths[i],
            str_format(arena, "{'rules': [%.*s]}", STR_ARG(kit_rule(arena, "x", "'reference': 'mine', " VALUE))));
    return kit_load(arena, &files, ret, error);
}

static void a_user_s_rule_replaces_the_program_s_wherever_it_lies(void **state)
{
    static const char *const paths[] = {"mine/r.json", "rules/r.json", "/home/optscale/r.json", "accounts/mine/r.json",
                                        "/facts/mine/r.json"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct rule_base *base;
        struct error error;
        if (!load_with_user_files(*state, paths[i], NULL, &base, &error))
            fail_msg("%s: %s", paths[i], error.text);
        assert_int_equal(base->rule_count, 1);
        assert_str_equal(rule_base_find(base, STR("x"))->reference, STR("mine"));
    }
}

static void two_files_of_the_user_with_one_id_are_a_mistake(void **state)
{
    struct rule_base *base;
    struct error error;
    assert_false(load_with_user_files(*state, "mine/a.json", "mine/b.json", &base, &error));
    expect_contains(str_from(error.text), "mine/b.json:1:12: the id 'x' is used twice");
    expect_contains(str_from(error.text), "first in mine/a.json:1");
}

static void texts_and_severities_name_facts_that_are_no_evidence(void **state)
{
    struct arena *arena = *state;
    struct str more = STR("'check': {'kind': 'value', 'value': 'user', 'present': true}, 'reference': '', "
                          "'message': {'fail': '{role}'}, 'pending': {'when': 'names', 'until': '{caller.arn}'}");
    struct rule_base *base = kit_base(arena, KIT_FACTS, kit_rule(arena, "x", more.ptr), "'x'");
    const struct rule *rule = rule_base_find(base, STR("x"));
    assert_int_equal(rule->decisive_fact_count, 0);
    assert_int_equal(rule->own_fact_count, 1);
    assert_str_equal(rule->facts[0], STR("names")); /* asked only where it would fail */
    assert_int_equal(rule->fact_count, 2);
    assert_int_equal(rule->check.decisive_fact_count, 1);
    assert_str_equal(rule->check.facts[0], STR("user"));
    assert_int_equal(rule->text_fact_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(every_mistake_is_named_with_its_place),
        arena_test(a_severity_and_a_place_are_of_their_lists),
        arena_test(a_scenario_names_rules_that_exist),
        arena_test(a_lattice_of_needs_is_walked_once),
        arena_test(a_chain_of_needs_that_is_too_long_is_no_cycle),
        arena_test(a_user_s_rule_replaces_the_program_s_wherever_it_lies),
        arena_test(two_files_of_the_user_with_one_id_are_a_mistake),
        arena_test(texts_and_severities_name_facts_that_are_no_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
