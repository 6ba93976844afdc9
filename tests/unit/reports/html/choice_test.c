/* Which results a page shows that cannot show all. */
#include "reports/html/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct result result_of(enum verdict verdict, enum severity severity, bool advice)
{
    return (struct result){.verdict = verdict, .severity = severity, .advice = advice};
}

/* From the least important to the most, three of each. */
static const struct {
    enum verdict verdict;
    enum severity severity;
    bool advice;
} kinds[] = {
    {VERDICT_SKIP, SEVERITY_CRITICAL, false}, {VERDICT_PASS, SEVERITY_CRITICAL, false},
    {VERDICT_WAIVED, SEVERITY_HIGH, false},   {VERDICT_FAIL, SEVERITY_LOW, true},
    {VERDICT_PENDING, SEVERITY_HIGH, false},  {VERDICT_UNKNOWN, SEVERITY_LOW, false},
    {VERDICT_FAIL, SEVERITY_MEDIUM, false},   {VERDICT_FAIL, SEVERITY_HIGH, false},
    {VERDICT_FAIL, SEVERITY_CRITICAL, false},
};
enum { EACH = 3, ALL = EACH * COUNT_OF(kinds) };

static void the_most_important_are_shown_wherever_they_stand(void **state)
{
    (void)state;
    struct result results[ALL];
    for (size_t i = 0; i < ALL; i++)
        results[i] = result_of(kinds[i / EACH].verdict, kinds[i / EACH].severity, kinds[i / EACH].advice);
    struct summary summary = results_summary(results, ALL);
    for (size_t most = 0; most <= ALL + 1; most++) {
        struct choice choice = choice_of(&summary, most);
        size_t taken = 0;
        for (size_t i = 0; i < ALL; i++) {
            size_t better =
                (COUNT_OF(kinds) - 1 - i / EACH) * EACH + i % EACH; /* as important, and first, or more so */
            bool takes = choice_takes(&choice, &results[i]);
            assert_int_equal(takes, better < most);
            taken += takes;
        }
        assert_int_equal(taken, most < ALL ? most : ALL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_most_important_are_shown_wherever_they_stand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
