/* ahead_test.c: the same bytes and the same failure, whoever is faster; and a reader that leaves. */
#include "costs/ahead.h"

#include "cmocka_all.h"

#include <string.h>

/* Counts up, in pieces of changing length, to `size`; and fails there where it shall. */
struct counting {
    size_t at;
    size_t size;
    size_t piece;
    bool fails;
};

static bool count_up(void *self, char *room, size_t max, size_t *ret, struct error *error)
{
    struct counting *counting = self;
    size_t left = counting->size - counting->at;
    size_t count = counting->piece < left ? counting->piece : left;
    if (left == 0 && counting->fails)
        return error_set(error, ERROR_IO, "it broke");
    count = count < max ? count : max;
    for (size_t i = 0; i < count; i++)
        room[i] = (char)((counting->at + i) * 7 >> 3);
    counting->at += count;
    counting->piece = counting->piece * 5 % 99991 + 1;
    *ret = count;
    return true;
}

/* Reads in pieces of `max`, at most `limit` bytes; how many there were, and that they are the right ones. */
static size_t read_through(const struct byte_source *source, size_t max, size_t limit, bool *ret_ok)
{
    static char room[1 << 16];
    struct error error;
    size_t total = 0, got = 1;
    for (*ret_ok = true; got > 0 && total < limit; total += got) {
        *ret_ok = source->read(source->self, room, max, &got, &error);
        if (!*ret_ok)
            return total;
        for (size_t i = 0; i < got; i++)
            assert_int_equal(room[i], (char)((total + i) * 7 >> 3));
    }
    return total;
}

static const size_t sizes[] = {0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 3000000};

static void gives_the_same_bytes(void **state)
{
    bool ok;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct counting counting = {.size = sizes[i], .piece = 11};
        struct byte_source ahead = ahead_open(*state, &(struct byte_source){&counting, count_up});
        assert_int_equal(read_through(&ahead, 50000, SIZE_MAX, &ok), sizes[i]);
        assert_true(ok);
        assert_int_equal(read_through(&ahead, 1, SIZE_MAX, &ok), 0); /* the end stays */
    }
}

static void gives_the_same_failure(void **state)
{
    struct error error;
    char byte;
    size_t got;
    bool ok;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct counting counting = {.size = sizes[i], .piece = 11, .fails = true};
        struct byte_source ahead = ahead_open(*state, &(struct byte_source){&counting, count_up});
        assert_true(read_through(&ahead, 50000, SIZE_MAX, &ok) <= sizes[i]);
        assert_false(ok);
        assert_false(ahead.read(ahead.self, &byte, 1, &got, &error)); /* and the failure, too */
        assert_string_equal(error.text, "it broke");
    }
}

static void ends_with_the_arena(void **state)
{
    bool ok;
    (void)state;
    for (size_t limit = 0; limit < 3000000; limit += 999999) {
        struct counting counting = {.size = 3000000, .piece = 11};
        struct arena *arena = arena_open(0);
        struct byte_source ahead = ahead_open(arena, &(struct byte_source){&counting, count_up});
        assert_true(read_through(&ahead, 40000, limit, &ok) >= limit);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_same_bytes),
        cmocka_unit_test(gives_the_same_failure),
        cmocka_unit_test(ends_with_the_arena),
    };
    return cmocka_run_group_tests(tests, open_test_arena, close_test_arena);
}
