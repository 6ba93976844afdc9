/* json_shape.c: JSON by shape; see json_shape.h. */
#include "aws/shape/json_shape.h"

#include "aws/operation/call.h"
#include "aws/shape/scalar.h"

/* Which JSON types a shape may have: a set of bits, 1 << type. */
#define TYPE(type) (1U << (type))
static const unsigned allowed_types[] = {
    [SHAPE_STRUCTURE] = TYPE(JSON_OBJECT),
    [SHAPE_LIST] = TYPE(JSON_ARRAY),
    [SHAPE_MAP] = TYPE(JSON_OBJECT),
    [SHAPE_STRING] = TYPE(JSON_STRING),
    [SHAPE_INTEGER] = TYPE(JSON_NUMBER),
    [SHAPE_DOUBLE] = TYPE(JSON_NUMBER) | TYPE(JSON_STRING), /* "NaN", "Infinity" */
    [SHAPE_BOOLEAN] = TYPE(JSON_BOOLEAN),
    [SHAPE_TIMESTAMP] = TYPE(JSON_NUMBER) | TYPE(JSON_STRING), /* epoch seconds; ISO 8601 at BCM */
    [SHAPE_BLOB] = TYPE(JSON_STRING),
    [SHAPE_POLICY] = TYPE(JSON_STRING),
    [SHAPE_POLICY_ENCODED] = TYPE(JSON_STRING),
    [SHAPE_KEY] = TYPE(JSON_STRING),
    [SHAPE_DOCUMENT] = ~0U,
};

static bool is_policy(const struct shape *shape)
{
    return shape->kind == SHAPE_POLICY || shape->kind == SHAPE_POLICY_ENCODED;
}

struct conversion {
    struct arena *arena;
    struct error *error; /* NULL and `out` set: towards the wire, which cannot fail */
    bool out;
};

static bool convert(const struct conversion *c, const struct shape *shape, const struct json *value, int depth,
                    struct json *ret);

static bool convert_list(const struct conversion *c, const struct shape *shape, const struct json *value, int depth,
                         struct json *ret)
{
    struct json *items = arena_array(c->arena, struct json, value->count);
    for (size_t i = 0; i < value->count; i++) {
        if (!convert(c, shape->item, &value->items[i], depth + 1, &items[i]))
            return false;
    }
    *ret = json_array(items, value->count);
    return true;
}

static const struct shape *shape_of_member(const struct shape *shape, struct str name)
{
    if (shape->kind == SHAPE_MAP)
        return shape->item;
    const struct shape_member *member = shape_member_named(shape, name);
    return member ? member->shape : NULL;
}

static bool convert_object(const struct conversion *c, const struct shape *shape, const struct json *value, int depth,
                           struct json *ret)
{
    struct json_member *members = arena_array(c->arena, struct json_member, value->count);
    for (size_t i = 0; i < value->count; i++) {
        const struct shape *part = shape_of_member(shape, value->members[i].name);
        members[i] = value->members[i];
        if (part && !convert(c, part, &value->members[i].value, depth + 1, &members[i].value))
            return error_wrap(c->error, "%.*s", STR_ARG(members[i].name));
    }
    *ret = json_object(members, value->count);
    return true;
}

static bool convert_scalar(const struct conversion *c, const struct shape *shape, const struct json *value,
                           struct json *ret)
{
    if (!is_policy(shape)) {
        *ret = *value;
        return true;
    }
    if (c->out) {
        *ret = json_string(scalar_write(c->arena, shape, value, false));
        return true;
    }
    return scalar_read(c->arena, shape, value->string, false, ret, c->error);
}

/* NOLINTNEXTLINE(misc-no-recursion): WIRE_MAX_DEPTH */
static bool convert(const struct conversion *c, const struct shape *shape, const struct json *value, int depth,
                    struct json *ret)
{
    bool fits = (allowed_types[shape->kind] & TYPE(value->type)) != 0;
    if (value->type == JSON_NULL || (c->out && !fits && !is_policy(shape))) {
        *ret = *value;
        return true;
    }
    if (!c->out && (!fits || depth > WIRE_MAX_DEPTH))
        return answer_is_bad(c->error, "%s where the service never sends one", json_type_name(value->type));
    if (shape->kind == SHAPE_LIST)
        return convert_list(c, shape, value, depth, ret);
    if (shape->kind == SHAPE_STRUCTURE || shape->kind == SHAPE_MAP)
        return convert_object(c, shape, value, depth, ret);
    return convert_scalar(c, shape, value, ret);
}

bool json_from_wire(struct arena *arena, const struct shape *shape, const struct json *value, struct json *ret,
                    struct error *error)
{
    struct conversion conversion = {.arena = arena, .error = error};
    return convert(&conversion, shape, value, 0, ret);
}

struct json json_to_wire(struct arena *arena, const struct shape *shape, const struct json *value)
{
    struct conversion conversion = {.arena = arena, .out = true};
    struct json wire = *value;
    return convert(&conversion, shape, value, 0, &wire) ? wire : *value;
}
