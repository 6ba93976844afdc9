/* kit.h: policies and requests from text, for the tests of engine/policy. Text is JSON with ' for ". */
#ifndef EXPORTCHECK_TESTS_POLICY_KIT_H
#define EXPORTCHECK_TESTS_POLICY_KIT_H

#include "base/buf.h"
#include "policy/evaluate/evaluate.h"

#include "cmocka_all.h"
#include <string.h>

static inline const struct json *kit_json(struct arena *arena, const char *text)
{
    char *quoted = str_to_c(arena, str_from(text));
    for (char *at = quoted; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    const struct json *value = NULL;
    struct error error = {0};
    if (!json_parse(arena, STR("kit"), str_from(quoted), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static inline const struct policy *kit_policy(struct arena *arena, enum policy_type type, const char *text)
{
    const struct policy_options options = {.name = STR("p"), .type = type, .tolerance = POLICY_LENIENT};
    const struct policy *policy = NULL;
    struct error error = {0};
    if (!policy_compile(arena, kit_json(arena, text), options, &policy, &error))
        fail_msg("%s", error.text);
    return policy;
}

static inline struct request kit_request(struct arena *arena, const char *principal, const char *action,
                                         const char *resource, const char *context)
{
    struct request_parts parts = {
        .principal = str_from(principal),
        .action = str_from(action),
        .resource = str_from(resource),
        .context = kit_json(arena, context),
    };
    struct request request = {0};
    struct error error = {0};
    if (!request_make(arena, parts, &request, &error))
        fail_msg("%s", error.text);
    return request;
}

#endif
