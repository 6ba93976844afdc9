/* protocol_test.c: requests and answers as AWS writes them, with the corners that no model tells. */
#include "aws/protocol/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static int open_arena(void **state)
{
    *state = arena_open(0);
    return 0;
}

static int close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

static const struct json *parse(struct arena *arena, const char *text)
{
    const struct json *value;
    struct error error;
    if (!json_parse(arena, STR("test"), str_from(text), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static struct call make_call(struct arena *arena, const char *name, const char *parameters)
{
    struct call call = {.operation = operation_find_call(str_from(name)), .parameters = parse(arena, parameters)};
    assert_non_null(call.operation);
    return call;
}

static struct answer decode_with(struct arena *arena, const char *name, int status, struct http_headers headers,
                                 const char *body)
{
    struct call call = make_call(arena, name, "{}");
    struct wire_answer wire = {.status = status, .headers = headers, .body = str_from(body)};
    return protocol_decode_answer(arena, &call, &wire);
}

static struct answer decode(struct arena *arena, const char *name, int status, const char *body)
{
    return decode_with(arena, name, status, (struct http_headers){NULL, 0}, body);
}

static void assert_value(struct arena *arena, struct answer answer, const char *expected)
{
    if (!answer.value)
        fail_msg("%.*s: %.*s", STR_ARG(answer.code), STR_ARG(answer.message));
    if (!json_equal(answer.value, parse(arena, expected)))
        fail_msg("found %.*s", STR_ARG(json_text(arena, answer.value, 0)));
}

static void assert_code(struct answer answer, const char *code)
{
    assert_null(answer.value);
    if (!str_equal(answer.code, str_from(code)))
        fail_msg("%.*s: %.*s", STR_ARG(answer.code), STR_ARG(answer.message));
}

#define S3 "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

/* ---------------------------------------------------------------- S3 */

static void a_bucket_location_is_the_root_itself(void **state)
{
    struct arena *a = *state;
    assert_value(a, decode(a, "s3:GetBucketLocation", 200, "<LocationConstraint " S3 ">EU</LocationConstraint>"),
                 "{\"LocationConstraint\": \"EU\"}");
    assert_value(a, decode(a, "s3:GetBucketLocation", 200, "<LocationConstraint " S3 "/>"),
                 "{\"LocationConstraint\": null}");
}

static void a_bucket_policy_is_the_body_itself(void **state)
{
    struct arena *a = *state;
    assert_value(a, decode(a, "s3:GetBucketPolicy", 200, "{\"Version\":\"2012-10-17\",\"Statement\":[]}"),
                 "{\"Policy\": {\"Version\": \"2012-10-17\", \"Statement\": []}}");
    assert_code(decode(a, "s3:GetBucketPolicy", 200, "{\"Version\":"), ANSWER_BAD);
    assert_code(decode(a, "s3:GetBucketPolicy", 200, "[]"), ANSWER_BAD);
}

static void lists_are_arrays_and_empty_elements_null(void **state)
{
    struct arena *a = *state;
    assert_value(a,
                 decode(a, "s3:GetBucketAcl", 200,
                        "<AccessControlPolicy " S3 "><Owner><ID>1</ID><DisplayName/></Owner><AccessControlList><Grant>"
                        "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\">"
                        "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>"
                        "<Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"),
                 "{\"Owner\": {\"ID\": \"1\", \"DisplayName\": null}, \"Grants\": [{\"Grantee\": {\"Type\": \"Group\","
                 "\"URI\": \"http://acs.amazonaws.com/groups/global/AllUsers\"}, \"Permission\": \"READ\"}]}");
    assert_value(a, decode(a, "s3:GetBucketTagging", 200, "<Tagging><TagSet/></Tagging>"), "{\"TagSet\": []}");
    assert_value(a, decode(a, "s3:GetBucketVersioning", 200, "<VersioningConfiguration " S3 "/>"), "{}");
    assert_value(a, decode(a, "s3:GetBucketVersioning", 200, "<GetBucketVersioningResponse " S3 "/>"), "{}");
    assert_code(decode(a, "s3:GetBucketVersioning", 200, "<Tagging " S3 "/>"), ANSWER_BAD);
}

static void booleans_and_numbers_are_typed(void **state)
{
    struct arena *a = *state;
    assert_value(a,
                 decode(a, "s3:GetBucketPolicyStatus", 200, "<PolicyStatus><IsPublic>TRUE</IsPublic></PolicyStatus>"),
                 "{\"PolicyStatus\": {\"IsPublic\": true}}");
    assert_code(decode(a, "s3:GetBucketPolicyStatus", 200, "<PolicyStatus><IsPublic>yes</IsPublic></PolicyStatus>"),
                ANSWER_BAD);
    assert_value(
        a,
        decode(a, "s3:GetBucketLifecycleConfiguration", 200,
               "<LifecycleConfiguration><Rule><ID>x</ID><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v"
               "</Value></Tag></And></Filter><Expiration><Days>30</Days></Expiration></Rule>"
               "</LifecycleConfiguration>"),
        "{\"Rules\": [{\"ID\": \"x\", \"Filter\": {\"And\": {\"Prefix\": \"p\", \"Tags\": [{\"Key\": \"k\","
        "\"Value\": \"v\"}]}}, \"Expiration\": {\"Days\": 30}}]}");
}

#define LISTING(encoding)                                                                                              \
    "<ListBucketResult><Prefix>a+b%2F</Prefix>" encoding "<Contents><Key>a+b/%2B%01%C3%BC%00</Key><Size>5</Size>"      \
    "</Contents></ListBucketResult>"

static void keys_are_decoded_where_the_answer_says_so(void **state)
{
    struct arena *a = *state;
    assert_value(a, decode(a, "s3:ListObjectsV2", 200, LISTING("<EncodingType>url</EncodingType>")),
                 "{\"Prefix\": \"a b/\", \"EncodingType\": \"url\","
                 "\"Contents\": [{\"Key\": \"a b/+\\u0001\\u00fc\\ufffd\", \"Size\": 5}]}");
    assert_value(a, decode(a, "s3:ListObjectsV2", 200, LISTING("")),
                 "{\"Prefix\": \"a+b%2F\", \"Contents\": [{\"Key\": \"a+b/%2B%01%C3%BC%00\", \"Size\": 5}]}");
}

static void headers_are_output_members(void **state)
{
    struct arena *a = *state;
    static const struct http_header items[] = {
        {STR_INIT("ETag"), STR_INIT("\"abc\"")},
        {STR_INIT("content-length"), STR_INIT("12345678901")},
        {STR_INIT("Last-Modified"), STR_INIT("Sun, 22 Nov 2026 10:00:00 GMT")},
        {STR_INIT("x-amz-server-side-encryption"), STR_INIT("aws:kms")},
        {STR_INIT("X-Amz-Meta-Owner"), STR_INIT("me")},
        {STR_INIT("x-unknown"), STR_INIT("y")},
    };
    struct http_headers headers = {items, COUNT_OF(items)};
    assert_value(
        a, decode_with(a, "s3:HeadObject", 200, headers, ""),
        "{\"ETag\": \"\\\"abc\\\"\", \"ContentLength\": 12345678901, \"LastModified\":"
        "\"Sun, 22 Nov 2026 10:00:00 GMT\", \"ServerSideEncryption\": \"aws:kms\", \"Metadata\": {\"owner\": \"me\"}}");
}

static void an_error_of_head_has_its_status_as_code_and_keeps_the_region(void **state)
{
    struct arena *a = *state;
    static const struct http_header region = {STR_INIT("x-amz-bucket-region"), STR_INIT("eu-west-1")};
    struct answer answer = decode_with(a, "s3:HeadBucket", 403, (struct http_headers){&region, 1}, "");
    assert_code(answer, "403");
    assert_true(str_equal(answer.bucket_region, STR("eu-west-1")));
    assert_true(answer_is_denied(&answer));
    assert_value(a, decode_with(a, "s3:HeadBucket", 200, (struct http_headers){&region, 1}, ""),
                 "{\"BucketRegion\": \"eu-west-1\"}");
}

static void an_error_in_a_success_is_an_error(void **state)
{
    struct arena *a = *state;
    struct answer answer =
        decode(a, "s3:GetBucketAcl", 200, "<Error><Code>InternalError</Code><Message>m</Message></Error>");
    assert_code(answer, "InternalError");
    assert_int_equal(answer.http_status, 200);
}

static void a_wrong_region_is_read_from_the_body(void **state)
{
    struct arena *a = *state;
    struct answer answer =
        decode(a, "s3:ListObjectsV2", 400,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AuthorizationHeaderMalformed"
               "</Code><Message>m</Message><Region>eu-west-1</Region><RequestId>R</RequestId></Error>");
    assert_code(answer, "AuthorizationHeaderMalformed");
    assert_true(str_equal(answer.bucket_region, STR("eu-west-1")));
    assert_true(str_equal(answer.request_id, STR("R")));
}

/* ---------------------------------------------------------------- query and EC2 */

static void iam_policies_are_percent_decoded(void **state)
{
    struct arena *a = *state;
    assert_value(
        a,
        decode(a, "iam:GetUserPolicy", 200,
               "<GetUserPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetUserPolicyResult>"
               "<UserName>u</UserName><PolicyName>p</PolicyName><PolicyDocument>%0A%7B%22a%22%3A%22b+c%22%7D"
               "</PolicyDocument></GetUserPolicyResult><ResponseMetadata><RequestId>r</RequestId>"
               "</ResponseMetadata></GetUserPolicyResponse>"),
        "{\"UserName\": \"u\", \"PolicyName\": \"p\", \"PolicyDocument\": {\"a\": \"b+c\"}}");
}

static void maps_of_entries_are_objects(void **state)
{
    struct arena *a = *state;
    assert_value(
        a,
        decode(a, "iam:SimulatePrincipalPolicy", 200,
               "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults><member>"
               "<EvalActionName>s3:GetObject</EvalActionName><EvalDecisionDetails><entry><key>k</key><value>allowed"
               "</value></entry></EvalDecisionDetails><MatchedStatements><member><StartPosition><Line>1</Line>"
               "</StartPosition></member></MatchedStatements></member></EvaluationResults>"
               "<IsTruncated>false</IsTruncated></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"),
        "{\"EvaluationResults\": [{\"EvalActionName\": \"s3:GetObject\", \"EvalDecisionDetails\": {\"k\":"
        "\"allowed\"}, \"MatchedStatements\": [{\"StartPosition\": {\"Line\": 1}}]}], \"IsTruncated\": false}");
}

static void ec2_names_are_the_apis(void **state)
{
    struct arena *a = *state;
    assert_value(
        a,
        decode(a, "ec2:DescribeRegions", 200,
               "<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>"
               "<regionInfo><item><regionName>eu-west-1</regionName><regionEndpoint>e</regionEndpoint>"
               "<optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>"),
        "{\"Regions\": [{\"RegionName\": \"eu-west-1\", \"Endpoint\": \"e\", \"OptInStatus\":"
        "\"opt-in-not-required\"}]}");
    assert_code(decode(a, "ec2:DescribeRegions", 412,
                       "<Response><Errors><Error><Code>DryRunOperation</Code><Message>m</Message></Error></Errors>"
                       "<RequestID>r</RequestID></Response>"),
                "DryRunOperation");
}

static void query_errors_are_read(void **state)
{
    struct arena *a = *state;
    struct answer answer =
        decode(a, "iam:GetLoginProfile", 404,
               "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender"
               "</Type><Code>NoSuchEntity</Code><Message>a &lt;b&gt;</Message></Error><RequestId>r"
               "</RequestId></ErrorResponse>");
    assert_code(answer, "NoSuchEntity");
    assert_true(str_equal(answer.message, STR("a <b>")));
}

/* ---------------------------------------------------------------- JSON */

static void json_values_stay_as_sent(void **state)
{
    struct arena *a = *state;
    assert_value(
        a,
        decode(a, "organizations:ListAccounts", 200,
               "{\"Accounts\":[{\"Id\":\"1\",\"JoinedTimestamp\":1.609459200123E9,\"New\":[]}],\"NextToken\":null}"),
        "{\"Accounts\": [{\"Id\": \"1\", \"JoinedTimestamp\": 1609459200.123, \"New\": []}], \"NextToken\": null}");
    assert_value(
        a,
        decode(a, "kms:GetKeyPolicy", 200, "{\"Policy\":\"{\\n \\\"Id\\\": \\\"x\\\"}\",\"PolicyName\":\"default\"}"),
        "{\"Policy\": {\"Id\": \"x\"}, \"PolicyName\": \"default\"}");
    assert_code(decode(a, "organizations:ListAccounts", 200, "{\"Accounts\":{}}"), ANSWER_BAD);
}

static void json_errors_have_their_type_in_several_forms(void **state)
{
    struct arena *a = *state;
    static const struct http_header type = {STR_INIT("X-Amzn-ErrorType"), STR_INIT("ThrottlingException:http://x/")};
    assert_code(decode(a, "kms:DescribeKey", 400, "{\"__type\":\"NotFoundException\",\"message\":\"m\"}"),
                "NotFoundException");
    struct answer answer =
        decode(a, "kms:DescribeKey", 400,
               "{\"__type\":\"com.amazonaws.kms#AccessDeniedException:http://x#y\",\"Message\":\"m\"}");
    assert_code(answer, "AccessDeniedException");
    assert_true(str_equal(answer.message, STR("m")));
    assert_code(decode_with(a, "kms:DescribeKey", 400, (struct http_headers){&type, 1}, "{}"), "ThrottlingException");
    assert_code(
        decode(a, "optscale:ListOrganizations", 403,
               "{\"error\":{\"status_code\":403,\"error_code\":\"OE0234\",\"reason\":\"Forbidden\",\"params\":[]}}"),
        "OE0234");
}

/* ---------------------------------------------------------------- nonsense */

static void nonsense_is_a_bad_answer(void **state)
{
    struct arena *a = *state;
    static const char *const calls[] = {"iam:GetUser",     "ec2:DescribeRegions",        "s3:GetBucketAcl",
                                        "kms:DescribeKey", "optscale:ListOrganizations", "sts:GetCallerIdentity"};
    static const char *const bodies[] = {
        "",
        " \n",
        "<!DOCTYPE html>\n<html><body>Sign in</body></html>",
        "<html><body>502 Bad Gateway</body></html>",
        "<GetUserResponse><GetUserResult><User><Path>/</Pa",
        "{\"User\": ",
        "{} {}",
        "<Other/>",
        "<!DOCTYPE x [<!ENTITY e \"e\"><!ENTITY f \"&e;&e;\">]><GetUserResponse>&f;</GetUserResponse>",
        "[]",
        "null",
        "plain text",
    };
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        for (size_t k = 0; k < COUNT_OF(bodies); k++) {
            assert_code(decode(a, calls[i], 200, bodies[k]), ANSWER_BAD);
            struct answer answer = decode(a, calls[i], 503, bodies[k]);
            assert_null(answer.value);
            assert_int_equal(answer.http_status, 503);
        }
    }
}

static void a_huge_body_is_too_large(void **state)
{
    struct arena *a = *state;
    struct call call = make_call(a, "s3:GetBucketAcl", "{}");
    struct wire_answer wire = {.status = 200, .body = {"<x/>", (ptrdiff_t)WIRE_BODY_MAX + 1}}; /* never read */
    assert_code(protocol_decode_answer(a, &call, &wire), ANSWER_TOO_LARGE);
}

static void deep_nesting_ends(void **state)
{
    struct arena *a = *state;
    struct buf body = buf_make(a, 1 << 20);
    for (int i = 0; i < 200; i++)
        buf_add_c(&body, i ? "\"Resources\":[{" : "{\"Handshake\":{");
    for (int i = 0; i < 200; i++)
        buf_add_c(&body, i < 199 ? "}]" : "}}");
    assert_code(decode(a, "organizations:DescribeHandshake", 200, str_to_c(a, buf_str(&body))), ANSWER_BAD);
}

/* ---------------------------------------------------------------- requests */

static struct wire_request encode(struct arena *arena, const char *name, const char *parameters, const char *token)
{
    struct call call = make_call(arena, name, parameters);
    struct wire_request request;
    struct error error;
    if (!protocol_encode_request(arena, &call, str_from(token), &request, &error))
        fail_msg("%s", error.text);
    return request;
}

static void assert_text(struct str found, const char *expected)
{
    if (!str_equal(found, str_from(expected)))
        fail_msg("found %.*s", STR_ARG(found));
}

static void requests_are_what_the_services_document(void **state)
{
    struct arena *a = *state;
    struct wire_request r =
        encode(a, "iam:SimulatePrincipalPolicy",
               "{\"PolicySourceArn\": \"arn:x\", \"ActionNames\": [\"s3:Get*\", \"b\"],"
               "\"ContextEntries\": [{\"ContextKeyName\": \"k\", \"ContextKeyValues\": [\"v w\"]}]}",
               "m=");
    assert_text(r.body,
                "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Ax"
                "&ActionNames.member.1=s3%3AGet%2A&ActionNames.member.2=b&ContextEntries.member.1.ContextKeyName=k"
                "&ContextEntries.member.1.ContextKeyValues.member.1=v%20w&MaxItems=1000&Marker=m%3D");
    r = encode(a, "ec2:DescribeInstances",
               "{\"DryRun\": true, \"Filters\": [{\"Name\": \"n\", \"Values\": [\"v\"]}],"
               "\"InstanceIds\": [\"i-1\"]}",
               "");
    assert_text(r.body, "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1&DryRun=true&Filter.1.Name=n"
                        "&Filter.1.Value.1=v");
    r = encode(a, "cur:DescribeReportDefinitions", "{}", "t");
    assert_text(r.body, "{\"MaxResults\":5,\"NextToken\":\"t\"}");
    assert_text(http_header_find(r.headers, STR("X-Amz-Target")),
                "AWSOrigamiServiceGatewayService.DescribeReportDefinitions");
    r = encode(a, "s3:ListObjectsV2", "{\"Bucket\": \"b\", \"Prefix\": \"a b/\", \"ExpectedBucketOwner\": \"1\"}",
               "t/+");
    assert_text(r.path, "/b");
    assert_text(r.query, "list-type=2&encoding-type=url&prefix=a%20b%2F&continuation-token=t%2F%2B");
    assert_text(http_header_find(r.headers, STR("x-amz-expected-bucket-owner")), "1");
    r = encode(a, "s3:GetObject", "{\"Bucket\": \"b\", \"Key\": \"/a//b c+\\u00fc\"}", "");
    assert_text(r.path, "/b//a//b%20c%2B%C3%BC");
    r = encode(a, "s3:GetBucketPolicy", "{\"Bucket\": \"b\"}", "");
    assert_text(r.query, "policy");
    r = encode(a, "optscale:ListCloudAccounts", "{\"organization_id\": \"o/1\", \"details\": true}", "");
    assert_text(r.path, "/restapi/v2/organizations/o%2F1/cloud_accounts");
    assert_text(r.query, "details=true");
}

static void wrong_parameters_are_refused(void **state)
{
    struct arena *a = *state;
    static const char *const wrong[][2] = {
        {"s3:GetBucketPolicy", "{}"},
        {"s3:GetBucketPolicy", "{\"Bucket\": \"\"}"},
        {"s3:GetBucketPolicy", "{\"Bucket\": \"b\", \"Bukcet\": 1}"},
        {"s3:ListObjectsV2", "{\"Bucket\": \"b\", \"MaxKeys\": 1}"},
        {"iam:ListUsers", "{\"Marker\": \"x\"}"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct call call = make_call(a, wrong[i][0], wrong[i][1]);
        struct wire_request request;
        struct error error;
        assert_false(protocol_encode_request(a, &call, STR(""), &request, &error));
        assert_true(error_is(&error, ERROR_INPUT));
    }
}

static void a_header_row_is_asked_by_range(void **state)
{
    struct arena *a = *state;
    struct call call = make_call(a, "s3:GetObject", "{\"Bucket\": \"b\", \"Key\": \"k\"}");
    struct wire_request request;
    call.decode = DECODE_CSV_HEADER;
    assert_true(protocol_encode_request(a, &call, STR(""), &request, NULL));
    assert_text(http_header_find(request.headers, STR("Range")), WIRE_CSV_RANGE);
}

static void requests_that_write_are_no_operations(void **state)
{
    struct arena *a = *state;
    static const struct http_header target = {STR_INIT("X-Amz-Target"), STR_INIT("TrentService.Decrypt")};
    const struct wire_request writes[] = {
        {.method = STR("PUT"), .path = STR("/b"), .query = STR("policy")},
        {.method = STR("DELETE"), .path = STR("/b")},
        {.method = STR("GET"), .path = STR("/b/k"), .query = STR("acl")}, /* GetObjectAcl: not in the table */
        {.method = STR("POST"), .path = STR("/"), .body = STR("Action=CreateUser&Version=2010-05-08&UserName=u")},
        {.method = STR("POST"), .path = STR("/"), .body = STR("Action=GetSessionToken&Version=2011-06-15")},
        {.method = STR("POST"), .path = STR("/"), .headers = {&target, 1}, .body = STR("{}")},
    };
    for (size_t i = 0; i < COUNT_OF(writes); i++) {
        struct asked asked;
        assert_false(protocol_decode_request(a, &writes[i], &asked, NULL));
        assert_null(asked.operation);
        assert_non_null(asked.service);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bucket_location_is_the_root_itself),
        TEST(a_bucket_policy_is_the_body_itself),
        TEST(lists_are_arrays_and_empty_elements_null),
        TEST(booleans_and_numbers_are_typed),
        TEST(keys_are_decoded_where_the_answer_says_so),
        TEST(headers_are_output_members),
        TEST(an_error_of_head_has_its_status_as_code_and_keeps_the_region),
        TEST(an_error_in_a_success_is_an_error),
        TEST(a_wrong_region_is_read_from_the_body),
        TEST(iam_policies_are_percent_decoded),
        TEST(maps_of_entries_are_objects),
        TEST(ec2_names_are_the_apis),
        TEST(query_errors_are_read),
        TEST(json_values_stay_as_sent),
        TEST(json_errors_have_their_type_in_several_forms),
        TEST(nonsense_is_a_bad_answer),
        TEST(a_huge_body_is_too_large),
        TEST(deep_nesting_ends),
        TEST(requests_are_what_the_services_document),
        TEST(wrong_parameters_are_refused),
        TEST(a_header_row_is_asked_by_range),
        TEST(requests_that_write_are_no_operations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
