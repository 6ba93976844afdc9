/*
 * Laws of what is certain of requests, over random policies: no account that is none ever stands in a counterexample,
 * and a Deny more never allows more, whatever the context's keys are.
 */
#include "kit.h"

#include "policy/language/resource_type.h"
#include "policy/prove/prove.h"

#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 300 };
#else
enum { ROUNDS = 2000 };
#endif

#define OWN "123456789012"

static uint64_t seed = 20261127;
static struct arena *arena;

static unsigned below(unsigned limit)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((seed >> 33) % limit);
}

#define PICK(array) (array)[below(COUNT_OF(array))]

/* ---- Accounts ---- */

static const char *const account_texts[] = {OWN,
                                            "1234-5678-9012",
                                            "12345678901",
                                            " " OWN,
                                            "*",
                                            "1234*",
                                            "????????????",
                                            "<id>",
                                            "210987654321",
                                            "2109876543*",
                                            "*-*",
                                            "1?3456789012",
                                            "o-a1b2c3",
                                            "1234567890123?",
                                            "abcdefghijkl",
                                            "9*9*9*",
                                            ""};
static const char *const account_operators[] = {"StringEquals", "StringLike", "StringNotEquals", "StringNotLike"};

static void add_account_condition(struct buf *text)
{
    if (below(3))
        buf_addf(text, "'%s': {'aws:SourceAccount': ['%s', '%s']}", PICK(account_operators), PICK(account_texts),
                 PICK(account_texts));
    else
        buf_addf(text, "'%s': {'aws:SourceArn': 'arn:aws:bcm-data-exports:us-east-1:%s:export/*'}",
                 below(2) ? "ArnLike" : "ArnNotLike", PICK(account_texts));
}

static const struct policy *account_policy(void)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{'Version': '2012-10-17', 'Statement': [");
    unsigned count = 1 + below(3);
    for (unsigned i = 0; i < count; i++) {
        buf_addf(&text,
                 "%s{'Effect': '%s', 'Principal': {'Service': 'bcm-data-exports.amazonaws.com'}, 'Action': "
                 "'s3:PutObject', 'Resource': 'arn:aws:s3:::b/*', 'Condition': {",
                 i ? ", " : "", i && below(2) ? "Deny" : "Allow");
        add_account_condition(&text);
        buf_add_c(&text, "}}");
    }
    buf_add_c(&text, "]}");
    return kit_policy(arena, POLICY_RESOURCE, str_to_c(arena, buf_str(&text)));
}

/* Exports of anybody but one account. */
static struct request_part strangers(void)
{
    static const struct str actions[] = {STR_INIT("s3:PutObject")};
    static const struct str resources[] = {STR_INIT("arn:aws:s3:::b/*")};
    static const struct str any[] = {STR_INIT("*"), STR_INIT("arn:aws:bcm-data-exports:us-east-1:*:export/*")};
    static const struct str own[] = {STR_INIT(OWN), STR_INIT("arn:aws:bcm-data-exports:us-east-1:" OWN ":export/*")};
    static const struct request_key keys[] = {
        {STR_INIT("aws:SourceAccount"), KEY_RANGES, &any[0], 1, &own[0], 1},
        {STR_INIT("aws:SourceArn"), KEY_RANGES, &any[1], 1, &own[1], 1},
    };
    struct request_part part = {.principal = STR("bcm-data-exports.amazonaws.com"),
                                .actions = actions,
                                .action_count = 1,
                                .resources = resources,
                                .resource_count = 1,
                                .resource_account = STR(OWN),
                                .one_source = true};
    struct request_source source = {.principal = part.principal, .resource_account = STR(OWN)};
    request_keys(arena, &source, keys, COUNT_OF(keys), &part.keys, &part.key_count);
    return part;
}

static void check_account(struct str account)
{
    bool digits = account.len == 12;
    for (ptrdiff_t i = 0; i < account.len; i++)
        digits &= account.ptr[i] >= '0' && account.ptr[i] <= '9';
    if (!digits || str_equal(account, STR(OWN)))
        fail_msg("'%.*s' is no other account", STR_ARG(account));
}

static void no_account_that_is_none_is_ever_let_in(void **state)
{
    (void)state;
    int counts[3] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        arena = arena_open(0);
        struct prove_environment environment = {.policies = {.resource = account_policy()}};
        struct request_part part = strangers();
        struct prove_result result = prove_grants_none(arena, &environment, &(struct request_set){&part, 1});
        counts[result.verdict]++;
        if (result.verdict == PROVE_REFUTED) {
            check_account(json_find_string(result.example.context, "aws:SourceAccount"));
            check_account(arn_part(json_find_string(result.example.context, "aws:SourceArn"), 4));
        }
        arena_close(arena);
    }
    print_message("strangers: %d proved, %d refuted, %d undecided\n", counts[0], counts[1], counts[2]);
    assert_true(counts[PROVE_PROVED] > ROUNDS / 50 && counts[PROVE_REFUTED] > ROUNDS / 50);
}

/* ---- A Deny more ---- */

