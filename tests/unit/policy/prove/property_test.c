/*
 * Proofs against the evaluator: over random policies and random sets, every refutation is a request that the evaluator
 * decides so, and every proof survives random requests of its set: 10,000 of them for the first proofs, fewer for the
 * rest.
 */
#include "policy/language/resource_type.h"
#include "policy/prove/prove.h"

#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 250 };
#else
enum { ROUNDS = 1200 };
#endif
enum { THOROUGH_PROOFS = 3, THOROUGH_REQUESTS = 10000, REQUESTS = 50, TRIES = 8 };

#define A "123456789012"
#define B "210987654321"

static uint64_t seed = 20261122;
static struct arena *arena;
static struct arena *scratch;

static unsigned below(unsigned limit)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((seed >> 33) % limit);
}

#define PICK(array) (array)[below(COUNT_OF(array))]

static const char *const principals[] = {
    "arn:aws:iam::" A ":user/u",
    "arn:aws:iam::" A ":role/r",
    "arn:aws:sts::" A ":assumed-role/r/s",
    "arn:aws:iam::" A ":root",
    "svc.amazonaws.com",
    "*",
    "arn:aws:iam::" B ":user/u",
    "arn:aws:sts::" A ":federated-user/f",
};
static const char *const named[] = {
    "\"*\"",
    "{\"AWS\":\"" A "\"}",
    "{\"AWS\":[\"arn:aws:iam::" A ":user/u\",\"arn:aws:iam::" B ":root\"]}",
    "{\"AWS\":\"arn:aws:iam::" A ":role/r\"}",
    "{\"AWS\":\"arn:aws:sts::" A ":assumed-role/r/s\"}",
    "{\"Service\":\"svc.amazonaws.com\"}",
    "{\"AWS\":\"arn:aws:iam::" B ":user/u\"}",
};
static const char *const action_patterns[] = {
    "s3:GetObject",
    "s3:Get*",
    "s3:*",
    "*",
    "S3:getobject",
    "s3:PutObject",
    "sts:AssumeRole",
    "sts:*",
    "kms:Decrypt",
    "kms:*",
    "iam:*",
    "iam:CreateUser",
    "s3:PutBucketPolicy",
    "*:Get*",
    "sts:GetCallerIdentity",
};
static const char *const set_actions[] = {
    "s3:GetObject", "s3:Get*",     "s3:*",  "s3:PutObject",       "sts:AssumeRole",        "sts:*",
    "kms:*",        "kms:Decrypt", "iam:*", "s3:PutBucketPolicy", "sts:GetCallerIdentity", "kms:RetireGrant",
};
static const char *const real_actions[] = {
    "s3:GetObject",       "s3:PutObject",    "s3:GetBucketAcl",       "s3:PutBucketPolicy",
    "s3:GetBucketPolicy", "sts:AssumeRole",  "sts:GetCallerIdentity", "kms:Decrypt",
    "kms:ListKeys",       "kms:RetireGrant", "kms:CreateAlias",       "iam:CreateUser",
    "iam:GetUser",        "s3:Getx",         "iam:PutRolePolicy",
};
static const char *const resource_patterns[] = {
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/a*",
    "arn:aws:s3:::b/?*b",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*/x",
    "arn:aws:kms:us-east-1:" A ":key/*",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::" B ":*",
    "arn:aws:iam::aws:policy/*",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:unknown}/*",
    "arn:aws:kms:*:*:alias/aws/*",
};
static const char *const words[] = {"", "a", "b", "x", "ab", "aab", "a/x", "u/x", "aws/s3", "/", "role/aws-reserved/q"};
static const char *const accounts[] = {A, B, "aws", ""};
static const char *const conditions[] = {
    "\"StringEquals\":{\"k:fixed\":\"v\"}",
    "\"StringNotEquals\":{\"k:fixed\":\"w\"}",
    "\"StringLike\":{\"k:ranges\":\"a*\"}",
    "\"StringNotLike\":{\"k:ranges\":[\"*b\",\"a\"]}",
    "\"StringLikeIfExists\":{\"k:free\":\"*a\"}",
    "\"StringEqualsIgnoreCase\":{\"k:ranges\":\"AB\"}",
    "\"StringNotEquals\":{\"k:free\":\"a\"}",
    "\"Null\":{\"k:free\":\"true\"}",
    "\"Null\":{\"k:free\":[\"false\"]}",
    "\"StringEquals\":{\"k:absent\":\"a\"}",
    "\"StringNotEquals\":{\"k:absent\":\"a\"}",
    "\"StringLike\":{\"s3:open\":\"a*\"}",
    "\"StringNotLike\":{\"s3:open\":\"a*\"}",
    "\"IpAddress\":{\"s3:open\":\"10.0.0.0/8\"}",
    "\"NumericLessThan\":{\"k:few\":2}",
    "\"NumericLessThan\":{\"k:few\":9}",
    "\"Bool\":{\"k:free\":\"true\"}",
    "\"ForAllValues:StringLike\":{\"k:ranges\":\"a*\"}",
    "\"ForAnyValue:StringEquals\":{\"k:fixed\":\"v\"}",
    "\"ArnLike\":{\"k:ranges\":\"arn:*:*:*:*:*\"}",
    "\"StringLike\":{\"k:ranges\":\"${aws:username}*\"}",
    "\"StringEquals\":{\"k:fixed\":\"${s3:open}\"}",
    "\"StringNotLike\":{\"k:ranges\":\"${k:ranges}\"}",
};

static void add_statement(struct buf *text, enum policy_type type)
{
    buf_addf(text, "{\"Effect\":\"%s\"", below(4) ? "Allow" : "Deny");
    bool deny = text->data[text->len - 2] == 'y';
    if (type == POLICY_RESOURCE)
        buf_addf(text, ",\"%s\":%s", deny && below(4) == 0 ? "NotPrincipal" : "Principal", PICK(named));
    const char *action = PICK(action_patterns);
    buf_addf(text, ",\"%s\":[\"%s\",\"%s\"]", below(6) ? "Action" : "NotAction", action, PICK(action_patterns));
    buf_addf(text, ",\"%s\":[\"%s\"", below(6) ? "Resource" : "NotResource", PICK(resource_patterns));
    buf_addf(text, below(2) ? "]" : ",\"*\"]");
    if (below(2))
        buf_addf(text, ",\"Condition\":{%s}", PICK(conditions));
    buf_add_c(text, "}");
}

static const struct policy *random_policy(enum policy_type type)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    unsigned count = 1 + below(4);
    for (unsigned i = 0; i < count; i++) {
        add_statement(&text, type);
        buf_add_c(&text, i + 1 < count ? "," : "]}");
    }
    const struct json *document;
    const struct policy *policy = NULL;
    struct error error;
    struct policy_options options = {.name = STR("p"), .type = type, .tolerance = POLICY_LENIENT};
    if (!json_parse(arena, STR("p"), buf_str(&text), &json_limits_default, &document, &error) ||
        !policy_compile(arena, document, options, &policy, &error))
        fail_msg("%s in %.*s", error.text, STR_ARG(buf_str(&text)));
    return policy;
}

static struct policy_list random_list(enum policy_type type, unsigned most)
{
    unsigned count = 1 + below(most);
    const struct policy **items = arena_array(arena, const struct policy *, count);
    for (unsigned i = 0; i < count; i++)
        items[i] = random_policy(type);
    return (struct policy_list){items, count};
}

static struct policy_levels random_levels(enum policy_type type)
{
    unsigned count = 1 + below(2);
    struct policy_list *items = arena_array(arena, struct policy_list, count);
    for (unsigned i = 0; i < count; i++)
        items[i] = random_list(type, 2);
    return (struct policy_levels){items, count};
}

static struct prove_environment random_environment(void)
{
    struct prove_environment environment = {0};
    struct policy_environment *policies = &environment.policies;
    if (below(4))
        policies->identity = random_list(POLICY_IDENTITY, 2);
    if (below(4) == 0)
        policies->boundaries = random_list(POLICY_BOUNDARY, 1);
    if (below(5) == 0)
        policies->session = random_policy(POLICY_SESSION);
    if (below(2))
        policies->resource = random_policy(POLICY_RESOURCE);
    if (below(5) == 0)
        policies->service_control = random_levels(POLICY_SCP);
    if (below(5) == 0)
        policies->resource_control = random_levels(POLICY_RCP);
    return environment;
}

static const struct str fixed_values[] = {STR_INIT("v")};
static const struct str ranges_values[] = {STR_INIT("a*"), STR_INIT("?b")};
static const struct str ranges_except[] = {STR_INIT("aa*")};
static const struct str few_values[] = {STR_INIT("1"), STR_INIT("3")};
static const struct str user_values[] = {STR_INIT("u")};
static const struct request_key keys[] = {
    {STR_INIT("k:fixed"), KEY_FIXED, fixed_values, 1, NULL, 0},
    {STR_INIT("k:ranges"), KEY_RANGES, ranges_values, 2, ranges_except, 1},
    {STR_INIT("k:free"), KEY_FREE, NULL, 0, NULL, 0},
    {STR_INIT("k:absent"), KEY_ABSENT, NULL, 0, NULL, 0},
    {STR_INIT("k:few"), KEY_UNKNOWN, few_values, 2, NULL, 0},
    {STR_INIT("aws:username"), KEY_FIXED, user_values, 1, NULL, 0},
};

static struct request_part random_part(void)
{
    struct str *actions = arena_array(arena, struct str, 2);
    struct str *resources = arena_array(arena, struct str, 2);
    for (int i = 0; i < 2; i++) {
        actions[i] = str_from(PICK(set_actions));
        resources[i] = str_from(resource_patterns[below(COUNT_OF(resource_patterns) - 3)]); /* no variables */
    }
    return (struct request_part){
        .principal = str_from(PICK(principals)),
        .actions = actions,
        .action_count = 1 + below(2),
        .resources = resources,
        .resource_count = 1 + below(2),
        .resource_account = below(3) ? STR("") : str_from(accounts[below(2)]),
        .keys = keys,
        .key_count = COUNT_OF(keys),
        .any_type = below(2),
    };
}

