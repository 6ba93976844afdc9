/* layers.c: see prove_layers.h. */
#include "policy/prove/layers.h"

/* ---- Compiling the statements ---- */

struct collector {
    struct box_model *model;
    struct layers *layers;
    bool grants;
};

static size_t count_list(const struct policy_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->items[i]->count;
    return count;
}

static size_t count_statements(const struct policy_environment *policies)
{
    size_t count = count_list(&policies->identity) + count_list(&policies->boundaries);
    count += policies->session ? policies->session->count : 0;
    count += policies->resource ? policies->resource->count : 0;
    for (size_t i = 0; i < policies->service_control.count; i++)
        count += count_list(&policies->service_control.items[i]);
    for (size_t i = 0; i < policies->resource_control.count; i++)
        count += count_list(&policies->resource_control.items[i]);
    return count;
}

static void collect_statement(struct collector *collector, const struct statement *statement, struct layer_box place)
{
    bool allow = statement->effect == POLICY_ALLOW;
    enum box_error error = allow == collector->grants ? BOX_NOT_TOO_SMALL : BOX_NOT_TOO_LARGE;
    place.possible = statement_box_make(collector->model, statement, error, &place.box);
    collector->layers->boxes[collector->layers->count++] = place;
}

static void collect_policy(struct collector *collector, const struct policy *policy, enum policy_type type,
                           size_t level)
{
    for (size_t i = 0; policy && i < policy->count; i++)
        collect_statement(collector, &policy->statements[i], (struct layer_box){.type = type, .level = level});
}

static void collect_list(struct collector *collector, const struct policy_list *list, enum policy_type type,
                         size_t level)
{
    for (size_t i = 0; i < list->count; i++)
        collect_policy(collector, list->items[i], type, level);
}

static void collect_resource(struct collector *collector, const struct policy *policy)
{
    const struct layers *layers = collector->layers;
    const struct policy_environment *policies = &layers->environment->policies;
    bool bounded = layers->caller->has_side && layers->caller->needs_allow && policies->boundaries.count > 0;
    struct request request = {.principal = *layers->principal};
    for (size_t i = 0; policy && i < policy->count; i++) {
        enum principal_match match = statement_principal_match(&policy->statements[i], &request, bounded);
        if (match != PRINCIPAL_MISSES)
            collect_statement(collector, &policy->statements[i],
                              (struct layer_box){.type = POLICY_RESOURCE, .match = match});
    }
}

static bool bound_by_scps(const struct layers *layers)
{
    return layers->caller->has_account && !principal_is_service_linked(layers->principal);
}

struct layers layers_make(struct box_model *model, const struct prove_environment *environment,
                          const struct principal *principal, bool grants)
{
    const struct policy_environment *policies = &environment->policies;
    struct layers layers = {
        .environment = environment,
        .caller = policy_caller_rules(principal->kind),
        .principal = principal,
        .boxes = arena_array(model->algebra->arena, struct layer_box, count_statements(policies)),
        .allow_unread = grants,
    };
    struct collector collector = {model, &layers, grants};
    for (size_t i = 0; i < policies->resource_control.count; i++)
        collect_list(&collector, &policies->resource_control.items[i], POLICY_RCP, i);
    for (size_t i = 0; bound_by_scps(&layers) && i < policies->service_control.count; i++)
        collect_list(&collector, &policies->service_control.items[i], POLICY_SCP, i);
    if (layers.caller->has_side) {
        collect_list(&collector, &policies->identity, POLICY_IDENTITY, 0);
        collect_list(&collector, &policies->boundaries, POLICY_BOUNDARY, 0);
        collect_policy(&collector, policies->session, POLICY_SESSION, 0);
    }
    collect_resource(&collector, policies->resource);
    return layers;
}

/* ---- The rules of a cell ---- */

enum source_kind {
    SOURCE_I = 1,
    SOURCE_B = 2,
    SOURCE_S = 4,
    SOURCE_RC = 8,
    SOURCE_RU = 16,
    SOURCE_RR = 32,
    SOURCE_RA = 64
};
enum { SOURCE_ANY_R = SOURCE_RC | SOURCE_RU | SOURCE_RR | SOURCE_RA };

static unsigned source_of(const struct layer_box *box)
{
    switch (box->type) {
    case POLICY_IDENTITY: return SOURCE_I;
    case POLICY_BOUNDARY: return SOURCE_B;
    case POLICY_SESSION: return SOURCE_S;
    case POLICY_RESOURCE: break;
    default: return 0;
    }
    switch (box->match) {
    case PRINCIPAL_MATCHES_CALLER: return SOURCE_RC;
    case PRINCIPAL_MATCHES_USER: return SOURCE_RU;
    case PRINCIPAL_MATCHES_ROLE: return SOURCE_RR;
    case PRINCIPAL_MATCHES_ACCOUNT: return SOURCE_RA;
    case PRINCIPAL_MISSES: break;
    }
    return 0;
}

struct rule_maker {
    struct arena *arena;
    const struct layers *layers;
    const struct request_cell *cell;
    struct cell_rules *rules;
    uint64_t services; /* that the cell's actions may be of */
    unsigned always;   /* sources that allow everything, or do not limit */
};

/* Whether the statement can match an action of the cell at all: told from the service prefixes alone. */
static bool may_apply(const struct rule_maker *maker, const struct layer_box *box)
{
    return box->possible && (box->box.statement->services & maker->services);
}

