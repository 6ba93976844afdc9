/*
 * The linter and the prover on AWS's own managed policies, read in place from ../shared/data/policies where that folder
 * exists: AWS takes each of them, so the linter finds no error; and proofs about them stay inside their budget.
 */
#include "policy/kit.h"

#include "policy/lint/lint.h"
#include "policy/prove/prove.h"

#include <stdlib.h>

#include <zlib.h>

#define CORPUS TEST_SOURCE_DIR "/../shared/data/policies/aws-managed-policies.jsonl.gz"

enum { EXIT_SKIPPED = 77, CORPUS_POLICIES = 300, LINE_MAX_BYTES = 1 << 20 };

static void check_lint(struct arena *arena, const struct json *document, struct str name)
{
    struct lint_findings found = policy_lint_document(arena, document, json_text(arena, document, 0), POLICY_IDENTITY);
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i].severity == LINT_ERROR)
            fail_msg("%.*s%.*s: %.*s", STR_ARG(name), STR_ARG(found.items[i].pointer), STR_ARG(found.items[i].text));
}

/* Real documents stay well inside the budget, and all and none are never both proven. */
static void check_proofs(struct arena *arena, const struct json *document)
{
    static const struct str actions[] = {STR_INIT("s3:GetObject"), STR_INIT("ec2:Describe*")};
    static const struct str resources[] = {STR_INIT("*")};
    struct policy_options options = {.name = STR("p"), .type = POLICY_IDENTITY, .tolerance = POLICY_STRICT};
    const struct policy *policy;
    struct error error;
    if (!policy_compile(arena, document, options, &policy, &error))
        fail_msg("%s", error.text);
    struct prove_environment environment = {.policies.identity = {&policy, 1}};
    struct request_source source = {.principal = STR("arn:aws:iam::123456789012:user/u")};
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        struct request_part part = {.principal = source.principal,
                                    .actions = &actions[i],
                                    .action_count = 1,
                                    .resources = resources,
                                    .resource_count = 1};
        request_keys(arena, &source, NULL, 0, &part.keys, &part.key_count);
        struct request_set set = {&part, 1};
        struct prove_result all = prove_grants(arena, &environment, &set);
        struct prove_result none = prove_grants_none(arena, &environment, &set);
        assert_false(all.verdict == PROVE_PROVED && none.verdict == PROVE_PROVED);
        assert_int_not_equal(all.reason, PROVE_REASON_BUDGET);
        assert_int_not_equal(none.reason, PROVE_REASON_BUDGET);
    }
}

static void finds_no_error_in_any_managed_policy(void **state)
{
    (void)state;
    char *line = malloc(LINE_MAX_BYTES);
    gzFile file = gzopen(CORPUS, "rb");
    int count = 0;
    while (gzgets(file, line, LINE_MAX_BYTES)) {
        struct arena *arena = arena_open(0);
        const struct json *entry;
        struct error error;
        if (!json_parse(arena, STR("corpus"), str_trim(str_from(line)), &json_limits_default, &entry, &error))
            fail_msg("%s", error.text);
        check_lint(arena, json_find(entry, "document"), json_find_string(entry, "name"));
        check_proofs(arena, json_find(entry, "document"));
        arena_close(arena);
        count++;
    }
    gzclose(file);
    free(line);
    assert_int_equal(count, CORPUS_POLICIES);
}

int main(void)
{
    gzFile file = gzopen(CORPUS, "rb");
    if (!file) {
        printf("SKIPPED: there is no %s\n", CORPUS);
        return EXIT_SKIPPED;
    }
    gzclose(file);
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_no_error_in_any_managed_policy)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
