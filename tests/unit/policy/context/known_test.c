/* The table of what is certain of a request's context: by who asks, for what, and what the account tells. */
#include "policy/context/known.h"

#include "base/buf.h"
#include "base/file.h"
#include "cmocka_all.h"

#define USER "arn:aws:iam::123456789012:user/team/optscale"
#define ROLE "arn:aws:iam::123456789012:role/service/OptScale"
#define SERVICE "bcm-data-exports.amazonaws.com"
#define BUCKET "arn:aws:s3:::acme-billing"
#define ROOT "arn:aws:iam::123456789012:root"
#define SESSION "arn:aws:sts::123456789012:assumed-role/OptScale/opt-session"
#define KEY "arn:aws:kms:eu-west-1:123456789012:key/1"

static struct arena *arena;

static struct told_value told(const char *const *texts, size_t count)
{
    struct str *list = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        list[i] = str_from(texts[i]);
    return (struct told_value){true, list, count};
}

static struct told_value one(const char *text)
{
    return told(&text, 1);
}

/* Everything is told. */
static struct request_source source_of(const char *principal, const char *action, const char *resource)
{
    static const char *const tags[] = {"team", "finops", "stage", "prod"};
    static const char *const bucket_tags[] = {"data", "billing"};
    static const char *const key_tags[] = {KEY, "", "", KEY, "data", "secret", KEY "2", "", ""};
    return (struct request_source){
        .principal = str_from(principal),
        .account = STR("123456789012"),
        .source_arn = STR("arn:aws:bcm-data-exports:us-east-1:123456789012:export/optscale-1"),
        .source_arn_is_fixed = true,
        .resource_account = STR("123456789012"),
        .action = str_from(action),
        .resource = str_from(resource),
        .home = STR("123456789012"),
        .told = {[TOLD_ORGANIZATION] = one("o-a1b2c3d4e5"),
                 [TOLD_ORGANIZATION_PATH] = one("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"),
                 [TOLD_PRINCIPAL_ID] = one("AIDAEXAMPLE"),
                 [TOLD_PRINCIPAL_TAGS] = told(tags, COUNT_OF(tags)),
                 [TOLD_BUCKET] = one(BUCKET),
                 [TOLD_BUCKET_REGION] = one("eu-west-1"),
                 [TOLD_BUCKET_KEY] = one("true"),
                 [TOLD_BUCKET_TAGS] = told(bucket_tags, COUNT_OF(bucket_tags)),
                 [TOLD_KEY_TAGS] = told(key_tags, COUNT_OF(key_tags)),
                 [TOLD_ADDRESS] = one("203.0.113.0/24")},
        .now = 1795341600,
    };
}

/* A key as text: its value, "-" absent, "?" not known, "a|b" one of these, "~a" ranges, "*" free. */
static struct str key_text(const struct request_source *source, const struct request_key *extra, size_t count,
                           const char *name)
{
    const struct request_key *keys;
    size_t key_count;
    request_keys(arena, source, extra, count, &keys, &key_count);
    for (size_t i = 0; i < key_count; i++) {
        if (!request_key_means(keys[i].name, str_from(name)))
            continue;
        struct buf text = buf_make(arena, BUF_NO_MAX);
        static const char *const marks[] = {
            [KEY_FIXED] = "", [KEY_RANGES] = "~", [KEY_FREE] = "*", [KEY_ABSENT] = "-", [KEY_UNKNOWN] = ""};
        buf_add_c(&text, marks[keys[i].kind]);
        for (size_t v = 0; v < keys[i].value_count; v++)
            buf_addf(&text, "%s%.*s", v ? "|" : "", STR_ARG(keys[i].values[v]));
        return buf_str(&text).len ? buf_str(&text) : STR("?");
    }
    return STR("?");
}