/* ---- Random requests of a set ---- */

static bool fits(const struct str *patterns, size_t count, struct str text, bool nocase)
{
    struct algebra algebra = algebra_make(arena, scratch);
    bool any = false;
    for (size_t i = 0; i < count && !any; i++)
        any = algebra_matches(
            &algebra, nocase ? wildcard_pattern(arena, patterns[i], true) : wildcard_arn(arena, patterns[i], false),
            text);
    return any;
}

static struct str fill(struct str pattern)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    int colons = 0;
    for (ptrdiff_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        colons += c == ':';
        if (c == '?')
            buf_add_char(&text, "abx"[below(3)]);
        else if (c == '*' && pattern.len == 1)
            buf_addf(&text, "arn:aws:%s::%s:%s", below(2) ? "s3" : "iam", PICK(accounts), PICK(words));
        else if (c == '*')
            buf_add_c(&text, colons == 4 ? PICK(accounts) : PICK(words));
        else
            buf_add_char(&text, c);
    }
    return buf_str(&text);
}

/* Whether AWS asks the action on such a resource; false where a part that heeds types leaves it open. */
static bool own_type(const struct request_part *part, struct str action, struct str resource)
{
    const struct action_row *row = action_find(action);
    if (part->any_type)
        return true;
    for (size_t i = 0; i < part->resource_count; i++)
        if (str_equal(part->resources[i], STR("*"))) /* means the principal's own account: not sampled */
            return false;
    if (!row)
        return false;
    struct str form = resource_form(row->service, row->type);
    struct str excluded = resource_form_excludes(row->service, row->type);
    if (str_equal(form, STR("*")))
        return str_equal(resource, STR("*"));
    return fits(&form, 1, resource, false) && !(excluded.len && fits(&excluded, 1, resource, false));
}

