/* functions.c: the table of functions, and the checks that every call goes through. */
#include "query/functions.h"

#include "query/function_list.h"

#include <stdio.h>

const struct function functions[] = {
    {STR_INIT("abs"), 1, 1, false, {TYPE_NUMBER}, function_abs, NULL},
    {STR_INIT("avg"), 1, 1, false, {TYPE_NUMBERS}, function_avg, NULL},
    {STR_INIT("ceil"), 1, 1, false, {TYPE_NUMBER}, function_ceil, NULL},
    {STR_INIT("contains"), 2, 2, false, {TYPE_ARRAY | TYPE_STRING, TYPE_ANY}, function_contains, NULL},
    {STR_INIT("ends_with"), 2, 2, false, {TYPE_STRING, TYPE_STRING}, function_ends_with, NULL},
    {STR_INIT("floor"), 1, 1, false, {TYPE_NUMBER}, function_floor, NULL},
    {STR_INIT("join"), 2, 2, false, {TYPE_STRING, TYPE_STRINGS}, function_join, NULL},
    {STR_INIT("keys"), 1, 1, false, {TYPE_OBJECT}, function_keys, NULL},
    {STR_INIT("length"), 1, 1, false, {TYPE_STRING | TYPE_ARRAY | TYPE_OBJECT}, function_length, NULL},
    {STR_INIT("map"), 2, 2, false, {TYPE_REFERENCE, TYPE_ARRAY}, function_map, NULL},
    {STR_INIT("max"), 1, 1, false, {TYPE_NUMBERS | TYPE_STRINGS}, function_max, NULL},
    {STR_INIT("max_by"), 2, 2, false, {TYPE_ARRAY, TYPE_REFERENCE}, function_max_by, NULL},
    {STR_INIT("merge"), 1, FUNCTION_VARIADIC, false, {TYPE_OBJECT, TYPE_OBJECT, TYPE_OBJECT}, function_merge, NULL},
    {STR_INIT("min"), 1, 1, false, {TYPE_NUMBERS | TYPE_STRINGS}, function_min, NULL},
    {STR_INIT("min_by"), 2, 2, false, {TYPE_ARRAY, TYPE_REFERENCE}, function_min_by, NULL},
    {STR_INIT("not_null"), 1, FUNCTION_VARIADIC, false, {TYPE_ANY, TYPE_ANY, TYPE_ANY}, function_not_null, NULL},
    {STR_INIT("reverse"), 1, 1, false, {TYPE_STRING | TYPE_ARRAY}, function_reverse, NULL},
    {STR_INIT("sort"), 1, 1, false, {TYPE_NUMBERS | TYPE_STRINGS}, function_sort, NULL},
    {STR_INIT("sort_by"), 2, 2, false, {TYPE_ARRAY, TYPE_REFERENCE}, function_sort_by, NULL},
    {STR_INIT("starts_with"), 2, 2, false, {TYPE_STRING, TYPE_STRING}, function_starts_with, NULL},
    {STR_INIT("sum"), 1, 1, false, {TYPE_NUMBERS}, function_sum, NULL},
    {STR_INIT("to_array"), 1, 1, false, {TYPE_ANY}, function_to_array, NULL},
    {STR_INIT("to_number"), 1, 1, false, {TYPE_ANY}, function_to_number, NULL},
    {STR_INIT("to_string"), 1, 1, false, {TYPE_ANY}, function_to_string, NULL},
    {STR_INIT("type"), 1, 1, false, {TYPE_ANY}, function_type, NULL},
    {STR_INIT("values"), 1, 1, false, {TYPE_OBJECT}, function_values, NULL},
    /* extensions */
    {STR_INIT("add_hours"), 2, 2, true, {TYPE_STRING | TYPE_NUMBER, TYPE_NUMBER}, function_add_hours, NULL},
    {STR_INIT("all_rows"), 1, 1, true, {TYPE_STRING}, function_all_rows, NULL},
    {STR_INIT("days_since"), 1, 1, true, {TYPE_STRING | TYPE_NUMBER}, function_days_since, NULL},
    {STR_INIT("days_until"), 1, 1, true, {TYPE_STRING | TYPE_NUMBER}, function_days_until, NULL},
    {STR_INIT("folder_of"), 2, 2, true, {TYPE_STRING, TYPE_STRING}, function_folder_of, NULL},
    {STR_INIT("glob"), 2, 2, true, {TYPE_STRING, TYPE_STRING}, function_glob, NULL},
    {STR_INIT("hours_since"), 1, 1, true, {TYPE_STRING | TYPE_NUMBER}, function_hours_since, NULL},
    {STR_INIT("item"), 0, 0, false, {0}, function_item, NULL},
    {STR_INIT("kept_for"), 3, 3, true, {TYPE_ARRAY, TYPE_STRING, TYPE_NUMBER}, function_kept_for, NULL},
    {STR_INIT("lower"), 1, 1, true, {TYPE_STRING}, function_lower, NULL},
    {STR_INIT("matches"), 2, 2, true, {TYPE_STRING, TYPE_STRING}, function_matches, function_matches_prepare},
    {STR_INIT("name_in"), 1, 1, true, {TYPE_STRING}, function_name_in, NULL},
    {STR_INIT("nearest"), 2, 2, true, {TYPE_STRING, TYPE_STRINGS}, function_nearest, NULL},
    {STR_INIT("newest"), 2, 2, true, {TYPE_ARRAY, TYPE_STRING}, function_newest, NULL},
    {STR_INIT("newest_by_period"), 1, 1, true, {TYPE_ARRAY}, function_newest_by_period, NULL},
    {STR_INIT("parent_of"), 1, 1, true, {TYPE_STRING}, function_parent_of, NULL},
    {STR_INIT("parse_arn"), 1, 1, true, {TYPE_STRING}, function_parse_arn, NULL},
    {STR_INIT("root"), 0, 0, false, {0}, function_root, NULL},
    {STR_INIT("selected_columns"), 1, 1, true, {TYPE_STRING}, function_selected_columns, NULL},
    {STR_INIT("split"), 2, 2, true, {TYPE_STRING, TYPE_STRING}, function_split, NULL},
    {STR_INIT("with_columns"), 2, 2, true, {TYPE_STRING, TYPE_STRINGS}, function_with_columns, NULL},
    {STR_INIT("without_suffix"), 2, 2, true, {TYPE_STRING, TYPE_STRING}, function_without_suffix, NULL},
};
const size_t function_count = COUNT_OF(functions);

