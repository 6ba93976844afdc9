/* fix_test.c: commands and fragments whatever names and policies an account has. */
#include "reports/fix/apply.h"
#include "reports/fix/cloudformation.h"
#include "reports/fix/kind.h"
#include "reports/fix/terraform.h"

#include "cmocka_all.h"

static const struct json *parsed(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    assert_true(json_parse(arena, STR("t"), str_from(text), &json_limits_default, &value, NULL));
    return value;
}

static struct correction user_policy(struct arena *arena, const char *name)
{
    struct str parameters = str_format(arena, "{\"UserName\": \"optscale\", \"PolicyName\": \"%s\"}", name);
    return (struct correction){
        .kind = STR("user-policy"),
        .parameters = parsed(arena, str_to_c(arena, parameters)),
        .after = parsed(arena, "{\"Statement\": [{\"Resource\": \"arn:aws:s3:::${aws:username}/%{x}\"}]}")};
}

static void what_a_shell_would_read_is_quoted(void **state)
{
    struct correction correction = user_policy(*state, "a b;$(id)'");
    assert_str_equal(
        fix_apply(*state, &correction),
        STR("aws iam put-user-policy --user-name optscale --policy-name 'a b;$(id)'\\''' --policy-document "
            "file://corrected.json"));
    assert_str_equal(fix_undo(*state, &correction),
                     STR("aws iam delete-user-policy --user-name optscale --policy-name 'a b;$(id)'\\'''"));
}

static void what_terraform_would_evaluate_is_text(void **state)
{
    struct correction correction = user_policy(*state, "a\\\"${b}");
    struct str text = fix_terraform(*state, &correction);
    assert_true(str_contains(text, STR("\"arn:aws:s3:::$${aws:username}/%%{x}\"")));
    assert_true(str_contains(text, STR("name = \"a\\\"$${b}\"")));
    assert_true(str_contains(text, STR("resource \"aws_iam_user_policy\" \"optscale_optscale_a___b_\" {")));
}

static void names_are_spelled_as_the_provider_spells_them(void **state)
{
    struct correction correction = {
        .kind = STR("bucket-encryption"),
        .parameters = parsed(*state, "{\"Bucket\": \"b\"}"),
        .before = parsed(*state, "{}"),
        .after = parsed(*state, "{\"Rules\": [{\"ApplyServerSideEncryptionByDefault\": {\"SSEAlgorithm\": \"aws:kms\", "
                                "\"KMSMasterKeyID\": \"k\"}, \"BucketKeyEnabled\": true}]}")};
    assert_str_equal(fix_terraform(*state, &correction),
                     STR("# It is there already: this takes it over. Leave it out where you manage it under another "
                         "name, and put\n# what stands below into that resource; what it does not name stays as you "
                         "have it.\nimport {\n  to = aws_s3_bucket_server_side_encryption_configuration.optscale_b\n"
                         "  id = \"b\"\n}\n\n"
                         "resource \"aws_s3_bucket_server_side_encryption_configuration\" \"optscale_b\" {\n"
                         "  bucket = \"b\"\n  rule {\n    apply_server_side_encryption_by_default {\n"
                         "      sse_algorithm = \"aws:kms\"\n      kms_master_key_id = \"k\"\n    }\n"
                         "    bucket_key_enabled = true\n  }\n}\n"));
    assert_true(str_contains(fix_cloudformation(*state, &correction), STR("\"ServerSideEncryptionByDefault\"")));
}

static void a_document_that_goes_has_no_template(void **state)
{
    struct correction correction = user_policy(*state, "Extra");
    correction.before = correction.after;
    correction.after = NULL;
    assert_int_equal(fix_cloudformation(*state, &correction).len, 0);
    assert_true(str_contains(fix_terraform(*state, &correction), STR("removed {")));
    assert_str_equal(fix_apply(*state, &correction),
                     STR("aws iam delete-user-policy --user-name optscale --policy-name Extra"));
    assert_true(str_contains(fix_undo(*state, &correction), STR("file://before.json")));
}

static void a_blank_that_looks_like_a_parameter_is_text(void **state)
{
    struct correction correction = user_policy(*state, "Extra");
    correction.after = parsed(*state, "{\"Statement\": {\"Resource\": \"${AWS::AccountId}/${x}\"}}");
    const struct json *template = parsed(*state, str_to_c(*state, fix_cloudformation(*state, &correction)));
    const struct json *join = json_pointer(
        template, STR("/Resources/OptScaleoptscaleExtra/Properties/PolicyDocument/Statement/Resource/Fn::Join"));
    assert_str_equal(json_text(*state, join, 0), STR("[\"\",[\"$\",\"{AWS::AccountId}/$\",\"{x}\"]]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(what_a_shell_would_read_is_quoted), arena_test(what_terraform_would_evaluate_is_text),
        arena_test(names_are_spelled_as_the_provider_spells_them), arena_test(a_document_that_goes_has_no_template),
        arena_test(a_blank_that_looks_like_a_parameter_is_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
