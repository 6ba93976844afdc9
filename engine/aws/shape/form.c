/* form.c: structures as form fields, both ways; see form.h. */
#include "aws/shape/form.h"

#include "aws/operation/call.h"
#include "aws/shape/scalar.h"

/* ---------------------------------------------------------------- writing */

static void write_value(struct buf *out, struct str name, const struct shape *shape, const struct json *value,
                        int depth);

static void write_list(struct buf *out, struct str name, const struct shape *shape, const struct json *value, int depth)
{
    for (size_t i = 0; i < value->count; i++) {
        struct str item_name = shape->flattened
                                   ? str_format(out->arena, "%.*s.%zu", STR_ARG(name), i + 1)
                                   : str_format(out->arena, "%.*s.%s.%zu", STR_ARG(name), shape->item_name, i + 1);
        write_value(out, item_name, shape->item, &value->items[i], depth + 1);
    }
}

static void write_map(struct buf *out, struct str name, const struct shape *shape, const struct json *value, int depth)
{
    static const struct shape text = {.kind = SHAPE_STRING};
    for (size_t i = 0; i < value->count; i++) {
        struct str entry = str_format(out->arena, "%.*s%s.%zu", STR_ARG(name), shape->flattened ? "" : ".entry", i + 1);
        struct json key = json_string(value->members[i].name);
        write_value(out, str_format(out->arena, "%.*s.%s", STR_ARG(entry), shape->key_name), &text, &key, depth + 1);
        write_value(out, str_format(out->arena, "%.*s.%s", STR_ARG(entry), shape->value_name), shape->item,
                    &value->members[i].value, depth + 1);
    }
}

static void write_members(struct buf *out, struct str prefix, const struct shape *shape, const struct json *value,
                          int depth)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        const struct json *part = json_find(value, member->name);
        struct str name = prefix.len > 0 ? str_format(out->arena, "%.*s.%s", STR_ARG(prefix), member->wire_name)
                                         : str_from(member->wire_name);
        if (part && part->type != JSON_NULL)
            write_value(out, name, member->shape, part, depth + 1);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): WIRE_MAX_DEPTH */
static void write_value(struct buf *out, struct str name, const struct shape *shape, const struct json *value,
                        int depth)
{
    if (depth > WIRE_MAX_DEPTH)
        return;
    if (shape->kind == SHAPE_STRUCTURE && value->type == JSON_OBJECT) {
        write_members(out, name, shape, value, depth);
    } else if (shape->kind == SHAPE_LIST && value->type == JSON_ARRAY) {
        write_list(out, name, shape, value, depth);
    } else if (shape->kind == SHAPE_MAP && value->type == JSON_OBJECT) {
        write_map(out, name, shape, value, depth);
    } else {
        buf_add_char(out, '&');
        buf_add(out, str_percent_encode(out->arena, name, ""));
        buf_add_char(out, '=');
        buf_add(out, str_percent_encode(out->arena, scalar_write(out->arena, shape, value, false), ""));
    }
}

void form_write(struct buf *out, const struct shape *structure, const struct json *value)
{
    if (structure)
        write_members(out, STR(""), structure, value, 0);
}

/* ---------------------------------------------------------------- reading */

bool form_parse(struct arena *arena, struct str text, struct form *ret, struct error *error)
{
    size_t count = text.len > 0;
    for (ptrdiff_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '&';
    if (count > FORM_MAX_FIELDS)
        return error_set(error, ERROR_LIMIT, "more than %d fields in a form", FORM_MAX_FIELDS);
    struct form form = {.fields = arena_array(arena, struct form_field, count)};
    struct str field;
    while (text.len > 0) {
        str_cut(&text, '&', &field);
        struct str name;
        str_cut(&field, '=', &name);
        if (name.len > 0)
            form.fields[form.count++] =
                (struct form_field){str_form_decode(arena, name), str_form_decode(arena, field)};
    }
    *ret = form;
    return true;
}

static const struct form_field *find_field(const struct form *form, struct str name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (str_equal(form->fields[i].name, name))
            return &form->fields[i];
    }
    return NULL;
}

