/* Proofs over sets of requests: what bucket policies for deliveries and the documentation's templates live on. */
#include "policy/prove/prove.h"

#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ACCOUNT "123456789012"
#define EXPORTS "bcm-data-exports.amazonaws.com"
#define USER "arn:aws:iam::" ACCOUNT ":user/optscale"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_open(0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static const struct policy *compile(const char *text, enum policy_type type)
{
    const struct json *document;
    struct error error;
    /* Single quotes keep the cases readable. */
    char *json = str_to_c(arena, str_from(text));
    for (char *c = json; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    if (!json_parse(arena, STR("policy"), str_from(json), &json_limits_default, &document, &error))
        fail_msg("%s", error.text);
    const struct policy *policy;
    struct policy_options options = {.name = STR("p"), .type = type, .tolerance = POLICY_LENIENT};
    if (!policy_compile(arena, document, options, &policy, &error))
        fail_msg("%s", error.text);
    return policy;
}

static void expect(struct prove_result result, enum prove_verdict verdict, const char *what)
{
    if (result.verdict != verdict)
        fail_msg("%s: %.*s, not %.*s: %.*s", what, STR_ARG(prove_verdict_name(result.verdict)),
                 STR_ARG(prove_verdict_name(verdict)), STR_ARG(result.text));
}

/* The delivery of one export: PutObject under b/p/N/, for every export of that name. */
static struct request_part delivery(void)
{
    static const struct str actions[] = {STR_INIT("s3:PutObject")};
    static const struct str resources[] = {STR_INIT("arn:aws:s3:::b/p/N/*")};
    struct request_part part = {
        .principal = STR(EXPORTS), .actions = actions, .action_count = 1, .resources = resources, .resource_count = 1};
    struct request_source source = {
        .principal = part.principal,
        .account = STR(ACCOUNT),
        .source_arn = STR("arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/N-*"),
        .resource_account = STR(ACCOUNT),
    };
    request_keys(arena, &source, NULL, 0, &part.keys, &part.key_count);
    part.resource_account = STR(ACCOUNT);
    return part;
}

#define ALLOW_DELIVERY                                                                                                 \
    "{'Sid':'A','Effect':'Allow','Principal':{'Service':'" EXPORTS "'},'Action':'s3:PutObject',"                       \
    "'Resource':'arn:aws:s3:::b/*','Condition':{'StringEquals':{'aws:SourceAccount':'" ACCOUNT "'},"                   \
    "'ArnLike':{'aws:SourceArn':'arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*'}}}"
#define DENY(principal, condition)                                                                                     \
    "{'Sid':'D','Effect':'Deny','Principal':" principal                                                                \
    ",'Action':'s3:*','Resource':['arn:aws:s3:::b','arn:aws:s3:::b/*'],"                                               \
    "'Condition':{" condition "}}"
#define WITH_DENY(condition) "{'Statement':[" ALLOW_DELIVERY "," DENY("'*'", condition) "]}"
#define ALLOW_WITH(resource, condition)                                                                                \
    "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':{'Service':'" EXPORTS "'},"                     \
    "'Action':'s3:PutObject','Resource':'" resource "','Condition':{" condition "}}}"

static void decides_bucket_policies_for_deliveries(void **state)
{
    static const struct {
        const char *name;
        const char *policy;
        enum prove_verdict verdict;
        const char *key; /* of an open condition */
    } cases[] = {
        {"as documented", "{'Statement':[" ALLOW_DELIVERY "]}", PROVE_PROVED, NULL},
        {"no statement", "{'Statement':[]}", PROVE_REFUTED, NULL},
        {"Deny without TLS", WITH_DENY("'Bool':{'aws:SecureTransport':'false'}"), PROVE_PROVED, NULL},
        {"Deny old TLS", WITH_DENY("'NumericLessThan':{'s3:TlsVersion':1.2}"), PROVE_PROVED, NULL},
        {"Deny TLS below 1.3", WITH_DENY("'NumericLessThan':{'s3:TlsVersion':1.3}"), PROVE_UNDECIDED, "s3:TlsVersion"},
        {"Deny other organizations", WITH_DENY("'StringNotEquals':{'aws:PrincipalOrgID':'o-1'}"), PROVE_REFUTED, NULL},
        {"Deny other organizations, spare services",
         WITH_DENY("'StringNotEquals':{'aws:PrincipalOrgID':'o-1'},'Bool':{'aws:PrincipalIsAWSService':'false'}"),
         PROVE_PROVED, NULL},
        {"IfExists holds for who lacks it", WITH_DENY("'StringNotEqualsIfExists':{'aws:PrincipalOrgID':'o-1'}"),
         PROVE_REFUTED, NULL},
        {"Deny outside the endpoint", WITH_DENY("'StringNotEquals':{'aws:SourceVpce':'vpce-1'}"), PROVE_REFUTED, NULL},
        {"Deny by address", WITH_DENY("'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}"), PROVE_UNDECIDED, "aws:SourceIp"},
        {"Deny without KMS", WITH_DENY("'StringNotEquals':{'s3:x-amz-server-side-encryption':'aws:kms'}"),
         PROVE_UNDECIDED, "s3:x-amz-server-side-encryption"},
        {"Deny by ARN of the principal", WITH_DENY("'ArnNotLike':{'aws:PrincipalArn':'arn:aws:iam::1:role/x'}"),
         PROVE_UNDECIDED, "aws:PrincipalArn"},
        {"Deny of another account's source", WITH_DENY("'StringNotEquals':{'aws:SourceAccount':'" ACCOUNT "'}"),
         PROVE_PROVED, NULL},
        {"Deny one export", WITH_DENY("'ArnLike':{'aws:SourceArn':'arn:aws:bcm-data-exports:*:*:export/N-7*'}"),
         PROVE_REFUTED, NULL},
        {"Deny other exports", WITH_DENY("'ArnNotLike':{'aws:SourceArn':'arn:aws:bcm-data-exports:*:*:export/N-*'}"),
         PROVE_PROVED, NULL},
        {"StringEquals with a star",
         ALLOW_WITH("arn:aws:s3:::b/*",
                    "'StringEquals':{'aws:SourceArn':'arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*'}"),
         PROVE_REFUTED, NULL},
        {"other prefix", ALLOW_WITH("arn:aws:s3:::b/q/*", ""), PROVE_REFUTED, NULL},
        {"one character of the prefix is open", ALLOW_WITH("arn:aws:s3:::b/?/N/*", ""), PROVE_PROVED, NULL},
        {"other region",
         ALLOW_WITH("arn:aws:s3:::b/*", "'ArnLike':{'aws:SourceArn':'arn:aws:bcm-data-exports:eu-west-1:*:export/*'}"),
         PROVE_REFUTED, NULL},
        {"the key must be there", ALLOW_WITH("arn:aws:s3:::b/*", "'Null':{'aws:SourceArn':'false'}"), PROVE_PROVED,
         NULL},
        {"the key must be absent", ALLOW_WITH("arn:aws:s3:::b/*", "'Null':{'aws:SourceArn':'true'}"), PROVE_REFUTED,
         NULL},
        {"Allow by address", ALLOW_WITH("arn:aws:s3:::b/*", "'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}"),
         PROVE_UNDECIDED, "aws:SourceIp"},
        {"an unknown key cannot matter",
         "{'Statement':[" ALLOW_DELIVERY
         ",{'Effect':'Deny','Principal':'*','Action':'s3:PutObject','Resource':'arn:aws:"
         "s3:::b/q/*','Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}}]}",
         PROVE_PROVED, NULL},
        {"both sides of an unknown key",
         "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*','Condition':{'StringLike':{'aws:"
         "Referer':'a*'}}},{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*','Condition':{'StringNotLike':{"
         "'aws:Referer':'a*'}}}]}",
         PROVE_PROVED, NULL},
        {"NotPrincipal",
         "{'Statement':[" ALLOW_DELIVERY ",{'Effect':'Deny','NotPrincipal':{'AWS':'" USER
         "'},'Action':'s3:*','Resource':'*'}]}",
         PROVE_REFUTED, NULL},
        {"two halves",
         "{'Statement':[{'Effect':'Allow','Principal':{'Service':'" EXPORTS
         "'},'Action':'s3:Put*','Resource':'arn:aws:s3:::b/p/N/a*'},{'Effect':'Allow','Principal':{'Service':'" EXPORTS
         "'},'Action':'s3:PutObject','NotResource':'arn:aws:s3:::b/p/N/a*'}]}",
         PROVE_PROVED, NULL},
        {"what both halves leave out",
         "{'Statement':[{'Effect':'Allow','Principal':{'Service':'" EXPORTS
         "'},'Action':'s3:Put*','Resource':'arn:aws:s3:::b/p/N/a*'},{'Effect':'Allow','Principal':{'Service':'" EXPORTS
         "'},'Action':'s3:PutObject','NotResource':'arn:aws:s3:::b/p/N/?b*'}]}",
         PROVE_REFUTED, NULL},
        {"a hole",
         "{'Statement':[{'Effect':'Allow','Principal':{'Service':'" EXPORTS
         "'},'Action':'s3:Put*','Resource':'arn:aws:s3:::b/p/N/a*'},{'Effect':'Allow','Principal':{'Service':'" EXPORTS
         "'},'Action':'s3:PutObject','NotResource':'arn:aws:s3:::b/p/N/?*'}]}",
         PROVE_REFUTED, NULL},
    };
    (void)state;
    struct request_part part = delivery();
    struct request_set set = {&part, 1};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct prove_environment environment = {.policies.resource = compile(cases[i].policy, POLICY_RESOURCE)};
        struct prove_result result = prove_grants(arena, &environment, &set);
        expect(result, cases[i].verdict, cases[i].name);
        if (cases[i].key)
            assert_string_equal(str_to_c(arena, result.key), cases[i].key);
    }
}

