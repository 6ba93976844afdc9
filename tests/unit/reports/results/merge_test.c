/* Two runs compared by result id. */
#include "reports/results/merge.h"

#include "reports/render.h"

static void each_change_has_its_kind(void **state)
{
    (void)state;
    enum { NONE = VERDICT_COUNT };
    static const struct {
        int before;
        int after;
        enum change_kind kind; /* CHANGE_COUNT: no change */
    } cases[] = {
        {VERDICT_PASS, VERDICT_FAIL, CHANGE_NEW},
        {NONE, VERDICT_FAIL, CHANGE_NEW},
        {VERDICT_WAIVED, VERDICT_FAIL, CHANGE_NEW},
        {VERDICT_UNKNOWN, VERDICT_FAIL, CHANGE_NEW},
        {VERDICT_FAIL, VERDICT_FAIL, CHANGE_UNCHANGED},
        {VERDICT_FAIL, VERDICT_PASS, CHANGE_FIXED},
        {VERDICT_FAIL, VERDICT_WAIVED, CHANGE_FIXED},
        {VERDICT_FAIL, VERDICT_SKIP, CHANGE_FIXED},
        {VERDICT_FAIL, VERDICT_UNKNOWN, CHANGE_UNDECIDED},
        {VERDICT_PASS, VERDICT_UNKNOWN, CHANGE_UNDECIDED},
        {VERDICT_PASS, VERDICT_PENDING, CHANGE_UNDECIDED},
        {NONE, VERDICT_UNKNOWN, CHANGE_UNDECIDED},
        {VERDICT_UNKNOWN, VERDICT_UNKNOWN, CHANGE_COUNT},
        {VERDICT_UNKNOWN, VERDICT_PENDING, CHANGE_COUNT},
        {VERDICT_FAIL, NONE, CHANGE_GONE},
        {VERDICT_PASS, NONE, CHANGE_COUNT},
        {VERDICT_PASS, VERDICT_PASS, CHANGE_COUNT},
        {VERDICT_UNKNOWN, VERDICT_PASS, CHANGE_COUNT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_open(0);
        struct result old = result_of("a", (enum verdict)cases[i].before);
        struct result new = result_of("a", (enum verdict)cases[i].after);
        struct results before = run_of("1", "", &old, cases[i].before != NONE);
        struct results after = run_of("1", "", &new, cases[i].after != NONE);
        struct comparison comparison = results_compare(arena, &before, &after);
        assert_int_equal(comparison.change_count, cases[i].kind != CHANGE_COUNT);
        if (cases[i].kind != CHANGE_COUNT)
            assert_int_equal(comparison.changes[0].kind, cases[i].kind);
        bool finding = cases[i].kind == CHANGE_NEW || cases[i].kind == CHANGE_UNDECIDED;
        assert_int_equal(comparison_has_findings(&comparison), finding);
        arena_close(arena);
    }
}

static void what_decides_nothing_is_no_new_failure(void **state)
{
    (void)state;
    static const struct {
        bool before; /* it failed, and was advice */
        enum verdict after;
        enum severity severity;
        enum change_kind kind;
    } cases[] = {
        {false, VERDICT_FAIL, SEVERITY_LOW, CHANGE_ADVICE},
        {false, VERDICT_UNKNOWN, SEVERITY_LOW, CHANGE_ADVICE},
        {true, VERDICT_FAIL, SEVERITY_LOW, CHANGE_UNCHANGED},
        {true, VERDICT_FAIL, SEVERITY_HIGH, CHANGE_NEW}, /* it has become grave */
        {true, VERDICT_PASS, SEVERITY_LOW, CHANGE_FIXED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_open(0);
        struct result old = result_of("a", cases[i].before ? VERDICT_FAIL : VERDICT_PASS);
        struct result new = result_of("a", cases[i].after);
        old.advice = cases[i].before;
        new.severity = cases[i].severity;
        struct results before = run_of("1", "", &old, 1);
        struct results after = run_of("1", "", &new, 1);
        after.run.fail_on = SEVERITY_MEDIUM;
        struct comparison comparison = results_compare(arena, &before, &after);
        assert_int_equal(comparison.change_count, 1);
        assert_int_equal(comparison.changes[0].kind, cases[i].kind);
        assert_int_equal(comparison_has_findings(&comparison), cases[i].kind == CHANGE_NEW);
        arena_close(arena);
    }
}

static void a_run_compared_with_itself_has_no_findings(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    struct comparison comparison = results_compare(arena, &results, &results);
    assert_false(comparison_has_findings(&comparison));
    assert_int_equal(comparison.count[CHANGE_UNCHANGED], results.run.summary.count[VERDICT_FAIL]);
    assert_int_equal(comparison.change_count, comparison.count[CHANGE_UNCHANGED]);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_has_its_kind),
        cmocka_unit_test(what_decides_nothing_is_no_new_failure),
        cmocka_unit_test(a_run_compared_with_itself_has_no_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
