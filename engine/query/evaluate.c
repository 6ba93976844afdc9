/* evaluate.c: a tree and a value to a result. */
#include "query/evaluate.h"

#include "query/functions.h"
#include "query/parser.h"
#include "query/pattern.h"
#include "query/value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const struct evaluation_limits evaluation_limits_default = {(size_t)1 << 27, (size_t)1 << 24};

/* ---- spending, failing ---- */

static bool spend(struct evaluation *evaluation, size_t *left, size_t amount)
{
    if (amount < *left) {
        *left -= amount;
        return true;
    }
    *left = 0;
    error_set(evaluation->error, ERROR_LIMIT, "the expression asks for too much work or memory");
    return false;
}

bool evaluate_spend_steps(struct evaluation *evaluation, size_t steps)
{
    return spend(evaluation, &evaluation->steps, steps);
}

bool evaluate_spend_cells(struct evaluation *evaluation, size_t cells)
{
    return spend(evaluation, &evaluation->cells, cells);
}

bool evaluate_spend_bytes(struct evaluation *evaluation, size_t bytes)
{
    return evaluate_spend_cells(evaluation, bytes / VALUE_CELL_BYTES + 1);
}

const struct json *evaluate_fail(struct evaluation *evaluation, const char *code, const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    error_set(evaluation->error, code, "%s", text);
    return NULL;
}

int evaluate_equal(struct evaluation *evaluation, const struct json *a, const struct json *b)
{
    bool equal = value_equal(a, b, &evaluation->steps);
    return evaluate_spend_steps(evaluation, 0) ? equal : -1;
}

/* ---- results ---- */

static const struct json *box(struct evaluation *evaluation, struct json value)
{
    return evaluate_spend_cells(evaluation, 1) ? json_box(evaluation->arena, value) : NULL;
}

const struct json *evaluate_number(struct evaluation *evaluation, double number)
{
    if (!isfinite(number))
        return evaluate_fail(evaluation, "invalid-value", "the result is too large for a number");
    return box(evaluation, json_number(number));
}

const struct json *evaluate_string(struct evaluation *evaluation, struct str text)
{
    return box(evaluation, json_string(text));
}

const struct json *evaluate_boolean(bool value)
{
    return value ? &json_true : &json_false;
}

/** Appends to an array that is being built. */
static bool add(struct evaluation *evaluation, struct json_builder *array, const struct json *value)
{
    if (!evaluate_spend_cells(evaluation, 1))
        return false;
    json_build_add(array, *value);
    return true;
}

static const struct json *built(struct evaluation *evaluation, const struct json_builder *array)
{
    return box(evaluation, json_built(array));
}

/* ---- selecting ---- */

static const struct json *evaluate_current(struct evaluation *evaluation, const struct node *node,
                                           const struct json *value)
{
    (void)evaluation, (void)node;
    return value;
}

static const struct json *evaluate_literal(struct evaluation *evaluation, const struct node *node,
                                           const struct json *value)
{
    (void)evaluation, (void)value;
    return node->literal;
}

static const struct json *evaluate_field(struct evaluation *evaluation, const struct node *node,
                                         const struct json *value)
{
    if (value->type != JSON_OBJECT || !evaluate_spend_steps(evaluation, value->count / 8))
        return value->type == JSON_OBJECT ? NULL : &json_null;
    const struct json *member = json_get(value, node->name);
    return member ? member : &json_null;
}

/** `left.right` and `left | right`: what the left gives is the right's current value. */
static const struct json *evaluate_then(struct evaluation *evaluation, const struct node *node,
                                        const struct json *value)
{
    const struct json *left = evaluate_node(evaluation, node->left, value);
    return left ? evaluate_node(evaluation, node->right, left) : NULL;
}

static const struct json *evaluate_index(struct evaluation *evaluation, const struct node *node,
                                         const struct json *value)
{
    const struct json *array = evaluate_node(evaluation, node->left, value);
    if (!array || array->type != JSON_ARRAY)
        return array ? &json_null : NULL;
    int64_t count = (int64_t)array->count;
    int64_t index = node->index < 0 ? node->index + count : node->index;
    return index >= 0 && index < count ? &array->items[index] : &json_null;
}

/** A bound of a slice as a place in an array: counted from the end if negative, then clamped. */
static int64_t slice_bound(int64_t bound, int64_t count, int64_t step)
{
    int64_t first = step < 0 ? -1 : 0;
    int64_t last = step < 0 ? count - 1 : count;
    if (bound < 0)
        bound += count;
    return bound < first ? first : bound > last ? last : bound;
}

