/* collections.c: functions on objects, on arrays, and on values of any type. */
#include "query/function_list.h"

#include "base/map.h"

/** What of a member keys() and values() keep. */
static struct json member_name(const struct json_member *member)
{
    return json_string(member->name);
}

static struct json member_value(const struct json_member *member)
{
    return member->value;
}

/** An array of something of each member. */
static const struct json *from_members(struct evaluation *evaluation, const struct json *object,
                                       struct json (*take)(const struct json_member *))
{
    if (!evaluate_spend_cells(evaluation, object->count + 1))
        return NULL;
    struct json *items = arena_array(evaluation->arena, struct json, object->count);
    for (size_t i = 0; i < object->count; i++)
        items[i] = take(&object->members[i]);
    return json_box(evaluation->arena, json_array(items, object->count));
}

const struct json *function_keys(struct evaluation *evaluation, const struct invocation *invocation)
{
    return from_members(evaluation, invocation->values[0], member_name);
}

const struct json *function_values(struct evaluation *evaluation, const struct invocation *invocation)
{
    return from_members(evaluation, invocation->values[0], member_value);
}

const struct json *function_map(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct node *each = invocation->node->parts[0]->left;
    const struct json *array = invocation->values[1];
    if (!evaluate_spend_cells(evaluation, array->count + 1))
        return NULL;
    struct json *items = arena_array(evaluation->arena, struct json, array->count);
    for (size_t i = 0; i < array->count; i++) {
        const struct json *mapped = evaluate_node(evaluation, each, &array->items[i]);
        if (!mapped)
            return NULL;
        items[i] = *mapped;
    }
    return json_box(evaluation->arena, json_array(items, array->count));
}

const struct json *function_merge(struct evaluation *evaluation, const struct invocation *invocation)
{
    size_t most = 0;
    for (size_t i = 0; i < invocation->count; i++)
        most += invocation->values[i]->count;
    if (!evaluate_spend_cells(evaluation, most * 3 + 1))
        return NULL;
    struct arena *arena = evaluation->arena;
    struct json_member *members = arena_array(arena, struct json_member, most);
    struct map *places = map_open(arena); /* name to its place, so that large objects merge in linear time */
    size_t *place = arena_array(arena, size_t, most);
    size_t count = 0;
    for (size_t i = 0; i < invocation->count; i++) {
        const struct json *object = invocation->values[i];
        for (size_t j = 0; j < object->count; j++) {
            const size_t *known = map_get(places, object->members[j].name);
            if (!known) {
                place[count] = count;
                known = &place[count++];
                map_set(places, object->members[j].name, known);
            }
            members[*known] = object->members[j];
        }
    }
    return json_box(arena, json_object(members, count));
}

const struct json *function_not_null(struct evaluation *evaluation, const struct invocation *invocation)
{
    (void)evaluation;
    for (size_t i = 0; i < invocation->count; i++)
        if (invocation->values[i]->type != JSON_NULL)
            return invocation->values[i];
    return &json_null;
}

const struct json *function_to_array(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *value = invocation->values[0];
    if (value->type == JSON_ARRAY)
        return value;
    return evaluate_spend_cells(evaluation, 1) ? json_box(evaluation->arena, json_array(value, 1)) : NULL;
}

const struct json *function_type(struct evaluation *evaluation, const struct invocation *invocation)
{
    static const struct str names[] = {
        [JSON_NULL] = STR_INIT("null"),     [JSON_BOOLEAN] = STR_INIT("boolean"), [JSON_NUMBER] = STR_INIT("number"),
        [JSON_STRING] = STR_INIT("string"), [JSON_ARRAY] = STR_INIT("array"),     [JSON_OBJECT] = STR_INIT("object"),
    };
    return evaluate_string(evaluation, names[invocation->values[0]->type]);
}