/** How messages call what a parameter allows. */
static const struct {
    unsigned type;
    const char *name;
} type_names[] = {
    {TYPE_NUMBER, "a number"},
    {TYPE_STRING, "a string"},
    {TYPE_ARRAY, "an array"},
    {TYPE_OBJECT, "an object"},
    {TYPE_NUMBERS, "an array of numbers"},
    {TYPE_STRINGS, "an array of strings"},
    {TYPE_REFERENCE, "a reference (&expression)"},
};

/** The types that the argument at `index` may have. */
static unsigned types_of(const struct function *function, size_t index)
{
    return function->types[index < FUNCTION_MAX_PARAMETERS ? index : FUNCTION_MAX_PARAMETERS - 1];
}

/** Whether the array holds nothing but values of `type`. */
static bool holds_only(const struct json *array, enum json_type type)
{
    for (size_t i = 0; i < array->count; i++)
        if (array->items[i].type != type)
            return false;
    return true;
}

static bool fits(unsigned types, const struct json *value)
{
    switch (value->type) {
    case JSON_NULL: return types & TYPE_NULL;
    case JSON_BOOLEAN: return types & TYPE_BOOLEAN;
    case JSON_NUMBER: return types & TYPE_NUMBER;
    case JSON_STRING: return types & TYPE_STRING;
    case JSON_OBJECT: return types & TYPE_OBJECT;
    case JSON_ARRAY: break;
    }
    return (types & TYPE_ARRAY) || ((types & TYPE_NUMBERS) && holds_only(value, JSON_NUMBER)) ||
           ((types & TYPE_STRINGS) && holds_only(value, JSON_STRING));
}

