/*
 * permissions.c: `exportcheck policy permissions`: the least that the checker's own credentials need for a
 * scenario. Nothing is listed here by hand: rules mention facts, facts declare calls, and the table of operations
 * knows the IAM action of each call and the type of resource that it is asked on.
 */
#include "cli/policy/policy.h"

#include "aws/operation/operation.h"
#include "base/map.h"
#include "base/sink.h"
#include "rule/run.h"

#include <stdlib.h>

/* What a call of any bucket is preceded by: it tells the bucket's region. */
static const struct str region_call = STR_INIT("s3:HeadBucket");
/* Nobody can be refused this one (IAM User Guide, "Actions, resources, and condition keys for AWS STS"). */
static const struct str needs_none = STR_INIT("sts:GetCallerIdentity");

/* Where a type of resource is: `{bucket}` and `{account}` are filled in, with `*` where they were not told. */
struct place {
    const char *type;
    struct str sid;
    struct str resources[2];
};

static const struct place places[] = {
    {"bucket", STR_INIT("Bucket"), {STR_INIT("arn:aws:s3:::{bucket}")}},
    {"object", STR_INIT("Objects"), {STR_INIT("arn:aws:s3:::{bucket}/*")}},
    {"export", STR_INIT("Exports"), {STR_INIT("arn:aws:bcm-data-exports:us-east-1:{account}:export/*")}},
    {"user", STR_INIT("Users"), {STR_INIT("arn:aws:iam::{account}:user/*")}},
    {"role", STR_INIT("Roles"), {STR_INIT("arn:aws:iam::{account}:role/*")}},
    {"group", STR_INIT("Groups"), {STR_INIT("arn:aws:iam::{account}:group/*")}},
    {"policy",
     STR_INIT("Policies"),
     {STR_INIT("arn:aws:iam::{account}:policy/*"), STR_INIT("arn:aws:iam::aws:policy/*")}},
    {"key", STR_INIT("Keys"), {STR_INIT("arn:aws:kms:*:{account}:key/*")}},
    {"*", STR_INIT("Account"), {STR_INIT("*")}}, /* and every type that is no row here */
};

struct permission {
    struct str action;
    const struct place *place;
    struct name_list calls;
    struct name_list rules; /* whose verdict rests on it; none: only texts and snapshots are poorer without it */
};

struct permissions {
    struct arena *arena;
    const struct rule_base *base;
    struct str scenario;
    struct map *calls; /* fact → its call, a struct str; empty where it is derived */
    struct permission *items;
    size_t count;
};

static const struct place *place_of(const char *type)
{
    const size_t last = COUNT_OF(places) - 1;
    for (size_t i = 0; type && i < last; i++) {
        if (str_equal(str_from(places[i].type), str_from(type)))
            return &places[i];
    }
    return &places[last];
}

static struct permission *find_permission(struct permissions *p, struct str action)
{
    for (size_t i = 0; i < p->count; i++) {
        if (str_equal(p->items[i].action, action))
            return &p->items[i];
    }
    return NULL;
}

/* What one call needs, for one rule; an empty rule: for texts alone. */
static void note_call(struct permissions *p, const struct operation *operation, struct str call, struct str rule)
{
    struct str action = operation->iam_action ? str_from(operation->iam_action) : STR("");
    if (action.len == 0 || operation->auth != AUTH_SIGV4 || str_equal(action, needs_none))
        return;
    struct permission *permission = find_permission(p, action);
    if (!permission) {
        permission = &p->items[p->count++];
        *permission = (struct permission){.action = action, .place = place_of(operation->iam_resource)};
    }
    name_list_add(p->arena, &permission->calls, call);
    if (rule.len)
        name_list_add(p->arena, &permission->rules, rule);
}

/* Nobody needs to be allowed what is asked only to see whether it is. */
static void note_fact(struct permissions *p, struct str name, struct str rule)
{
    if (facts_is_probe(name))
        return;
    size_t count;
    const struct str *closure = facts_closure_in(p->base->declarations, p->arena, name, p->scenario, &count);
    for (size_t i = 0; i < count; i++) {
        const struct str *call = map_get(p->calls, closure[i]);
        const struct operation *operation = operation_find_call(*call);
        if (!operation)
            continue;
        note_call(p, operation, *call, rule);
        if (operation->region == REGION_BUCKET)
            note_call(p, operation_find_call(region_call), region_call, rule);
    }
}

static void note_facts(struct permissions *p, const struct str *names, size_t count, struct str rule)
{
    for (size_t i = 0; i < count; i++)
        note_fact(p, names[i], rule);
}

/* The call of each fact; empty where it is derived. */
static struct map *calls_of(struct arena *arena, const struct rule_base *base)
{
    struct map *calls = map_open(arena);
    for (size_t i = 0; i < facts_count(base->declarations); i++) {
        struct fact_info info = facts_info(base->declarations, i);
        struct str *call = arena_new(arena, struct str);
        *call = info.call;
        map_set(calls, info.name, call);
    }
    return calls;
}

static int compare_permissions(const void *a, const void *b)
{
    const struct permission *x = a;
    const struct permission *y = b;
    return x->place == y->place ? str_compare(x->action, y->action) : x->place < y->place ? -1 : 1;
}

