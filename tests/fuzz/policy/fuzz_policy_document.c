/*
 * fuzz_policy_document.c: any text: what parses as a policy is decided upon without a fault, twice alike, and each type
 * reads it leniently wherever it reads it strictly.
 */
#include "policy/evaluate/evaluate.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_limits limits = {.max_bytes = 1 << 16, .max_depth = 32};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct request make_request(struct arena *arena)
{
    static const struct json_member context[] = {
        {.name = STR_INIT("aws:username"), .value = {.type = JSON_STRING, .string = STR_INIT("ann")}},
        {.name = STR_INIT("aws:SecureTransport"), .value = {.type = JSON_BOOLEAN, .boolean = true}},
        {.name = STR_INIT("s3:max-keys"), .value = {.type = JSON_NUMBER, .number = 10}},
    };
    const struct json object = json_object(context, COUNT_OF(context));
    struct request request = {0};
    require(request_make(arena,
                         (struct request_parts){
                             .principal = STR("arn:aws:sts::111122223333:assumed-role/r/s"),
                             .action = STR("s3:GetObject"),
                             .resource = STR("arn:aws:s3:::b/k"),
                             .context = &object,
                         },
                         &request, NULL));
    return request;
}

static void decide(const struct policy *policy, const struct request *request)
{
    const struct policy_environment environment = {
        .identity = {.items = &policy, .count = 1},
        .boundaries = {.items = &policy, .count = 1},
        .session = policy,
        .resource = policy,
    };
    struct decision once;
    struct decision again;
    policy_evaluate(&environment, request, &once);
    policy_evaluate(&environment, request, &again);
    require(once.verdict == again.verdict && once.reason_count == again.reason_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct str text = {(const char *)data, (ptrdiff_t)size};
    const struct json *document;
    if (json_parse(arena, STR("policy"), text, &limits, &document, NULL)) {
        struct request request = make_request(arena);
        for (int type = 0; type < POLICY_TYPE_COUNT; type++) {
            struct policy_options options = {.name = STR("p"), .type = (enum policy_type)type};
            const struct policy *strict = NULL;
            const struct policy *lenient = NULL;
            bool reads = policy_compile(arena, document, options, &strict, NULL);
            options.tolerance = POLICY_LENIENT;
            require(policy_compile(arena, document, options, &lenient, NULL) || !reads);
            require((policy_check(arena, document, options).count == 0) == reads);
            if (lenient)
                decide(lenient, &request);
        }
    }
    arena_close(arena);
    return 0;
}
