/* The facts that ship: they link, each says what it is, and the healthy sample account has them. */
#include "base/file.h"
#include "kit.h"

#define FOLDER TEST_SOURCE_DIR "/rules/facts"

/* The shipped declarations, linked. */
static struct fact_declarations *shipped(struct arena *arena)
{
    struct fact_declarations *declarations = facts_open(arena);
    struct str *paths = NULL;
    size_t count = 0;
    struct error error;
    if (!file_list(arena, FOLDER, STR(".json"), &paths, &count, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < count; i++) {
        struct str text;
        if (!file_read(arena, str_to_c(arena, paths[i]), 1 << 24, &text, &error) ||
            !facts_load(declarations, paths[i], text, &error))
            fail_msg("%s", error.text);
    }
    if (!facts_link(declarations, &error))
        fail_msg("%s", error.text);
    return declarations;
}

static void every_fact_says_what_it_is(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    assert_true(facts_count(declarations) > 50);
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct fact_info info = facts_info(declarations, i);
        if (info.what.len == 0)
            fail_msg("%.*s has no 'what'", STR_ARG(info.name));
        assert_true(info.line > 0);
    }
}

/* A Data Export is shaped by two facts, of one and of all; they must not drift apart. */
static void data_exports_have_one_shape(void **state)
{
    struct str text;
    struct error error;
    assert_true(file_read(*state, FOLDER "/exports.json", 1 << 20, &text, &error));
    const struct json *file = NULL;
    assert_true(json_parse(*state, STR("exports.json"), text, &json_limits_default, &file, &error));
    assert_str_equal(json_find_string(json_find(file, "exports.cur2"), "value"),
                     json_find_string(json_find(file, "export_by.cur2"), "value"));
}

/* --- the healthy sample --- */

static const struct snapshot *sample(struct arena *arena)
{
    struct str text;
    struct error error;
    const struct snapshot *snapshot = NULL;
    if (!file_read(arena, TEST_SOURCE_DIR "/tests/accounts/root-existing-cur2.json", 1 << 24, &text, &error) ||
        !snapshot_read(arena, STR("sample"), text, &snapshot, &error))
        fail_msg("%s", error.text);
    return snapshot;
}

/* Every fact but the probes: those are for credentials of the principal's own. */
static struct facts *collect_all(struct arena *arena, const struct fact_declarations *declarations,
                                 const struct snapshot *snapshot)
{
    struct transport *transport = arena_new(arena, struct transport);
    *transport = snapshot_transport(arena, snapshot);
    struct str *wanted = arena_array(arena, struct str, facts_count(declarations));
    size_t count = 0;
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct str name = facts_info(declarations, i).name;
        if (!str_starts(name, STR("probe.")))
            wanted[count++] = name;
    }
    struct collection collection = {.arena = arena,
                                    .declarations = declarations,
                                    .target = snapshot->target,
                                    .transport = transport,
                                    .caller_region = STR("us-east-1"),
                                    .wanted = wanted,
                                    .wanted_count = count};
    return facts_collect(&collection);
}

static void the_sample_answers_everything_and_nothing_else(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    const struct snapshot *snapshot = sample(*state);
    struct facts *facts = collect_all(*state, declarations, snapshot);
    for (size_t i = 0; i < facts_count(declarations); i++) {
        const struct fact *fact = facts_get(facts, facts_info(declarations, i).name);
        if (!str_starts(fact->name, STR("probe.")) && fact->state != FACT_PRESENT && fact->state != FACT_ABSENT)
            fail_msg("%.*s: %.*s %.*s %.*s", STR_ARG(fact->name), STR_ARG(fact_state_name(fact->state)),
                     STR_ARG(fact->code), STR_ARG(fact->message));
    }
    struct error difference;
    if (!snapshot_equal(snapshot, snapshot_of_facts(*state, facts, STR("t"), 0), &difference))
        fail_msg("%s", difference.text);
}