static void find_permissions(const struct selection *selection, struct permissions *p)
{
    size_t operation_count;
    operation_rows(&operation_count);
    p->calls = calls_of(p->arena, p->base);
    p->items = arena_array(p->arena, struct permission, operation_count);
    for (size_t i = 0; i < selection->count; i++) {
        const struct rule *rule = selection->rules[i];
        note_facts(p, rule->facts, rule->fact_count, rule->id);
        note_facts(p, rule->text_facts, rule->text_fact_count, STR(""));
    }
    note_facts(p, selection->scenario->facts, selection->scenario->fact_count, STR(""));
    qsort(p->items, p->count, sizeof *p->items, compare_permissions);
}

/* ---- Writing ---- */

static struct str replace(struct arena *arena, struct str text, struct str blank, struct str value)
{
    ptrdiff_t at = str_find(text, blank, 0);
    if (at < 0)
        return text;
    return str_join3(arena, str_slice(text, 0, at), value.len ? value : STR("*"), str_skip(text, at + blank.len));
}

static struct str fill(struct arena *arena, struct str resource, const struct policy_command_options *options)
{
    return replace(arena, replace(arena, resource, STR("{bucket}"), options->bucket), STR("{account}"),
                   options->account_id);
}

static struct json resources_of(struct arena *arena, const struct place *place,
                                const struct policy_command_options *options)
{
    if (place->resources[1].len == 0)
        return json_string(fill(arena, place->resources[0], options));
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < COUNT_OF(place->resources); i++)
        json_build_add(&list, json_string(fill(arena, place->resources[i], options)));
    return json_built(&list);
}

/* The statement of a place; false where no permission is asked there. */
static bool statement_of(const struct permissions *p, const struct place *place,
                         const struct policy_command_options *options, struct json *ret)
{
    struct json_builder actions = json_build(p->arena, JSON_ARRAY);
    for (size_t i = 0; i < p->count; i++) {
        if (p->items[i].place == place)
            json_build_add(&actions, json_string(p->items[i].action));
    }
    if (actions.count == 0)
        return false;
    struct json_builder statement = json_build(p->arena, JSON_OBJECT);
    json_build_append(&statement, STR("Sid"), json_string(place->sid));
    json_build_append(&statement, STR("Effect"), json_string(STR("Allow")));
    json_build_append(&statement, STR("Action"), json_built(&actions));
    json_build_append(&statement, STR("Resource"), resources_of(p->arena, place, options));
    *ret = json_built(&statement);
    return true;
}

static void print_policy(const struct permissions *p, const struct policy_command_options *options, struct sink *sink)
{
    enum { INDENT = 2 };
    struct json_builder statements = json_build(p->arena, JSON_ARRAY);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct json statement;
        if (statement_of(p, &places[i], options, &statement))
            json_build_add(&statements, statement);
    }
    struct json_builder policy = json_build(p->arena, JSON_OBJECT);
    json_build_append(&policy, STR("Version"), json_string(STR("2012-10-17")));
    json_build_append(&policy, STR("Statement"), json_built(&statements));
    struct json document = json_built(&policy);
    sink_add(sink, json_text(p->arena, &document, INDENT));
    sink_add(sink, STR("\n"));
}

static void print_names(struct sink *sink, const char *label, const struct name_list *names)
{
    sink_addf(sink, "  %s", label);
    for (size_t i = 0; i < names->count; i++)
        sink_addf(sink, "%s%.*s", i ? ", " : " ", STR_ARG(names->items[i]));
    sink_add(sink, STR("\n"));
}

/* A permission a paragraph: where, for which calls, and which rules are unknown without it. */
static void print_explained(const struct permissions *p, const struct policy_command_options *options,
                            struct sink *sink)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct permission *permission = &p->items[i];
        sink_addf(sink, "%.*s on %.*s\n", STR_ARG(permission->action),
                  STR_ARG(fill(p->arena, permission->place->resources[0], options)));
        print_names(sink, "calls:", &permission->calls);
        if (permission->rules.count)
            print_names(sink, "rules that rest on it:", &permission->rules);
        else
            sink_add(sink, STR("  no rule rests on it: only texts say less without it\n"));
    }
}

enum exit_status policy_permissions(struct program *program, const struct policy_command_options *options,
                                    const struct str *operands, size_t operand_count)
{
    (void)operands;
    (void)operand_count;
    struct rule_base *base;
    const struct scenario *scenario;
    struct selection selection;
    struct error error;
    struct str id = options->scenario.len ? options->scenario : STR("root-existing");
    if (!policy_check_values(options, &error) || !rulebase_load(program, &options->rulebase, &base, &error) ||
        !rulebase_scenario(base, id, &scenario, &error) ||
        !select_rules(program->arena, base, scenario, NULL, 0, NULL, 0, &selection, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    struct permissions permissions = {.arena = program->arena, .base = base, .scenario = scenario->id};
    find_permissions(&selection, &permissions);
    struct sink sink = sink_to_stream(program->output);
    if (options->explain)
        print_explained(&permissions, options, &sink);
    else
        print_policy(&permissions, options, &sink);
    return EXIT_STATUS_OK;
}
