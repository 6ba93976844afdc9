/* environment.c: see grants_environment.h. */
#include "checks/grants/environment.h"

#include "checks/probes/probes.h"

bool grants_facts_load(struct loader *loader, const struct json *object, struct grants_facts *ret)
{
    static const struct field fields[] = {
        {"identity", FIELD_STRING, false},   {"boundary", FIELD_STRING, false}, {"resource", FIELD_STRING, false},
        {"scp_levels", FIELD_STRING, false}, {"scp", FIELD_STRING, false},      {"simulation", FIELD_STRING, false},
    };
    static const char *const decisive[] = {"identity", "boundary", "resource"};
    static const char *const consulted[] = {"scp_levels", "scp", "simulation"}; /* see add_control() */
    if (!loader_fields(loader, object, "\"policies\"", fields, COUNT_OF(fields)))
        return false;
    for (size_t i = 0; i < COUNT_OF(decisive); i++) {
        const struct json *name = json_find(object, decisive[i]);
        if (name && !loader_fact(loader, name))
            return false;
    }
    for (size_t i = 0; i < COUNT_OF(consulted); i++) {
        const struct json *name = json_find(object, consulted[i]);
        if (name && !loader_consulted_fact(loader, name))
            return false;
    }
    *ret = (struct grants_facts){
        .identity = json_find_string(object, "identity"),
        .boundary = json_find_string(object, "boundary"),
        .resource = json_find_string(object, "resource"),
        .scp_levels = json_find_string(object, "scp_levels"),
        .scp = json_find_string(object, "scp"),
        .simulation = json_find_string(object, "simulation"),
    };
    return true;
}

struct building {
    struct arena *arena;
    const struct facts *facts;
    struct grants_environment *environment;
};

static bool is_read(const struct fact *fact)
{
    return fact->state == FACT_PRESENT || fact->state == FACT_ABSENT;
}

static void note_unread(struct building *b, const struct fact *fact, enum policy_type type)
{
    b->environment->prove.unread[type] = true;
    if (!b->environment->unread)
        b->environment->unread = fact;
}

/* NULL, and unread, where the document is none. */
static const struct policy *compile(struct building *b, const struct json *document, struct str name,
                                    enum policy_type type)
{
    const struct policy *policy;
    struct error error;
    if (policy_compile(b->arena, document, (struct policy_options){name, type, POLICY_LENIENT}, &policy, &error))
        return policy;
    b->environment->prove.unread[type] = true;
    if (b->environment->broken.len == 0)
        b->environment->broken = str_copy(b->arena, str_from(error.text));
    return NULL;
}

static const struct policy *compile_item(struct building *b, const struct json *item, enum policy_type type)
{
    const struct json *document = json_find(item, "policy");
    return compile(b, document ? document : &json_null, json_find_string(item, "name"), type);
}

static bool is_of_level(const struct json *item, const struct str *level)
{
    return !level || str_equal(json_find_string(item, "level"), *level);
}

/* The items of a for_each that were read, also where the rest of the list was not; or those of a plain list. */
static const struct json *item_at(const struct fact *fact, size_t index)
{
    if (!fact->items)
        return &fact->value->items[index];
    return fact->items[index].state == FACT_PRESENT ? fact->items[index].value : NULL;
}

static size_t item_count(const struct fact *fact)
{
    return fact->items ? fact->item_count : json_is(fact->value, JSON_ARRAY) ? fact->value->count : 0;
}

static struct policy_list compile_list(struct building *b, const struct fact *fact, enum policy_type type,
                                       const struct str *level)
{
    size_t item_total = item_count(fact);
    const struct policy **items = arena_array(b->arena, const struct policy *, item_total);
    size_t count = 0;
    for (size_t i = 0; i < item_total; i++) {
        const struct json *item = item_at(fact, i);
        const struct policy *policy = item && is_of_level(item, level) ? compile_item(b, item, type) : NULL;
        if (policy)
            items[count++] = policy;
    }
    return (struct policy_list){items, count};
}

static void add_identity(struct building *b, struct str name)
{
    const struct fact *fact = name.len ? facts_get(b->facts, name) : NULL;
    if (!fact)
        return;
    b->environment->prove.policies.identity = compile_list(b, fact, POLICY_IDENTITY, NULL);
    if (!is_read(fact))
        note_unread(b, fact, POLICY_IDENTITY);
}

