/* account.c: the extensions that facts and rules are written with; docs/query.md is their reference. */
#include "query/function_list.h"
#include "query/pattern.h"

#include "base/clock.h"

const struct json *function_root(struct evaluation *evaluation, const struct invocation *invocation)
{
    (void)invocation;
    return evaluation->root;
}

const struct json *function_item(struct evaluation *evaluation, const struct invocation *invocation)
{
    (void)invocation;
    return evaluation->item;
}

/* ---- ARNs ---- */

/**
 * Splits a resource into type and id at the first `/` or `:`. Topics and the objects of buckets
 * have no type: what stands before the separator is a name.
 */
static bool split_resource(const struct str parts[6], struct str *ret_type, struct str *ret_id)
{
    struct str service = parts[2];
    struct str resource = parts[5];
    bool in_bucket = str_equal(service, STR("s3")) && parts[4].len == 0;
    if (in_bucket || str_equal(service, STR("sns")))
        return false;
    ptrdiff_t at = 0;
    while (at < resource.len && resource.ptr[at] != '/' && resource.ptr[at] != ':')
        at++;
    *ret_type = str_slice(resource, 0, at);
    *ret_id = str_skip(resource, at + 1);
    return at > 0 && ret_id->len > 0;
}

const struct json *function_parse_arn(struct evaluation *evaluation, const struct invocation *invocation)
{
    static const char *const names[] = {"partition", "service", "region", "account", "resource"};
    struct str rest = invocation->values[0]->string;
    struct str parts[6];
    for (size_t i = 0; i < 5; i++)
        if (!str_cut(&rest, ':', &parts[i]))
            return &json_null;
    parts[5] = rest;
    if (!str_equal(parts[0], STR("arn")) || !parts[1].len || !parts[2].len || !rest.len)
        return &json_null;
    if (!evaluate_spend_cells(evaluation, 16))
        return NULL;
    struct json_builder arn = json_build(evaluation->arena, JSON_OBJECT);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        json_build_append(&arn, str_from(names[i]), json_string(parts[i + 1]));
    struct str type;
    struct str id;
    if (split_resource(parts, &type, &id)) {
        json_build_append(&arn, STR("resource_type"), json_string(type));
        json_build_append(&arn, STR("resource_id"), json_string(id));
    }
    return json_box(evaluation->arena, json_built(&arn));
}

/* ---- patterns ---- */

bool function_matches_prepare(struct arena *arena, const struct node *call, const void **ret, struct error *error)
{
    const struct node *source = call->parts[1];
    if (source->kind != NODE_LITERAL || source->literal->type != JSON_STRING)
        return true;
    const struct pattern *pattern;
    if (!pattern_compile(arena, source->literal->string, &pattern, error))
        return error_wrap(error, "matches()");
    *ret = pattern;
    return true;
}

/** The pattern of a call: the prepared one, the last one if it is the same, or a new one. */
static const struct pattern *pattern_of(struct evaluation *evaluation, const struct invocation *invocation)
{
    if (invocation->node->call.prepared)
        return invocation->node->call.prepared;
    struct str source = invocation->values[1]->string;
    if (evaluation->pattern && str_equal(evaluation->pattern_source, source))
        return evaluation->pattern;
    if (!evaluate_spend_cells(evaluation, PATTERN_CELLS) ||
        !pattern_compile(evaluation->arena, source, &evaluation->pattern, evaluation->error))
        return NULL;
    evaluation->pattern_source = source;
    return evaluation->pattern;
}

const struct json *function_matches(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct pattern *pattern = pattern_of(evaluation, invocation);
    bool matches;
    if (!pattern || !pattern_match(pattern, invocation->values[0]->string, &matches, evaluation->error)) {
        error_wrap(evaluation->error, "matches()");
        return NULL;
    }
    return evaluate_boolean(matches);
}

const struct json *function_glob(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str text = invocation->values[0]->string;
    struct str glob = invocation->values[1]->string;
    if (!evaluate_spend_steps(evaluation, ((size_t)text.len / 64 + 1) * ((size_t)glob.len / 8 + 1)))
        return NULL;
    return evaluate_boolean(pattern_glob(glob, text));
}

/* ---- time ---- */

/** The argument's time, as text or as seconds since 1970, in seconds; false with the error set. */
static bool read_time(struct evaluation *evaluation, const struct invocation *invocation, double *ret)
{
    const struct json *time = invocation->values[0];
    int64_t seconds = 0;
    if (time->type == JSON_STRING && !clock_parse(time->string, &seconds)) {
        evaluate_fail(evaluation, "invalid-value", "%.*s(): '%.*s' is no time",
                      STR_ARG(invocation->node->call.function->name), STR_ARG(str_slice(time->string, 0, 80)));
        return false;
    }
    *ret = time->type == JSON_STRING ? (double)seconds : time->number;
    return true;
}

/** The seconds since the argument, in units of `unit` seconds. */
static const struct json *since(struct evaluation *evaluation, const struct invocation *invocation, double unit)
{
    double then;
    return read_time(evaluation, invocation, &then)
               ? evaluate_number(evaluation, ((double)evaluation->now - then) / unit)
               : NULL;
}

const struct json *function_days_since(struct evaluation *evaluation, const struct invocation *invocation)
{
    return since(evaluation, invocation, 86400);
}

const struct json *function_hours_since(struct evaluation *evaluation, const struct invocation *invocation)
{
    return since(evaluation, invocation, 3600);
}

const struct json *function_add_hours(struct evaluation *evaluation, const struct invocation *invocation)
{
    const double end = 253402300800; /* the year 10000 */
    double then;
    if (!read_time(evaluation, invocation, &then))
        return NULL;
    then += invocation->values[1]->number * 3600;
    if (!(then >= 0 && then < end)) /* not a number, too */
        return evaluate_fail(evaluation, "invalid-value", "add_hours(): the time lies before 1970 or after 9999");
    if (!evaluate_spend_cells(evaluation, 1))
        return NULL;
    return json_box(evaluation->arena, json_string(clock_iso(evaluation->arena, (int64_t)then)));
}