/* The Allows of the sources given, or (sources 0) of one level of control policies. */
static struct region_union allows_of(struct rule_maker *maker, unsigned sources, enum policy_type type, size_t level)
{
    struct region_box *boxes = arena_array(maker->arena, struct region_box, maker->layers->count);
    size_t count = 0;
    for (size_t i = 0; i < maker->layers->count; i++) {
        const struct layer_box *box = &maker->layers->boxes[i];
        bool wanted = sources ? (source_of(box) & sources) != 0 : box->type == type && box->level == level;
        if (wanted && box->box.statement->effect == POLICY_ALLOW && may_apply(maker, box))
            boxes[count++] = box->box.box;
    }
    return (struct region_union){boxes, count};
}

static void must(struct rule_maker *maker, struct region_union boxes, enum policy_type lacking)
{
    struct cell_rules *rules = maker->rules;
    if (rules->must_count == LAYER_UNIONS_MAX) {
        rules->too_many = true;
        return;
    }
    rules->must[rules->must_count] = boxes;
    rules->lacking[rules->must_count++] = lacking;
}

static void must_sources(struct rule_maker *maker, unsigned sources, enum policy_type lacking)
{
    if (!(sources & maker->always))
        must(maker, allows_of(maker, sources, POLICY_TYPE_COUNT, 0), lacking);
}

static bool binds(const struct rule_maker *maker, enum policy_type type)
{
    const struct layers *layers = maker->layers;
    switch (type) {
    case POLICY_RCP:
        return !principal_is_service_linked(layers->principal) && !maker->cell->no_rcp &&
               (maker->cell->service.len == 0 || policy_rcps_support(maker->cell->service));
    case POLICY_SCP: return bound_by_scps(layers);
    case POLICY_RESOURCE: return true;
    default: return layers->caller->has_side;
    }
}

static void must_levels(struct rule_maker *maker, enum policy_type type, const struct policy_levels *levels)
{
    bool open = maker->layers->environment->unread[type] && maker->layers->allow_unread;
    for (size_t i = 0; i < levels->count && !open && binds(maker, type); i++)
        must(maker, allows_of(maker, 0, type, i), type);
}

/* What does not limit, because there is no such policy or because nobody knows what is in it. */
static unsigned always_of(const struct layers *layers)
{
    const struct policy_environment *policies = &layers->environment->policies;
    const bool *unread = layers->environment->unread;
    bool open = layers->allow_unread;
    unsigned always = 0;
    if (!layers->caller->needs_allow)
        always |= SOURCE_I | SOURCE_B | SOURCE_S;
    if ((policies->boundaries.count == 0 && !unread[POLICY_BOUNDARY]) || (unread[POLICY_BOUNDARY] && open))
        always |= SOURCE_B;
    if ((!policies->session && !unread[POLICY_SESSION]) || (unread[POLICY_SESSION] && open))
        always |= SOURCE_S;
    if (unread[POLICY_IDENTITY] && open)
        always |= SOURCE_I;
    if (unread[POLICY_RESOURCE] && open)
        always |= SOURCE_ANY_R;
    return always;
}

static void make_musts(struct rule_maker *maker)
{
    const struct layers *layers = maker->layers;
    if (!layers->caller->has_side) {
        must_sources(maker, SOURCE_ANY_R, POLICY_RESOURCE);
    } else if (!maker->cell->same_account) {
        must_sources(maker, SOURCE_ANY_R, POLICY_RESOURCE);
        must_sources(maker, SOURCE_I, POLICY_IDENTITY);
        must_sources(maker, SOURCE_B, POLICY_BOUNDARY);
        must_sources(maker, SOURCE_S, POLICY_SESSION);
    } else {
        must_sources(maker, SOURCE_RC | SOURCE_RU | SOURCE_RR | SOURCE_I, POLICY_IDENTITY);
        must_sources(maker, SOURCE_RC | SOURCE_S, POLICY_SESSION);
        must_sources(maker, SOURCE_RC | SOURCE_RU | SOURCE_B, POLICY_BOUNDARY);
        if (maker->cell->needs_own_allow)
            must_sources(maker, SOURCE_ANY_R, POLICY_RESOURCE);
    }
}

static void make_denials(struct rule_maker *maker)
{
    const struct layers *layers = maker->layers;
    struct region_box *boxes = arena_array(maker->arena, struct region_box, layers->count);
    const struct layer_box **origins = arena_array(maker->arena, const struct layer_box *, layers->count);
    size_t count = 0;
    for (size_t i = 0; i < layers->count; i++) {
        const struct layer_box *box = &layers->boxes[i];
        bool spared = box->type == POLICY_RESOURCE && maker->cell->owner_policy;
        if (box->box.statement->effect != POLICY_DENY || spared || !may_apply(maker, box) || !binds(maker, box->type))
            continue;
        origins[count] = box;
        boxes[count++] = box->box.box;
    }
    maker->rules->denied = (struct region_union){boxes, count};
    maker->rules->denials = origins;
}

void cell_rules_make(struct arena *arena, const struct layers *layers, const struct request_cell *cell,
                     struct cell_rules *ret)
{
    struct rule_maker maker = {
        .arena = arena,
        .layers = layers,
        .cell = cell,
        .rules = ret,
        .services = cell->service.len ? policy_service_bit(cell->service) : UINT64_MAX,
        .always = always_of(layers),
    };
    ret->must_count = 0;
    ret->too_many = ret->unread = false;
    const struct policy_environment *policies = &layers->environment->policies;
    must_levels(&maker, POLICY_RCP, &policies->resource_control);
    must_levels(&maker, POLICY_SCP, &policies->service_control);
    make_musts(&maker);
    make_denials(&maker);
    for (int type = 0; type < POLICY_TYPE_COUNT; type++)
        if (layers->environment->unread[type] && binds(&maker, (enum policy_type)type)) {
            ret->unread = true;
            ret->unread_type = (enum policy_type)type;
        }
    /* Actions of unknown services: whether RCPs bind them cannot be told. */
    if (cell->service.len == 0 && policies->resource_control.count)
        ret->too_many = true;
}
