/* connect_test.c: every message with which a connect can fail, and what is stored where it does not. */
#include "optscale/connect/connect.h"
#include "optscale/discovery/prefix.h"

#include "support.h"

#define BUCKET_ONLY "'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'p','report_name':'n'"
#define CREATE "'config_scheme':'create_report','bucket_name':'b','bucket_prefix':'p','report_name':'n'"
#define EMPTY "'buckets':{'b':{'region':'eu-west-1','objects':[]}}"
#define ONE_FILE                                                                                                       \
    "'objects':[{'Key':'p/n/data/BILLING_PERIOD=2026-01/n-1.csv.gz','LastModified':'2026-01-06T10:11:00Z',"            \
    "'Size':20,'ETag':'e'}]"
#define ARN "arn:aws:iam::123456789012:user/u"
#define DENIED(action)                                                                                                 \
    "User: " ARN " is not authorized to perform: " action                                                              \
    " on resource: * because no identity-based policy allows the " action " action"
#define CALLER "'caller':{'arn':'" ARN "'},"
#define DEFINITION(name, rest)                                                                                         \
    "{'ReportName':'" name "','TimeUnit':'DAILY','Format':'textORcsv','Compression':'ZIP','S3Bucket':'b',"             \
    "'S3Prefix':'p','S3Region':'eu-west-1'," rest "}"
#define GOOD                                                                                                           \
    "'AdditionalSchemaElements':['RESOURCES'],'RefreshClosedReports':true,'ReportVersioning':'OVERWRITE_REPORT'"
#define EXPORT(table)                                                                                                  \
    "{'Name':'n','DataQuery':{'TableConfigurations':" table "},'DestinationConfigurations':{'S3Destination':{"         \
    "'S3Bucket':'b','S3Prefix':'p','S3Region':'eu-west-1','S3OutputConfigurations':{'Format':'PARQUET',"               \
    "'Compression':'PARQUET','Overwrite':'OVERWRITE_REPORT'}}}}"
#define CUR2_TABLE "{'COST_AND_USAGE_REPORT':{'TIME_GRANULARITY':'DAILY'}}"

struct row {
    const char *config;
    const char *account;
    enum optscale_failure_kind kind; /* OPTSCALE_NO_FAILURE: the connect works */
    const char *text;
};

static void check(struct arena *arena, const struct row *row)
{
    struct str text = str_format(arena, "{'config':{%s},'account':{%s}}", row->config, row->account);
    struct optscale_case given = read_case(arena, str_to_c(arena, text));
    struct optscale_connection connection = connect_case(arena, &given);
    if (connection.ok != (row->kind == OPTSCALE_NO_FAILURE)) {
        print_error("%s\n", row->config);
    }
    assert_int_equal(connection.failure.kind, row->kind);
    assert_int_equal(connection.ok, row->kind == OPTSCALE_NO_FAILURE);
    assert_str_equal(connection.failure.text, str_from(row->text));
}

static void check_all(struct arena *arena, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check(arena, &rows[i]);
    }
}

static void says_what_is_wrong_with_the_credentials(void **state)
{
    static const struct row rows[] = {
        {"'linked':true,'region_name':'ap-east-2'", EMPTY, OPTSCALE_INVALID_PARAMETER, "Invalid region: ap-east-2"},
        {"'linked':true,'region_name':''", EMPTY, OPTSCALE_NO_FAILURE, ""},
        {"'linked':true,'assume_role_account_id':'1','assume_role_name':'r'", CALLER EMPTY ",'deny':['sts:AssumeRole']",
         OPTSCALE_INVALID_PARAMETER,
         "An error occurred (AccessDenied) when calling the AssumeRole operation: User: " ARN
         " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/r"},
        {"'linked':true,'assume_role_name':'r'", CALLER EMPTY ",'deny':['sts:AssumeRole']", OPTSCALE_NO_FAILURE, ""},
        {"'linked':true", CALLER EMPTY ",'deny':['s3:ListBucket']", OPTSCALE_NO_FAILURE, ""},
        {"'config_scheme':'other'", EMPTY, OPTSCALE_REPORT_CONFIGURATION, "Incorrect config_scheme"},
    };
    check_all(*state, rows, COUNT_OF(rows));
}

