/* patch.c: see json_patch.h. Documents are immutable: each operation gives a new one that shares the untouched
 * parts. */
#include "base/json/patch.h"

#include <string.h>

struct patch {
    struct arena *arena;
    struct error *error;
};

/* What to do at the place that a path names. */
struct edit {
    const struct json *value; /* NULL: remove */
    bool insert;              /* "add": into an array before the index; else the place must exist */
};

static bool no_place(const struct patch *p, struct str token)
{
    return error_set(p->error, ERROR_INPUT, "there is no \"%.*s\" at the path", STR_ARG(token));
}

static struct str take_token(struct patch *p, struct str *pointer)
{
    ptrdiff_t end = str_find_char(*pointer, '/', 1);
    struct str raw = str_slice(*pointer, 1, end < 0 ? pointer->len : end);
    *pointer = str_skip(*pointer, raw.len + 1);
    struct buf token = buf_make(p->arena, BUF_NO_MAX);
    for (ptrdiff_t i = 0; i < raw.len; i++) {
        bool escaped = raw.ptr[i] == '~' && i + 1 < raw.len && (raw.ptr[i + 1] == '0' || raw.ptr[i + 1] == '1');
        buf_add_char(&token, !escaped ? raw.ptr[i] : raw.ptr[i + 1] == '0' ? '~' : '/');
        i += escaped;
    }
    return buf_str(&token);
}

static bool edit_at(struct patch *p, const struct json *value, struct str pointer, const struct edit *edit,
                    struct json *ret);

static bool edit_object(struct patch *p, const struct json *value, struct str token, struct str rest,
                        const struct edit *edit, struct json *ret)
{
    struct json_builder object = json_build(p->arena, JSON_OBJECT);
    bool found = false;
    for (size_t i = 0; i < value->count; i++) {
        struct json member = value->members[i].value;
        if (str_equal(value->members[i].name, token)) {
            found = true;
            if (rest.len == 0 && !edit->value)
                continue;
            if (!edit_at(p, &value->members[i].value, rest, edit, &member))
                return false;
        }
        json_build_append(&object, value->members[i].name, member);
    }
    if (!found) {
        if (rest.len || !edit->insert)
            return no_place(p, token);
        json_build_append(&object, token, *edit->value);
    }
    *ret = json_built(&object);
    return true;
}

static bool array_index(const struct json *array, struct str token, bool insert, size_t *ret)
{
    int64_t index;
    if (insert && str_equal(token, STR("-"))) {
        *ret = array->count;
        return true;
    }
    if (!str_to_int64(token, &index) || index < 0 || (token.len > 1 && token.ptr[0] == '0'))
        return false;
    *ret = (size_t)index;
    return *ret < array->count + (insert ? 1 : 0);
}

static bool edit_array(struct patch *p, const struct json *value, struct str token, struct str rest,
                       const struct edit *edit, struct json *ret)
{
    size_t index;
    bool insert = edit->insert && rest.len == 0;
    if (!array_index(value, token, insert, &index))
        return no_place(p, token);
    struct json_builder array = json_build(p->arena, JSON_ARRAY);
    for (size_t i = 0; i < value->count; i++) {
        struct json item = value->items[i];
        if (i == index && insert)
            json_build_add(&array, *edit->value);
        if (i == index && !insert) {
            if (rest.len == 0 && !edit->value)
                continue;
            if (!edit_at(p, &value->items[i], rest, edit, &item))
                return false;
        }
        json_build_add(&array, item);
    }
    if (insert && index == value->count)
        json_build_add(&array, *edit->value);
    *ret = json_built(&array);
    return true;
}

/* The depth is that of the path, which a document's depth limit bounds. */
static bool edit_at(struct patch *p, const struct json *value, struct str pointer, const struct edit *edit,
                    struct json *ret)
{
    if (pointer.len == 0) {
        *ret = edit->value ? *edit->value : json_null;
        return true;
    }
    if (pointer.ptr[0] != '/')
        return error_set(p->error, ERROR_INPUT, "a path begins with '/', \"%.*s\" does not", STR_ARG(pointer));
    struct str token = take_token(p, &pointer);
    if (value->type == JSON_OBJECT)
        return edit_object(p, value, token, pointer, edit, ret);
    if (value->type == JSON_ARRAY)
        return edit_array(p, value, token, pointer, edit, ret);
    return no_place(p, token);
}

static bool get_value(const struct patch *p, const struct json *operation, const struct json **ret)
{
    *ret = json_find(operation, "value");
    return *ret ? true : error_set(p->error, ERROR_INPUT, "\"value\" is missing");
}

static bool get_from(const struct patch *p, const struct json *document, const struct json *operation,
                     const struct json **ret)
{
    struct str from = json_find_string(operation, "from");
    *ret = json_pointer(document, from);
    return *ret ? true : error_set(p->error, ERROR_INPUT, "there is no \"from\" place \"%.*s\"", STR_ARG(from));
}

