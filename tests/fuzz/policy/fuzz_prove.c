/*
 * fuzz_prove.c: any policy document against a delivery and against a reader: proofs and refutations must hold up, and
 * the linter and the merger must come to an end on the same documents.
 */
#include "policy/lint/lint.h"
#include "policy/template/merge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ACCOUNT "123456789012"

static struct request_part part_of(struct arena *arena, struct str principal, const struct str *actions, size_t count,
                                   const struct str *resource)
{
    struct request_part part = {.principal = principal,
                                .actions = actions,
                                .action_count = count,
                                .resources = resource,
                                .resource_count = 1,
                                .resource_account = STR(ACCOUNT)};
    struct request_source source = {.principal = principal,
                                    .account = STR(ACCOUNT),
                                    .source_arn = STR("arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/N-*"),
                                    .resource_account = STR(ACCOUNT)};
    request_keys(arena, &source, NULL, 0, &part.keys, &part.key_count);
    return part;
}

/* A proof that all are allowed and one that none is cannot both hold, and each refutation is confirmed. */
static void check(struct arena *arena, const struct prove_environment *environment, const struct request_set *set)
{
    struct prove_result all = prove_grants(arena, environment, set);
    struct prove_result none = prove_grants_none(arena, environment, set);
    if (all.verdict == PROVE_PROVED && none.verdict == PROVE_PROVED)
        abort();
    if (all.verdict == PROVE_REFUTED && all.example.decision.verdict == DECISION_ALLOWED)
        abort();
    if (none.verdict == PROVE_REFUTED && none.example.decision.verdict != DECISION_ALLOWED)
        abort();
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct json_limits limits = {.max_bytes = 32 * 1024, .max_depth = 32};
    static const struct str writes[] = {STR_INIT("s3:PutObject")};
    static const struct str reads[] = {STR_INIT("s3:Get*"), STR_INIT("ec2:Describe*")};
    static const struct str objects[] = {STR_INIT("arn:aws:s3:::b/p/*")};
    static const struct str everything[] = {STR_INIT("*")};
    struct arena *arena = arena_open(0);
    struct str text = {(const char *)data, (ptrdiff_t)size};
    const struct json *document;
    const struct policy *policy;
    struct policy_options options = {.name = STR("p"), .type = POLICY_RESOURCE, .tolerance = POLICY_LENIENT};
    if (json_parse(arena, STR("p"), text, &limits, &document, NULL)) {
        policy_lint_document(arena, document, text, policy_guess_type(document));
        if (policy_compile(arena, document, options, &policy, NULL)) {
            struct prove_environment environment = {.policies.resource = policy};
            struct request_part delivery = part_of(arena, STR("bcm-data-exports.amazonaws.com"), writes, 1, objects);
            check(arena, &environment, &(struct request_set){&delivery, 1});
        }
        options.type = POLICY_IDENTITY;
        if (policy_compile(arena, document, options, &policy, NULL)) {
            struct prove_environment environment = {.policies.identity = {&policy, 1}};
            struct request_part reader = part_of(arena, STR("arn:aws:iam::" ACCOUNT ":user/u"), reads, 2, everything);
            check(arena, &environment, &(struct request_set){&reader, 1});
        }
        struct template_asker asker = {.principal = STR("arn:aws:iam::" ACCOUNT ":user/u")};
        struct merge_result merged;
        if (policy_merge(arena, document, document, true, &asker, &merged, NULL) &&
            !json_is(merged.policy, JSON_OBJECT))
            abort();
    }
    arena_close(arena);
    return 0;
}
