/* value.c: truth, equality, size and characters of JSON values. */
#include "query/value.h"

bool value_is_true(const struct json *value)
{
    switch (value->type) {
    case JSON_NULL: return false;
    case JSON_BOOLEAN: return value->boolean;
    case JSON_NUMBER: return true;
    case JSON_STRING: return value->string.len > 0;
    case JSON_ARRAY:
    case JSON_OBJECT: return value->count > 0;
    }
    return false;
}

/** Takes `weight` from the budget; false, and the budget is 0, if that is more than there is. */
static bool spend(size_t *budget, size_t weight)
{
    bool enough = *budget > weight;
    *budget = enough ? *budget - weight : 0;
    return enough;
}

static bool equal_at(const struct json *a, const struct json *b, size_t *budget, size_t depth);

static bool arrays_equal(const struct json *a, const struct json *b, size_t *budget, size_t depth)
{
    for (size_t i = 0; i < a->count; i++)
        if (!equal_at(&a->items[i], &b->items[i], budget, depth))
            return false;
    return true;
}

static bool objects_equal(const struct json *a, const struct json *b, size_t *budget, size_t depth)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct json_member *member = &a->members[i];
        const struct json *other = NULL;
        if (str_equal(member->name, b->members[i].name)) {
            other = &b->members[i].value;
        } else if (spend(budget, b->count / 8)) {
            other = json_get(b, member->name);
        }
        if (!other || !equal_at(&member->value, other, budget, depth))
            return false;
    }
    return true;
}

/** Takes a level and one value from what is left. */
static bool enter(size_t *budget, size_t depth)
{
    return spend(budget, depth < VALUE_MAX_DEPTH ? 1 : *budget);
}

static bool equal_at(const struct json *a, const struct json *b, size_t *budget, size_t depth)
{
    if (!enter(budget, depth) || a->type != b->type)
        return false;
    switch (a->type) {
    case JSON_NULL: return true;
    case JSON_BOOLEAN: return a->boolean == b->boolean;
    case JSON_NUMBER: return !(a->number < b->number) && !(a->number > b->number);
    case JSON_STRING: return str_equal(a->string, b->string);
    case JSON_ARRAY: return a->count == b->count && arrays_equal(a, b, budget, depth + 1);
    case JSON_OBJECT: return a->count == b->count && objects_equal(a, b, budget, depth + 1);
    }
    return false;
}

bool value_equal(const struct json *a, const struct json *b, size_t *budget)
{
    return equal_at(a, b, budget, 0);
}

/* NOLINTNEXTLINE(misc-no-recursion): enter() ends it, at VALUE_MAX_DEPTH */
static bool weigh_at(const struct json *value, size_t *budget, size_t depth)
{
    bool enough = enter(budget, depth);
    if (value->type == JSON_STRING)
        return enough && spend(budget, (size_t)value->string.len / VALUE_CELL_BYTES);
    if (value->type == JSON_ARRAY)
        for (size_t i = 0; enough && i < value->count; i++)
            enough = weigh_at(&value->items[i], budget, depth + 1);
    if (value->type == JSON_OBJECT)
        for (size_t i = 0; enough && i < value->count; i++)
            enough = spend(budget, (size_t)value->members[i].name.len / VALUE_CELL_BYTES) &&
                     weigh_at(&value->members[i].value, budget, depth + 1);
    return enough;
}

bool value_weigh(const struct json *value, size_t *budget)
{
    return weigh_at(value, budget, 0);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t value_code_points(struct str s)
{
    size_t count = 0;
    for (ptrdiff_t i = 0; i < s.len; i++)
        count += !is_continuation(s.ptr[i]);
    return count;
}

ptrdiff_t value_code_point_length(struct str s)
{
    ptrdiff_t len = 1;
    while (len < s.len && is_continuation(s.ptr[len]))
        len++;
    return len;
}
