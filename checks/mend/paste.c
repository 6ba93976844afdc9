/* paste.c: see grants_paste.h. */
#include "checks/mend/paste.h"

#include "policy/template/merge.h"

const struct json *grants_paste_merged(struct arena *arena, const struct json *own, const struct json *wanted,
                                       const struct template_asker *asker)
{
    struct merge_result result;
    struct error error;
    return policy_merge(arena, own, wanted, true, asker, &result, &error) ? result.policy : wanted;
}

/* The policy with these statements and no other. */
static const struct json *with_statements(struct arena *arena, const struct json *policy, struct json statements)
{
    struct json_builder copy = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < policy->count; i++)
        json_build_set(&copy, policy->members[i].name, policy->members[i].value);
    json_build_set(&copy, STR("Statement"), statements);
    return json_box(arena, json_built(&copy));
}

static bool offends(struct arena *arena, const struct json *policy, const struct json *statement,
                    const struct prove_environment *environment, const struct request_set *forbidden)
{
    struct json_builder one = json_build(arena, JSON_ARRAY);
    json_build_add(&one, *statement);
    struct prove_environment alone = *environment;
    struct error error;
    if (!policy_compile(arena, with_statements(arena, policy, json_built(&one)),
                        (struct policy_options){STR(""), POLICY_RESOURCE, POLICY_LENIENT}, &alone.policies.resource,
                        &error))
        return false;
    return prove_grants_none(arena, &alone, forbidden).verdict == PROVE_REFUTED;
}

const struct json *grants_paste_cleaned(struct arena *arena, const struct json *own,
                                        const struct prove_environment *environment,
                                        const struct request_set *forbidden)
{
    const struct json *statements = json_find(own, "Statement");
    struct json_builder kept = json_build(arena, JSON_ARRAY);
    if (!json_is(statements, JSON_ARRAY))
        return NULL;
    for (size_t i = 0; i < statements->count; i++) {
        if (!offends(arena, own, &statements->items[i], environment, forbidden))
            json_build_add(&kept, statements->items[i]);
    }
    return kept.count ? with_statements(arena, own, json_built(&kept)) : NULL;
}
