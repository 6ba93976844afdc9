#include "cmocka_all.h"

#include "base/clock.h"

static void reads_every_form_of_the_same_time(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123Z", "2026-11-22T12:00:00+02:00",     "2026-11-22T05:30:00-0430",
        "20261122T100000Z",     "20261122T100000.000Z",     "Sun, 22 Nov 2026 10:00:00 GMT", "1795341600",
        "1795341600.5"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        int64_t seconds = 0;
        if (!clock_parse(str_from(forms[i]), &seconds))
            fail_msg("%s", forms[i]);
        assert_int_equal(seconds, 1795341600);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    static const char *const forms[] = {"",
                                        "yesterday",
                                        "2026-13-01",
                                        "2026-02-29T00:00:00Z",
                                        "2026-11-22T10",
                                        "2026-11-22T10:00:00+2",
                                        "Sun, 22 Foo 2026 10:00:00 GMT",
                                        "20261122T10Z",
                                        "12x"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        int64_t seconds = 0;
        if (clock_parse(str_from(forms[i]), &seconds))
            fail_msg("%s", forms[i]);
    }
}

static void dates_and_seconds_agree(void **state)
{
    for (int64_t seconds = -5000000000; seconds < 9000000000; seconds += 86399 * 331) {
        assert_int_equal(clock_seconds(clock_date(seconds)), seconds);
        int64_t read = 0;
        assert_true(clock_parse(clock_iso(*state, seconds), &read));
        assert_int_equal(read, seconds);
    }
}

static void writes_http_dates(void **state)
{
    assert_str_equal(clock_http(*state, 784111777), STR("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_str_equal(clock_iso_basic(*state, 1440938160), STR("20150830T123600Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_the_same_time),
        cmocka_unit_test(refuses_what_is_no_time),
        arena_test(dates_and_seconds_agree),
        arena_test(writes_http_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
