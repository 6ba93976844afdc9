/* json_read.c: text to values: the checking pass, cJSON, and the copy into the arena. */
#include "base/json.h"
#include "base/json_check.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct json_limits json_limits_default = {.max_bytes = (size_t)64 << 20, .max_depth = 128};
const struct json_limits json_limits_snapshot = {.max_bytes = (size_t)1 << 30, .max_depth = 128};

struct reader {
    struct arena *arena;
    struct str name;
    struct str text;
    const struct json_offsets *offsets;
    size_t next; /* of offsets: cJSON's tree is walked in document order, too */
    struct error *error;
};

static struct str copy_c(struct arena *arena, const char *text)
{
    return str_copy(arena, str_from(text));
}

static bool convert(struct reader *r, const cJSON *node, struct json *ret);

static size_t count_children(const cJSON *node)
{
    size_t count = 0;
    for (const cJSON *child = node->child; child; child = child->next)
        count++;
    return count;
}

static bool convert_array(struct reader *r, const cJSON *node, struct json *ret)
{
    size_t count = count_children(node);
    struct json *items = arena_array(r->arena, struct json, count);
    size_t i = 0;
    for (const cJSON *child = node->child; child; child = child->next) {
        if (!convert(r, child, &items[i++]))
            return false;
    }
    ret->type = JSON_ARRAY;
    ret->count = count;
    ret->items = items;
    return true;
}

static int compare_members(const void *a, const void *b)
{
    const struct json_member *const *x = a;
    const struct json_member *const *y = b;
    int order = str_compare((*x)->name, (*y)->name);
    return order ? order : (*x > *y) - (*x < *y);
}

/* The later of two members of the same name, or NULL. */
static const struct json_member *find_duplicate(const struct json_member *members, size_t count)
{
    enum { SMALL = 12 };
    if (count <= SMALL) {
        for (size_t i = 1; i < count; i++) {
            for (size_t j = 0; j < i; j++) {
                if (str_equal(members[i].name, members[j].name))
                    return &members[i];
            }
        }
        return NULL;
    }
    const struct json_member **sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return NULL;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof *sorted, compare_members);
    const struct json_member *duplicate = NULL;
    for (size_t i = 1; i < count && !duplicate; i++) {
        if (str_equal(sorted[i]->name, sorted[i - 1]->name))
            duplicate = sorted[i];
    }
    free(sorted);
    return duplicate;
}

static bool convert_object(struct reader *r, const cJSON *node, struct json *ret)
{
    size_t count = count_children(node);
    struct json_member *members = arena_array(r->arena, struct json_member, count);
    size_t i = 0;
    for (const cJSON *child = node->child; child; child = child->next) {
        members[i].name = copy_c(r->arena, child->string);
        if (!convert(r, child, &members[i++].value))
            return false;
    }
    const struct json_member *duplicate = find_duplicate(members, count);
    if (duplicate) {
        struct json_place place = json_place(r->text, &duplicate->value);
        return error_set(r->error, ERROR_INPUT,
                         "%.*s:%d:%d: expected each name once in an object, found \"%.*s\" twice", STR_ARG(r->name),
                         place.line, place.column, STR_ARG(duplicate->name));
    }
    ret->type = JSON_OBJECT;
    ret->count = count;
    ret->members = members;
    return true;
}

/* Depth was limited by the checking pass. */
static bool convert(struct reader *r, const cJSON *node, struct json *ret)
{
    *ret = (struct json){.offset = r->offsets->items[r->next++] + 1};
    switch (node->type & 0xFF) {
    case cJSON_Array: return convert_array(r, node, ret);
    case cJSON_Object: return convert_object(r, node, ret);
    case cJSON_String:
        ret->type = JSON_STRING;
        ret->string = copy_c(r->arena, node->valuestring);
        return true;
    case cJSON_Number:
        if (!isfinite(node->valuedouble))
            return json_complain(r->error, r->name, r->text, ret->offset - 1, ERROR_LIMIT,
                                 "a number within the range of a double");
        ret->type = JSON_NUMBER;
        ret->number = node->valuedouble;
        return true;
    case cJSON_True:
    case cJSON_False:
        ret->type = JSON_BOOLEAN;
        ret->boolean = (node->type & 0xFF) == cJSON_True;
        return true;
    default: return true; /* null */
    }
}

static void delete_tree(cJSON **tree)
{
    cJSON_Delete(*tree);
}

bool json_parse(struct arena *arena, struct str name, struct str text, const struct json_limits *limits,
                const struct json **ret, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct json_offsets offsets = {.arena = scratch};
    if (!json_check(name, text, limits, &offsets, error))
        return false;
    CLEANUP(delete_tree) cJSON *tree = cJSON_ParseWithLengthOpts(text.ptr, (size_t)text.len, NULL, 0);
    if (!tree)
        return error_set(error, ERROR_INPUT, "%.*s: cannot be parsed as JSON", STR_ARG(name));
    struct reader reader = {arena, name, text, &offsets, 0, error};
    struct json *value = arena_new(arena, struct json);
    if (!convert(&reader, tree, value))
        return false;
    *ret = value;
    return true;
}

struct json_place json_place(struct str text, const struct json *value)
{
    if (!value || value->offset == 0)
        return (struct json_place){0, 0};
    struct json_place place = {1, 1};
    ptrdiff_t end = (ptrdiff_t)value->offset - 1;
    for (ptrdiff_t i = 0; i < end && i < text.len; i++) {
        place.line += text.ptr[i] == '\n';
        place.column = text.ptr[i] == '\n' ? 1 : place.column + 1;
    }
    return place;
}
