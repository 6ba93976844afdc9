/*
 * fuzz_patch.c: whatever the two documents of a list, the patch between them applies, and leads from one to the other.
 * Numbers that are nearly the same are the same to cJSON.
 */
#include "base/json/patch.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_digits(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    const struct json *list;
    const struct json *patch;
    const struct json *result;
    struct error error;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (json_parse(arena, STR("fuzz"), text, &json_limits_default, &list, &error) && json_is(list, JSON_ARRAY) &&
        list->count == 2) {
        const struct json *from = &list->items[0];
        const struct json *to = &list->items[1];
        if (!json_patch_between(arena, from, to, &patch, &error) || !json_patch(arena, from, patch, &result, &error) ||
            (!has_digits(text) && !json_equal(result, to)))
            abort();
        if (!json_merge(arena, from, to, &result, &error))
            abort();
    }
    arena_close(arena);
    return 0;
}