static const struct json *evaluate_slice(struct evaluation *evaluation, const struct node *node,
                                         const struct json *value)
{
    const struct json *array = evaluate_node(evaluation, node->left, value);
    if (!array || array->type != JSON_ARRAY)
        return array ? &json_null : NULL;
    const struct slice *slice = &node->slice;
    int64_t count = (int64_t)array->count;
    bool down = slice->step < 0;
    /* A step past the whole array takes one item, whatever its size. */
    int64_t step = slice->step > count + 1 ? count + 1 : slice->step < -count - 1 ? -count - 1 : slice->step;
    int64_t start = slice->has_start ? slice_bound(slice->start, count, step) : down ? count - 1 : 0;
    int64_t stop = slice->has_stop ? slice_bound(slice->stop, count, step) : down ? -1 : count;
    struct json_builder result = json_build(evaluation->arena, JSON_ARRAY);
    for (int64_t i = start; down ? i > stop : i < stop; i += step)
        if (!add(evaluation, &result, &array->items[i]))
            return NULL;
    return built(evaluation, &result);
}

/* ---- projections ---- */

static const struct json *evaluate_flatten(struct evaluation *evaluation, const struct node *node,
                                           const struct json *value)
{
    const struct json *array = evaluate_node(evaluation, node->left, value);
    if (!array || array->type != JSON_ARRAY)
        return array ? &json_null : NULL;
    struct json_builder result = json_build(evaluation->arena, JSON_ARRAY);
    for (size_t i = 0; i < array->count; i++) {
        const struct json *item = &array->items[i];
        bool is_array = item->type == JSON_ARRAY;
        size_t count = is_array ? item->count : 1;
        for (size_t j = 0; j < count; j++)
            if (!add(evaluation, &result, is_array ? &item->items[j] : item))
                return NULL;
    }
    return built(evaluation, &result);
}

/** Does the node's right side for one item; a null result is left out. */
static bool project(struct evaluation *evaluation, const struct node *node, const struct json *item,
                    struct json_builder *result)
{
    const struct json *projected = evaluate_node(evaluation, node->right, item);
    return projected && (projected->type == JSON_NULL || add(evaluation, result, projected));
}

static const struct json *evaluate_projection(struct evaluation *evaluation, const struct node *node,
                                              const struct json *value)
{
    const struct json *array = evaluate_node(evaluation, node->left, value);
    if (!array || array->type != JSON_ARRAY)
        return array ? &json_null : NULL;
    struct json_builder result = json_build(evaluation->arena, JSON_ARRAY);
    for (size_t i = 0; i < array->count; i++)
        if (!project(evaluation, node, &array->items[i], &result))
            return NULL;
    return built(evaluation, &result);
}

static const struct json *evaluate_value_projection(struct evaluation *evaluation, const struct node *node,
                                                    const struct json *value)
{
    const struct json *object = evaluate_node(evaluation, node->left, value);
    if (!object || object->type != JSON_OBJECT)
        return object ? &json_null : NULL;
    struct json_builder result = json_build(evaluation->arena, JSON_ARRAY);
    for (size_t i = 0; i < object->count; i++)
        if (!project(evaluation, node, &object->members[i].value, &result))
            return NULL;
    return built(evaluation, &result);
}

static const struct json *evaluate_filter(struct evaluation *evaluation, const struct node *node,
                                          const struct json *value)
{
    const struct json *array = evaluate_node(evaluation, node->left, value);
    if (!array || array->type != JSON_ARRAY)
        return array ? &json_null : NULL;
    struct json_builder result = json_build(evaluation->arena, JSON_ARRAY);
    for (size_t i = 0; i < array->count; i++) {
        const struct json *item = &array->items[i];
        const struct json *holds = evaluate_node(evaluation, node->condition, item);
        if (!holds || (value_is_true(holds) && !project(evaluation, node, item, &result)))
            return NULL;
    }
    return built(evaluation, &result);
}

/* ---- logic ---- */

static const struct json *evaluate_or(struct evaluation *evaluation, const struct node *node, const struct json *value)
{
    const struct json *left = evaluate_node(evaluation, node->left, value);
    return !left || value_is_true(left) ? left : evaluate_node(evaluation, node->right, value);
}

static const struct json *evaluate_and(struct evaluation *evaluation, const struct node *node, const struct json *value)
{
    const struct json *left = evaluate_node(evaluation, node->left, value);
    return !left || !value_is_true(left) ? left : evaluate_node(evaluation, node->right, value);
}

static const struct json *evaluate_not(struct evaluation *evaluation, const struct node *node, const struct json *value)
{
    const struct json *left = evaluate_node(evaluation, node->left, value);
    return left ? evaluate_boolean(!value_is_true(left)) : NULL;
}

/** Two numbers, or two strings by their code points, have an order; all else has none: null. */
static const struct json *evaluate_order(enum comparator comparator, const struct json *a, const struct json *b)
{
    if (a->type != b->type || (a->type != JSON_NUMBER && a->type != JSON_STRING))
        return &json_null;
    /* UTF-8 was made so that the order of bytes is the order of code points. */
    int order =
        a->type == JSON_STRING ? str_compare(a->string, b->string) : (a->number > b->number) - (a->number < b->number);
    switch (comparator) {
    case COMPARE_LT: return evaluate_boolean(order < 0);
    case COMPARE_LE: return evaluate_boolean(order <= 0);
    case COMPARE_GT: return evaluate_boolean(order > 0);
    default: return evaluate_boolean(order >= 0);
    }
}

