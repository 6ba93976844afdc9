/* Failures that somebody accepted: in force until the end of their day, and no longer. */
#include "kit.h"

#define EACH                                                                                                           \
    "'for_each': 'names', 'subject': '{item}', 'check': {'kind': 'value', 'value': 'item', 'equals': 'none of them'}"

static struct rule_base *base_of(struct arena *arena)
{
    return kit_base(arena, KIT_FACTS, kit_rule(arena, "each", EACH), "'each'");
}

static const struct run *run_with(struct arena *arena, const char *file)
{
    static const struct scripted script[] = {ANSWERS("iam:ListUserPolicies", NULL, "{\"PolicyNames\": [\"p\", \"q\"]}"),
                                             SCRIPT_END};
    struct waivers *waivers = arena_new(arena, struct waivers);
    struct kit_order order = {.base = base_of(arena), .script = script, .waivers = waivers};
    struct error error;
    if (!waivers_load(arena, order.base, STR("w.json"), requoted(arena, file), waivers, &error))
        fail_msg("%s", error.text);
    return kit_run(arena, &order);
}

/* The account's time is 2026-11-22T10:00:00Z. */
static void a_waiver_is_in_force_until_the_end_of_its_last_day(void **state)
{
    static const struct {
        const char *expires;
        const char *verdict;
    } rows[] = {{"2027-01-31", "waived"}, {"2026-11-22", "waived"}, {"2026-11-21", "fail"}, {"2020-01-01", "fail"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str file =
            str_format(*state, "{'waivers': [{'rule': 'each', 'reason': 'ticket', 'expires': '%s'}]}", rows[i].expires);
        const struct run *run = run_with(*state, file.ptr);
        expect_verdict(kit_result(run, "each", "p"), rows[i].verdict);
        expect_verdict(kit_result(run, "each", "q"), rows[i].verdict);
        assert_int_equal(run_exit_status(run, SEVERITY_LOW), i < 2 ? 0 : 1);
    }
}

static void a_waiver_of_one_subject_waives_no_other_and_stands_in_the_result(void **state)
{
    const struct run *run = run_with(
        *state,
        "{'waivers': [{'rule': 'each', 'subject': 'p', 'reason': 'ticket', 'owner': 'me', 'expires': '2027-01-31'}]}");
    const struct result *waived = kit_result(run, "each", "p");
    expect_verdict(waived, "waived");
    assert_str_equal(json_find_string(waived->waiver, "reason"), STR("ticket"));
    expect_verdict(kit_result(run, "each", "q"), "fail");
    assert_null(kit_result(run, "each", "q")->waiver);
    assert_int_equal(run->summary.count[VERDICT_WAIVED], 1);
}

static void a_waiver_waives_nothing_but_failures(void **state)
{
    static const struct scripted denied[] = {KIT_DENIED("iam:ListUserPolicies"), SCRIPT_END};
    struct waivers waivers;
    struct kit_order order = {.base = base_of(*state), .script = denied, .waivers = &waivers};
    struct error error;
    assert_true(waivers_load(
        *state, order.base, STR("w.json"),
        requoted(*state, "{'waivers': [{'rule': 'each', 'reason': 'r', 'expires': '2027-01-31'}]}"), &waivers, &error));
    expect_verdict(kit_result(kit_run(*state, &order), "each", NULL), "unknown");
}

static void a_file_with_one_mistake_is_refused_whole(void **state)
{
    static const struct {
        const char *file;
        const char *says;
    } rows[] = {
        {"{'waivers': [{'rule': 'ech', 'reason': 'r', 'expires': '2027-01-31'}]}",
         "w.json:1:23: there is no rule \"ech\"; did you mean \"each\"?"},
        {"{'waivers': [{'rule': 'each', 'reason': ' ', 'expires': '2027-01-31'}]}", "a waiver needs a reason"},
        {"{'waivers': [{'rule': 'each', 'expires': '2027-01-31'}]}", "a waiver lacks \"reason\""},
        {"{'waivers': [{'rule': 'each', 'reason': 'r'}]}", "a waiver lacks \"expires\""},
        {"{'waivers': [{'rule': 'each', 'reason': 'r', 'expires': '2027-02-31'}]}",
         "w.json:1:57: \"expires\" is a day"},
        {"{'waivers': [{'rule': 'each', 'reason': 'r', 'expires': '31.01.2027'}]}", "\"expires\" is a day"},
        {"{'waivers': [{'rule': 'each', 'reason': 'r', 'expires': 'never'}]}", "\"expires\" is a day"},
        {"{'waivers': [{'rule': 'each', 'reason': 'r', 'expires': '2027-01-31T00:00:00Z'}]}", "\"expires\" is a day"},
        {"{'waivers': [{'rule': 'each', 'reson': 'r', 'expires': '2027-01-31'}]}", "did you mean \"reason\"?"},
        {"[]", "a waiver file must be an object"},
        {"{}", "lacks \"waivers\""},
        {"{'waivers': [", "w.json"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct waivers waivers;
        struct error error;
        if (waivers_load(*state, base_of(*state), STR("w.json"), requoted(*state, rows[i].file), &waivers, &error))
            fail_msg("%s was taken", rows[i].file);
        expect_contains(str_from(error.text), rows[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(a_waiver_is_in_force_until_the_end_of_its_last_day),
        arena_test(a_waiver_of_one_subject_waives_no_other_and_stands_in_the_result),
        arena_test(a_waiver_waives_nothing_but_failures),
        arena_test(a_file_with_one_mistake_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
