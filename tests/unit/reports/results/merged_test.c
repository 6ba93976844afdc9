/* Runs read as one: which results are left, in which order, and what is said of the whole. */
#include "reports/results/merged.h"

#include "reports/render.h"

/* The runs as files, read as one. */
static struct results merge(struct arena *arena, const struct results *parts, size_t count)
{
    struct merge_source *sources = arena_array(arena, struct merge_source, count);
    struct results all = {.items = arena_array(arena, struct result, 1000)};
    struct merged *merged;
    struct error error;
    bool more;
    for (size_t i = 0; i < count; i++) {
        struct str text = render_results(arena, i % 2 ? "jsonl" : "json", &parts[i], render_plain);
        sources[i] = (struct merge_source){STR("part"), NULL, fmemopen(str_to_c(arena, text), (size_t)text.len, "r")};
    }
    if (!merged_open(arena, sources, count, &merged, &error))
        fail_msg("%s", error.text);
    all.run = *merged_run(merged);
    while (merged_next(merged, arena, &all.items[all.count], &more, &error) && more)
        all.count++;
    assert_false(more);
    for (size_t i = 0; i < count; i++)
        fclose(sources[i].file);
    return all;
}

static void merging_one_run_changes_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"faulty", "healthy", "choose", "hostile", "empty"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct arena *arena = arena_open(0);
        struct results results = render_case(arena, names[i]);
        struct results merged = merge(arena, &results, 1);
        assert_true(str_equal(render_results(arena, "json", &merged, render_plain),
                              render_results(arena, "json", &results, render_plain)));
        arena_close(arena);
    }
}

static void the_newest_of_equal_ids_is_kept(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct result old[] = {result_of("a", VERDICT_FAIL), result_of("b", VERDICT_FAIL)};
    struct result new[] = {result_of("b", VERDICT_PASS), result_of("c", VERDICT_PASS)};
    struct results parts[] = {run_of("1", "2026-11-22T10:00:00Z", old, 2), run_of("1", "2026-11-23T09:00:00Z", new, 2)};
    for (int turn = 0; turn < 2; turn++) {
        struct results merged = merge(arena, parts, 2);
        assert_int_equal(merged.count, 3);
        assert_int_equal(merged.run.summary.count[VERDICT_PASS], 2);
        assert_int_equal(merged.run.exit_status, 1);
        assert_true(str_equal(merged.run.started, STR("2026-11-22T10:00:00Z")));
        assert_true(str_equal(merged.run.finished, STR("2026-11-23T09:00:00Z")));
        struct results first = parts[0]; /* the order of the files is no matter */
        parts[0] = parts[1];
        parts[1] = first;
    }
    arena_close(arena);
}

static void what_runs_do_not_agree_on_is_left_out(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results parts[] = {render_case(arena, "faulty"), render_case(arena, "choose")};
    parts[1].run.account = STR("999999999999");
    struct results merged = merge(arena, parts, 2);
    assert_int_equal(merged.run.account.len, 0);
    assert_int_equal(merged.run.target->count, 1);
    assert_true(str_equal(json_find_string(merged.run.target, "scenario"), STR("root-existing")));
    assert_int_equal(merged.run.entry_count, 0);
    assert_int_equal(merged.run.cause_count, 8);
    assert_null(merged.run.optscale);
    arena_close(arena);
}

static void rules_that_wait_for_one_cause_are_joined(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct str one[] = {STR("a"), STR("b")};
    const struct str two[] = {STR("b"), STR("c")};
    const struct cause causes[] = {
        {.root_cause = STR_INIT("k"), .title = STR_INIT("t"), .rules = one, .rule_count = 2},
        {.root_cause = STR_INIT("k"), .title = STR_INIT("t"), .rules = two, .rule_count = 2},
    };
    struct results parts[] = {run_of("1", "", NULL, 0), run_of("1", "", NULL, 0)};
    for (size_t i = 0; i < 2; i++) {
        parts[i].run.causes = &causes[i];
        parts[i].run.cause_count = 1;
    }
    struct results merged = merge(arena, parts, 2);
    assert_int_equal(merged.run.cause_count, 1);
    assert_int_equal(merged.run.causes[0].rule_count, 3);
    arena_close(arena);
}

