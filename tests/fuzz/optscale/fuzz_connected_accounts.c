/* fuzz_connected_accounts.c: whatever the bytes, a list is refused with a text or holds ids of 12 digits. */
#include "cli/target/target.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    const struct json *list = NULL;
    struct error error = {.text = ""};
    struct str text = {(const char *)data, (ptrdiff_t)size};
    bool ok = connected_accounts_read(arena, STR("fuzz"), text, NULL, &list, &error);
    if (!ok && error.text[0] == '\0')
        abort();
    for (size_t i = 0; ok && i < list->count; i++) {
        if (json_find_string(&list->items[i], "account_id").len != 12)
            abort();
    }
    arena_close(arena);
    return 0;
}