static struct request_part by_user(const struct str *actions, size_t action_count, const struct str *resources,
                                   size_t resource_count)
{
    struct request_part part = {.principal = STR(USER),
                                .actions = actions,
                                .action_count = action_count,
                                .resources = resources,
                                .resource_count = resource_count};
    struct request_source source = {.principal = part.principal};
    request_keys(arena, &source, NULL, 0, &part.keys, &part.key_count);
    return part;
}

static void decides_identity_policies(void **state)
{
    static const struct str read_actions[] = {STR_INIT("s3:GetObject"),         STR_INIT("s3:ListBucket"),
                                              STR_INIT("s3:GetBucketLocation"), STR_INIT("iam:ListUsers"),
                                              STR_INIT("iam:ListAccessKeys"),   STR_INIT("ec2:Describe*")};
    static const struct str everything[] = {STR_INIT("*")};
    static const struct {
        const char *name;
        const char *identity;
        const char *boundary;
        enum prove_verdict verdict;
        const char *action; /* of the example */
    } cases[] = {
        {"administrator", "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}", NULL, PROVE_PROVED, NULL},
        {"each on its own type",
         "{'Statement':[{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::*/*'},{'Effect':'Allow',"
         "'Action':['s3:ListBucket','s3:GetBucketLocation'],'Resource':'arn:aws:s3:::*'},{'Effect':'Allow','Action':"
         "'iam:ListAccessKeys','Resource':'arn:aws:iam::" ACCOUNT
         ":user/*'},{'Effect':'Allow','Action':['iam:ListUsers',"
         "'ec2:Describe*'],'Resource':'*'}]}",
         NULL, PROVE_PROVED, NULL},
        {"ListBucket on objects",
         "{'Statement':[{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::*/*'},{'Effect':'Allow','NotAction':"
         "'s3:*','Resource':'*'}]}",
         NULL, PROVE_REFUTED, "s3:ListBucket"},
        {"one action denied",
         "{'Statement':[{'Effect':'Allow','Action':'*','Resource':'*'},{'Effect':'Deny','Action':'ec2:describeRegions',"
         "'Resource':'*'}]}",
         NULL, PROVE_REFUTED, "ec2:DescribeRegions"},
        {"a boundary without it", "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}",
         "{'Statement':{'Effect':'Allow','Action':['s3:*','ec2:*'],'Resource':'*'}}", PROVE_REFUTED, "iam:ListUsers"},
        {"asked for MFA",
         "{'Statement':[{'Effect':'Allow','Action':'*','Resource':'*'},{'Effect':'Deny','NotAction':'iam:*','Resource':'*',"
         "'Condition':{'BoolIfExists':{'aws:MultiFactorAuthPresent':'false'}}}]}",
         NULL, PROVE_REFUTED, "s3:GetObject"},
    };
    (void)state;
    struct request_part part = by_user(read_actions, COUNT_OF(read_actions), everything, 1);
    struct request_set set = {&part, 1};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct policy *identity = compile(cases[i].identity, POLICY_IDENTITY);
        const struct policy *boundary = cases[i].boundary ? compile(cases[i].boundary, POLICY_BOUNDARY) : NULL;
        struct prove_environment environment = {.policies.identity = {&identity, 1},
                                                .policies.boundaries = {&boundary, boundary != NULL}};
        struct prove_result result = prove_grants(arena, &environment, &set);
        expect(result, cases[i].verdict, cases[i].name);
        if (cases[i].action)
            assert_string_equal(str_to_c(arena, result.example.request.action), cases[i].action);
    }
}

