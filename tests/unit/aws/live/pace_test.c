/* pace_test.c: a service is asked as fast as calls come, more slowly once it throttles, and faster again. */
#include "aws/live/pace.h"

#include "base/macros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { T0 = 1000000 };

static void lets_all_through_until_the_service_throttles(void **state)
{
    (void)state;
    struct pace pace = {.second_ms = 1000};
    int64_t wait;
    for (int i = 0; i < 1000; i++) {
        assert_true(pace_admit(&pace, T0 + i, &wait));
        pace_answered(&pace, T0 + i);
    }
    assert_false(pace.limited);
}

/* Requests that pass within so many milliseconds, where one waits as long as it is told to. */
static int passed_within(struct pace *pace, int64_t *now, int64_t milliseconds)
{
    int64_t end = *now + milliseconds;
    int passed = 0;
    while (*now < end) {
        int64_t wait;
        if (pace_admit(pace, *now, &wait)) {
            passed++;
        } else {
            assert_true(wait >= 1);
            *now += wait;
        }
    }
    return passed;
}

static void asks_more_slowly_after_each_refusal_and_never_stops(void **state)
{
    (void)state;
    struct pace pace = {.second_ms = 1000};
    int64_t now = T0;
    int64_t wait;
    for (int i = 0; i < 100; i++, now += 10)
        assert_true(pace_admit(&pace, now, &wait));
    pace_throttled(&pace, now);
    double before = pace.rate;
    assert_true(pace.limited && before < 100);
    for (int i = 0; i < 50; i++) {
        pace_throttled(&pace, now);
        assert_true(pace.rate <= before);
        before = pace.rate;
    }
    assert_true(before >= 0.5);
    assert_in_range(passed_within(&pace, &now, 10000), 4, 7);
}

static void recovers_once_the_service_answers(void **state)
{
    (void)state;
    struct pace pace = {.second_ms = 1000};
    int64_t now = T0;
    int64_t wait;
    assert_true(pace_admit(&pace, now, &wait));
    pace_throttled(&pace, now);
    double slow = pace.rate;
    for (int i = 0; i < 200; i++) {
        while (!pace_admit(&pace, now, &wait))
            now += wait;
        pace_answered(&pace, now);
    }
    assert_true(pace.rate > 20 * slow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_all_through_until_the_service_throttles),
        cmocka_unit_test(asks_more_slowly_after_each_refusal_and_never_stops),
        cmocka_unit_test(recovers_once_the_service_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
