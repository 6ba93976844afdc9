/* plan.c: what a call is sent with, and to which region. */
#include "account/facts/collect.h"
#include "aws/settings/endpoint.h"

/* As deep as json_limits_default lets a declaration be. */
#define WITH_MAX_DEPTH 128

static const struct str default_region = STR_INIT("us-east-1");

struct filling {
    const struct facts *facts;
    const struct declaration *declaration;
    struct scope scope;
    struct evaluated bad; /* the first part that has no value; state present: none so far */
};

static struct json fill_text(struct filling *filling, struct str text)
{
    const struct text *compiled = map_get(filling->declaration->texts, text);
    struct evaluated part = text_value(compiled, &filling->scope, filling->facts->arena);
    if (part.state == FACT_PRESENT)
        return *part.value;
    if (filling->bad.state == FACT_PRESENT || fact_state_is_worse(part.state, filling->bad.state))
        filling->bad = part;
    return json_null;
}

/* NOLINTNEXTLINE(misc-no-recursion): WITH_MAX_DEPTH */
static struct json fill(struct filling *filling, const struct json *value, int depth)
{
    if (value->type == JSON_STRING)
        return fill_text(filling, value->string);
    if ((value->type != JSON_ARRAY && value->type != JSON_OBJECT) || depth > WITH_MAX_DEPTH)
        return *value;
    struct json_builder filled = json_build(filling->facts->arena, value->type);
    for (size_t i = 0; i < value->count; i++) {
        if (value->type == JSON_ARRAY)
            json_build_add(&filled, fill(filling, &value->items[i], depth + 1));
        else
            json_build_append(&filled, value->members[i].name, fill(filling, &value->members[i].value, depth + 1));
    }
    return json_built(&filled);
}

/* An empty text in a path would ask another question: `/?policy` is not about a bucket. */
static bool has_empty_path_part(const struct operation *operation, const struct json *parameters)
{
    for (size_t i = 0; operation->input && i < operation->input->member_count; i++) {
        const struct shape_member *member = &operation->input->members[i];
        const struct json *value = json_find(parameters, member->name);
        if (member->location == LOCATION_URI && json_is(value, JSON_STRING) && value->string.len == 0)
            return true;
    }
    return false;
}

void plan_parameters(const struct facts *facts, const struct declaration *declaration, struct entry *entry)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    struct filling filling = {facts, declaration, facts_scope(facts, entry->result.item), {.state = FACT_PRESENT}};
    entry->parameters = declaration->with ? json_box(facts->arena, fill(&filling, declaration->with, 0)) : &nothing;
    if (filling.bad.state == FACT_PRESENT && has_empty_path_part(declaration->operation, entry->parameters))
        filling.bad.state = FACT_ABSENT;
    if (filling.bad.state == FACT_PRESENT)
        return;
    entry_take(facts, &facts->nodes[declaration->index], entry, &filling.bad);
    if (entry->result.state == FACT_ABSENT)
        entry->result.message = STR("what the call would ask about is not known");
}

/* --- regions --- */

struct str plan_bucket(const struct declaration *declaration, const struct entry *entry)
{
    if (declaration->operation->region != REGION_BUCKET)
        return (struct str){0};
    return json_find_string(entry->parameters, "Bucket");
}

struct str plan_caller_region(const struct facts *facts)
{
    struct str region = facts->collection.caller_region;
    return region.len > 0 ? region : default_region;
}

struct str plan_bucket_region(const struct answer *head)
{
    struct str region = head->bucket_region;
    if (region.len == 0)
        region = json_find_string(head->value, "BucketRegion");
    return str_equal(region, STR("EU")) ? STR("eu-west-1") : region;
}

/* The fourth part of the first parameter that is an ARN, or the empty view. */
static struct str arn_region(const struct json *parameters)
{
    for (size_t i = 0; i < parameters->count; i++) {
        const struct json *value = &parameters->members[i].value;
        if (value->type != JSON_STRING || !str_starts(value->string, STR("arn:")))
            continue;
        struct str rest = value->string;
        struct str part = {0};
        for (int parts = 0; parts < 4; parts++)
            str_cut(&rest, ':', &part);
        return part;
    }
    return (struct str){0};
}

/* What the declaration says of the region, or the empty view. */
static struct str declared_region(const struct facts *facts, const struct declaration *declaration,
                                  const struct entry *entry)
{
    if (!declaration->region)
        return (struct str){0};
    struct scope scope = facts_scope(facts, entry->result.item);
    struct evaluated filled = text_fill(declaration->region, &scope, facts->arena);
    return filled.state == FACT_PRESENT ? filled.value->string : (struct str){0};
}

struct str plan_region(const struct facts *facts, const struct declaration *declaration, const struct entry *entry)
{
    const struct operation *operation = declaration->operation;
    struct str caller_region = plan_caller_region(facts);
    struct str region = {0};
    if (operation->region == REGION_FIXED)
        return endpoint_fixed_region(facts->arena, str_from(operation->service->id), caller_region);
    if (operation->region == REGION_BUCKET && entry->head)
        region = plan_bucket_region(&entry->head->answer);
    if (operation->region == REGION_ARN)
        region = arn_region(entry->parameters);
    if (region.len == 0)
        region = declared_region(facts, declaration, entry);
    return region.len > 0 ? region : caller_region;
}
