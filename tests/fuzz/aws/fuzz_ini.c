/* fuzz_ini.c: any bytes as a configuration file; every section and entry that is read can be found again. */
#include "aws/settings/ini.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_found(const struct ini *ini)
{
    for (size_t i = 0; i < ini->count; i++) {
        const struct ini_section *section = ini_find(ini, ini->sections[i].name);
        struct str kind;
        struct str rest;
        ini_split_name(ini->sections[i].name, &kind, &rest);
        if (section != &ini->sections[i] || kind.len == 0)
            abort();
        for (size_t j = 0; j < section->count; j++)
            if (ini_entry(section, section->entries[j].parent, section->entries[j].key) != &section->entries[j])
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 14) /* sections and entries are found by a search: long inputs only cost time */
        return 0;
    struct arena *arena = arena_open(0);
    struct str text = {size > 0 ? (const char *)data : NULL, (ptrdiff_t)size};
    struct ini ini;
    struct error error;
    if (ini_parse(arena, STR("input"), text, &ini, &error))
        expect_found(&ini);
    arena_close(arena);
    return 0;
}
