/* The table of functions: its order, and that each row is whole. */
#include "query/functions.h"

#include "cmocka_all.h"

static void every_row_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < function_count; i++) {
        const struct function *row = &functions[i];
        assert_true(row->name.len > 0);
        assert_non_null(row->apply);
        assert_true(row->min <= row->max);
        assert_true(row->max <= FUNCTION_MAX_PARAMETERS || row->max == FUNCTION_VARIADIC);
        size_t named = row->max < FUNCTION_MAX_PARAMETERS ? row->max : FUNCTION_MAX_PARAMETERS;
        for (size_t j = 0; j < named; j++) {
            assert_true(row->types[j] != 0);
            assert_true(row->types[j] == TYPE_REFERENCE || !(row->types[j] & TYPE_REFERENCE));
        }
    }
}

static void names_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < function_count; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_equal(functions[i].name, functions[j].name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_whole), cmocka_unit_test(names_are_unique)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
