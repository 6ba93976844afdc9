/*
 * fuzz_facts.c: whatever the bytes, a file of declarations is refused with a text, or links and is
 * collected over an empty snapshot.
 */
#include "account/facts/facts.h"
#include "account/snapshot/snapshot.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void collect(struct arena *arena, const struct fact_declarations *declarations)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    struct snapshot empty = {.created = 1795341600, .target = &nothing};
    const struct snapshot *snapshot = NULL;
    if (!snapshot_make(arena, &empty, &snapshot, NULL))
        abort();
    struct transport transport = snapshot_transport(arena, snapshot);
    struct str *wanted = arena_array(arena, struct str, facts_count(declarations));
    for (size_t i = 0; i < facts_count(declarations); i++)
        wanted[i] = facts_info(declarations, i).name;
    struct collection collection = {.arena = arena,
                                    .declarations = declarations,
                                    .target = &nothing,
                                    .transport = &transport,
                                    .wanted = wanted,
                                    .wanted_count = facts_count(declarations)};
    struct facts *facts = facts_collect(&collection);
    for (size_t i = 0; i < facts_count(declarations); i++) {
        const struct fact *fact = facts_get(facts, wanted[i]);
        if (!fact || (fact->state == FACT_PRESENT) != (fact->value != NULL))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct fact_declarations *declarations = facts_open(arena);
    struct error error = {.text = ""};
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (facts_load(declarations, STR("fuzz"), text, &error) && facts_link(declarations, &error))
        collect(arena, declarations);
    else if (error.text[0] == '\0')
        abort();
    arena_close(arena);
    return 0;
}