static void says_what_is_wrong_with_a_bucket(void **state)
{
    static const struct row rows[] = {
        {"'config_scheme':'bucket_only'", EMPTY, OPTSCALE_REPORT_CONFIGURATION, "bucket_name is required"},
        {"'config_scheme':'bucket_only','bucket_name':'b'", EMPTY, OPTSCALE_REPORT_CONFIGURATION,
         "report_name is required"},
        {"'config_scheme':'bucket_only','bucket_name':'b','report_name':'n'", EMPTY, OPTSCALE_REPORT_CONFIGURATION,
         "bucket_prefix is required"},
        {BUCKET_ONLY, "'buckets':{}", OPTSCALE_REPORT_CONFIGURATION, "Bucket b not found"},
        {"'config_scheme':'bucket_only','bucket_name':'s3://b','bucket_prefix':'p','report_name':'n'", EMPTY,
         OPTSCALE_BUCKET_NAME, "Bucket name \"s3://b\" has incorrect format"},
        {BUCKET_ONLY, EMPTY ",'deny':['s3:GetBucketLocation']", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to check bucket b existence: An error occurred (AccessDenied) when calling the "
         "GetBucketLocation operation: Access Denied"},
        {BUCKET_ONLY, EMPTY ",'deny':['s3:ListBucket']", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to check b/p access: An error occurred (AccessDenied) when calling the "
         "ListObjectsV2 operation: Access Denied"},
        {"'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'p q','report_name':'n'", EMPTY,
         OPTSCALE_BUCKET_PREFIX, "Bucket prefix \"p q\" has incorrect format"},
        {"'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'p','report_name':''", EMPTY,
         OPTSCALE_REPORT_NAME, "Report name \"\" has incorrect format"},
    };
    check_all(*state, rows, COUNT_OF(rows));
}

static void drops_the_error_where_the_prefix_has_no_slash(void **state)
{
    static const struct row rows[] = {
        {BUCKET_ONLY, EMPTY, OPTSCALE_NO_FAILURE, ""},
        {"'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'','report_name':'n'", EMPTY,
         OPTSCALE_NO_FAILURE, ""},
        {"'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'p/','report_name':'n'", EMPTY,
         OPTSCALE_REPORT_CONFIGURATION, "Unable to find report n files"},
    };
    check_all(*state, rows, COUNT_OF(rows));
}

static void stores_the_shorter_prefix_region_and_version(void **state)
{
    struct optscale_case given = read_case(
        *state, "{'config':{'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'p/n','report_name':'n'},"
                "'account':{'buckets':{'b':{'region':'EU'," ONE_FILE "}}}}");
    struct optscale_connection connection = connect_case(*state, &given);
    assert_true(connection.ok);
    assert_true(connection.found_files);
    assert_str_equal(connection.config.bucket_prefix.value, STR("p"));
    assert_str_equal(connection.config.region_name.value, STR("eu-west-1"));
    assert_int_equal(connection.config.version, OPTSCALE_VERSION_CUR2);
}