static const struct json *evaluate_compare(struct evaluation *evaluation, const struct node *node,
                                           const struct json *value)
{
    const struct json *left = evaluate_node(evaluation, node->left, value);
    const struct json *right = left ? evaluate_node(evaluation, node->right, value) : NULL;
    if (!right)
        return NULL;
    if (node->comparator != COMPARE_EQ && node->comparator != COMPARE_NE)
        return evaluate_order(node->comparator, left, right);
    int equal = evaluate_equal(evaluation, left, right);
    return equal < 0 ? NULL : evaluate_boolean(equal == (node->comparator == COMPARE_EQ));
}

/* ---- multi-selects ---- */

static const struct json *evaluate_list(struct evaluation *evaluation, const struct node *node,
                                        const struct json *value)
{
    if (value->type == JSON_NULL)
        return &json_null;
    if (!evaluate_spend_cells(evaluation, node->part_count))
        return NULL;
    struct json *items = arena_array(evaluation->arena, struct json, node->part_count);
    for (size_t i = 0; i < node->part_count; i++) {
        const struct json *item = evaluate_node(evaluation, node->parts[i], value);
        if (!item)
            return NULL;
        items[i] = *item;
    }
    return box(evaluation, json_array(items, node->part_count));
}

static const struct json *evaluate_hash(struct evaluation *evaluation, const struct node *node,
                                        const struct json *value)
{
    if (value->type == JSON_NULL)
        return &json_null;
    if (!evaluate_spend_cells(evaluation, node->part_count * 2))
        return NULL;
    struct json_member *members = arena_array(evaluation->arena, struct json_member, node->hash.distinct);
    for (size_t i = 0; i < node->part_count; i++) {
        const struct node_key *key = &node->hash.keys[i];
        const struct json *member = evaluate_node(evaluation, node->parts[i], value);
        if (!member)
            return NULL;
        members[key->slot] = (struct json_member){key->name, *member};
    }
    return box(evaluation, json_object(members, node->hash.distinct));
}

/* ---- the whole ---- */

typedef const struct json *evaluate_function(struct evaluation *evaluation, const struct node *node,
                                             const struct json *value);

static evaluate_function *const evaluators[NODE_KIND_COUNT] = {
    [NODE_CURRENT] = evaluate_current,
    [NODE_LITERAL] = evaluate_literal,
    [NODE_FIELD] = evaluate_field,
    [NODE_SUBEXPRESSION] = evaluate_then,
    [NODE_PIPE] = evaluate_then,
    [NODE_INDEX] = evaluate_index,
    [NODE_SLICE] = evaluate_slice,
    [NODE_FLATTEN] = evaluate_flatten,
    [NODE_PROJECTION] = evaluate_projection,
    [NODE_VALUE_PROJECTION] = evaluate_value_projection,
    [NODE_FILTER] = evaluate_filter,
    [NODE_OR] = evaluate_or,
    [NODE_AND] = evaluate_and,
    [NODE_NOT] = evaluate_not,
    [NODE_COMPARE] = evaluate_compare,
    [NODE_LIST] = evaluate_list,
    [NODE_HASH] = evaluate_hash,
    [NODE_CALL] = functions_call,
    /* NODE_REFERENCE is an argument only, and functions_call() looks inside it. */
};

const struct json *evaluate_node(struct evaluation *evaluation, const struct node *node, const struct json *value)
{
    return evaluate_spend_steps(evaluation, 1) ? evaluators[node->kind](evaluation, node, value) : NULL;
}

bool query_compile(struct arena *arena, struct str expression, const struct query **ret, struct error *error)
{
    const struct node *node = parser_parse(arena, expression, error);
    if (!node)
        return false;
    struct query *query = arena_new(arena, struct query);
    query->node = node;
    *ret = query;
    return true;
}

bool evaluate_within(const struct query *query, const struct json *value, const struct query_scope *scope,
                     const struct evaluation_limits *limits, struct arena *arena, const struct json **ret,
                     struct error *error)
{
    struct evaluation evaluation = {
        .arena = arena,
        .root = scope && scope->root ? scope->root : value,
        .item = scope && scope->item ? scope->item : &json_null,
        .now = scope ? scope->now : 0,
        .steps = limits->steps,
        .cells = limits->cells,
        .error = error,
    };
    const struct json *result = evaluate_node(&evaluation, query->node, value);
    if (!result)
        return false;
    /* What was made here may hold one part many times over: nobody shall walk more than was paid for. */
    bool made = evaluation.cells < limits->cells;
    if (made && !value_weigh(result, &evaluation.steps))
        return evaluate_spend_steps(&evaluation, 0);
    *ret = result;
    return true;
}

bool query_evaluate(const struct query *query, const struct json *value, const struct query_scope *scope,
                    struct arena *arena, const struct json **ret, struct error *error)
{
    return evaluate_within(query, value, scope, &evaluation_limits_default, arena, ret, error);
}

bool query_binds_loosely(const struct query *query)
{
    switch (query->node->kind) {
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
    case NODE_COMPARE: return true;
    default: return false;
    }
}
