/* map.h: a hash map from strings to pointers, in an arena; and the hash that result ids use. */
#ifndef EXPORTCHECK_BASE_MAP_H
#define EXPORTCHECK_BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map;

struct map *map_open(struct arena *arena);
/** Sets or replaces; the key's bytes are shared, not copied. */
void map_set(struct map *map, struct str key, const void *value);
/** The value, or NULL. */
const void *map_get(const struct map *map, struct str key);
bool map_has(const struct map *map, struct str key);
size_t map_count(const struct map *map);

/** FNV-1a, 64 bits; `seed` is 0 or an earlier hash to go on from. Stable for ever. */
uint64_t hash_fnv1a(uint64_t seed, struct str s);

#endif