static bool run_edit(struct patch *p, const struct json *document, struct str path, struct edit edit,
                     const struct json **ret)
{
    struct json *result = arena_new(p->arena, struct json);
    if (!edit_at(p, document, path, &edit, result))
        return false;
    *ret = result;
    return true;
}

static bool op_add(struct patch *p, const struct json *document, const struct json *op, struct str path,
                   const struct json **ret)
{
    const struct json *value;
    return get_value(p, op, &value) && run_edit(p, document, path, (struct edit){value, true}, ret);
}

static bool op_replace(struct patch *p, const struct json *document, const struct json *op, struct str path,
                       const struct json **ret)
{
    const struct json *value;
    return get_value(p, op, &value) && run_edit(p, document, path, (struct edit){value, false}, ret);
}

static bool op_remove(struct patch *p, const struct json *document, const struct json *op, struct str path,
                      const struct json **ret)
{
    (void)op;
    return run_edit(p, document, path, (struct edit){NULL, false}, ret);
}

static bool op_copy(struct patch *p, const struct json *document, const struct json *op, struct str path,
                    const struct json **ret)
{
    const struct json *value;
    return get_from(p, document, op, &value) && run_edit(p, document, path, (struct edit){value, true}, ret);
}

static bool op_move(struct patch *p, const struct json *document, const struct json *op, struct str path,
                    const struct json **ret)
{
    const struct json *value;
    const struct json *without;
    struct str from = json_find_string(op, "from");
    if (str_starts(path, from) && path.len > from.len && path.ptr[from.len] == '/')
        return error_set(p->error, ERROR_INPUT, "a value cannot be moved into itself");
    return get_from(p, document, op, &value) && run_edit(p, document, from, (struct edit){NULL, false}, &without) &&
           run_edit(p, without, path, (struct edit){value, true}, ret);
}

static bool op_test(struct patch *p, const struct json *document, const struct json *op, struct str path,
                    const struct json **ret)
{
    const struct json *value;
    if (!get_value(p, op, &value))
        return false;
    const struct json *found = json_pointer(document, path);
    if (!found || !json_equal(found, value))
        return error_set(p->error, ERROR_INPUT, "the value is not the one that \"test\" wants");
    *ret = document;
    return true;
}

static const struct {
    struct str name;
    bool (*run)(struct patch *, const struct json *, const struct json *, struct str, const struct json **);
} operations_table[] = {
    {STR_INIT("add"), op_add},   {STR_INIT("remove"), op_remove}, {STR_INIT("replace"), op_replace},
    {STR_INIT("move"), op_move}, {STR_INIT("copy"), op_copy},     {STR_INIT("test"), op_test},
};

static bool run_operation(struct patch *p, const struct json *document, const struct json *op, const struct json **ret)
{
    struct str name = json_find_string(op, "op");
    const struct json *path = json_find(op, "path");
    if (!json_is(path, JSON_STRING))
        return error_set(p->error, ERROR_INPUT, "\"path\" must be a JSON Pointer");
    for (size_t i = 0; i < COUNT_OF(operations_table); i++) {
        if (str_equal(operations_table[i].name, name))
            return operations_table[i].run(p, document, op, path->string, ret);
    }
    return error_set(p->error, ERROR_INPUT, "\"op\" must be one of add, remove, replace, move, copy, test");
}

bool json_patch(struct arena *arena, const struct json *document, const struct json *operations,
                const struct json **ret, struct error *error)
{
    struct patch p = {arena, error};
    if (!json_is(operations, JSON_ARRAY))
        return error_set(error, ERROR_INPUT, "a JSON Patch is an array of operations");
    for (size_t i = 0; i < operations->count; i++) {
        if (!run_operation(&p, document, &operations->items[i], &document))
            return error_wrap(error, "patch operation /%zu", i);
    }
    *ret = document;
    return true;
}

static struct json merge(struct arena *arena, const struct json *document, const struct json *patch)
{
    if (patch->type != JSON_OBJECT)
        return *patch;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    size_t kept = json_is(document, JSON_OBJECT) ? document->count : 0;
    for (size_t i = 0; i < kept; i++) {
        const struct json_member *member = &document->members[i];
        const struct json *change = json_get(patch, member->name);
        if (!change)
            json_build_append(&object, member->name, member->value);
        else if (change->type != JSON_NULL)
            json_build_append(&object, member->name, merge(arena, &member->value, change));
    }
    for (size_t i = 0; i < patch->count; i++) {
        const struct json_member *member = &patch->members[i];
        if (member->value.type != JSON_NULL && (!kept || !json_get(document, member->name)))
            json_build_append(&object, member->name, merge(arena, NULL, &member->value));
    }
    return json_built(&object);
}

const struct json *json_merge(struct arena *arena, const struct json *document, const struct json *patch)
{
    return json_box(arena, merge(arena, document, patch));
}
