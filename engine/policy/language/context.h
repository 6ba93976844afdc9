/*
 * context.h: the context of a request: condition keys and their values.
 *
 * Key names ignore case, the tag keys inside them too (IAM User Guide, "AWS global condition context keys"). A key
 * without values counts as absent, and one value in a list as a single value.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_CONTEXT_H
#define EXPORTCHECK_POLICY_LANGUAGE_CONTEXT_H

#include "base/arena.h"
#include "base/str.h"

/** A key's name, prepared for looking it up without allocating. */
struct context_key {
    struct str name; /* lower case */
    uint64_t hash;
};

struct context_entry {
    struct context_key key;
    struct str name;          /* as given */
    const struct str *values; /* at least one */
    size_t count;
};

struct context {
    const struct context_entry *entries;
    size_t count;
};

struct context_key context_key(struct arena *arena, struct str name);

/** The entry of that key, or NULL if the request has none. Does not allocate. */
const struct context_entry *context_find(const struct context *context, const struct context_key *key);

#endif
