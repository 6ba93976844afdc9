/* listing_test.c: listings as the AWS CLI prints them. */
#include "optscale/files/listing.h"

#include "cmocka_all.h"

static struct optscale_listing read_ok(struct arena *arena, struct str text)
{
    struct optscale_listing listing;
    struct error error;
    if (!optscale_listing_read(arena, STR("f"), text, &listing, &error)) {
        fail_msg("%s", error.text);
    }
    return listing;
}

static void reads_what_s3_ls_prints(void **state)
{
    struct optscale_listing listing = read_ok(*state, STR("2026-01-06 10:11:12       1234 b/key with  blanks \n"
                                                          "2026-01-06 10:11:12        1.5 KiB a/b\r\n"
                                                          "2026-01-06 10:11:12    0 Bytes a/empty\n"
                                                          "\n"
                                                          "Total Objects: 3\n"
                                                          "   Total Size: 3 Bytes\n"));
    assert_int_equal(listing.count, 3);
    assert_str_equal(listing.objects[0].key, STR("a/b"));
    assert_int_equal(listing.objects[0].size, 1536);
    assert_str_equal(listing.objects[1].key, STR("a/empty"));
    assert_str_equal(listing.objects[2].key, STR("b/key with  blanks "));
    assert_int_equal(listing.objects[2].size, 1234);
    assert_int_equal(listing.objects[2].modified, INT64_C(1767694272000000));
}

static void reads_what_list_objects_prints(void **state)
{
    static const char *const texts[] = {
        "{\"Contents\":[{\"Key\":\"b\",\"LastModified\":\"2026-01-06T10:11:12.250000+00:00\",\"Size\":1},"
        "{\"Key\":\"a\",\"LastModified\":\"2026-01-06T10:11:12+00:00\",\"Size\":2,\"StorageClass\":\"GLACIER\"}]}",
        "[{\"Key\":\"b\",\"LastModified\":\"2026-01-06T10:11:12.250Z\",\"Size\":1},"
        "{\"Key\":\"a\",\"LastModified\":\"2026-01-06T10:11:12Z\",\"Size\":2,\"StorageClass\":\"GLACIER\"}]",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct optscale_listing listing = read_ok(*state, str_from(texts[i]));
        assert_int_equal(listing.count, 2);
        assert_str_equal(listing.objects[0].key, STR("a"));
        assert_str_equal(listing.objects[0].storage_class, STR("GLACIER"));
        assert_int_equal(listing.objects[1].modified, INT64_C(1767694272250000));
        assert_false(listing.is_cut);
    }
}

static void an_empty_bucket_is_a_listing(void **state)
{
    assert_int_equal(read_ok(*state, STR("")).count, 0);
    assert_int_equal(read_ok(*state, STR("{}")).count, 0);
    assert_int_equal(read_ok(*state, STR("null\n")).count, 0);
    assert_int_equal(read_ok(*state, STR("\xef\xbb\xbf{\"RequestCharged\":null}")).count, 0);
}

static void says_that_there_is_more(void **state)
{
    assert_true(read_ok(*state, STR("{\"IsTruncated\":true}")).is_cut);
    assert_true(read_ok(*state, STR("{\"NextToken\":\"x\"}")).is_cut);
}

static void refuses_anything_else(void **state)
{
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"                           PRE data/\n", "--recursive"},
        {"hello\n", "f:1: expected"},
        {"2026-01-06 10:11:12       1234 a\n2026-01-06\n", "f:2: expected"},
        {"2026-13-06 10:11:12       1234 a\n", "f:1: expected"},
        {"2026-01-06 10:11:12       -1 a\n", "f:1: expected"},
        {"2026-01-06 10:11:12       12\n", "f:1: expected"},
        {"{\"Contents\":{}}", "objects"},
        {"{\"Contents\":[{\"Size\":1}]}", "Key"},
        {"{\"Contents\":[{\"Key\":\"a\",\"LastModified\":\"soon\"}]}", "soon"},
        {"{\"Contents\":", "f:1:"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optscale_listing listing;
        struct error error = {.text = ""};
        assert_false(optscale_listing_read(*state, STR("f"), str_from(rows[i].text), &listing, &error));
        if (!str_contains(str_from(error.text), str_from(rows[i].part))) {
            fail_msg("%s", error.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(reads_what_s3_ls_prints),      arena_test(reads_what_list_objects_prints),
        arena_test(an_empty_bucket_is_a_listing), arena_test(says_that_there_is_more),
        arena_test(refuses_anything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
