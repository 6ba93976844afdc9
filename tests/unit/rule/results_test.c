/* Names of verdicts and severities are part of the results format: each reads back as what it was. */
#include "rule/results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void verdict_names_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        enum verdict verdict = VERDICT_COUNT;
        assert_true(verdict_parse(verdict_name((enum verdict)i), &verdict));
        assert_int_equal(verdict, i);
    }
}

static void severity_names_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEVERITY_COUNT; i++) {
        enum severity severity = SEVERITY_COUNT;
        assert_true(severity_parse(severity_name((enum severity)i), &severity));
        assert_int_equal(severity, i);
    }
}

static void severities_are_ordered(void **state)
{
    (void)state;
    assert_true(SEVERITY_LOW < SEVERITY_MEDIUM && SEVERITY_MEDIUM < SEVERITY_HIGH && SEVERITY_HIGH < SEVERITY_CRITICAL);
}

static void other_words_are_refused_and_change_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"", "PASS", "passed", "error", "pas", "critical "};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        enum verdict verdict = VERDICT_SKIP;
        enum severity severity = SEVERITY_HIGH;
        assert_false(verdict_parse(str_from(words[i]), &verdict));
        assert_false(severity_parse(str_from(words[i]), &severity));
        assert_int_equal(verdict, VERDICT_SKIP);
        assert_int_equal(severity, SEVERITY_HIGH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict_names_read_back),
        cmocka_unit_test(severity_names_read_back),
        cmocka_unit_test(severities_are_ordered),
        cmocka_unit_test(other_words_are_refused_and_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
