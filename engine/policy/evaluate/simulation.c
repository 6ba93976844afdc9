/* simulation.c: simulations from JSON, decisions to JSON; see simulation.h. */
#include "policy/evaluate/simulation.h"

#include "policy/context/known.h"
#include "policy/evaluate/mismatch.h"

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

/* The table knows the ARN of a role, not that of its sessions. */
static struct context derived_context(struct arena *arena, const struct request *request)
{
    const struct principal *principal = &request->principal;
    struct request_source source = {.principal = principal->text,
                                    .action = request->action,
                                    .resource = request->resource,
                                    .resource_account = request->account};
    if (principal->kind == PRINCIPAL_SESSION)
        source.principal = str_format(arena, "arn:%.*s:iam::%.*s:role/%.*s", STR_ARG(principal->partition),
                                      STR_ARG(principal->account), STR_ARG(principal->name));
    return known_context_that_follows(arena, &source);
}

struct simulation simulation_derive(struct arena *arena, const struct simulation *simulation)
{
    struct simulation derived = *simulation;
    const struct context *told = &simulation->request.context;
    struct context known = derived_context(arena, &simulation->request);
    struct context_entry *entries = arena_array(arena, struct context_entry, told->count + known.count);
    size_t count = 0;
    for (size_t i = 0; i < told->count; i++)
        entries[count++] = told->entries[i];
    for (size_t i = 0; i < known.count; i++)
        if (!context_find(told, &known.entries[i].key))
            entries[count++] = known.entries[i];
    derived.request.context = (struct context){entries, count};
    return derived;
}

/* Whether a key is one that follows from the request, and the request's context lacks it. */
static bool is_wanting(const struct simulation *simulation, const struct context_key *key)
{
    return known_key_follows(key->name) && !context_find(&simulation->request.context, key);
}

static bool pattern_asks(const struct simulation *simulation, const struct policy_pattern *pattern, struct str *ret_key)
{
    for (uint32_t i = 0; i < pattern->variable_count; i++) {
        if (!is_wanting(simulation, &pattern->variables[i].key))
            continue;
        *ret_key = pattern->variables[i].key.name;
        return true;
    }
    return false;
}

/* Whether the statement asks for such a key, in a condition or as a variable. */
static bool asks_for_more(const struct simulation *simulation, const struct statement *statement, struct str *ret_key)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (!is_wanting(simulation, &statement->conditions[i].key))
            continue;
        *ret_key = statement->conditions[i].key_text;
        return true;
    }
    for (size_t i = 0; i < statement->resources.count; i++)
        if (pattern_asks(simulation, &statement->resources.items[i].pattern, ret_key))
            return true;
    return false;
}

/* The first statement that asks for more and that the added keys turn; `derived` NULL: the first that asks for more. */
static const struct statement *first_asking(struct arena *arena, const struct simulation *simulation,
                                            const struct simulation *derived, struct str *ret_key)
{
    size_t count;
    struct attached_policy *list = environment_policies(arena, &simulation->environment, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < list[i].policy->count; s++) {
            const struct statement *statement = &list[i].policy->statements[s];
            bool turned = !derived || statement_applies(statement, &simulation->request) !=
                                          statement_applies(statement, &derived->request);
            if (turned && asks_for_more(simulation, statement, ret_key))
                return statement;
        }
    return NULL;
}

const struct statement *simulation_undervalued(struct arena *arena, const struct simulation *simulation,
                                               const struct decision *decision, struct str *ret_key)
{
    if (!first_asking(arena, simulation, NULL, ret_key)) /* most ask for none */
        return NULL;
    struct simulation derived = simulation_derive(arena, simulation);
    struct decision then;
    for (size_t i = 0; i < decision->reason_count; i++)
        if (decision->reasons[i].statement && asks_for_more(simulation, decision->reasons[i].statement, ret_key))
            return decision->reasons[i].statement;
    policy_evaluate(&derived.environment, &derived.request, &then);
    return then.verdict == decision->verdict ? NULL : first_asking(arena, simulation, &derived, ret_key);
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