static void proves_nothing_from_a_policy_that_was_not_read(void **state)
{
    static const struct str actions[] = {STR_INIT("s3:GetObject")};
    static const struct str resources[] = {STR_INIT("arn:aws:s3:::b/*")};
    (void)state;
    struct request_part part = by_user(actions, 1, resources, 1);
    struct request_set set = {&part, 1};
    const struct policy *allow =
        compile("{'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}", POLICY_IDENTITY);
    const struct policy *deny =
        compile("{'Statement':{'Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::b/x*'}}", POLICY_IDENTITY);
    const struct policy *none =
        compile("{'Statement':{'Effect':'Allow','Action':'ec2:*','Resource':'*'}}", POLICY_IDENTITY);
    struct prove_environment environment = {.policies.identity = {&allow, 1}, .unread[POLICY_IDENTITY] = true};
    struct prove_result result = prove_grants(arena, &environment, &set);
    expect(result, PROVE_UNDECIDED, "an Allow beside an unread policy");
    assert_int_equal(result.reason, PROVE_REASON_UNREAD);
    environment.policies.identity = (struct policy_list){&none, 1};
    expect(prove_grants(arena, &environment, &set), PROVE_UNDECIDED, "no Allow beside an unread policy");
    expect(prove_grants_none(arena, &environment, &set), PROVE_UNDECIDED, "none, beside an unread policy");
    environment.policies.identity = (struct policy_list){&deny, 1};
    result = prove_grants(arena, &environment, &set);
    expect(result, PROVE_REFUTED, "a Deny that was read");
    assert_true(str_starts(result.example.request.resource, STR("arn:aws:s3:::b/x")));
    environment.unread[POLICY_IDENTITY] = false;
    environment.unread[POLICY_SCP] = true;
    environment.policies.identity = (struct policy_list){&allow, 1};
    expect(prove_grants(arena, &environment, &set), PROVE_UNDECIDED, "service control policies unread");
    environment.unread[POLICY_SCP] = false;
    expect(prove_grants(arena, &environment, &set), PROVE_PROVED, "all read");
}

