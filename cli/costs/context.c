/* context.c: what is known besides the files: who is connected, what accounts are called, when was the last import. */
#include "cli/costs/costs.h"

#include "account/facts/facts.h"
#include "base/clock.h"

static const struct json *fact_value(const struct facts *facts, const char *name)
{
    const struct fact *fact = facts ? facts_get(facts, str_from(name)) : NULL;
    return fact && fact->state == FACT_PRESENT ? fact->value : NULL;
}

static bool read_time(struct str text, const char *option, int64_t *ret, struct error *error)
{
    return text.len == 0 || clock_parse(text, ret) ||
           error_set(error, ERROR_INPUT, "--%s takes a time such as 2026-11-22T10:00:00Z, not '%.*s'", option,
                     STR_ARG(text));
}

static void add_name(struct costs_context *context, struct str id, const struct json *name)
{
    if (json_is(name, JSON_STRING) && name->string.len > 0 && !map_has(context->names, id))
        map_set(context->names, id, name);
}

/* An account of OptScale's: rows of Linked ones are taken (fact sheet 5). */
static void add_connected(struct costs_context *context, struct map *connected, const struct json *account)
{
    struct str id = json_find_string(account, "account_id");
    bool linked = json_find_boolean(account, "linked", true);
    if (json_find_boolean(account, "deleted", false))
        return;
    if (linked && json_find_boolean(account, "auto_import", true))
        map_set(connected, id, account);
    else if (!linked && !str_equal(id, context->account))
        map_set(context->roots, id, account);
    add_name(context, id, json_find(account, "name"));
}

static void read_connected(struct arena *arena, const struct facts *facts, struct costs_context *context)
{
    const struct json *list = fact_value(facts, "connected");
    list = list ? list : json_find(context->target, "connected_accounts");
    if (!json_is(list, JSON_ARRAY))
        return;
    struct map *connected = map_open(arena);
    struct str *ids = arena_array(arena, struct str, list->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        add_connected(context, connected, &list->items[i]);
    if (context->account.len > 0) {
        map_set(connected, context->account, context->target);
        ids[count++] = context->account;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct str id = json_find_string(&list->items[i], "account_id");
        if (map_has(connected, id))
            ids[count++] = id;
    }
    context->import.connected = connected;
    context->connected = costs_ids(ids, count);
}

static void read_organization(struct arena *arena, const struct facts *facts, struct costs_context *context)
{
    const struct json *accounts = fact_value(facts, "accounts");
    size_t count = json_is(accounts, JSON_ARRAY) ? accounts->count : 0, active_count = 0;
    struct str *members = arena_array(arena, struct str, count), *active = arena_array(arena, struct str, count);
    context->organization = count > 0 ? map_open(arena) : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct json *account = &accounts->items[i];
        members[i] = json_find_string(account, "id");
        add_name(context, members[i], json_find(account, "name"));
        map_set(context->organization, members[i], account);
        if (str_equal(json_find_string(account, "state"), STR("ACTIVE")))
            active[active_count++] = members[i];
    }
    context->members = costs_ids(members, count);
    context->active = costs_ids(active, active_count);
    context->currency = json_find_string(fact_value(facts, "optscale.organization"), "currency");
}

static void read_account(const struct facts *facts, struct costs_context *context)
{
    const struct json *caller = fact_value(facts, "caller");
    struct str told = json_find_string(context->target, "account_id");
    context->account = told.len > 0 ? told : json_find_string(caller, "account");
}

static struct map *regions_of(struct arena *arena, const struct json *list, struct str told)
{
    struct map *regions = map_open(arena);
    struct str region;
    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++)
        map_set(regions, list->items[i].string, list);
    while (told.len > 0) {
        str_cut(&told, ',', &region);
        map_set(regions, str_trim(region), regions);
    }
    return map_count(regions) > 0 ? regions : NULL;
}

/* How the data source imports: what its settings say in OptScale, or the options. Regions that are included prevail. */
static void read_settings(struct arena *arena, const struct costs_options *options, const struct json *source,
                          struct cost_import *ret)
{
    ret->adds_discounts = options->use_edp_discount || json_find_boolean(source, "use_edp_discount", false);
    ret->regions = regions_of(arena, json_find(source, "included_regions"), options->included_regions);
    ret->excludes = !ret->regions;
    if (!ret->regions)
        ret->regions = regions_of(arena, json_find(source, "excluded_regions"), options->excluded_regions);
}

/* When the last import ran, or how new its newest file was: what this build counts from. */
static int64_t last_import_of(const struct optscale_build *build, const struct json *source)
{
    return json_find_integer(source, build->counts_from_run ? "last_import_at" : "last_import_modified_at", 0);
}

bool costs_context_make(struct program *program, const struct costs_options *options, const struct json *target,
                        const struct facts *facts, struct costs_context *ret, struct error *error)
{
    struct arena *arena = program->arena;
    const struct json *source = fact_value(facts, "optscale.data_source");
    const struct optscale_build *build = optscale_build_find(json_find_string(target, "optscale_build"));
    build = build ? build : optscale_build_default;
    int64_t last_import = last_import_of(build, source);
    int64_t time = facts ? facts_time(facts) : 0; /* the account's own, as everywhere */
    *ret = (struct costs_context){
        .target = target, .names = map_open(arena), .roots = map_open(arena), .as_of = time ? time : program->now};
    if (!read_time(options->as_of, "as-of", &ret->as_of, error) ||
        !read_time(options->last_import, "last-import", &last_import, error))
        return false;
    ret->import.threshold = cost_threshold(build, ret->as_of, last_import);
    read_settings(arena, options, source, &ret->import);
    read_account(facts, ret);
    read_connected(arena, facts, ret);
    read_organization(arena, facts, ret);
    return true;
}
