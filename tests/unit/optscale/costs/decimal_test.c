/* decimal_test.c: exact decimals, from text to sum to text. */
#include "optscale/costs/decimal.h"

#include "cmocka_all.h"

static void reads_what_python_takes_for_a_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *written; /* NULL: no number; "": too long */
    } rows[] = {
        {"0", "0"},
        {"-0.0", "0"},
        {"12304.18", "12304.18"},
        {"0.0000104166", "0.0000104166"},
        {"-0.0000104166", "-0.0000104166"},
        {"1.2E-7", "0.00000012"},
        {"1.2e+3", "1200"},
        {"+.5", "0.5"},
        {"5.", "5"},
        {" 7 ", "7"},
        {"0000000000000000000000001.50", "1.5"},
        {"123456789012345678.123456789012345678", "123456789012345678.123456789012345678"},
        {"0.000000000000000000000000000000000001", "0.000000000000000000000000000000000001"},
        {"-0.000000000000000000000000000000000001", "-0.000000000000000000000000000000000001"},
        {"-1.000000000000000000000000000000000001", "-1.000000000000000000000000000000000001"},
        {"1.2345678901234567E-12", "0.0000000000012345678901234567"},
        {"0.0000000000000000000000000000000000001", ""},
        {"1e20", ""},
        {"1e-99999999999", ""},
        {"0e99999999999", "0"},
        {"9999999999999999999", "9999999999999999999"},
        {"100.00000000000000000000000000000000000000000000000000000000000000000", "100"},
        {"", NULL},
        {".", NULL},
        {"-", NULL},
        {"e5", NULL},
        {"1e", NULL},
        {"1.2.3", NULL},
        {"1,2", NULL},
        {"--1", NULL},
        {"NaN", NULL},
        {"0x10", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char storage[DECIMAL_TEXT_MAX];
        struct decimal value = {.units = 0};
        enum decimal_kind kind = decimal_read(str_from(rows[i].text), &value);
        enum decimal_kind expected = !rows[i].written   ? DECIMAL_NO_NUMBER
                                     : *rows[i].written ? DECIMAL_READ
                                                        : DECIMAL_TOO_LONG;
        if (kind != expected ||
            (kind == DECIMAL_READ && !str_equal(decimal_text(value, storage), str_from(rows[i].written))))
            fail_msg("'%s': kind %d", rows[i].text, (int)kind);
    }
}

static void adds_in_any_order_to_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {"0.1", "-0.3", "1e-36", "-1e-30", "99999999999.999999999999999999", "-5e-19"};
    char storage[DECIMAL_TEXT_MAX];
    for (size_t first = 0; first < COUNT_OF(texts); first++) {
        struct decimal sum = {.units = 0};
        struct decimal value;
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            assert_int_equal(decimal_read(str_from(texts[(first + i) % COUNT_OF(texts)]), &value), DECIMAL_READ);
            decimal_add(&sum, &value);
        }
        assert_str_equal(decimal_text(sum, storage), STR("99999999999.799999999999999998499999999999000001"));
        decimal_subtract(&sum, &sum);
        assert_true(decimal_is_zero(&sum));
    }
}

static void writes_cents_for_people(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"12304.175", "12,304.18"}, {"0", "0.00"},
                                          {"-0.004", "0.00"},         {"-1234567.5", "-1,234,567.50"},
                                          {"999.995", "1,000.00"},    {"1000", "1,000.00"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char storage[DECIMAL_TEXT_MAX];
        struct decimal value;
        assert_int_equal(decimal_read(str_from(rows[i][0]), &value), DECIMAL_READ);
        assert_str_equal(decimal_text_short(value, storage), str_from(rows[i][1]));
    }
}

static void compares_and_shares(void **state)
{
    (void)state;
    struct decimal small, large, zero = {.units = 0};
    assert_int_equal(decimal_read(STR("9.3"), &small), DECIMAL_READ);
    assert_int_equal(decimal_read(STR("100"), &large), DECIMAL_READ);
    assert_true(decimal_compare(&small, &large) < 0 && decimal_compare(&large, &small) > 0);
    assert_int_equal(decimal_compare(&small, &small), 0);
    assert_int_equal(decimal_per_mille(&small, &large), 93);
    assert_int_equal(decimal_per_mille(&small, &zero), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_python_takes_for_a_number),
        cmocka_unit_test(adds_in_any_order_to_the_same),
        cmocka_unit_test(writes_cents_for_people),
        cmocka_unit_test(compares_and_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