static void set_key(struct json_builder *context, const char *name, struct str value)
{
    json_build_set(context, str_from(name), json_string(value));
}

static bool random_request(const struct request_part *part, struct request *ret)
{
    struct json_builder context = json_build(arena, JSON_OBJECT);
    set_key(&context, "k:fixed", STR("v"));
    set_key(&context, "aws:username", STR("u"));
    set_key(&context, "k:few", few_values[below(2)]);
    static const char *const ranged[] = {"a", "ab", "abx", "xb", "bb", "acb", "axu", "Ab"};
    struct str value = str_from(PICK(ranged));
    if (!fits(ranges_values, 2, value, false) || fits(ranges_except, 1, value, false))
        return false;
    set_key(&context, "k:ranges", value);
    static const char *const free_values[] = {"a", "true", "FALSE", "xa", "b", ""};
    if (below(2))
        set_key(&context, "k:free", str_from(PICK(free_values)));
    static const char *const open_values[] = {"a", "10.1.1.1", "b", "v", "u"};
    if (below(2))
        set_key(&context, "s3:open", str_from(PICK(open_values)));
    if (below(2))
        set_key(&context, "aws:unknown", str_from(PICK(open_values)));
    struct request_parts parts = {
        .principal = part->principal,
        .action = str_from(PICK(real_actions)),
        .resource = below(8) ? fill(part->resources[below((unsigned)part->resource_count)]) : STR("*"),
        .resource_account = part->resource_account,
        .context = json_box(arena, json_built(&context)),
    };
    return own_type(part, parts.action, parts.resource) &&
           fits(part->actions, part->action_count, parts.action, true) &&
           fits(part->resources, part->resource_count, parts.resource, false) && request_make(arena, parts, ret, NULL);
}

