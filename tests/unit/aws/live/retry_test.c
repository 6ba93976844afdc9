/* retry_test.c: classes of failures, the token bucket, the delays, and clocks that differ. */
#include "aws/live/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void lets_the_code_decide_before_the_status(void **state)
{
    (void)state;
    static const struct {
        struct str code;
        int status;
        enum retry_kind kind;
    } rows[] = {
        {STR_INIT("SlowDown"), 503, RETRY_THROTTLED},      {STR_INIT("ServiceUnavailable"), 503, RETRY_TRANSIENT},
        {STR_INIT("InternalError"), 200, RETRY_TRANSIENT}, {STR_INIT("Throttling"), 400, RETRY_THROTTLED},
        {STR_INIT("BadAnswer"), 502, RETRY_TRANSIENT},     {STR_INIT("BadAnswer"), 200, RETRY_NEVER},
        {STR_INIT("BadAnswer"), 429, RETRY_THROTTLED},     {STR_INIT("Timeout"), 0, RETRY_TIMED_OUT},
        {STR_INIT("Unreachable"), 0, RETRY_TRANSIENT},     {STR_INIT("TooLarge"), 0, RETRY_NEVER},
        {STR_INIT("AccessDenied"), 403, RETRY_NEVER},      {STR_INIT("NotImplemented"), 501, RETRY_NEVER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(retry_classify(rows[i].code, rows[i].status), rows[i].kind);
}

static void waits_longer_each_time_and_never_beyond_twenty_seconds(void **state)
{
    (void)state;
    static const int64_t most[] = {1000, 2000, 4000, 8000, 16000, 20000, 20000};
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct retry_budget budget = retry_budget_make(100, 1000, seed);
        for (int tries = 1; tries <= (int)COUNT_OF(most); tries++) {
            int64_t delay;
            int cost;
            assert_true(retry_again(&budget, RETRY_TRANSIENT, tries, &delay, &cost));
            assert_in_range(delay, 0, most[tries - 1]);
        }
    }
}

static void gives_the_same_delays_for_the_same_seed(void **state)
{
    (void)state;
    struct retry_budget a = retry_budget_make(100, 1000, 7), b = retry_budget_make(100, 1000, 7);
    for (int tries = 1; tries < 20; tries++) {
        int64_t left, right;
        int cost;
        assert_true(retry_again(&a, RETRY_TRANSIENT, tries, &left, &cost));
        assert_true(retry_again(&b, RETRY_TRANSIENT, tries, &right, &cost));
        assert_int_equal(left, right);
    }
}

static void ends_after_the_attempts_and_when_the_tokens_are_spent(void **state)
{
    (void)state;
    struct retry_budget budget = retry_budget_make(3, 0, 1);
    int64_t delay;
    int cost;
    assert_true(retry_again(&budget, RETRY_TRANSIENT, 2, &delay, &cost));
    assert_int_equal(delay, 0);
    assert_int_equal(cost, 5);
    assert_false(retry_again(&budget, RETRY_TRANSIENT, 3, &delay, &cost));
    assert_false(retry_again(&budget, RETRY_NEVER, 1, &delay, &cost));

    budget = retry_budget_make(3, 0, 1);
    int count = 0;
    while (retry_again(&budget, RETRY_TIMED_OUT, 1, &delay, &cost))
        count++;
    assert_int_equal(count, 50);
    retry_succeeded(&budget, cost);
    assert_true(retry_again(&budget, RETRY_TRANSIENT, 1, &delay, &cost));
    for (int i = 0; i < 1000; i++)
        retry_succeeded(&budget, 0);
    assert_int_equal(budget.tokens, 500);
}

static void knows_errors_of_the_clock(void **state)
{
    (void)state;
    static const struct {
        struct str code, message;
        int64_t signed_at, date, offset; /* offset 0: no skew */
    } rows[] = {
        {STR_INIT("RequestTimeTooSkewed"), STR_INIT(""), 10000, 12000, 2000},
        {STR_INIT("SignatureDoesNotMatch"), STR_INIT("Signature expired: x is now earlier than y"), 10000, 9000, -1000},
        {STR_INIT("InvalidSignatureException"), STR_INIT("Signature not yet current: x"), 10000, 9000, -1000},
        {STR_INIT("403"), STR_INIT(""), 10000, 12000, 2000},
        {STR_INIT("403"), STR_INIT(""), 10000, 10200, 0},
        {STR_INIT("SignatureDoesNotMatch"), STR_INIT("The request signature we calculated"), 10000, 90000, 0},
        {STR_INIT("RequestTimeTooSkewed"), STR_INIT(""), 10000, 0, 0},
        {STR_INIT("AccessDenied"), STR_INIT(""), 10000, 90000, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t offset = 0;
        bool found = retry_is_skew(rows[i].code, rows[i].message, rows[i].signed_at, rows[i].date, &offset);
        assert_int_equal(found, rows[i].offset != 0);
        assert_int_equal(offset, rows[i].offset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_the_code_decide_before_the_status),
        cmocka_unit_test(waits_longer_each_time_and_never_beyond_twenty_seconds),
        cmocka_unit_test(gives_the_same_delays_for_the_same_seed),
        cmocka_unit_test(ends_after_the_attempts_and_when_the_tokens_are_spent),
        cmocka_unit_test(knows_errors_of_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
