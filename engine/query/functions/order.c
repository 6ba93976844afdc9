/* order.c: sort, min and max, of values and by a key. All keep the order of what is equal. */
#include "query/function_list.h"

#include <string.h>

/** An item and what it is ordered by: a number or a string, the same for all items. */
struct entry {
    const struct json *item;
    const struct json *key;
};

static int compare(const struct entry *a, const struct entry *b)
{
    if (a->key->type == JSON_STRING)
        return str_compare(a->key->string, b->key->string);
    return (a->key->number > b->key->number) - (a->key->number < b->key->number);
}

/** Merges [from, middle) and [middle, to) of `in`, both sorted, into `out`. */
static void merge(const struct entry *in, struct entry *out, size_t from, size_t middle, size_t to)
{
    size_t left = from;
    size_t right = middle;
    for (size_t i = from; i < to; i++) {
        bool take_left = left < middle && (right == to || compare(&in[left], &in[right]) <= 0);
        out[i] = take_left ? in[left++] : in[right++];
    }
}

/** Sorts by merging runs of 1, 2, 4, …: stable, as the specification asks, which qsort() is not. */
static struct entry *sort(struct arena *arena, struct entry *entries, size_t count)
{
    struct entry *in = entries;
    struct entry *out = arena_array(arena, struct entry, count);
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t from = 0; from < count; from += 2 * run) {
            size_t middle = count - from > run ? from + run : count;
            size_t to = count - from > 2 * run ? from + 2 * run : count;
            merge(in, out, from, middle, to);
        }
        struct entry *swap = in;
        in = out;
        out = swap;
    }
    return in;
}

/** Each item is its own key. */
static struct entry *own_keys(struct evaluation *evaluation, const struct json *array)
{
    if (!evaluate_spend_cells(evaluation, array->count * 2))
        return NULL;
    struct entry *entries = arena_array(evaluation->arena, struct entry, array->count);
    for (size_t i = 0; i < array->count; i++)
        entries[i] = (struct entry){&array->items[i], &array->items[i]};
    return entries;
}

/** The keys that the referenced expression gives; all must be numbers, or all strings. */
static struct entry *keys_by(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *array = invocation->values[0];
    const struct node *by = invocation->node->parts[1]->left;
    struct entry *entries = own_keys(evaluation, array);
    for (size_t i = 0; entries && i < array->count; i++) {
        const struct json *key = evaluate_node(evaluation, by, &array->items[i]);
        if (!key)
            return NULL;
        entries[i].key = key;
        if ((key->type == JSON_NUMBER || key->type == JSON_STRING) && key->type == entries[0].key->type)
            continue;
        evaluate_fail(evaluation, "invalid-type",
                      "%.*s(): the keys must be all numbers or all strings; that of item %zu is %s",
                      STR_ARG(invocation->node->call.function->name), i, json_type_name(key->type));
        return NULL;
    }
    return entries;
}

static const struct json *sorted(struct evaluation *evaluation, struct entry *entries, size_t count)
{
    if (!entries || !evaluate_spend_cells(evaluation, count + 1))
        return NULL;
    entries = sort(evaluation->arena, entries, count);
    struct json *items = arena_array(evaluation->arena, struct json, count);
    for (size_t i = 0; i < count; i++)
        items[i] = *entries[i].item;
    return json_box(evaluation->arena, json_array(items, count));
}

/** The first of the greatest items, or of the least where `sign` is -1; null where there is none. */
static const struct json *extreme(const struct entry *entries, size_t count, int sign)
{
    if (!entries)
        return NULL;
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (sign * compare(&entries[i], &entries[best]) > 0)
            best = i;
    return count > 0 ? entries[best].item : &json_null;
}

const struct json *function_sort(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *array = invocation->values[0];
    return sorted(evaluation, own_keys(evaluation, array), array->count);
}

const struct json *function_sort_by(struct evaluation *evaluation, const struct invocation *invocation)
{
    return sorted(evaluation, keys_by(evaluation, invocation), invocation->values[0]->count);
}

const struct json *function_max(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *array = invocation->values[0];
    return extreme(own_keys(evaluation, array), array->count, 1);
}

const struct json *function_max_by(struct evaluation *evaluation, const struct invocation *invocation)
{
    return extreme(keys_by(evaluation, invocation), invocation->values[0]->count, 1);
}

const struct json *function_min(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *array = invocation->values[0];
    return extreme(own_keys(evaluation, array), array->count, -1);
}

const struct json *function_min_by(struct evaluation *evaluation, const struct invocation *invocation)
{
    return extreme(keys_by(evaluation, invocation), invocation->values[0]->count, -1);
}

/** The items that have the member, with it as their key; numbers alone, or strings alone. */
static struct entry *dated(struct evaluation *evaluation, const struct invocation *invocation, size_t *ret_count)
{
    const struct json *array = invocation->values[0];
    struct entry *entries = own_keys(evaluation, array);
    size_t count = 0;
    for (size_t i = 0; entries && i < array->count; i++) {
        const struct json *key = json_get(&array->items[i], invocation->values[1]->string);
        if (!key || key->type == JSON_NULL)
            continue;
        entries[count++] = (struct entry){entries[i].item, key};
        if ((key->type == JSON_NUMBER || key->type == JSON_STRING) && key->type == entries[0].key->type)
            continue;
        evaluate_fail(evaluation, "invalid-type", "newest(): the times must be all numbers or all strings");
        return NULL;
    }
    *ret_count = count;
    return entries;
}

const struct json *function_newest(struct evaluation *evaluation, const struct invocation *invocation)
{
    size_t count = 0;
    const struct entry *entries = dated(evaluation, invocation, &count);
    return extreme(entries, count, 1);
}
