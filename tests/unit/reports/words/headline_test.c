/* The verdict's sentence, the steps behind it, and the flow: what a reader sees first. */
#include "reports/render.h"
#include "reports/words/flow.h"
#include "reports/words/headline.h"
#include "reports/words/steps.h"

static struct json parsed(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    struct error error;
    if (!json_parse(arena, STR("test"), str_from(text), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return *value;
}

static void expect_headline(const struct run_info *run, const char *expected)
{
    struct arena *arena = arena_open(0);
    struct str made = headline_text(arena, run);
    if (!str_equal(made, str_from(expected)))
        fail_msg("made:     %.*s\nexpected: %s", STR_ARG(made), expected);
    arena_close(arena);
}

static const struct cause mend[] = {
    {.root_cause = STR_INIT("a"),
     .title = STR_INIT("Do a"),
     .effect = STR_INIT("costs are lost"),
     .verdict = VERDICT_FAIL,
     .where = STR_INIT("S3 › b"),
     .findings = 1},
    {.root_cause = STR_INIT("c"),
     .title = STR_INIT("Do c"),
     .verdict = VERDICT_FAIL,
     .where = STR_INIT("IAM"),
     .findings = 1},
    {.root_cause = STR_INIT("d"),
     .title = STR_INIT("Do d"),
     .verdict = VERDICT_FAIL,
     .where = STR_INIT("S3 › b"),
     .findings = 2},
    {.root_cause = STR_INIT("call:x"),
     .title = STR_INIT("Allow x"),
     .verdict = VERDICT_UNKNOWN,
     .where = STR_INIT("IAM"),
     .rule_count = 3},
    {.root_cause = STR_INIT("e"), .title = STR_INIT("Do e"), .verdict = VERDICT_FAIL, .advice = true, .findings = 1},
};

static struct run_info run_with(int exit_status, const struct json *optscale)
{
    return (struct run_info){
        .optscale = optscale,
        .causes = mend,
        .cause_count = COUNT_OF(mend),
        .exit_status = exit_status,
        .summary = {.count = {[VERDICT_PASS] = 2, [VERDICT_FAIL] = 5},
                    .rules = {[VERDICT_PASS] = 2, [VERDICT_FAIL] = 3},
                    .advice = 1,
                    .advice_rules = 1},
    };
}

static void it_says_what_breaks_and_how_much_is_left(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct json good =
        parsed(arena, "{\"connect\": {\"ok\": true}, \"discovery\": {\"ok\": true, \"first_import\": [\"a\", \"b\"]}}");
    struct json bad = parsed(arena, "{\"connect\": {\"ok\": false}}");
    struct json half = parsed(arena, "{\"connect\": {\"ok\": true}, \"discovery\": {\"ok\": false}}");
    struct run_info run = run_with(1, &good);
    expect_headline(
        &run, "Not ready: connecting would succeed, but costs are lost; 1 more thing to mend; 1 piece of advice.");
    run.optscale = &bad;
    expect_headline(&run, "Not ready: connecting would fail; 2 things to mend; 1 piece of advice.");
    run.optscale = &half;
    expect_headline(
        &run,
        "Not ready: connecting would succeed, but the first import would fail; 2 things to mend; 1 piece of advice.");
    run.optscale = NULL;
    expect_headline(&run, "Not ready: costs are lost; 1 more thing to mend; 1 piece of advice.");
    struct cause refused = mend[0];
    refused.place = STR("user");
    run.optscale = &good;
    run.causes = &refused;
    run.cause_count = 1;
    run.summary.advice_rules = 0;
    run.summary.rules[VERDICT_UNKNOWN] = 3;
    expect_headline(&run, "Not ready: costs are lost; 3 rules could not be decided.");
    arena_close(arena);
}

static void it_says_ready_and_what_will_happen(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct json good =
        parsed(arena, "{\"connect\": {\"ok\": true}, \"discovery\": {\"ok\": true, \"periods\": {\"a\": 1}}}");
    struct run_info run = run_with(0, &good);
    run.summary.advice_rules = 0;
    expect_headline(&run, "Ready: OptScale will connect and import 1 month.");
    run.optscale = NULL;
    expect_headline(&run, "Ready: all that was checked holds, 2 rules.");
    arena_close(arena);
}

static void it_says_what_keeps_it_from_being_decided(void **state)
{
    (void)state;
    static const struct cause wait[] = {
        {.root_cause = STR_INIT("w"), .title = STR_INIT("Run again after T"), .verdict = VERDICT_PENDING}};
    struct run_info run = run_with(3, NULL);
    run.summary.advice_rules = 0;
    run.summary.rules[VERDICT_UNKNOWN] = 3;
    expect_headline(&run, "Not decided: 3 rules could not be decided; first: allow x.");
    run.summary.rules[VERDICT_UNKNOWN] = 0;
    run.causes = wait;
    run.cause_count = 1;
    expect_headline(&run, "Not decided: nothing is wrong, and only time is missing; run again after T.");
    run = (struct run_info){.exit_status = 2};
    expect_headline(&run, "Not decided: no rule was selected, so nothing was checked.");
}

static void what_is_mended_at_one_place_is_one_step(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct run_info run = run_with(1, NULL);
    size_t count;
    const struct step *steps = steps_of(arena, &run, false, &count);
    assert_int_equal(count, 3); /* S3, IAM to mend, and IAM to be able to look */
    assert_int_equal(steps[0].cause_count, 2);
    assert_true(str_equal(steps[0].lead, STR("In S3 › b")));
    assert_int_equal(steps_to_mend(steps, count), 2);
    assert_true(str_equal(steps_effect(arena, steps[0].causes[0]), STR("Otherwise costs are lost.")));
    assert_true(str_equal(steps_effect(arena, steps[2].causes[0]), STR("3 rules wait for it.")));
    (void)steps_of(arena, &run, true, &count);
    assert_int_equal(count, 1);
    arena_close(arena);
}

static void what_optscales_own_user_may_not_read_is_an_admins_to_read(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    static const struct cause refused[] = {
        {.root_cause = STR_INIT("permission:s3:A"),
         .title = STR_INIT("Have an admin read with s3:A"),
         .where = STR_INIT(CAUSE_FOR_ADMIN),
         .verdict = VERDICT_UNKNOWN},
        {.root_cause = STR_INIT("permission:iam:B"),
         .title = STR_INIT("Have an admin read with iam:B"),
         .where = STR_INIT(CAUSE_FOR_ADMIN),
         .verdict = VERDICT_UNKNOWN},
    };
    struct run_info run = run_with(3, NULL);
    run.summary.rules[VERDICT_UNKNOWN] = 2;
    run.summary.advice_rules = 0;
    run.causes = refused;
    run.cause_count = 2;
    run.admin_command = STR("exportcheck check --profile ADMIN");
    size_t count;
    const struct step *steps = steps_of(arena, &run, false, &count);
    assert_int_equal(count, 1);
    assert_int_equal(steps[0].cause_count, 2);
    assert_true(str_equal(steps[0].command, run.admin_command));
    expect_headline(&run,
                    "Not decided: nothing is wrong as far as this key sees; 2 rules need an admin to run the check.");
    arena_close(arena);
}

static void the_flow_breaks_only_where_no_data_arrives(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct json bad = parsed(arena, "{\"connect\": {\"ok\": false}}");
    struct run_info run = {.optscale = &bad};
    run.summary.places[PLACE_ACCOUNT] = (struct place_state){true, VERDICT_PASS, false};
    run.summary.places[PLACE_EXPORT] = (struct place_state){true, VERDICT_FAIL, true};
    run.summary.places[PLACE_BUCKET] = (struct place_state){true, VERDICT_UNKNOWN, false};
    struct flow flow = flow_of(&run);
    assert_int_equal(flow.first, PLACE_OPTSCALE);
    assert_true(str_equal(flow_first(arena, &flow), STR("It breaks at: OptScale")));
    assert_true(str_equal(flow_line(arena, &flow),
                          STR("account ✓ ok → export ✓ advice → bucket ? unknown → files – not checked → "
                              "user – not checked → OptScale ✗ fails → linked accounts – not checked")));
    run.summary.places[PLACE_BUCKET].verdict = VERDICT_FAIL;
    run.optscale = NULL;
    flow = flow_of(&run);
    assert_true(str_equal(flow_first(arena, &flow), STR("To mend first: bucket")));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_breaks_and_how_much_is_left),
        cmocka_unit_test(it_says_ready_and_what_will_happen),
        cmocka_unit_test(it_says_what_keeps_it_from_being_decided),
        cmocka_unit_test(what_is_mended_at_one_place_is_one_step),
        cmocka_unit_test(what_optscales_own_user_may_not_read_is_an_admins_to_read),
        cmocka_unit_test(the_flow_breaks_only_where_no_data_arrives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