static void survives(const struct prove_environment *environment, const struct request_part *part, bool grants,
                     int wanted)
{
    for (int tries = 0, tried = 0; tried < wanted && tries < TRIES * wanted; tries++) {
        struct request request;
        struct decision decision;
        struct arena_mark mark = arena_mark(arena);
        if (random_request(part, &request)) {
            tried++;
            policy_evaluate(&environment->policies, &request, &decision);
            if ((decision.verdict == DECISION_ALLOWED) != grants)
                fail_msg("a %s proof, yet %.*s does %.*s on %.*s", grants ? "grants" : "grants_none",
                         STR_ARG(request.principal.text), STR_ARG(request.action), STR_ARG(request.resource));
        }
        arena_rewind(arena, mark);
    }
}

static void proofs_and_refutations_agree_with_the_evaluator(void **state)
{
    int counts[2][3] = {{0}};
    (void)state;
    scratch = arena_open(0);
    for (int round = 0; round < ROUNDS; round++) {
        arena = arena_open(0);
        struct prove_environment environment = random_environment();
        struct request_part part = random_part();
        struct request_set set = {&part, 1};
        for (int grants = 0; grants < 2; grants++) {
            struct prove_result result =
                grants ? prove_grants(arena, &environment, &set) : prove_grants_none(arena, &environment, &set);
            int number = counts[grants][result.verdict]++;
            if (result.verdict == PROVE_REFUTED) {
                assert_int_equal(result.example.decision.verdict == DECISION_ALLOWED, !grants);
                assert_true(fits(part.actions, part.action_count, result.example.request.action, true));
                assert_true(fits(part.resources, part.resource_count, result.example.request.resource, false));
            }
            if (result.verdict == PROVE_PROVED)
                survives(&environment, &part, grants, number < THOROUGH_PROOFS ? THOROUGH_REQUESTS : REQUESTS);
            if (result.verdict == PROVE_UNDECIDED && result.reason != PROVE_REASON_CONDITION &&
                result.reason != PROVE_REASON_EMPTY)
                fail_msg("round %d: %.*s", round, STR_ARG(result.text));
        }
        arena_close(arena);
    }
    arena_close(scratch);
    print_message("grants: %d proved, %d refuted, %d undecided; none: %d, %d, %d\n", counts[1][0], counts[1][1],
                  counts[1][2], counts[0][0], counts[0][1], counts[0][2]);
    for (int grants = 0; grants < 2; grants++)
        for (int verdict = 0; verdict < 3; verdict++)
            assert_true(counts[grants][verdict] > ROUNDS / 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(proofs_and_refutations_agree_with_the_evaluator)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
