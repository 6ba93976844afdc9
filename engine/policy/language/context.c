/* context.c: condition keys and their values; see context.h. */
#include "policy/language/context.h"

#include "base/map.h"

struct context_key context_key(struct arena *arena, struct str name)
{
    struct str lower = str_lower(arena, name);
    return (struct context_key){.name = lower, .hash = hash_fnv1a(0, lower)};
}

const struct context_entry *context_find(const struct context *context, const struct context_key *key)
{
    for (size_t i = 0; i < context->count; i++) {
        const struct context_entry *entry = &context->entries[i];
        if (entry->key.hash == key->hash && str_equal(entry->key.name, key->name))
            return entry;
    }
    return NULL;
}
