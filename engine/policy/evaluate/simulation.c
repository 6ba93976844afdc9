/* simulation.c: simulations from JSON, decisions to JSON; see simulation.h. */
#include "policy/evaluate/simulation.h"

/* The member, or NULL where it is absent or null. */
static const struct json *find(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return value && value->type != JSON_NULL ? value : NULL;
}

/* `{"name", "policy"}`, or the document itself. */
static bool read_policy(struct arena *arena, const struct json *value, struct str key, enum policy_type type,
                        const struct policy **ret, struct error *error)
{
    const struct json *document = json_find(value, "policy");
    struct str name = json_find_string(value, "name");
    struct policy_options options = {.name = name.len ? name : key, .type = type, .tolerance = POLICY_LENIENT};
    return policy_compile(arena, document ? document : value, options, ret, error);
}

static bool read_single(struct arena *arena, const struct json *object, const char *key, enum policy_type type,
                        const struct policy **ret, struct error *error)
{
    const struct json *value = find(object, key);
    return !value || read_policy(arena, value, str_from(key), type, ret, error);
}

static bool check_list(const struct json *value, const char *key, const char *items, struct error *error)
{
    if (value->type == JSON_ARRAY)
        return true;
    return error_set(error, ERROR_INPUT, "%s: expected a list of %s, found %s", key, items,
                     json_type_name(value->type));
}

static bool read_list(struct arena *arena, const struct json *value, const char *key, enum policy_type type,
                      struct policy_list *ret, struct error *error)
{
    if (!check_list(value, key, "policies", error))
        return false;
    const struct policy **items = arena_array(arena, const struct policy *, value->count);
    for (size_t i = 0; i < value->count; i++) {
        struct str name = str_format(arena, "%s/%zu", key, i);
        if (!read_policy(arena, &value->items[i], name, type, &items[i], error))
            return false;
    }
    *ret = (struct policy_list){.items = items, .count = value->count};
    return true;
}

static bool read_named_list(struct arena *arena, const struct json *object, const char *key, enum policy_type type,
                            struct policy_list *ret, struct error *error)
{
    const struct json *value = find(object, key);
    return !value || read_list(arena, value, key, type, ret, error);
}

static bool read_levels(struct arena *arena, const struct json *object, const char *key, enum policy_type type,
                        struct policy_levels *ret, struct error *error)
{
    const struct json *value = find(object, key);
    if (!value)
        return true;
    if (!check_list(value, key, "levels", error))
        return false;
    struct policy_list *levels = arena_array(arena, struct policy_list, value->count);
    for (size_t i = 0; i < value->count; i++) {
        if (!read_list(arena, &value->items[i], key, type, &levels[i], error))
            return false;
    }
    *ret = (struct policy_levels){.items = levels, .count = value->count};
    return true;
}

bool simulation_read(struct arena *arena, const struct json *value, struct simulation *ret, struct error *error)
{
    const struct json *id = json_find(value, "id");
    struct simulation simulation = {.id = id ? id : &json_null};
    struct policy_environment *environment = &simulation.environment;
    if (!json_is(value, JSON_OBJECT))
        return error_set(error, ERROR_INPUT, "expected a simulation, an object");
    if (!request_read(arena, json_find(value, "request"), &simulation.request, error))
        return error_wrap(error, "request");
    if (!read_named_list(arena, value, "identity_policies", POLICY_IDENTITY, &environment->identity, error) ||
        !read_named_list(arena, value, "permission_boundaries", POLICY_BOUNDARY, &environment->boundaries, error) ||
        !read_levels(arena, value, "service_control_policies", POLICY_SCP, &environment->service_control, error) ||
        !read_levels(arena, value, "resource_control_policies", POLICY_RCP, &environment->resource_control, error) ||
        !read_single(arena, value, "session_policy", POLICY_SESSION, &environment->session, error) ||
        !read_single(arena, value, "resource_policy", POLICY_RESOURCE, &environment->resource, error))
        return false;
    *ret = simulation;
    return true;
}

static struct json reason_json(struct arena *arena, const struct decision_reason *reason)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    const struct statement *statement = reason->statement;
    if (statement)
        json_build_append(&object, STR("policy"), json_string(statement->policy->name));
    json_build_append(&object, STR("type"), json_string(policy_type_name(reason->type)));
    if (reason->type == POLICY_SCP || reason->type == POLICY_RCP)
        json_build_append(&object, STR("level"), json_number((double)reason->level));
    if (!statement) {
        json_build_append(&object, STR("lacks"), json_string(STR("Allow")));
        return json_built(&object);
    }
    if (statement->sid.len)
        json_build_append(&object, STR("sid"), json_string(statement->sid));
    json_build_append(&object, STR("pointer"), json_string(statement->pointer));
    json_build_append(&object, STR("effect"),
                      json_string(statement->effect == POLICY_ALLOW ? STR("Allow") : STR("Deny")));
    return json_built(&object);
}

struct json simulation_result(struct arena *arena, const struct simulation *simulation, const struct decision *decision)
{
    struct json_builder because = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < decision->reason_count; i++)
        json_build_add(&because, reason_json(arena, &decision->reasons[i]));
    if (decision->rule) {
        struct json_builder rule = json_build(arena, JSON_OBJECT);
        json_build_append(&rule, STR("rule"), json_string(str_from(decision->rule)));
        json_build_add(&because, json_built(&rule));
    }
    struct json_builder result = json_build(arena, JSON_OBJECT);
    json_build_append(&result, STR("id"), *simulation->id);
    json_build_append(&result, STR("decision"), json_string(decision_name(decision->verdict)));
    json_build_append(&result, STR("because"), json_built(&because));
    return json_built(&result);
}