static void add_boundary(struct building *b, struct str name)
{
    const struct fact *fact = name.len ? facts_get(b->facts, name) : NULL;
    if (!fact || fact->state == FACT_ABSENT)
        return;
    if (!is_read(fact)) {
        note_unread(b, fact, POLICY_BOUNDARY);
        return;
    }
    const struct policy **items = arena_array(b->arena, const struct policy *, 1);
    /* A boundary is told by its ARN: its name alone would be taken for a policy that grants. */
    struct str arn = json_find_string(fact->value, "arn");
    const struct json *document = json_find(fact->value, "policy");
    struct str shown = arn.len ? arn : json_find_string(fact->value, "name");
    items[0] = compile(b, document ? document : &json_null, shown, POLICY_BOUNDARY);
    b->environment->prove.policies.boundaries = (struct policy_list){items, items[0] != NULL};
}

struct str grants_spoken_name(struct arena *arena, struct str fact)
{
    ptrdiff_t dot = str_find_last_char(fact, '.');
    if (dot < 0)
        return fact;
    struct str owner = str_slice(fact, 0, dot);
    struct str what = str_slice(fact, dot + 1, (ptrdiff_t)fact.len);
    what = str_equal(what, STR("key_policy")) ? STR("key policy") : what;
    owner = str_starts(owner, STR("exports_")) ? str_skip(owner, STR("exports_").len) : owner;
    what = str_equal(what, STR("trust_policy")) ? STR("trust policy") : what;
    return str_format(arena, "the %.*s's %.*s", STR_ARG(owner), STR_ARG(what));
}

static void add_resource(struct building *b, struct str name)
{
    const struct fact *fact = name.len ? facts_get(b->facts, name) : NULL;
    if (!fact || fact->state == FACT_ABSENT)
        return;
    if (is_read(fact))
        b->environment->prove.policies.resource =
            compile(b, fact->value, grants_spoken_name(b->arena, name), POLICY_RESOURCE);
    else
        note_unread(b, fact, POLICY_RESOURCE);
}

/*
 * SCPs are mostly beyond the caller's sight: where they, and the simulator, cannot be read, the
 * account's own policies decide, and the message says so.
 */
static void add_control(struct building *b, const struct grants_facts *facts)
{
    const struct fact *levels = facts->scp_levels.len ? facts_get(b->facts, facts->scp_levels) : NULL;
    const struct fact *policies = facts->scp.len ? facts_get(b->facts, facts->scp) : NULL;
    const struct fact *simulation = facts->simulation.len ? facts_get(b->facts, facts->simulation) : NULL;
    if (!levels || !policies || levels->state == FACT_ABSENT || policies->state == FACT_ABSENT)
        return;
    if (!is_read(levels) || !is_read(policies)) {
        bool simulated = simulation && simulation->state == FACT_PRESENT;
        b->environment->simulated = simulated ? simulation->value : NULL;
        b->environment->scp_unread = !simulated;
        return;
    }
    if (!json_is(levels->value, JSON_ARRAY)) {
        b->environment->scp_unread = true;
        return;
    }
    struct policy_list *items = arena_array(b->arena, struct policy_list, levels->value->count);
    for (size_t i = 0; i < levels->value->count; i++) {
        const struct json *level = &levels->value->items[i];
        struct str id = json_is(level, JSON_STRING) ? level->string : STR("");
        items[i] = compile_list(b, policies, POLICY_SCP, &id);
    }
    b->environment->prove.policies.service_control = (struct policy_levels){items, levels->value->count};
}

void grants_environment_make(const struct grants_facts *facts, const struct judging *judging,
                             struct grants_environment *ret)
{
    *ret = (struct grants_environment){0};
    struct building b = {judging->arena, judging->scope.facts, ret};
    add_identity(&b, facts->identity);
    add_boundary(&b, facts->boundary);
    add_resource(&b, facts->resource);
    add_control(&b, facts);
}

enum grants_simulation grants_simulation_of(const struct grants_environment *environment, struct str action)
{
    const struct json *rows = environment->simulated;
    enum grants_simulation said = GRANTS_NOT_SIMULATED;
    for (size_t i = 0; json_is(rows, JSON_ARRAY) && i < rows->count; i++) {
        if (!probes_action_fits(action, json_find_string(&rows->items[i], "action")))
            continue;
        if (!json_find_boolean(&rows->items[i], "allowed", false))
            return GRANTS_REFUSED;
        said = GRANTS_NOT_REFUSED;
    }
    return said;
}