static void prints_the_object_that_it_could_not_read(void **state)
{
    static const struct row rows[] = {
        {BUCKET_ONLY, "'buckets':{'b':{'region':'us-east-1','deny':['s3:GetObject']," ONE_FILE "}}",
         OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to perform test {'Key': 'p/n/data/BILLING_PERIOD=2026-01/n-1.csv.gz', "
         "'LastModified': datetime.datetime(2026, 1, 6, 10, 11, tzinfo=tzlocal()), 'ETag': 'e', 'Size': 20, "
         "'StorageClass': 'STANDARD'} download: An error occurred (403) when calling the HeadObject operation: "
         "Forbidden"},
        {"'config_scheme':'create_report','bucket_name':'b','bucket_prefix':'p','report_name':'n'",
         "'buckets':{'b':{'region':'us-east-1','deny':['kms:Decrypt']," ONE_FILE "}}", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to perform test p/n/data/BILLING_PERIOD=2026-01/n-1.csv.gz download: An error "
         "occurred (AccessDenied) when calling the GetObject operation: Access Denied"},
    };
    check_all(*state, rows, COUNT_OF(rows));
}

static void finds_a_report_only_with_every_setting(void **state)
{
    static const char none[] = "Unable to find report with required configuration";
    static const struct row rows[] = {
        {"'cur_version':1", EMPTY, OPTSCALE_REPORT_CONFIGURATION, none},
        {"'cur_version':1", EMPTY ",'report_definitions':[" DEFINITION("n", GOOD) "]", OPTSCALE_NO_FAILURE, ""},
        {"'cur_version':1",
         EMPTY ",'report_definitions':[" DEFINITION("n", "'AdditionalSchemaElements':['RESOURCES','X'],"
                                                         "'RefreshClosedReports':true,"
                                                         "'ReportVersioning':'OVERWRITE_REPORT'") "]",
         OPTSCALE_REPORT_CONFIGURATION, none},
        {"", EMPTY ",'deny':['cur:DescribeReportDefinitions']," CALLER "'x':1", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to list reports: An error occurred (AccessDeniedException) when calling the "
         "DescribeReportDefinitions operation: " DENIED("cur:DescribeReportDefinitions")},
        {"'cur_version':2", EMPTY ",'exports':[" EXPORT(CUR2_TABLE) "]", OPTSCALE_NO_FAILURE, ""},
        {"'cur_version':2", EMPTY ",'exports':[" EXPORT("{'FOCUS_1_0_AWS':{}}") "]", OPTSCALE_REPORT_CONFIGURATION,
         none},
        {"'cur_version':2",
         EMPTY ",'exports':[" EXPORT(CUR2_TABLE) "," EXPORT("{'COST_AND_USAGE_REPORT':{'X':'Y'}}") "]",
         OPTSCALE_KEY_ERROR, "'TIME_GRANULARITY'"},
        {"'cur_version':2", EMPTY ",'exports':[" EXPORT("null") "]", OPTSCALE_KEY_ERROR, "'TableConfigurations'"},
        {"'cur_version':1", "'buckets':{},'report_definitions':[" DEFINITION("n", GOOD) "," DEFINITION("m", GOOD) "]",
         OPTSCALE_REPORT_CONFIGURATION, "Unable to read report data. Checked reports: n, m"},
    };
    check_all(*state, rows, COUNT_OF(rows));
}

static void sees_five_definitions_and_no_more(void **state)
{
    struct buf text = buf_make(*state, BUF_NO_MAX);
    buf_add_c(&text, "{'config':{'cur_version':1},'account':{" EMPTY ",'report_definitions':[");
    for (int i = 0; i < 5; i++) {
        buf_add_c(&text, DEFINITION("old", "'ReportVersioning':'CREATE_NEW_REPORT'") ",");
    }
    buf_add_c(&text, DEFINITION("n", GOOD) "]}}");
    struct optscale_case given = read_case(*state, str_to_c(*state, buf_str(&text)));
    assert_false(connect_case(*state, &given).ok);
}

static void creates_what_is_missing(void **state)
{
    struct optscale_case given = read_case(*state, "{'config':{" CREATE "},'account':{'buckets':{}}}");
    struct optscale_connection connection = connect_case(*state, &given);
    struct optscale_discovery first;
    assert_true(connection.ok);
    assert_true(connection.created_bucket);
    assert_true(connection.created_report);
    assert_false(connection.config.region_name.present);
    optscale_first_import(*state, &connection, optscale_build_default, &first);
    assert_int_equal(first.failure.kind, OPTSCALE_FILES_NOT_FOUND);
    assert_str_equal(first.region, STR(OPTSCALE_DEFAULT_REGION));
}

static void says_why_nothing_was_created(void **state)
{
    static const struct row rows[] = {
        {CREATE, "'buckets':{},'deny':['s3:CreateBucket']", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to create bucket b: An error occurred (AccessDenied) when calling the CreateBucket "
         "operation: Access Denied"},
        {CREATE, "'buckets':{},'deny':['s3:PutBucketPolicy']", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to configure bucket b policy: An error occurred (AccessDenied) when calling the "
         "PutBucketPolicy operation: Access Denied"},
        {CREATE, EMPTY ",'deny':['s3:GetBucketLocation']", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to check bucket b existence: An error occurred (AccessDenied) when calling the "
         "GetBucketLocation operation: Access Denied. Please try to set correct region name and check permissions "
         "for user and bucket"},
        {CREATE, EMPTY ",'report_definitions':[" DEFINITION("n", "'ReportVersioning':'X'") "]",
         OPTSCALE_REPORT_CONFIGURATION,
         "Invalid report configuration: AdditionalSchemaElements must be ['RESOURCES'], RefreshClosedReports must be "
         "True, ReportVersioning must be OVERWRITE_REPORT"},
        {CREATE, "'buckets':{'b':{'region':'eu-west-1','delivery':false}}", OPTSCALE_REPORT_CONFIGURATION,
         "Unable to create report n: An error occurred (ValidationException) when calling the PutReportDefinition "
         "operation: Failed to verify customer bucket permission."},
        {CREATE ",'cur_version':2", "'buckets':{'b':{'region':'eu-west-1','delivery':false}}",
         OPTSCALE_REPORT_CONFIGURATION, "Unable to create report: validation error"},
        {CREATE ",'cur_version':2", EMPTY ",'exports':[" EXPORT("{'FOCUS_1_0_AWS':{}}") "]",
         OPTSCALE_REPORT_CONFIGURATION, "Unable to create report: validation error"},
        {CREATE, EMPTY ",'deny':['s3:ListBucket']", OPTSCALE_REPORT_CONFIGURATION,
         "Not enough permissions to check access to b/p: An error occurred (AccessDenied) when calling the "
         "ListObjectsV2 operation: Access Denied"},
    };
    check_all(*state, rows, COUNT_OF(rows));
}

/* What prefix.h says of each pair is what the model comes to on files that lie where AWS delivers them. */
static void finds_files_exactly_where_the_prefix_is_judged_right(void **state)
{
    static const char *const told[] = {"",  "a",  "a/",  "a//", "a///", "/a",   "/",
                                       "n", "b/", "a/b", "a/n", "a//b", "a/b/n"};
    static const char *const own[] = {"", "a", "a/", "a//", "/a", "b", "a/b", "a//b", "a/b/"};
    for (size_t i = 0; i < COUNT_OF(told) * COUNT_OF(own); i++) {
        const char *entered = told[i / COUNT_OF(own)];
        const char *actual = own[i % COUNT_OF(own)];
        struct str key = str_format(*state, "%s/n/data/BILLING_PERIOD=2026-01/n-1.csv.gz", actual);
        struct optscale_case given = bucket_case(*state, entered, "n", "2", str_to_c(*state, key));
        struct optscale_connection connection = connect_case(*state, &given);
        struct optscale_discovery found = {.ok = false};
        if (connection.ok)
            optscale_first_import(*state, &connection, optscale_build_default, &found);
        bool right = optscale_prefix_judge(str_from(entered), str_from(actual)) != OPTSCALE_PREFIX_WRONG;
        if (right != found.ok)
            fail_msg("'%s' for '%s': judged %d, found %d", entered, actual, right, found.ok);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(says_what_is_wrong_with_the_credentials),
        arena_test(says_what_is_wrong_with_a_bucket),
        arena_test(drops_the_error_where_the_prefix_has_no_slash),
        arena_test(stores_the_shorter_prefix_region_and_version),
        arena_test(prints_the_object_that_it_could_not_read),
        arena_test(finds_a_report_only_with_every_setting),
        arena_test(sees_five_definitions_and_no_more),
        arena_test(creates_what_is_missing),
        arena_test(says_why_nothing_was_created),
        arena_test(finds_files_exactly_where_the_prefix_is_judged_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