static void the_samples_facts_are_what_was_told(void **state)
{
    struct facts *facts = collect_all(*state, shipped(*state), sample(*state));
    kit_expect(facts, "bucket.region", FACT_PRESENT, "\"eu-west-1\"");
    kit_expect(facts, "bucket.location", FACT_PRESENT, "\"eu-west-1\"");
    kit_expect(facts, "bucket.owned", FACT_PRESENT, "true");
    kit_expect(facts, "bucket.policy_is_public", FACT_PRESENT, "false");
    kit_expect(facts, "bucket.versioning", FACT_PRESENT, "\"Disabled\"");
    kit_expect(facts, "bucket.lifecycle", FACT_ABSENT, NULL);
    kit_expect(facts, "user.login_profile", FACT_ABSENT, NULL);
    kit_expect(facts, "place.folder", FACT_PRESENT, "\"cur2/optscale/\"");
    kit_expect(facts, "place.parent_folder", FACT_ABSENT, NULL);
    kit_expect(facts, "principal_is_caller", FACT_PRESENT, "false");
    kit_expect(facts, "scp.levels", FACT_ABSENT, NULL);
    kit_expect(facts, "listing.export_objects", FACT_ABSENT, NULL);
    const struct json *export = kit_fact(facts, "export")->value;
    assert_str_equal(json_find_string(export, "table"), STR("COST_AND_USAGE_REPORT"));
    assert_str_equal(json_find_string(export, "granularity"), STR("DAILY"));
    assert_true(json_find_boolean(export, "include_resources", false));
    const struct json *columns = json_find(export, "columns");
    assert_str_equal(columns->items[0].string, STR("bill_bill_type"));
    assert_str_equal(columns->items[columns->count - 1].string, STR("split_line_item_unused_cost"));
    assert_int_equal(kit_fact(facts, "accounts")->value->count, 3);
    assert_int_equal(kit_fact(facts, "identity.policies")->item_count, 4);
    assert_true(json_equal(kit_fact(facts, "newest.columns")->value, columns));
}

/* The snapshot with the answer to one of its calls replaced by an error. */
static const struct snapshot *refuse(struct arena *arena, const struct snapshot *snapshot, size_t number,
                                     struct str code)
{
    struct answered_call *calls = arena_array(arena, struct answered_call, snapshot->call_count);
    memcpy(calls, snapshot->calls, snapshot->call_count * sizeof *calls);
    calls[number].answer = (struct answer){.code = code, .http_status = 403};
    struct snapshot changed = *snapshot;
    changed.calls = calls;
    const struct snapshot *made = NULL;
    assert_true(snapshot_make(arena, &changed, &made, NULL));
    return made;
}

/* Whichever call is refused or fails: what was present never reads as null because of it. */
static void a_call_that_is_not_answered_never_reads_as_absent(void **state)
{
    static const struct str codes[] = {STR_INIT("AccessDenied"), STR_INIT("Timeout"),
                                       STR_INIT("AccessDeniedException")};
    const struct fact_declarations *declarations = shipped(*state);
    const struct snapshot *snapshot = sample(*state);
    struct facts *healthy = collect_all(*state, declarations, snapshot);
    for (size_t number = 0; number < snapshot->call_count * COUNT_OF(codes); number++) {
        size_t call = number / COUNT_OF(codes);
        struct facts *facts =
            collect_all(*state, declarations, refuse(*state, snapshot, call, codes[number % COUNT_OF(codes)]));
        for (size_t i = 0; i < facts_count(declarations); i++) {
            struct str name = facts_info(declarations, i).name;
            if (facts_get(healthy, name)->state == FACT_PRESENT && facts_get(facts, name)->state == FACT_ABSENT)
                fail_msg("%s refused: %.*s is absent", snapshot->calls[call].call.operation->name, STR_ARG(name));
        }
    }
}

/* Groups, their policies, the default versions, the documents: what was read stays where one step is refused. */
static void the_hardest_chain_keeps_what_was_read(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    const struct snapshot *snapshot = sample(*state);
    static const struct {
        const char *operation;
        size_t present;
    } steps[] = {
        {"GetPolicyVersion", 3}, {"ListAttachedGroupPolicies", 3}, {"GetGroupPolicy", 3}, {"ListGroupsForUser", 2}};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        size_t number = 0;
        while (strcmp(snapshot->calls[number].call.operation->name, steps[i].operation) != 0)
            number++;
        struct facts *facts = collect_all(*state, declarations, refuse(*state, snapshot, number, STR("AccessDenied")));
        const struct fact *policies = kit_fact(facts, "identity.policies");
        size_t present = 0;
        for (size_t j = 0; j < policies->item_count; j++)
            present += policies->items[j].state == FACT_PRESENT ? 1 : 0;
        assert_int_equal(policies->state, FACT_DENIED);
        assert_str_equal(policies->action, str_format(*state, "iam:%s", snapshot->calls[number].call.operation->name));
        assert_int_equal(present, steps[i].present);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(every_fact_says_what_it_is),
        arena_test(data_exports_have_one_shape),
        arena_test(the_sample_answers_everything_and_nothing_else),
        arena_test(the_samples_facts_are_what_was_told),
        arena_test(a_call_that_is_not_answered_never_reads_as_absent),
        arena_test(the_hardest_chain_keeps_what_was_read),
    };
    return cmocka_run_group_tests_name("shipped facts", tests, NULL, NULL);
}