/** Records that the argument at `index` is `actual`, which its parameter does not allow; returns false. */
static bool wrong_type(const struct function *function, size_t index, const char *actual, struct error *error)
{
    char expected[160];
    size_t len = 0;
    unsigned types = types_of(function, index);
    for (size_t i = 0; types != TYPE_ANY && i < COUNT_OF(type_names); i++) {
        if (!(types & type_names[i].type))
            continue;
        int added = snprintf(expected + len, sizeof expected - len, "%s%s", len ? " or " : "", type_names[i].name);
        len += (size_t)added; /* all names together are shorter than the array */
    }
    error_set(error, "invalid-type", "%.*s(): argument %zu must be %s, and is %s", STR_ARG(function->name), index + 1,
              len ? expected : "a value", actual);
    return false;
}

static const struct function *find(struct str name, struct error *error)
{
    for (size_t i = 0; i < function_count; i++)
        if (str_equal(functions[i].name, name))
            return &functions[i];
    struct str names[COUNT_OF(functions)];
    for (size_t i = 0; i < function_count; i++)
        names[i] = functions[i].name;
    struct str nearest = str_nearest(name, names, function_count);
    if (nearest.len > 0)
        error_set(error, "unknown-function", "there is no function %.*s(); did you mean %.*s()?", STR_ARG(name),
                  STR_ARG(nearest));
    else
        error_set(error, "unknown-function", "there is no function %.*s()", STR_ARG(name));
    return NULL;
}

static bool check_count(const struct function *function, size_t count, struct error *error)
{
    bool variadic = function->max == FUNCTION_VARIADIC;
    if (count >= function->min && (variadic || count <= function->max))
        return true;
    return error_set(error, "invalid-arity", "%.*s() takes %s%d argument%s, and is given %zu", STR_ARG(function->name),
                     variadic ? "at least " : "", function->min, function->min == 1 ? "" : "s", count);
}

bool functions_bind(struct arena *arena, struct str name, struct node *call, struct error *error)
{
    const struct function *function = find(name, error);
    if (!function || !check_count(function, call->part_count, error))
        return false;
    for (size_t i = 0; i < call->part_count; i++) {
        bool given = call->parts[i]->kind == NODE_REFERENCE;
        bool wanted = types_of(function, i) & TYPE_REFERENCE;
        if (given != wanted)
            return wrong_type(function, i, given ? "a reference" : "a value", error);
    }
    call->call.function = function;
    call->call.prepared = NULL;
    return !function->prepare || function->prepare(arena, call, &call->call.prepared, error);
}

/** The value of the argument at `index`, checked; NULL on failure. */
static const struct json *evaluate_argument(struct evaluation *evaluation, const struct node *call, size_t index,
                                            const struct json *current)
{
    const struct function *function = call->call.function;
    const struct json *value = evaluate_node(evaluation, call->parts[index], current);
    if (!value || (function->null_for_null && value->type == JSON_NULL))
        return value;
    unsigned types = types_of(function, index);
    if (fits(types, value))
        return value;
    bool items_wrong = value->type == JSON_ARRAY && (types & (TYPE_NUMBERS | TYPE_STRINGS));
    wrong_type(function, index, items_wrong ? "an array with other values" : json_type_name(value->type),
               evaluation->error);
    return NULL;
}

const struct json *functions_call(struct evaluation *evaluation, const struct node *call, const struct json *current)
{
    const struct function *function = call->call.function;
    size_t count = call->part_count;
    const struct json *few[4] = {0};
    const struct json **values = few;
    if (count > COUNT_OF(few)) {
        if (!evaluate_spend_cells(evaluation, count))
            return NULL;
        values = arena_array(evaluation->arena, const struct json *, count);
    }
    bool null = false;
    for (size_t i = 0; i < count; i++) {
        if (call->parts[i]->kind == NODE_REFERENCE)
            continue;
        const struct json *value = evaluate_argument(evaluation, call, i, current);
        if (!value)
            return NULL;
        values[i] = value;
        null |= function->null_for_null && value->type == JSON_NULL;
    }
    struct invocation invocation = {.node = call, .values = values, .count = count};
    return null ? &json_null : function->apply(evaluation, &invocation);
}