struct str form_find(const struct form *form, struct str name)
{
    const struct form_field *field = find_field(form, name);
    return field ? field->value : STR("");
}

/* Whether a field is `name`, or begins with `name.`. */
static bool has_prefix(const struct form *form, struct str name)
{
    for (size_t i = 0; i < form->count; i++) {
        struct str field = form->fields[i].name;
        if (str_starts(field, name) && (field.len == name.len || field.ptr[name.len] == '.'))
            return true;
    }
    return false;
}

struct reading {
    struct arena *arena;
    const struct form *form;
    struct error *error;
};

static bool read_value(const struct reading *r, struct str name, const struct shape *shape, int depth,
                       struct json *ret);

static bool read_list(const struct reading *r, struct str name, const struct shape *shape, int depth, struct json *ret)
{
    struct json_builder list = json_build(r->arena, JSON_ARRAY);
    for (size_t i = 1; i <= r->form->count; i++) {
        struct str item_name = shape->flattened
                                   ? str_format(r->arena, "%.*s.%zu", STR_ARG(name), i)
                                   : str_format(r->arena, "%.*s.%s.%zu", STR_ARG(name), shape->item_name, i);
        struct json item;
        if (!has_prefix(r->form, item_name))
            break;
        if (!read_value(r, item_name, shape->item, depth + 1, &item))
            return false;
        json_build_add(&list, item);
    }
    *ret = json_built(&list);
    return true;
}

static bool read_map(const struct reading *r, struct str name, const struct shape *shape, int depth, struct json *ret)
{
    struct json_builder map = json_build(r->arena, JSON_OBJECT);
    for (size_t i = 1; i <= r->form->count; i++) {
        struct str entry = str_format(r->arena, "%.*s%s.%zu", STR_ARG(name), shape->flattened ? "" : ".entry", i);
        struct json value;
        if (!has_prefix(r->form, entry))
            break;
        struct str key = form_find(r->form, str_format(r->arena, "%.*s.%s", STR_ARG(entry), shape->key_name));
        if (!read_value(r, str_format(r->arena, "%.*s.%s", STR_ARG(entry), shape->value_name), shape->item, depth + 1,
                        &value))
            return false;
        json_build_set(&map, key, value);
    }
    *ret = json_built(&map);
    return true;
}

static bool read_members(const struct reading *r, struct str prefix, const struct shape *shape, int depth,
                         struct json *ret)
{
    struct json_builder object = json_build(r->arena, JSON_OBJECT);
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        struct str name = prefix.len > 0 ? str_format(r->arena, "%.*s.%s", STR_ARG(prefix), member->wire_name)
                                         : str_from(member->wire_name);
        struct json value;
        if (!has_prefix(r->form, name))
            continue;
        if (!read_value(r, name, member->shape, depth + 1, &value))
            return false;
        json_build_append(&object, str_from(member->name), value);
    }
    *ret = json_built(&object);
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): WIRE_MAX_DEPTH */
static bool read_value(const struct reading *r, struct str name, const struct shape *shape, int depth, struct json *ret)
{
    if (depth > WIRE_MAX_DEPTH)
        return error_set(r->error, ERROR_LIMIT, "a parameter nested deeper than %d levels", WIRE_MAX_DEPTH);
    if (shape->kind == SHAPE_STRUCTURE)
        return read_members(r, name, shape, depth, ret);
    if (shape->kind == SHAPE_LIST)
        return read_list(r, name, shape, depth, ret);
    if (shape->kind == SHAPE_MAP)
        return read_map(r, name, shape, depth, ret);
    return scalar_read(r->arena, shape, form_find(r->form, name), false, ret, r->error);
}

bool form_read(struct arena *arena, const struct form *form, const struct shape *structure, struct json *ret,
               struct error *error)
{
    struct reading reading = {arena, form, error};
    if (!structure) {
        *ret = json_object(NULL, 0);
        return true;
    }
    return read_members(&reading, STR(""), structure, 0, ret);
}
