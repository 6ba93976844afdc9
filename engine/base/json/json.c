/* json.c: making, finding and comparing values; see json.h. */
#include "base/json/json.h"

#include <string.h>

const struct json json_null = {.type = JSON_NULL};
const struct json json_false = {.type = JSON_BOOLEAN, .boolean = false};
const struct json json_true = {.type = JSON_BOOLEAN, .boolean = true};

struct json json_boolean(bool value)
{
    return (struct json){.type = JSON_BOOLEAN, .boolean = value};
}

struct json json_number(double value)
{
    return (struct json){.type = JSON_NUMBER, .number = value};
}

struct json json_string(struct str value)
{
    return (struct json){.type = JSON_STRING, .string = value};
}

struct json json_array(const struct json *items, size_t count)
{
    return (struct json){.type = JSON_ARRAY, .count = count, .items = items};
}

struct json json_object(const struct json_member *members, size_t count)
{
    return (struct json){.type = JSON_OBJECT, .count = count, .members = members};
}

const struct json *json_box(struct arena *arena, struct json value)
{
    struct json *box = arena_new(arena, struct json);
    *box = value;
    return box;
}

/* NOLINTNEXTLINE(misc-no-recursion): the depth of a value is limited where it was parsed or built */
static struct json clone(struct arena *arena, const struct json *value)
{
    struct json copy = *value;
    if (value->type == JSON_STRING) {
        copy.string = str_copy(arena, value->string);
    } else if (value->type == JSON_ARRAY) {
        struct json *items = arena_array(arena, struct json, value->count);
        for (size_t i = 0; i < value->count; i++)
            items[i] = clone(arena, &value->items[i]);
        copy.items = items;
    } else if (value->type == JSON_OBJECT) {
        struct json_member *members = arena_array(arena, struct json_member, value->count);
        for (size_t i = 0; i < value->count; i++)
            members[i] =
                (struct json_member){str_copy(arena, value->members[i].name), clone(arena, &value->members[i].value)};
        copy.members = members;
    }
    return copy;
}

const struct json *json_clone(struct arena *arena, const struct json *value)
{
    return json_box(arena, clone(arena, value));
}

struct json_builder json_build(struct arena *arena, enum json_type type)
{
    return (struct json_builder){.arena = arena, .type = type};
}

static void make_room(struct json_builder *builder)
{
    if (builder->count < builder->capacity)
        return;
    size_t size = builder->type == JSON_ARRAY ? sizeof(struct json) : sizeof(struct json_member);
    size_t capacity = builder->capacity ? builder->capacity * 2 : 4;
    void *larger = arena_resize(builder->arena, builder->type == JSON_ARRAY ? (void *)builder->items : builder->members,
                                builder->capacity * size, capacity * size, _Alignof(struct json_member));
    if (builder->type == JSON_ARRAY)
        builder->items = larger;
    else
        builder->members = larger;
    builder->capacity = capacity;
}

void json_build_add(struct json_builder *array, struct json value)
{
    make_room(array);
    array->items[array->count++] = value;
}

void json_build_append(struct json_builder *object, struct str name, struct json value)
{
    make_room(object);
    object->members[object->count++] = (struct json_member){name, value};
}

void json_build_set(struct json_builder *object, struct str name, struct json value)
{
    for (size_t i = 0; i < object->count; i++) {
        if (str_equal(object->members[i].name, name)) {
            object->members[i].value = value;
            return;
        }
    }
    json_build_append(object, name, value);
}

struct json json_built(const struct json_builder *builder)
{
    if (builder->type == JSON_ARRAY)
        return json_array(builder->items, builder->count);
    return json_object(builder->members, builder->count);
}

const struct json *json_get(const struct json *object, struct str name)
{
    if (!json_is(object, JSON_OBJECT))
        return NULL;
    for (size_t i = 0; i < object->count; i++) {
        if (str_equal(object->members[i].name, name))
            return &object->members[i].value;
    }
    return NULL;
}

const struct json *json_get_next(const struct json *object, struct str name, size_t *next)
{
    size_t count = json_is(object, JSON_OBJECT) ? object->count : 0;
    for (size_t i = 0, at = *next; i < count; i++, at++) {
        at = at < count ? at : 0;
        if (str_equal(object->members[at].name, name)) {
            *next = at + 1;
            return &object->members[at].value;
        }
    }
    return NULL;
}