/* The same delivery by any other account, its exports and its account together. */
static struct request_part others(void)
{
    static const struct str accounts[] = {STR_INIT("????????????")};
    static const struct str own[] = {STR_INIT(ACCOUNT)};
    static const struct str arns[] = {STR_INIT("arn:aws:bcm-data-exports:us-east-1:????????????:export/*")};
    static const struct str own_arns[] = {STR_INIT("arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*")};
    static const struct request_key ranges[] = {
        {STR_INIT("aws:SourceAccount"), KEY_RANGES, accounts, 1, own, 1},
        {STR_INIT("aws:SourceArn"), KEY_RANGES, arns, 1, own_arns, 1},
    };
    struct request_part part = delivery();
    struct request_source source = {.principal = part.principal, .resource_account = STR(ACCOUNT)};
    request_keys(arena, &source, ranges, COUNT_OF(ranges), &part.keys, &part.key_count);
    part.one_source = true;
    return part;
}

static void finds_a_policy_that_serves_strangers(void **state)
{
    static const struct {
        const char *name;
        const char *policy;
        enum prove_verdict verdict;
    } cases[] = {
        {"both conditions", "{'Statement':[" ALLOW_DELIVERY "]}", PROVE_PROVED},
        {"no condition", ALLOW_WITH("arn:aws:s3:::b/*", ""), PROVE_REFUTED},
        {"the account alone", ALLOW_WITH("arn:aws:s3:::b/*", "'StringEquals':{'aws:SourceAccount':'" ACCOUNT "'}"),
         PROVE_PROVED},
        {"the ARN alone",
         ALLOW_WITH("arn:aws:s3:::b/*", "'StringLike':{'aws:SourceArn':'arn:aws:*:us-east-1:" ACCOUNT ":*'}"),
         PROVE_PROVED},
        {"the ARN alone, and any account behind it",
         ALLOW_WITH("arn:aws:s3:::b/*", "'StringLike':{'aws:SourceArn':'arn:aws:*:us-east-1:*:export/*'}"),
         PROVE_REFUTED},
        {"a second account",
         ALLOW_WITH("arn:aws:s3:::b/*", "'StringEquals':{'aws:SourceAccount':['" ACCOUNT "','210987654321']}"),
         PROVE_REFUTED},
        {"two keys that never meet",
         ALLOW_WITH("arn:aws:s3:::b/*",
                    "'StringEquals':{'aws:SourceAccount':'210987654321'},'ArnLike':{'aws:SourceArn':"
                    "'arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*'}"),
         PROVE_PROVED},
        {"any account's name begins alike",
         ALLOW_WITH("arn:aws:s3:::b/*", "'StringLike':{'aws:SourceAccount':'1234*'}"), PROVE_REFUTED},
    };
    (void)state;
    struct request_part part = others();
    struct request_set set = {&part, 1};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct prove_environment environment = {.policies.resource = compile(cases[i].policy, POLICY_RESOURCE)};
        struct prove_result result = prove_grants_none(arena, &environment, &set);
        expect(result, cases[i].verdict, cases[i].name);
        if (result.verdict == PROVE_REFUTED) {
            struct str account = json_find_string(result.example.context, "aws:SourceAccount");
            assert_true(str_contains(json_find_string(result.example.context, "aws:SourceArn"), account));
        }
    }
}

