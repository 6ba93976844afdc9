/* cmocka_all.h: cmocka and what it wants before it. */
#ifndef EXPORTCHECK_TESTS_CMOCKA_ALL_H
#define EXPORTCHECK_TESTS_CMOCKA_ALL_H

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/** A test whose state is an arena that is opened before it and closed after it. */
static inline int open_test_arena(void **state)
{
    *state = arena_open(0);
    return 0;
}
static inline int close_test_arena(void **state)
{
    arena_close(*state);
    return 0;
}
#define arena_test(function) cmocka_unit_test_setup_teardown(function, open_test_arena, close_test_arena)

/** Compares views, and prints both where they differ. */
#define assert_str_equal(a, b) assert_views_equal((a), (b), __FILE__, __LINE__)
static inline void assert_views_equal(struct str a, struct str b, const char *file, int line)
{
    if (!str_equal(a, b)) {
        print_error("\"%.*s\" != \"%.*s\"\n", STR_ARG(a), STR_ARG(b));
        _fail(file, line);
    }
}

#endif