const struct json *json_find(const struct json *object, const char *name)
{
    return json_get(object, str_from(name));
}

struct str json_find_string(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_STRING) ? value->string : STR("");
}

bool json_find_boolean(const struct json *object, const char *name, bool otherwise)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_BOOLEAN) ? value->boolean : otherwise;
}

double json_find_number(const struct json *object, const char *name, double otherwise)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_NUMBER) ? value->number : otherwise;
}

int64_t json_find_integer(const struct json *object, const char *name, int64_t otherwise)
{
    static const double max = 9007199254740992.0;
    double number = json_find_number(object, name, (double)otherwise);
    return number >= -max && number <= max ? (int64_t)number : otherwise;
}

bool json_is(const struct json *value, enum json_type type)
{
    return value && value->type == type;
}

bool json_is_true(const struct json *value)
{
    return json_is(value, JSON_BOOLEAN) && value->boolean;
}

static bool equal_objects(const struct json *a, const struct json *b)
{
    for (size_t i = 0; i < a->count; i++) {
        /* Members are mostly in the same order: look there first. */
        const struct json *other =
            str_equal(a->members[i].name, b->members[i].name) ? &b->members[i].value : json_get(b, a->members[i].name);
        if (!other || !json_equal(&a->members[i].value, other))
            return false;
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): the depth of a value is limited where it was parsed or built */
bool json_equal(const struct json *a, const struct json *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case JSON_NULL: return true;
    case JSON_BOOLEAN: return a->boolean == b->boolean;
    case JSON_NUMBER: return a->number == b->number;
    case JSON_STRING: return str_equal(a->string, b->string);
    case JSON_OBJECT: return a->count == b->count && equal_objects(a, b);
    case JSON_ARRAY: break;
    }
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!json_equal(&a->items[i], &b->items[i]))
            return false;
    }
    return true;
}

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {"null", "a boolean", "a number", "a string", "an array", "an object"};
    return names[type];
}

static bool unescape_token(struct str token, struct buf *buf)
{
    buf_clear(buf);
    for (ptrdiff_t i = 0; i < token.len; i++) {
        if (token.ptr[i] != '~') {
            buf_add_char(buf, token.ptr[i]);
            continue;
        }
        i++;
        if (i == token.len || (token.ptr[i] != '0' && token.ptr[i] != '1'))
            return false;
        buf_add_char(buf, token.ptr[i] == '0' ? '~' : '/');
    }
    return true;
}

static const struct json *step(const struct json *value, struct str token)
{
    if (value->type == JSON_OBJECT)
        return json_get(value, token);
    int64_t index;
    bool canonical = token.len && token.ptr[0] >= '0' && token.ptr[0] <= '9' && (token.ptr[0] != '0' || token.len == 1);
    if (value->type != JSON_ARRAY || !canonical || !str_to_int64(token, &index) || (size_t)index >= value->count)
        return NULL;
    return &value->items[index];
}

const struct json *json_pointer(const struct json *document, struct str pointer)
{
    struct arena *scratch = arena_open(0);
    struct buf token = buf_make(scratch, BUF_NO_MAX);
    const struct json *value = document;
    while (value && pointer.len) {
        struct str part;
        if (pointer.ptr[0] != '/') {
            value = NULL;
            break;
        }
        ptrdiff_t end = str_find_char(pointer, '/', 1);
        part = str_slice(pointer, 1, end < 0 ? pointer.len : end);
        pointer = str_skip(pointer, part.len + 1);
        value = unescape_token(part, &token) ? step(value, buf_str(&token)) : NULL;
    }
    arena_close(scratch);
    return value;
}

void json_pointer_add(struct buf *pointer, struct str token)
{
    buf_add_char(pointer, '/');
    for (ptrdiff_t i = 0; i < token.len; i++) {
        if (token.ptr[i] == '~')
            buf_add_c(pointer, "~0");
        else if (token.ptr[i] == '/')
            buf_add_c(pointer, "~1");
        else
            buf_add_char(pointer, token.ptr[i]);
    }
}

void json_pointer_add_index(struct buf *pointer, size_t index)
{
    buf_addf(pointer, "/%zu", index);
}
