/* patch.c: see patch.h. */
#include "base/json/patch.h"

#include <cJSON_Utils.h>

static void delete_tree(cJSON **tree)
{
    cJSON_Delete(*tree);
}

/* --- from our values to a tree of cJSON's --- */

static bool as_c_text(struct arena *scratch, struct str text, const char **ret, struct error *error)
{
    if (str_find_char(text, '\0', 0) >= 0)
        return error_set(error, ERROR_INPUT, "a text with U+0000 cannot be patched");
    *ret = str_to_c(scratch, text);
    return true;
}

/* Texts are those of the arena; but for the root's, which cJSON_Utils frees where it replaces the root. */
static cJSON *make_node(const struct json *value, const char *text, bool is_root)
{
    cJSON *node = NULL;
    switch (value->type) {
    case JSON_NULL: node = cJSON_CreateNull(); break;
    case JSON_BOOLEAN: node = cJSON_CreateBool(value->boolean); break;
    case JSON_NUMBER: node = cJSON_CreateNumber(value->number); break;
    case JSON_STRING: node = is_root ? cJSON_CreateString(text) : cJSON_CreateStringReference(text); break;
    case JSON_ARRAY: node = cJSON_CreateArray(); break;
    case JSON_OBJECT: node = cJSON_CreateObject(); break;
    }
    if (!node)
        arena_give_up();
    return node;
}

static bool add_parts(struct arena *arena, const struct json *value, cJSON *node, int depth, struct error *error);

/* The value's node as `*ret`, hung under `parent`: by its name, or as an item. NULL: it is the root. */
static bool add_node(struct arena *arena, const struct json *value, cJSON *parent, const char *name, int depth,
                     cJSON **ret, struct error *error)
{
    const char *text = NULL;
    if (depth > CJSON_NESTING_LIMIT)
        return error_set(error, ERROR_LIMIT, "a document of more than %d levels cannot be patched",
                         CJSON_NESTING_LIMIT);
    if (value->type == JSON_STRING && !as_c_text(arena, value->string, &text, error))
        return false;
    *ret = make_node(value, text, !parent);
    if (parent && !(name ? cJSON_AddItemToObject(parent, name, *ret) : cJSON_AddItemToArray(parent, *ret)))
        arena_give_up();
    return add_parts(arena, value, *ret, depth, error);
}

/* NOLINTNEXTLINE(misc-no-recursion): CJSON_NESTING_LIMIT */
static bool add_parts(struct arena *arena, const struct json *value, cJSON *node, int depth, struct error *error)
{
    const char *name = NULL;
    cJSON *part;
    for (size_t i = 0; value->type == JSON_ARRAY && i < value->count; i++) {
        if (!add_node(arena, &value->items[i], node, NULL, depth + 1, &part, error))
            return false;
    }
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->count; i++) {
        if (!as_c_text(arena, value->members[i].name, &name, error) ||
            !add_node(arena, &value->members[i].value, node, name, depth + 1, &part, error))
            return false;
    }
    return true;
}

/* The tree lives as long as the arena, and is the caller's to delete before, also where this fails half-way. */
static bool to_tree(struct arena *arena, const struct json *value, cJSON **ret, struct error *error)
{
    return add_node(arena, value, NULL, NULL, 1, ret, error);
}

/* --- and back --- */

static struct json from_tree(struct arena *arena, const cJSON *node, const struct json *like);

/* cJSON hangs what it replaces, and what it compares, in another order: members stand as in `like`, new ones behind. */
static struct json object_from(struct arena *arena, const cJSON *node, const struct json *like)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; json_is(like, JSON_OBJECT) && i < like->count; i++) {
        for (const cJSON *part = node->child; part; part = part->next) {
            if (str_equal(str_from(part->string), like->members[i].name))
                json_build_append(&object, like->members[i].name, from_tree(arena, part, &like->members[i].value));
        }
    }
    for (const cJSON *part = node->child; part; part = part->next) {
        if (!json_get(like, str_from(part->string)))
            json_build_append(&object, str_copy(arena, str_from(part->string)), from_tree(arena, part, NULL));
    }
    return json_built(&object);
}

static struct json array_from(struct arena *arena, const cJSON *node, const struct json *like)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    size_t known = json_is(like, JSON_ARRAY) ? like->count : 0;
    size_t i = 0;
    for (const cJSON *part = node->child; part; part = part->next, i++)
        json_build_add(&array, from_tree(arena, part, i < known ? &like->items[i] : NULL));
    return json_built(&array);
}

/* NOLINTNEXTLINE(misc-no-recursion): to_tree() lets no deeper one be made but by operations, whose values it read */
static struct json from_tree(struct arena *arena, const cJSON *node, const struct json *like)
{
    switch (node->type & 0xFF) {
    case cJSON_True: return json_true;
    case cJSON_False: return json_false;
    case cJSON_Number: return json_number(node->valuedouble);
    case cJSON_String:
        if (json_is(like, JSON_STRING) && str_equal(like->string, str_from(node->valuestring)))
            return *like;
        return json_string(str_copy(arena, str_from(node->valuestring)));
    case cJSON_Array: return array_from(arena, node, like);
    case cJSON_Object: return object_from(arena, node, like);
    default: return json_null; /* cJSON_Invalid, too: what is left where the root was removed */
    }
}

