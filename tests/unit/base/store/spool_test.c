/* Texts by number, in files without names. */
#include "cmocka_all.h"

#include "base/store/spool.h"

static void gives_each_text_by_its_number(void **state)
{
    struct spool *spool;
    struct error error;
    assert_true(spool_open(*state, &spool, &error));
    for (int i = 0; i < 1000; i++)
        assert_true(spool_add(spool, i % 7 ? str_format(*state, "text %d", i) : STR(""), &error));
    assert_true(spool_flush(spool, &error));
    assert_int_equal(spool_count(spool), 1000);
    for (int i = 999; i >= 0; i -= 3) {
        struct str text;
        assert_true(spool_get(spool, (size_t)i, *state, &text, &error));
        assert_str_equal(text, i % 7 ? str_format(*state, "text %d", i) : STR(""));
    }
}

static void what_was_not_added_cannot_be_read(void **state)
{
    struct spool *spool;
    struct error error;
    struct str text;
    assert_true(spool_open(*state, &spool, &error));
    assert_false(spool_get(spool, 0, *state, &text, &error));
    assert_true(error_is(&error, ERROR_IO));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(gives_each_text_by_its_number),
        arena_test(what_was_not_added_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
