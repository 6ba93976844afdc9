/* map.c: open addressing with linear probing; see map.h. */
#include "base/map.h"

struct slot {
    struct str key; /* ptr NULL: free */
    uint64_t hash;
    const void *value;
};

struct map {
    struct arena *arena;
    struct slot *slots;
    size_t capacity; /* a power of two */
    size_t count;
};

enum { FIRST_CAPACITY = 16 };

uint64_t hash_fnv1a(uint64_t seed, struct str s)
{
    uint64_t hash = seed ? seed : UINT64_C(14695981039346656037);
    for (ptrdiff_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(1099511628211);
    return hash;
}

struct map *map_open(struct arena *arena)
{
    struct map *map = arena_new(arena, struct map);
    map->arena = arena;
    map->capacity = FIRST_CAPACITY;
    map->slots = arena_array(arena, struct slot, FIRST_CAPACITY);
    return map;
}

/* The slot of the key, or the free one where it would go. */
static struct slot *find_slot(const struct map *map, struct str key, uint64_t hash)
{
    size_t at = (size_t)hash & (map->capacity - 1);
    while (map->slots[at].key.ptr && !(map->slots[at].hash == hash && str_equal(map->slots[at].key, key)))
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

static void grow(struct map *map)
{
    const struct slot *old = map->slots;
    size_t old_capacity = map->capacity;
    map->capacity *= 2;
    map->slots = arena_array(map->arena, struct slot, map->capacity);
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].key.ptr)
            *find_slot(map, old[i].key, old[i].hash) = old[i];
    }
}

void map_set(struct map *map, struct str key, const void *value)
{
    if (!key.ptr)
        key = STR("");
    uint64_t hash = hash_fnv1a(0, key);
    struct slot *slot = find_slot(map, key, hash);
    if (!slot->key.ptr) {
        if ((map->count + 1) * 4 > map->capacity * 3) {
            grow(map);
            slot = find_slot(map, key, hash);
        }
        map->count++;
    }
    *slot = (struct slot){key, hash, value};
}

const void *map_get(const struct map *map, struct str key)
{
    const struct slot *slot = find_slot(map, key, hash_fnv1a(0, key));
    return slot->key.ptr ? slot->value : NULL;
}

bool map_has(const struct map *map, struct str key)
{
    return find_slot(map, key, hash_fnv1a(0, key))->key.ptr != NULL;
}

size_t map_count(const struct map *map)
{
    return map->count;
}