static const char *const conditions[] = {
    "",
    "'DateLessThan': {'aws:CurrentTime': '2026-12-01T00:00:00Z'}",
    "'DateGreaterThan': {'aws:CurrentTime': '2026-12-01T00:00:00Z'}",
    "'NumericLessThan': {'aws:EpochTime': '1700000000'}",
    "'StringEquals': {'aws:PrincipalOrgID': 'o-a1b2c3d4e5'}",
    "'StringNotEqualsIfExists': {'aws:SourceOrgID': 'o-a1b2c3d4e5'}",
    "'StringLike': {'aws:PrincipalTag/team': 'fin*'}",
    "'Null': {'aws:PrincipalTag/other': 'true'}",
    "'BoolIfExists': {'aws:MultiFactorAuthPresent': 'false'}",
    "'Bool': {'aws:PrincipalIsAWSService': 'false'}",
    "'IpAddress': {'aws:SourceIp': '203.0.113.0/24'}",
    "'NotIpAddress': {'aws:SourceIp': '203.0.113.128/25'}",
    "'StringNotEquals': {'aws:RequestedRegion': 'eu-west-1'}",
    "'StringLike': {'aws:userid': 'AIDA*'}",
    "'StringEquals': {'bucket_name': 'x'}",
    "'StringNotEquals': {'s3:ResourceAccount': '" OWN "'}",
};
static const char *const effects[] = {"Allow", "Deny"};
static const char *const actions[] = {"s3:*", "s3:GetObject", "s3:Get*", "*", "s3:PutObject"};
static const char *const resources[] = {"*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*",
                                        "arn:aws:s3:::b/${aws:PrincipalTag/team}*", "arn:aws:s3:::${bucket}/*"};

static void add_statement(struct buf *text, const char *effect)
{
    buf_addf(text, "{'Effect': '%s', 'Action': '%s', 'Resource': '%s', 'Condition': {%s}}", effect, PICK(actions),
             PICK(resources), PICK(conditions));
}

static const struct policy *identity_policy(bool deny)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{'Version': '2012-10-17', 'Statement': [");
    unsigned count = deny ? 1 : 1 + below(3);
    for (unsigned i = 0; i < count; i++) {
        buf_add_c(&text, i ? ", " : "");
        add_statement(&text, deny ? "Deny" : PICK(effects));
    }
    buf_add_c(&text, "]}");
    return kit_policy(arena, POLICY_IDENTITY, str_to_c(arena, buf_str(&text)));
}

static struct told_value told(const char *const *texts, size_t count)
{
    struct str *list = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        list[i] = str_from(texts[i]);
    return (struct told_value){below(4) > 0, list, count};
}

/* Reading one object or a folder, with some things told and others not. */
static struct request_part reading(void)
{
    static const struct str get[] = {STR_INIT("s3:GetObject")};
    static const struct str objects[] = {STR_INIT("arn:aws:s3:::b/*"), STR_INIT("arn:aws:s3:::b/finops/k")};
    static const char *const organization[] = {"o-a1b2c3d4e5"};
    static const char *const id[] = {"AIDAEXAMPLE"};
    static const char *const tags[] = {"team", "finops"};
    static const char *const address[] = {"203.0.113.0/24"};
    static const char *const region[] = {"eu-west-1"};
    static const char *const bucket[] = {"arn:aws:s3:::b"};
    struct request_source source = {.principal = STR("arn:aws:iam::" OWN ":user/finops"),
                                    .resource_account = STR(OWN),
                                    .home = STR(OWN),
                                    .action = get[0],
                                    .now = below(2) ? 1795341600 : 0};
    source.told[TOLD_ORGANIZATION] = told(organization, below(2));
    source.told[TOLD_PRINCIPAL_ID] = told(id, 1);
    source.told[TOLD_PRINCIPAL_TAGS] = told(tags, below(2) * 2);
    source.told[TOLD_ADDRESS] = told(address, 1);
    source.told[TOLD_BUCKET] = told(bucket, 1);
    source.told[TOLD_BUCKET_REGION] = told(region, 1);
    struct request_part part = {.principal = source.principal,
                                .actions = get,
                                .action_count = 1,
                                .resources = &objects[below(2)],
                                .resource_count = 1,
                                .resource_account = STR(OWN)};
    source.resource = part.resources[0];
    request_keys(arena, &source, NULL, 0, &part.keys, &part.key_count);
    return part;
}

static struct prove_environment with(const struct policy *first, const struct policy *second)
{
    const struct policy **items = arena_array(arena, const struct policy *, 2);
    items[0] = first;
    items[1] = second;
    return (struct prove_environment){.policies = {.identity = {items, second ? 2 : 1}}};
}

static void a_deny_more_never_allows_more(void **state)
{
    (void)state;
    int counts[3] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        arena = arena_open(0);
        struct request_part part = reading();
        struct request_set set = {&part, 1};
        const struct policy *policy = identity_policy(false);
        struct prove_environment before = with(policy, NULL);
        struct prove_environment after = with(policy, identity_policy(true));
        enum prove_verdict all_before = prove_grants(arena, &before, &set).verdict;
        enum prove_verdict all_after = prove_grants(arena, &after, &set).verdict;
        enum prove_verdict none_before = prove_grants_none(arena, &before, &set).verdict;
        enum prove_verdict none_after = prove_grants_none(arena, &after, &set).verdict;
        counts[all_after]++;
        assert_false(all_before == PROVE_REFUTED && all_after != PROVE_REFUTED);
        assert_false(all_before != PROVE_PROVED && all_after == PROVE_PROVED);
        assert_false(none_before == PROVE_PROVED && none_after != PROVE_PROVED);
        assert_false(none_before != PROVE_REFUTED && none_after == PROVE_REFUTED);
        arena_close(arena);
    }
    print_message("with a Deny more: %d proved, %d refuted, %d undecided\n", counts[0], counts[1], counts[2]);
    for (int verdict = 0; verdict < 3; verdict++)
        assert_true(counts[verdict] > ROUNDS / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_account_that_is_none_is_ever_let_in),
        cmocka_unit_test(a_deny_more_never_allows_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
