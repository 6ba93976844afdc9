/* names_test.c: what OptScale, botocore and S3 accept as names and regions. */
#include "optscale/model/names.h"

#include "cmocka_all.h"

static void refuses_twelve_ascii_signs_and_no_others(void **state)
{
    (void)state;
    for (int c = 0x20; c < 0x7f; c++) {
        char text[] = {'a', (char)c, 'b'};
        bool refused = strchr(" \"#$%&]^`{}~", c) != NULL;
        assert_int_equal(optscale_name_is_valid((struct str){text, 3}), !refused);
    }
}

static void a_last_line_feed_passes_as_in_python(void **state)
{
    (void)state;
    assert_true(optscale_name_is_valid(STR("a\n")));
    assert_false(optscale_name_is_valid(STR("a\n\n")));
    assert_false(optscale_name_is_valid(STR("\n")));
    assert_false(optscale_name_is_valid(STR("")));
    assert_false(optscale_name_is_valid(STR("caf\xc3\xa9")));
}

static void names_the_character_that_is_refused(void **state)
{
    (void)state;
    assert_str_equal(optscale_name_bad_character(STR("a b")), STR(" "));
    assert_str_equal(optscale_name_bad_character(STR("caf\xc3\xa9s")), STR("\xc3\xa9"));
    assert_str_equal(optscale_name_bad_character(STR("reports")), STR(""));
}

static void tells_names_from_arns_and_nonsense(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum optscale_bucket_form form;
    } rows[] = {
        {"a", OPTSCALE_BUCKET_NAME_FORM},
        {"Bad_Bucket.-", OPTSCALE_BUCKET_NAME_FORM},
        {"b\n", OPTSCALE_BUCKET_NAME_FORM},
        {"", OPTSCALE_BUCKET_NO_FORM},
        {" b", OPTSCALE_BUCKET_NO_FORM},
        {"s3://b", OPTSCALE_BUCKET_NO_FORM},
        {"b/p", OPTSCALE_BUCKET_NO_FORM},
        {"arn:aws:s3:::b", OPTSCALE_BUCKET_NO_FORM},
        {"arn:aws:s3:us-east-1:123456789012:accesspoint/x.y", OPTSCALE_BUCKET_ARN_FORM},
        {"arn:aws:s3::123456789012:accesspoint:x", OPTSCALE_BUCKET_ARN_FORM},
        {"arn:aws-cn:s3-object-lambda:cn-north-1:123456789012:accesspoint/x", OPTSCALE_BUCKET_ARN_FORM},
        {"arn:aws:s3:us-east-1:12345678901:accesspoint/x", OPTSCALE_BUCKET_NO_FORM},
        {"arn:aws:sqs:us-east-1:123456789012:accesspoint/x", OPTSCALE_BUCKET_NO_FORM},
        {"arn:aws:s3-outposts:us-east-1:123456789012:outpost/o-1/accesspoint/x", OPTSCALE_BUCKET_ARN_FORM},
        {"arn:aws:s3-outposts::123456789012:outpost/o-1/accesspoint/x", OPTSCALE_BUCKET_NO_FORM},
        {"arn:aws:s3-outposts:us-east-1:123456789012:outpost/o.1/accesspoint/x", OPTSCALE_BUCKET_NO_FORM},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (optscale_bucket_form(str_from(rows[i].name)) != rows[i].form) {
            fail_msg("%s", rows[i].name);
        }
    }
}

static void a_bucket_name_has_at_most_255_characters(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'x', sizeof(name));
    assert_int_equal(optscale_bucket_form((struct str){name, 255}), OPTSCALE_BUCKET_NAME_FORM);
    assert_int_equal(optscale_bucket_form((struct str){name, 256}), OPTSCALE_BUCKET_NO_FORM);
}

static void new_buckets_follow_s3s_rules(void **state)
{
    (void)state;
    static const char *const good[] = {"abc", "acme-billing", "finops.acme.example", "1a2"};
    static const char *const bad[] = {"ab",      "Bad",        "a_b",       "-ab",      "ab-",     "a..b",
                                      "1.2.3.4", "xn--bucket", "b-s3alias", "sthree-b", "b--x-s3", ""};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(optscale_bucket_name_is_creatable(str_from(good[i])));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(optscale_bucket_name_is_creatable(str_from(bad[i])));
    }
}

static void knows_36_regions_and_global(void **state)
{
    (void)state;
    assert_int_equal(optscale_region_count, 37);
    assert_true(optscale_region_is_known(STR("eu-west-1")));
    assert_true(optscale_region_is_known(STR("global")));
    assert_false(optscale_region_is_known(STR("ap-east-2")));
    assert_false(optscale_region_is_known(STR("EU")));
}

static void a_region_must_be_a_host_label(void **state)
{
    (void)state;
    assert_true(optscale_region_is_label(STR("EU")));
    assert_false(optscale_region_is_label(STR("not valid")));
    assert_false(optscale_region_is_label(STR("123")));
    assert_false(optscale_region_is_label(STR("-a")));
}

static void old_locations_are_regions(void **state)
{
    (void)state;
    assert_str_equal(optscale_region_of_location(STR("")), STR("us-east-1"));
    assert_str_equal(optscale_region_of_location(STR("EU")), STR("eu-west-1"));
    assert_str_equal(optscale_region_of_location(STR("sa-east-1")), STR("sa-east-1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_twelve_ascii_signs_and_no_others),
        cmocka_unit_test(a_last_line_feed_passes_as_in_python),
        cmocka_unit_test(names_the_character_that_is_refused),
        cmocka_unit_test(tells_names_from_arns_and_nonsense),
        cmocka_unit_test(a_bucket_name_has_at_most_255_characters),
        cmocka_unit_test(new_buckets_follow_s3s_rules),
        cmocka_unit_test(knows_36_regions_and_global),
        cmocka_unit_test(a_region_must_be_a_host_label),
        cmocka_unit_test(old_locations_are_regions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