/* A rule's results on an account stand together, also where a later run has one more. */
static void results_of_a_rule_stand_together(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct result old[] = {result_of("a", VERDICT_FAIL), result_of("c", VERDICT_PASS)};
    struct result new[] = {result_of("b", VERDICT_FAIL), result_of("a", VERDICT_PASS)};
    new[0].rule = STR("a"); /* of another subject */
    struct results parts[] = {run_of("1", "2026-11-22T10:00:00Z", old, 2), run_of("1", "2026-11-23T09:00:00Z", new, 2)};
    struct results merged = merge(arena, parts, 2);
    assert_int_equal(merged.count, 3);
    assert_true(str_equal(merged.items[0].id, STR("a")) && merged.items[0].verdict == VERDICT_PASS);
    assert_true(str_equal(merged.items[1].id, STR("b")));
    assert_true(str_equal(merged.items[2].id, STR("c")));
    assert_int_equal(merged.run.summary.rules[VERDICT_FAIL], 1);
    arena_close(arena);
}

static bool read_row(const void *context, size_t index, struct arena *scratch, struct target_row *ret)
{
    (void)scratch;
    *ret = ((const struct target_row *)context)[index];
    return true;
}

static struct target_row row_of(size_t number, const char *name)
{
    return (struct target_row){.number = number, .name = str_from(name), .headline = STR("Ready."), .exit_status = 0};
}

/* Shards: each has some of the targets, in the file's order; a shard without any is no other kind of run. */
static void shards_are_put_together_in_the_order_of_the_targets(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct target_row rows[2][2] = {{row_of(1, "one"), row_of(3, "three")},
                                          {row_of(2, "two"), row_of(4, "four")}};
    struct result items[2][2];
    struct results parts[3];
    const struct cause causes[2] = {
        {.root_cause = STR_INIT("k"), .title = STR_INIT("of three"), .targets = 1, .first = 3, .findings = 1},
        {.root_cause = STR_INIT("k"), .title = STR_INIT("of two"), .targets = 2, .first = 2, .findings = 2}};
    for (size_t i = 0; i < 2; i++) {
        parts[i] = run_of("", "2026-11-22T10:00:00Z", items[i], 2);
        parts[i].run.targets = (struct target_rows){2, read_row, rows[i]};
        parts[i].run.causes = &causes[i];
        parts[i].run.cause_count = 1;
        for (size_t k = 0; k < 2; k++) {
            items[i][k] = result_of("same", VERDICT_PASS);
            items[i][k].target = rows[i][k].name;
        }
    }
    parts[2] = run_of("", "2026-11-22T10:00:00Z", NULL, 0);
    struct results merged = merge(arena, parts, 3);
    static const char *const order[] = {"one", "two", "three", "four"};
    assert_int_equal(merged.count, 4);
    assert_int_equal(merged.run.targets.count, 4);
    for (size_t i = 0; i < 4; i++) {
        struct target_row row;
        assert_true(run_target(&merged.run, i, arena, &row));
        assert_true(str_equal(row.name, str_from(order[i])));
        assert_true(str_equal(merged.items[i].target, row.name));
    }
    assert_int_equal(merged.run.cause_count, 1);
    assert_int_equal(merged.run.causes[0].targets, 3);
    assert_int_equal(merged.run.causes[0].findings, 3);
    assert_true(merged.run.causes[0].varies);
    assert_true(str_equal(merged.run.causes[0].title, STR("of two"))); /* the first target's words */
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merging_one_run_changes_nothing),
        cmocka_unit_test(the_newest_of_equal_ids_is_kept),
        cmocka_unit_test(what_runs_do_not_agree_on_is_left_out),
        cmocka_unit_test(rules_that_wait_for_one_cause_are_joined),
        cmocka_unit_test(results_of_a_rule_stand_together),
        cmocka_unit_test(shards_are_put_together_in_the_order_of_the_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
