/*
 * AWS's own managed policies, read in place from ../shared/data/policies where that folder exists: each parses strictly
 * without a complaint, and printing it and reading it back changes no decision.
 */
#include "policy/kit.h"

#include <zlib.h>

#define CORPUS TEST_SOURCE_DIR "/../shared/data/policies/aws-managed-policies.jsonl.gz"

enum { EXIT_SKIPPED = 77, CORPUS_POLICIES = 300, LINE_MAX_BYTES = 1 << 20 };

static const struct policy_options strict = {
    .name = STR_INIT("p"), .type = POLICY_IDENTITY, .tolerance = POLICY_STRICT};

/* Requests that many of the documents say something about. */
static const char *const requests[][3] = {
    {"s3:GetObject", "arn:aws:s3:::aws-logs/x", "{}"},
    {"ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "{'aws:RequestedRegion': 'us-east-1'}"},
    {"iam:PassRole", "arn:aws:iam::111122223333:role/x", "{'iam:PassedToService': 'ec2.amazonaws.com'}"},
    {"kms:CreateGrant", "arn:aws:kms:us-east-1:111122223333:key/k", "{'kms:GrantIsForAWSResource': true}"},
    {"logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/x:log-stream:y", "{}"},
    {"cloudwatch:PutMetricData", "*", "{'cloudwatch:namespace': 'AWS/X'}"},
    {"sts:AssumeRole", "arn:aws:iam::111122223333:role/x", "{}"},
    {"tag:GetResources", "*", "{'aws:ResourceTag/a': 'b'}"},
};

static enum verdict_of_policies decide(const struct policy *policy, const struct request *request)
{
    const struct policy_environment environment = {.identity = {.items = &policy, .count = 1}};
    struct decision decision;
    policy_evaluate(&environment, request, &decision);
    return decision.verdict;
}

static const struct policy *compile(struct arena *arena, const struct json *document, struct str name)
{
    const struct policy *policy = NULL;
    struct error error;
    if (!policy_compile(arena, document, strict, &policy, &error))
        fail_msg("%.*s: %s", STR_ARG(name), error.text);
    return policy;
}

static void check_document(struct arena *arena, const struct json *entry)
{
    struct str name = json_find_string(entry, "name");
    const struct json *document = json_find(entry, "document");
    const struct policy *policy = compile(arena, document, name);
    const struct json *again = NULL;
    struct error error;
    assert_true(json_parse(arena, name, json_text(arena, document, 2), &json_limits_default, &again, &error));
    const struct policy *read_back = compile(arena, again, name);
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct request request =
            kit_request(arena, "arn:aws:iam::111122223333:user/u", requests[i][0], requests[i][1], requests[i][2]);
        assert_int_equal(decide(policy, &request), decide(read_back, &request));
    }
}

static void takes_every_managed_policy(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    gzFile file = gzopen(CORPUS, "rb");
    assert_non_null(file);
    char *buffer = arena_array(arena, char, LINE_MAX_BYTES);
    size_t count = 0;
    while (gzgets(file, buffer, LINE_MAX_BYTES)) {
        struct arena_mark mark = arena_mark(arena);
        const struct json *entry = NULL;
        struct error error;
        assert_true(json_parse(arena, STR("corpus"), str_from(buffer), &json_limits_default, &entry, &error));
        check_document(arena, entry);
        arena_rewind(arena, mark);
        count++;
    }
    gzclose(file);
    arena_close(arena);
    assert_int_equal(count, CORPUS_POLICIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_every_managed_policy)};
    FILE *file = fopen(CORPUS, "rb");
    if (!file) {
        printf("SKIPPED: the corpus is not at %s\n", CORPUS);
        return EXIT_SKIPPED;
    }
    fclose(file);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
