/* explain.c: see explain.h. */
#include "policy/evaluate/explain.h"

/* The keys that say which statement is meant. */
static struct json_builder statement_json(struct arena *arena, const struct statement *statement, enum policy_type type,
                                          size_t level)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("policy"), json_string(statement->policy->name));
    json_build_append(&object, STR("type"), json_string(policy_type_name(type)));
    if (type == POLICY_SCP || type == POLICY_RCP)
        json_build_append(&object, STR("level"), json_number((double)level));
    if (statement->sid.len)
        json_build_append(&object, STR("sid"), json_string(statement->sid));
    json_build_append(&object, STR("pointer"), json_string(statement->pointer));
    return object;
}

static struct json mismatches_json(struct arena *arena, const struct mismatches *list)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < list->count; i++) {
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("pointer"), json_string(list->items[i].pointer));
        json_build_append(&object, STR("text"), json_string(list->items[i].text));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

static struct json not_applied(struct arena *arena, const struct simulation *simulation)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    bool bounded = simulation->environment.boundaries.count > 0;
    size_t count;
    struct attached_policy *list = environment_policies(arena, &simulation->environment, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < list[i].policy->count; k++) {
            const struct statement *statement = &list[i].policy->statements[k];
            if (statement->effect != POLICY_ALLOW)
                continue;
            struct mismatches why = explain_statement(arena, statement, &simulation->request, bounded);
            if (why.count == 0)
                continue;
            struct json_builder object = statement_json(arena, statement, list[i].type, list[i].level);
            json_build_append(&object, STR("why"), mismatches_json(arena, &why));
            json_build_add(&array, json_built(&object));
        }
    }
    return json_built(&array);
}

/* Of each Deny that applied, which conditions held and why. */
static struct json denied_json(struct arena *arena, const struct simulation *simulation,
                               const struct decision *decision)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < decision->reason_count; i++) {
        const struct decision_reason *reason = &decision->reasons[i];
        struct mismatches why = explain_applied(arena, reason->statement, &simulation->request);
        struct json_builder object = statement_json(arena, reason->statement, reason->type, reason->level);
        json_build_append(&object, STR("why"), mismatches_json(arena, &why));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

static struct json changes_json(struct arena *arena, const struct simulation *simulation,
                                const struct decision *decision)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    struct changes list = explain_changes(arena, &simulation->environment, &simulation->request, decision);
    for (size_t i = 0; i < list.count; i++) {
        const struct change *change = &list.items[i];
        struct json_builder object = statement_json(arena, change->statement, change->type, change->level);
        json_build_append(&object, STR("text"), json_string(change->text));
        json_build_append(&object, STR("patch"), *change->patch);
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

struct json explain_simulation(struct arena *arena, const struct simulation *simulation,
                               const struct decision *decision, struct json result)
{
    struct json_builder explanation = json_build(arena, JSON_OBJECT);
    json_build_append(&explanation, STR("not_applied"), not_applied(arena, simulation));
    if (decision->verdict == DECISION_EXPLICITLY_DENIED)
        json_build_append(&explanation, STR("denied"), denied_json(arena, simulation, decision));
    json_build_append(&explanation, STR("changes"), changes_json(arena, simulation, decision));
    struct json_builder explained = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < result.count; i++)
        json_build_append(&explained, result.members[i].name, result.members[i].value);
    json_build_append(&explained, STR("explanation"), json_built(&explanation));
    return json_built(&explained);
}