static void finds_what_is_granted_beside_the_set(void **state)
{
    static const struct str put[] = {STR_INIT("s3:PutObject")};
    static const struct str all_writes[] = {STR_INIT("s3:PutObject"), STR_INIT("s3:DeleteObject")};
    static const struct str inside[] = {STR_INIT("arn:aws:s3:::b/p/*")};
    static const struct str anywhere[] = {STR_INIT("*")};
    (void)state;
    struct request_part universe = by_user(all_writes, 2, anywhere, 1);
    struct request_part allowed = by_user(put, 1, inside, 1);
    struct request_set universe_set = {&universe, 1};
    struct request_set allowed_set = {&allowed, 1};
    const struct policy *narrow =
        compile("{'Statement':{'Effect':'Allow','Action':'s3:Put*','Resource':'arn:aws:s3:::b/p/*'}}", POLICY_IDENTITY);
    const struct policy *wide =
        compile("{'Statement':{'Effect':'Allow','Action':'s3:Put*','Resource':'arn:aws:s3:::b/*'}}", POLICY_IDENTITY);
    struct prove_environment environment = {.policies.identity = {&narrow, 1}};
    expect(prove_grants_only(arena, &environment, &universe_set, &allowed_set), PROVE_PROVED, "narrow");
    environment.policies.identity = (struct policy_list){&wide, 1};
    struct prove_result result = prove_grants_only(arena, &environment, &universe_set, &allowed_set);
    expect(result, PROVE_REFUTED, "wide");
    assert_false(str_starts(result.example.request.resource, STR("arn:aws:s3:::b/p/")));
    struct request_part nothing = {.principal = STR(USER), .actions = put, .action_count = 1};
    struct request_set empty = {&nothing, 1};
    assert_int_equal(prove_grants(arena, &environment, &empty).reason, PROVE_REASON_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(decides_bucket_policies_for_deliveries, setup, teardown),
        cmocka_unit_test_setup_teardown(decides_identity_policies, setup, teardown),
        cmocka_unit_test_setup_teardown(proves_nothing_from_a_policy_that_was_not_read, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_a_policy_that_serves_strangers, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_what_is_granted_beside_the_set, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
