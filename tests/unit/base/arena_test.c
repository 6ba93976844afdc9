#include "cmocka_all.h"

#include "base/arena.h"

static void gives_zeroed_and_aligned_memory(void **state)
{
    struct arena *arena = arena_open(0);
    for (size_t i = 1; i < 200; i++) {
        char *bytes = arena_array(arena, char, i);
        double *number = arena_new(arena, double);
        assert_true((uintptr_t)number % _Alignof(double) == 0 && *number == 0);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(bytes[k], 0);
        memset(bytes, 'x', i);
        *number = 1;
    }
    arena_close(arena);
    (void)state;
}

static void what_is_rewound_is_used_again(void **state)
{
    struct arena *arena = arena_open(0);
    for (size_t size = 1; size < 5000000; size = size * 3 + 1) {
        struct arena_mark mark = arena_mark(arena);
        char *first = arena_array(arena, char, size);
        memset(first, 'x', size);
        arena_rewind(arena, mark);
        char *second = arena_array(arena, char, size);
        assert_ptr_equal(first, second);
        assert_int_equal(second[size - 1], 0);
        arena_rewind(arena, mark);
    }
    arena_close(arena);
    (void)state;
}

static void grows_the_newest_in_place_and_copies_any_other(void **state)
{
    struct arena *arena = arena_open(0);
    char *bytes = arena_array(arena, char, 10);
    memset(bytes, 'a', 10);
    assert_ptr_equal(arena_resize(arena, bytes, 10, 100, 1), bytes);
    assert_int_equal(bytes[9], 'a');
    assert_int_equal(bytes[10], 0);
    memset(bytes, 'a', 100);
    char *behind = arena_array(arena, char, 1);
    *behind = 'b';
    char *copy = arena_resize(arena, bytes, 100, 200, 1);
    assert_ptr_not_equal(copy, bytes);
    assert_int_equal(copy[99], 'a');
    assert_int_equal(copy[100], 0);
    assert_int_equal(*behind, 'b');
    arena_close(arena);
    (void)state;
}

static void grows_beyond_its_chunk(void **state)
{
    struct arena *arena = arena_open(0);
    size_t size = 1;
    char *bytes = arena_resize(arena, NULL, 0, size, 1);
    for (; size < 3000000; size *= 2) {
        memset(bytes, 'a', size);
        bytes = arena_resize(arena, bytes, size, size * 2, 1);
        assert_int_equal(bytes[size - 1], 'a');
        assert_int_equal(bytes[size * 2 - 1], 0);
    }
    arena_close(arena);
    (void)state;
}

static void note(void *object)
{
    ++*(int *)object;
}

static void closes_what_was_deferred_once(void **state)
{
    int closed = 0;
    struct arena *arena = arena_open(0);
    struct arena_mark mark = arena_mark(arena);
    arena_defer(arena, note, &closed);
    arena_rewind(arena, mark);
    assert_int_equal(closed, 1);
    arena_defer(arena, note, &closed);
    arena_close(arena);
    assert_int_equal(closed, 2);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_and_aligned_memory),
        cmocka_unit_test(what_is_rewound_is_used_again),
        cmocka_unit_test(grows_the_newest_in_place_and_copies_any_other),
        cmocka_unit_test(grows_beyond_its_chunk),
        cmocka_unit_test(closes_what_was_deferred_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
