#include "cmocka_all.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"

static void cuts_at_separators(void **state)
{
    (void)state;
    struct str rest = STR("a:b::c");
    struct str head;
    assert_true(str_cut(&rest, ':', &head));
    assert_str_equal(head, STR("a"));
    assert_true(str_cut(&rest, ':', &head));
    assert_true(str_cut(&rest, ':', &head));
    assert_str_equal(head, STR(""));
    assert_false(str_cut(&rest, ':', &head));
    assert_str_equal(head, STR("c"));
    assert_int_equal(rest.len, 0);
}

static void finds_parts(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabd"), STR("abd"), 0), 3);
    assert_int_equal(str_find(STR("aaab"), STR("aab"), 0), 1);
    assert_int_equal(str_find(STR("abc"), STR("abcd"), 0), -1);
    assert_int_equal(str_find(STR("abc"), STR(""), 3), 3);
    assert_int_equal(str_find_last_char(STR("a/b/c"), '/'), 3);
}

static void reads_integers_to_their_limits(void **state)
{
    (void)state;
    int64_t value;
    assert_true(str_to_int64(STR("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(str_to_int64(STR("9223372036854775807"), &value));
    assert_false(str_to_int64(STR("9223372036854775808"), &value));
    assert_false(str_to_int64(STR("1 "), &value));
    assert_false(str_to_int64(STR("-"), &value));
}

static void knows_utf8(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")));
    assert_false(str_is_utf8(STR("\xC0\xAF")));
    assert_false(str_is_utf8(STR("\xED\xA0\x80")));
    assert_false(str_is_utf8(STR("\xF4\x90\x80\x80")));
    assert_false(str_is_utf8(STR("\xE2\x82")));
}

static void percent_codes_both_ways(void **state)
{
    struct str all = {NULL, 0};
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    all = (struct str){bytes, 256};
    assert_str_equal(str_percent_decode(*state, str_percent_encode(*state, all, "")), all);
    assert_str_equal(str_percent_encode(*state, STR("a b/c"), "/"), STR("a%20b/c"));
    assert_str_equal(str_percent_decode(*state, STR("%4a+%zz%4")), STR("J+%zz%4"));
}

static void suggests_the_nearest_name(void **state)
{
    (void)state;
    static const struct str names[] = {STR_INIT("bucket"), STR_INIT("export-name"), STR_INIT("prefix")};
    assert_str_equal(str_nearest(STR("buckte"), names, 3), STR("bucket"));
    assert_str_equal(str_nearest(STR("export_name"), names, 3), STR("export-name"));
    assert_int_equal(str_nearest(STR("zebra"), names, 3).len, 0);
}

static void builders_stop_at_their_maximum(void **state)
{
    struct buf buf = buf_make(*state, 5);
    buf_add_c(&buf, "abc");
    buf_add_c(&buf, "def");
    assert_true(buf.overflow);
    assert_str_equal(buf_str(&buf), STR("abc"));
}

static void errors_grow_outward(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set(&error, "Timeout", "timed out"));
    assert_false(error_wrap(&error, "connect to %s", "host"));
    assert_false(error_wrap(&error, "s3:GetBucketPolicy"));
    assert_string_equal(error.text, "s3:GetBucketPolicy: connect to host: timed out");
    for (int i = 0; i < 3000; i++)
        error_wrap(&error, "\xC3\xA9");
    assert_true(str_is_utf8(str_from(error.text)));
}

static void maps_find_what_was_set(void **state)
{
    struct map *map = map_open(*state);
    for (int i = 0; i < 1000; i++)
        map_set(map, str_format(*state, "key %d", i), str_format(*state, "%d", i).ptr);
    map_set(map, STR("key 7"), "seven");
    assert_int_equal(map_count(map), 1000);
    assert_string_equal(map_get(map, STR("key 999")), "999");
    assert_string_equal(map_get(map, STR("key 7")), "seven");
    assert_null(map_get(map, STR("key 1000")));
}

static void count_close(void *counter)
{
    ++*(int *)counter;
}

static void arenas_close_what_was_deferred(void **state)
{
    (void)state;
    int closed = 0;
    struct arena *arena = arena_open(0);
    arena_defer(arena, count_close, &closed);
    struct arena_mark mark = arena_mark(arena);
    arena_defer(arena, count_close, &closed);
    memset(arena_array(arena, char, 100000), 1, 100000);
    arena_rewind(arena, mark);
    assert_int_equal(closed, 1);
    char *again = arena_array(arena, char, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(again[i], 0);
    arena_close(arena);
    assert_int_equal(closed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_at_separators),
        cmocka_unit_test(finds_parts),
        cmocka_unit_test(reads_integers_to_their_limits),
        cmocka_unit_test(knows_utf8),
        arena_test(percent_codes_both_ways),
        cmocka_unit_test(suggests_the_nearest_name),
        arena_test(builders_stop_at_their_maximum),
        cmocka_unit_test(errors_grow_outward),
        arena_test(maps_find_what_was_set),
        cmocka_unit_test(arenas_close_what_was_deferred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
