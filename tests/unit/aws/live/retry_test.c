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
        {STR_INIT("503"), 503, RETRY_THROTTLED},
        {STR_INIT("SlowDown"), 503, RETRY_THROTTLED},
        {STR_INIT("ServiceUnavailable"), 503, RETRY_TRANSIENT},
        {STR_INIT("InternalError"), 200, RETRY_TRANSIENT},
        {STR_INIT("Throttling"), 400, RETRY_THROTTLED},
        {STR_INIT("BadAnswer"), 502, RETRY_TRANSIENT},
        {STR_INIT("BadAnswer"), 200, RETRY_NEVER},
        {STR_INIT("BadAnswer"), 429, RETRY_THROTTLED},
        {STR_INIT("Timeout"), 0, RETRY_TIMED_OUT},
        {STR_INIT("Unreachable"), 0, RETRY_TRANSIENT},
        {STR_INIT("TooLarge"), 0, RETRY_NEVER},
        {STR_INIT("AccessDenied"), 403, RETRY_NEVER},
        {STR_INIT("NotImplemented"), 501, RETRY_NEVER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(retry_classify(rows[i].code, rows[i].status), rows[i].kind);
}

static void waits_longer_each_time_and_never_beyond_twenty_seconds(void **state)
{
    (void)state;
    static const int64_t throttled[] = {1000, 2000, 4000, 8000, 16000, 20000, 20000};
    static const int64_t broken[] = {100, 200, 400, 800, 1600, 3200, 6400};
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct retry_budget budget = retry_budget_make(100, 1000, seed);
        struct retry_tries tries = {{0}};
        for (size_t i = 0; i < COUNT_OF(throttled); i++) {
            int64_t delay;
            int cost;
            assert_true(retry_again(&budget, RETRY_THROTTLED, &tries, &delay, &cost));
            assert_in_range(delay, 0, throttled[i]);
            assert_true(retry_again(&budget, RETRY_TRANSIENT, &tries, &delay, &cost));
            assert_in_range(delay, 0, broken[i]);
        }
    }
}

static void gives_the_same_delays_for_the_same_seed(void **state)
{
    (void)state;
    struct retry_budget a = retry_budget_make(100, 1000, 7), b = retry_budget_make(100, 1000, 7);
    struct retry_tries of_a = {{0}}, of_b = {{0}};
    for (int i = 0; i < 20; i++) {
        int64_t left, right;
        int cost;
        assert_true(retry_again(&a, RETRY_TRANSIENT, &of_a, &left, &cost));
        assert_true(retry_again(&b, RETRY_TRANSIENT, &of_b, &right, &cost));
        assert_int_equal(left, right);
    }
}

/* How often a failure of one kind is followed by another try. */
static int tries_after(enum retry_kind kind, int max_attempts)
{
    struct retry_budget budget = retry_budget_make(max_attempts, 0, 1);
    struct retry_tries tries = {{0}};
    int64_t delay;
    int cost;
    int count = 0;
    while (retry_again(&budget, kind, &tries, &delay, &cost))
        count++;
    return count;
}

static void is_as_patient_as_the_kind_of_failure_deserves(void **state)
{
    (void)state;
    assert_int_equal(tries_after(RETRY_NEVER, 0), 0);
    assert_int_equal(tries_after(RETRY_TRANSIENT, 0), 5);
    assert_int_equal(tries_after(RETRY_TIMED_OUT, 0), 1);
    assert_int_equal(tries_after(RETRY_THROTTLED, 0), 99);
    assert_int_equal(tries_after(RETRY_THROTTLED, 3), 2);
    assert_int_equal(tries_after(RETRY_TIMED_OUT, 3), 2);
}

static void ends_when_the_tokens_are_spent(void **state)
{
    (void)state;
    struct retry_budget budget = retry_budget_make(0, 0, 1);
    int64_t delay;
    int cost;
    int count = 0;
    for (bool again = true; again; count += again) {
        struct retry_tries tries = {{0}};
        again = retry_again(&budget, RETRY_TIMED_OUT, &tries, &delay, &cost);
    }
    assert_int_equal(count, 50);
    retry_succeeded(&budget, cost);
    struct retry_tries tries = {{0}};
    assert_true(retry_again(&budget, RETRY_TRANSIENT, &tries, &delay, &cost));
    assert_int_equal(cost, 5);
    for (int i = 0; i < 1000; i++)
        retry_succeeded(&budget, 0);
    assert_int_equal(budget.tokens, 500);
}

static void obeys_how_long_a_service_asks_to_be_left_alone(void **state)
{
    (void)state;
    static const struct {
        struct http_header headers[2];
        int64_t milliseconds;
    } rows[] = {
        {{{STR_INIT("Retry-After"), STR_INIT("7")}}, 7000},
        {{{STR_INIT("retry-after"), STR_INIT("Sun, 22 Nov 2026 10:00:30 GMT")},
          {STR_INIT("Date"), STR_INIT("Sun, 22 Nov 2026 10:00:00 GMT")}},
         30000},
        {{{STR_INIT("Retry-After"), STR_INIT("Sun, 22 Nov 2026 10:00:30 GMT")}}, 0},
        {{{STR_INIT("Retry-After"), STR_INIT("-5")}}, 0},
        {{{STR_INIT("Retry-After"), STR_INIT("soon")}, {STR_INIT("Date"), STR_INIT("now")}}, 0},
        {{{STR_INIT("Retry-After"), STR_INIT("99999999999")}}, INT32_MAX},
        {{{STR_INIT("x-amz-retry-after"), STR_INIT("1500")}}, 1500},
        {{{STR_INIT("Server"), STR_INIT("x")}}, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(retry_after_ms((struct http_headers){rows[i].headers, 2}, 1000), rows[i].milliseconds);
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
        cmocka_unit_test(is_as_patient_as_the_kind_of_failure_deserves),
        cmocka_unit_test(ends_when_the_tokens_are_spent),
        cmocka_unit_test(obeys_how_long_a_service_asks_to_be_left_alone),
        cmocka_unit_test(knows_errors_of_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