/* --- JSON Patch --- */

/* Empty, or tokens behind slashes, where `~` is written `~0`, and `/` in a name `~1`. cJSON takes much more. */
static bool is_pointer(const struct json *value)
{
    if (!json_is(value, JSON_STRING) || (value->string.len > 0 && value->string.ptr[0] != '/'))
        return false;
    for (ptrdiff_t i = 0; i < value->string.len; i++) {
        struct str rest = str_skip(value->string, i);
        if (rest.ptr[0] == '~' && !str_starts(rest, STR("~0")) && !str_starts(rest, STR("~1")))
            return false;
    }
    return true;
}

static bool check_pointer(const struct json *operation, const char *name, bool required, struct error *error)
{
    const struct json *pointer = json_find(operation, name);
    return (!pointer && !required) || is_pointer(pointer) ||
           error_set(error, ERROR_INPUT, "\"%s\" must be a JSON Pointer", name);
}

/* What the statuses of cJSONUtils_ApplyPatches() mean; its header does not say. */
static bool refuse(const struct json *operation, int status, struct error *error)
{
    switch (status) {
    case 1: return error_set(error, ERROR_INPUT, "the value is not the one that \"test\" wants");
    case 3: return error_set(error, ERROR_INPUT, "\"op\" must be one of add, remove, replace, move, copy, test");
    case 4: return error_set(error, ERROR_INPUT, "\"from\" is missing");
    case 7: return error_set(error, ERROR_INPUT, "\"value\" is missing");
    default:
        return error_set(error, ERROR_INPUT, "there is no place \"%.*s\"",
                         STR_ARG(json_find_string(operation, status == 5 ? "from" : "path")));
    }
}

/* `copy` or `move` to the root, which cJSON does not know: a part takes the place of the whole. */
static bool apply_to_root(struct arena *scratch, cJSON **tree, const struct json *operation, struct error *error)
{
    const char *from = str_to_c(scratch, json_find_string(operation, "from"));
    const cJSON *part = cJSONUtils_GetPointerCaseSensitive(*tree, from);
    if (!part)
        return refuse(operation, 5, error);
    cJSON *whole = cJSON_Duplicate(part, true);
    if (!whole)
        arena_give_up();
    cJSON_Delete(*tree);
    *tree = whole;
    return true;
}

static bool apply(struct arena *scratch, cJSON **tree, const struct json *operation, struct error *error)
{
    CLEANUP(delete_tree) cJSON *patch = NULL;
    struct json list = json_array(operation, 1);
    if (!check_pointer(operation, "path", true, error) || !check_pointer(operation, "from", false, error) ||
        !to_tree(scratch, &list, &patch, error))
        return false;
    struct str name = json_find_string(operation, "op");
    bool takes = str_equal(name, STR("copy")) || str_equal(name, STR("move"));
    if (takes && json_find(operation, "from") && json_find_string(operation, "path").len == 0)
        return apply_to_root(scratch, tree, operation, error);
    int status = cJSONUtils_ApplyPatchesCaseSensitive(*tree, patch);
    return status == 0 || refuse(operation, status, error);
}

bool json_patch(struct arena *arena, const struct json *document, const struct json *operations,
                const struct json **ret, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    CLEANUP(delete_tree) cJSON *tree = NULL; /* cleaned up before the arena that holds its texts */
    if (!json_is(operations, JSON_ARRAY))
        return error_set(error, ERROR_INPUT, "a JSON Patch is an array of operations");
    if (!to_tree(scratch, document, &tree, error))
        return false;
    for (size_t i = 0; i < operations->count; i++) {
        if (!apply(scratch, &tree, &operations->items[i], error))
            return error_wrap(error, "patch operation /%zu", i);
    }
    *ret = json_box(arena, from_tree(arena, tree, document));
    return true;
}

bool json_patch_between(struct arena *arena, const struct json *from, const struct json *to, const struct json **ret,
                        struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    CLEANUP(delete_tree) cJSON *before = NULL;
    CLEANUP(delete_tree) cJSON *after = NULL;
    if (!to_tree(scratch, from, &before, error) || !to_tree(scratch, to, &after, error))
        return false;
    CLEANUP(delete_tree) cJSON *operations = cJSONUtils_GeneratePatchesCaseSensitive(before, after);
    if (!operations)
        arena_give_up();
    *ret = json_box(arena, from_tree(arena, operations, NULL));
    return true;
}

/* --- JSON Merge Patch --- */

bool json_merge(struct arena *arena, const struct json *document, const struct json *patch, const struct json **ret,
                struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    CLEANUP(delete_tree) cJSON *tree = NULL;
    CLEANUP(delete_tree) cJSON *change = NULL;
    if (!to_tree(scratch, document, &tree, error) || !to_tree(scratch, patch, &change, error))
        return false;
    tree = cJSONUtils_MergePatchCaseSensitive(tree, change); /* it deletes, or gives back, the one that it is given */
    if (!tree)
        arena_give_up();
    *ret = json_box(arena, from_tree(arena, tree, document));
    return true;
}
