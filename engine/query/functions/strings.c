/* strings.c: functions on strings, and those on strings and arrays alike. */
#include "query/function_list.h"
#include "query/value.h"

#include <string.h>

const struct json *function_starts_with(struct evaluation *evaluation, const struct invocation *invocation)
{
    (void)evaluation;
    return evaluate_boolean(str_starts(invocation->values[0]->string, invocation->values[1]->string));
}

const struct json *function_ends_with(struct evaluation *evaluation, const struct invocation *invocation)
{
    (void)evaluation;
    return evaluate_boolean(str_ends(invocation->values[0]->string, invocation->values[1]->string));
}

const struct json *function_contains(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *subject = invocation->values[0];
    const struct json *search = invocation->values[1];
    if (subject->type == JSON_STRING)
        return evaluate_boolean(search->type == JSON_STRING && str_contains(subject->string, search->string));
    int found = 0;
    for (size_t i = 0; found == 0 && i < subject->count; i++)
        found = evaluate_equal(evaluation, &subject->items[i], search);
    return found < 0 ? NULL : evaluate_boolean(found > 0);
}

const struct json *function_length(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *value = invocation->values[0];
    size_t length = value->type == JSON_STRING ? value_code_points(value->string) : value->count;
    return evaluate_number(evaluation, (double)length);
}

const struct json *function_join(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str glue = invocation->values[0]->string;
    const struct json *strings = invocation->values[1];
    size_t bytes = strings->count > 0 ? (strings->count - 1) * (size_t)glue.len : 0;
    for (size_t i = 0; i < strings->count; i++)
        bytes += (size_t)strings->items[i].string.len;
    if (!evaluate_spend_bytes(evaluation, bytes))
        return NULL;
    struct buf joined = buf_make(evaluation->arena, BUF_NO_MAX); /* paid for above */
    for (size_t i = 0; i < strings->count; i++) {
        if (i > 0)
            buf_add(&joined, glue);
        buf_add(&joined, strings->items[i].string);
    }
    return evaluate_string(evaluation, buf_str(&joined));
}

static const struct json *reverse_string(struct evaluation *evaluation, struct str text)
{
    if (!evaluate_spend_bytes(evaluation, (size_t)text.len))
        return NULL;
    char *reversed = arena_array(evaluation->arena, char, text.len);
    ptrdiff_t to = text.len;
    for (struct str rest = text; rest.len > 0;) {
        ptrdiff_t len = value_code_point_length(rest);
        to -= len;
        memcpy(reversed + to, rest.ptr, (size_t)len);
        rest = str_skip(rest, len);
    }
    return evaluate_string(evaluation, (struct str){reversed, text.len});
}

const struct json *function_reverse(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *value = invocation->values[0];
    if (value->type == JSON_STRING)
        return reverse_string(evaluation, value->string);
    if (!evaluate_spend_cells(evaluation, value->count + 1))
        return NULL;
    struct json *items = arena_array(evaluation->arena, struct json, value->count);
    for (size_t i = 0; i < value->count; i++)
        items[i] = value->items[value->count - 1 - i];
    return json_box(evaluation->arena, json_array(items, value->count));
}

const struct json *function_to_string(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *value = invocation->values[0];
    if (value->type == JSON_STRING)
        return value;
    if (!value_weigh(value, &evaluation->cells))
        return evaluate_spend_cells(evaluation, 0) ? &json_null : NULL;
    return evaluate_string(evaluation, json_text(evaluation->arena, value, 0));
}

const struct json *function_lower(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str text = invocation->values[0]->string;
    if (!evaluate_spend_bytes(evaluation, (size_t)text.len))
        return NULL;
    return evaluate_string(evaluation, str_lower(evaluation->arena, text));
}

/** Where the next piece of `rest` ends: at the separator, or behind one character where that is empty. */
static ptrdiff_t piece_end(struct str rest, struct str separator)
{
    if (separator.len > 0)
        return str_find(rest, separator, 0);
    ptrdiff_t len = value_code_point_length(rest);
    return len < rest.len ? len : -1;
}

const struct json *function_split(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str rest = invocation->values[0]->string;
    struct str separator = invocation->values[1]->string;
    struct json_builder pieces = json_build(evaluation->arena, JSON_ARRAY);
    bool more = rest.len > 0 || separator.len > 0; /* no characters, no pieces */
    while (more) {
        if (!evaluate_spend_cells(evaluation, 1))
            return NULL;
        ptrdiff_t end = piece_end(rest, separator);
        more = end >= 0;
        json_build_add(&pieces, json_string(more ? str_slice(rest, 0, end) : rest));
        rest = str_skip(rest, end + separator.len);
    }
    return json_box(evaluation->arena, json_built(&pieces));
}

const struct json *function_nearest(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *list = invocation->values[1];
    struct str typed = invocation->values[0]->string;
    struct str *names = arena_array(evaluation->arena, struct str, list->count);
    size_t total = 0;
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->items[i].string;
        total += (size_t)names[i].len + 1;
    }
    if (!evaluate_spend_cells(evaluation, list->count) ||
        !evaluate_spend_steps(evaluation, total * ((size_t)typed.len + 1)))
        return NULL;
    struct str nearest = str_nearest(typed, names, list->count);
    return nearest.len ? json_box(evaluation->arena, json_string(nearest)) : &json_null;
}