static const struct {
    const char *principal;
    const char *action;
    const char *resource;
    const char *key;
    const char *expected;
} rows[] = {
    {USER, "s3:GetObject", BUCKET "/k", "aws:CurrentTime", "2026-11-22T10:00:00Z"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:EpochTime", "1795341600"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:username", "optscale"},
    {ROLE, "s3:GetObject", BUCKET "/k", "aws:username", "-"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:userid", "AIDAEXAMPLE"},
    {ROLE, "s3:GetObject", BUCKET "/k", "aws:userid", "AIDAEXAMPLE:opt-session|AIDAEXAMPLE:another-session"},
    {"arn:aws:iam::123456789012:root", "s3:GetObject", BUCKET "/k", "aws:userid", "123456789012"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:PrincipalTag/team", "finops"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:principaltag/STAGE", "prod"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:PrincipalTag/other", "-"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:PrincipalTag/team", "-"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:PrincipalOrgID", "o-a1b2c3d4e5"},
    {USER, "kms:Decrypt", "*", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"},
    {"arn:aws:iam::210987654321:user/u", "s3:GetObject", BUCKET "/k", "aws:PrincipalOrgID", "?"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:PrincipalOrgID", "-"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:SourceOrgID", "o-a1b2c3d4e5"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:SourceOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:SourceOrgID", "-"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:ResourceOrgID", "o-a1b2c3d4e5"},
    {USER, "cur:DescribeReportDefinitions", "*", "aws:RequestedRegion", "us-east-1"},
    {USER, "bcm-data-exports:ListExports", "*", "aws:RequestedRegion", "us-east-1"},
    {USER, "s3:GetObject", BUCKET "/cur2/*", "aws:RequestedRegion", "eu-west-1"},
    {SERVICE, "s3:PutObject", BUCKET "/cur2/*", "aws:RequestedRegion", "eu-west-1"},
    {USER, "s3:GetBucketAcl", "*", "aws:RequestedRegion", "?"},
    {USER, "s3:GetObject", BUCKET "-2/k", "aws:RequestedRegion", "?"},
    {"arn:aws-us-gov:iam::123456789012:user/u", "iam:ListUsers", "*", "aws:RequestedRegion", "?"},
    {USER, "ec2:DescribeInstances", "*", "aws:ResourceTag/stage", "-"},
    {USER, "iam:ListAccessKeys", "*", "aws:ResourceTag/stage", "?"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:ResourceTag/data", "billing"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:ResourceTag/data", "billing"},
    {USER, "s3:ListBucket", BUCKET, "aws:ResourceTag/stage", "-"},
    {USER, "s3:GetObject", BUCKET "-2/k", "aws:ResourceTag/data", "?"},
    {USER, "kms:Decrypt", KEY, "aws:ResourceTag/data", "secret"},
    {ROLE, "kms:Decrypt", KEY, "aws:ResourceTag/stage", "-"},
    {USER, "kms:Decrypt", KEY "2", "aws:ResourceTag/data", "-"},
    {USER, "kms:Decrypt", KEY "3", "aws:ResourceTag/data", "?"},
    {USER, "s3:CreateBucket", BUCKET, "s3:x-amz-acl", "private"},
    {USER, "s3:GetObject", BUCKET "/k", "s3:x-amz-acl", "-"},
    {USER, "s3:GetObject", BUCKET "/k", "s3:x-amz-content-sha256", "?"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "s3:x-amz-acl", "?"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:SourceIp", "203.0.113.0/24"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:SourceIp", "?"},
    {USER, "kms:Decrypt", "*", "aws:SourceIp", "?"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:MultiFactorAuthPresent", "-"},
    {ROLE, "s3:GetObject", BUCKET "/k", "aws:MultiFactorAuthPresent", "false"},
    {"arn:aws:sts::123456789012:assumed-role/r/s", "s3:GetObject", BUCKET "/k", "aws:MultiFactorAuthPresent", "?"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:TokenIssueTime", "-"},
    {ROLE, "s3:GetObject", BUCKET "/k", "aws:TokenIssueTime", "2026-11-22T10:00:00Z"},
    {USER, "s3:CreateBucket", BUCKET, "s3:locationconstraint", "?"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:ViaAWSService", "false"},
    {USER, "kms:Decrypt", "*", "aws:ViaAWSService", "true"},
    {USER, "kms:Decrypt", "*", "kms:ViaService", "s3.eu-west-1.amazonaws.com"},
    {USER, "kms:Decrypt", "*", "kms:CallerAccount", "123456789012"},
    {USER, "kms:Decrypt", "*", "kms:EncryptionContext:aws:s3:arn", BUCKET},
    {USER, "kms:Decrypt", "*", "kms:EncryptionContext:department", "-"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "s3:x-amz-server-side-encryption-customer-algorithm", "-"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "s3:x-amz-grant-read", "-"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "s3:RequestObjectTag/team", "-"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "s3:x-amz-server-side-encryption", "?"},
    {SERVICE, "s3:PutObject", BUCKET "/k", "aws:PrincipalIsAWSService", "true"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:PrincipalIsAWSService", "false"},
    {USER, "s3:GetObject", BUCKET "/k", "aws:SecureTransport", "true"},
    {USER, "s3:GetObject", BUCKET "/k", "s3:TlsVersion", "1.2|1.3"},
    {USER, "s3:GetObject", BUCKET "/k", "bucket_name", "?"},
};

static void the_table_knows_what_aws_sends(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct request_source source = source_of(rows[i].principal, rows[i].action, rows[i].resource);
        struct str text = key_text(&source, NULL, 0, rows[i].key);
        if (!str_equal(text, str_from(rows[i].expected)))
            fail_msg("%s, %s, %s: expected %s, found %.*s", rows[i].principal, rows[i].action, rows[i].key,
                     rows[i].expected, STR_ARG(text));
    }
}

/* Each key that is decided by who asks, for each kind of principal that may: the service, a user, a role, its session,
 * the root user. */
static const struct {
    const char *action;
    const char *key;
    const char *expected[5];
} matrix[] = {
#define ALIKE(value)                                                                                                   \
    {                                                                                                                  \
        value, value, value, value, value                                                                              \
    }
    {"s3:PutObject", "aws:CurrentTime", ALIKE("2026-11-22T10:00:00Z")},
    {"s3:PutObject", "aws:EpochTime", ALIKE("1795341600")},
    {"s3:PutObject", "aws:SourceOrgID", {"o-a1b2c3d4e5", "-", "-", "-", "-"}},
    {"s3:PutObject", "aws:SourceOrgPaths", {"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "-", "-", "-", "-"}},
    {"s3:PutObject", "aws:PrincipalOrgID", {"-", "o-a1b2c3d4e5", "o-a1b2c3d4e5", "o-a1b2c3d4e5", "o-a1b2c3d4e5"}},
    {"s3:PutObject",
     "aws:PrincipalOrgPaths",
     {"-", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
      "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}},
    {"s3:PutObject", "aws:PrincipalTag/team", {"-", "finops", "finops", "?", "?"}},
    {"s3:PutObject", "aws:PrincipalTag/none", {"-", "-", "-", "?", "?"}},
    {"s3:PutObject", "aws:ResourceTag/data", ALIKE("billing")},
    {"s3:PutObject", "aws:ResourceTag/none", ALIKE("-")},
    {"s3:PutObject", "s3:ResourceAccount", ALIKE("123456789012")},
    {"s3:PutObject", "aws:ResourceAccount", ALIKE("123456789012")},
    {"s3:PutObject", "aws:RequestedRegion", ALIKE("eu-west-1")},
    {"s3:PutObject", "aws:MultiFactorAuthPresent", {"-", "-", "false", "?", "?"}},
    {"s3:PutObject", "aws:TokenIssueTime", {"-", "-", "2026-11-22T10:00:00Z", "?", "?"}},
    {"s3:PutObject", "aws:ViaAWSService", ALIKE("false")},
    {"s3:PutObject", "aws:PrincipalIsAWSService", {"true", "false", "false", "false", "false"}},
    {"s3:PutObject", "aws:SecureTransport", ALIKE("true")},
    {"s3:PutObject", "aws:SourceIp", {"?", "203.0.113.0/24", "203.0.113.0/24", "203.0.113.0/24", "203.0.113.0/24"}},
#undef ALIKE
};

static void each_key_is_decided_for_each_kind_of_principal(void **state)
{
    (void)state;
    static const char *const principals[] = {SERVICE, USER, ROLE, SESSION, ROOT};
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        for (size_t k = 0; k < COUNT_OF(principals); k++) {
            struct request_source source = source_of(principals[k], matrix[i].action, BUCKET "/k");
            struct str text = key_text(&source, NULL, 0, matrix[i].key);
            if (!str_equal(text, str_from(matrix[i].expected[k])))
                fail_msg("%s, %s: expected %s, found %.*s", principals[k], matrix[i].key, matrix[i].expected[k],
                         STR_ARG(text));
        }
    }
}

static void what_nobody_told_is_not_known(void **state)
{
    (void)state;
    static const char *const keys[] = {"aws:PrincipalOrgID",  "aws:PrincipalTag/team", "aws:userid",
                                       "aws:SourceIp",        "aws:CurrentTime",       "aws:PrincipalOrgPaths",
                                       "aws:ResourceTag/data"};
    struct request_source source = {.principal = STR(USER), .action = STR("s3:GetObject")};
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_true(str_equal(key_text(&source, NULL, 0, keys[i]), STR("?")));
}

static void an_account_without_organization_sends_none(void **state)
{
    (void)state;
    struct request_source source = source_of(USER, "s3:GetObject", BUCKET "/k");
    source.told[TOLD_ORGANIZATION] = (struct told_value){.known = true};
    assert_true(str_equal(key_text(&source, NULL, 0, "aws:PrincipalOrgID"), STR("-")));
}

/* Access by attributes is off: the bucket's tags are its own. */
static void without_access_by_attributes_no_tag_of_the_bucket_is_sent(void **state)
{
    (void)state;
    struct request_source source = source_of(USER, "s3:GetObject", BUCKET "/k");
    source.told[TOLD_BUCKET_TAGS] = (struct told_value){.known = true};
    assert_true(str_equal(key_text(&source, NULL, 0, "aws:ResourceTag/data"), STR("-")));
}

static void a_stranger_may_be_of_any_organization(void **state)
{
    (void)state;
    static const struct str any[] = {STR_INIT("*")};
    static const struct request_key strangers = {STR_INIT("aws:SourceAccount"), KEY_RANGES, any, 1, NULL, 0};
    struct request_source source = source_of(SERVICE, "s3:PutObject", BUCKET "/k");
    assert_true(str_equal(key_text(&source, &strangers, 1, "aws:SourceOrgID"), STR("*")));
}

static void what_a_rule_says_prevails(void **state)
{
    (void)state;
    static const struct str name[] = {STR_INIT("another")};
    static const struct request_key told_key = {STR_INIT("AWS:UserName"), KEY_FIXED, name, 1, NULL, 0};
    struct request_source source = source_of(USER, "s3:GetObject", BUCKET "/k");
    assert_true(str_equal(key_text(&source, &told_key, 1, "aws:username"), STR("another")));
}

static void what_follows_from_the_request_needs_no_account(void **state)
{
    (void)state;
    static const char *const following[] = {"aws:PrincipalArn", "aws:PrincipalAccount",      "aws:PrincipalType",
                                            "aws:username",     "aws:PrincipalIsAWSService", "aws:ResourceAccount"};
    struct request_source source = source_of(USER, "s3:GetObject", BUCKET "/k");
    struct context context = known_context_that_follows(arena, &source);
    for (size_t i = 0; i < COUNT_OF(following); i++) {
        struct context_key key = context_key(arena, str_from(following[i]));
        assert_true(known_key_follows(str_from(following[i])));
        assert_non_null(context_find(&context, &key));
    }
    assert_false(known_key_follows(STR("aws:SourceIp")));
    assert_false(known_key_follows(STR("aws:SecureTransport")));
}

static void the_documentation_has_every_key(void **state)
{
    (void)state;
    struct str text;
    struct error error;
    if (!file_read(arena, TEST_SOURCE_DIR "/docs/context.md", 1 << 20, &text, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < known_row_count(); i++) {
        struct known_row row = known_row_at(arena, i);
        struct str cell = str_format(arena, "| `%.*s` | %s | %s |", STR_ARG(row.name), row.who, row.whence);
        if (!str_contains(text, cell))
            fail_msg("docs/context.md has no row %.*s", STR_ARG(cell));
    }
}

static int open_arena(void **state)
{
    (void)state;
    arena = arena_open(0);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_knows_what_aws_sends),
        cmocka_unit_test(each_key_is_decided_for_each_kind_of_principal),
        cmocka_unit_test(what_nobody_told_is_not_known),
        cmocka_unit_test(an_account_without_organization_sends_none),
        cmocka_unit_test(without_access_by_attributes_no_tag_of_the_bucket_is_sent),
        cmocka_unit_test(a_stranger_may_be_of_any_organization),
        cmocka_unit_test(what_a_rule_says_prevails),
        cmocka_unit_test(what_follows_from_the_request_needs_no_account),
        cmocka_unit_test(the_documentation_has_every_key),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
