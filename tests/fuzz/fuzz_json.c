/* fuzz_json.c: whatever the bytes, parsing ends; what it accepts is written and read back the same. */
#include "base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    const struct json *value;
    const struct json *again;
    struct error error;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (json_parse(arena, STR("fuzz"), text, &json_limits_default, &value, &error)) {
        if (!json_parse(arena, STR("again"), json_text(arena, value, 1), &json_limits_default, &again, &error) ||
            !json_equal(value, again))
            abort();
    }
    arena_close(arena);
    return 0;
}
