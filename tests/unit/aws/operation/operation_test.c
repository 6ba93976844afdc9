/* operation_test.c: the table of operations: what it must hold, and what it must never hold. */
#include "aws/operation/operation.h"

#include "base/macros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool starts_with_one_of(const char *name, const char *const *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    }
    return false;
}

static void no_row_writes_or_returns_credentials(void **state)
{
    (void)state;
    static const char *const reading[] = {"Get", "List", "Describe", "Head", "Simulate"};
    static const char *const credentials[] = {"GetSessionToken", "GetFederationToken", "GetRoleCredentials",
                                              "GetWebIdentityToken", "GetDelegatedAccessToken"};
    size_t count;
    const struct operation *rows = operation_rows(&count);
    assert_true(count > 90);
    for (size_t i = 0; i < count; i++) {
        assert_true(starts_with_one_of(rows[i].name, reading, COUNT_OF(reading)));
        assert_false(starts_with_one_of(rows[i].name, credentials, COUNT_OF(credentials)));
        bool is_rpc = rows[i].service->protocol <= PROTOCOL_JSON;
        assert_true(is_rpc || strcmp(rows[i].method, "GET") == 0 || strcmp(rows[i].method, "HEAD") == 0);
    }
}

static const struct shape_member *member_of(const struct shape *shape, const char *name, size_t length)
{
    for (size_t i = 0; shape && i < shape->member_count; i++) {
        if (strlen(shape->members[i].name) == length && strncmp(shape->members[i].name, name, length) == 0)
            return &shape->members[i];
    }
    return NULL;
}

static void paging_names_are_members(void **state)
{
    (void)state;
    size_t count;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const struct operation *row = &rows[i];
        if (!row->input_token)
            continue;
        assert_non_null(member_of(row->input, row->input_token, strlen(row->input_token)));
        assert_non_null(member_of(row->output, row->output_token, strlen(row->output_token)));
        for (const char *key = row->result_key; key && *key;) {
            size_t length = strcspn(key, "|");
            const struct shape_member *list = member_of(row->output, key, length);
            assert_non_null(list);
            assert_int_equal(list->shape->kind, SHAPE_LIST);
            key += length + (key[length] == '|');
        }
    }
}

static void every_row_has_an_output_an_action_and_a_resource(void **state)
{
    (void)state;
    size_t count;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(rows[i].output);
        assert_int_equal(rows[i].output->kind, SHAPE_STRUCTURE);
        assert_true(rows[i].iam_action || rows[i].auth != AUTH_SIGV4);
        assert_non_null(rows[i].iam_resource);
    }
}

static void rows_are_found_by_service_and_name(void **state)
{
    (void)state;
    const struct operation *row = operation_find_call(STR("s3:ListObjectsV2"));
    assert_non_null(row);
    assert_string_equal(row->iam_action, "s3:ListBucket");
    assert_string_equal(row->result_key, "Contents|CommonPrefixes");
    assert_ptr_equal(operation_find(STR("iam"), STR("GetUser")), operation_find(STR(""), STR("GetUser")));
    assert_null(operation_find(STR(""), STR("GetPublicAccessBlock"))); /* of s3 and of s3control */
    assert_null(operation_find_call(STR("s3:PutObject")));
    assert_null(operation_find_call(STR("GetUser")));
    assert_non_null(service_find(STR("bcm-data-exports")));
    assert_null(service_find(STR("")));
}

static void policies_and_keys_have_kinds_of_their_own(void **state)
{
    (void)state;
    const struct operation *row = operation_find_call(STR("iam:GetUserPolicy"));
    assert_int_equal(member_of(row->output, "PolicyDocument", 14)->shape->kind, SHAPE_POLICY_ENCODED);
    row = operation_find_call(STR("s3:GetBucketPolicy"));
    assert_string_equal(row->payload, "Policy");
    assert_int_equal(member_of(row->output, "Policy", 6)->shape->kind, SHAPE_POLICY);
    row = operation_find_call(STR("s3:ListObjectsV2"));
    assert_int_equal(member_of(row->output, "Prefix", 6)->shape->kind, SHAPE_KEY);
}

static void the_committed_table_is_what_the_models_give(void **state)
{
    (void)state;
    if (access("../shared/data/botocore/endpoints.json", R_OK) != 0) {
        fputs("SKIPPED: ../shared/data/botocore is not there, so the table is not compared with the models\n", stderr);
        skip();
    }
    assert_int_equal(system("python3 scripts/generate-operations ../shared/data/botocore --check"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_writes_or_returns_credentials),
        cmocka_unit_test(paging_names_are_members),
        cmocka_unit_test(every_row_has_an_output_an_action_and_a_resource),
        cmocka_unit_test(rows_are_found_by_service_and_name),
        cmocka_unit_test(policies_and_keys_have_kinds_of_their_own),
        cmocka_unit_test(the_committed_table_is_what_the_models_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
