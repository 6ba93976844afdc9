/* arena.c: chunks in a list; see arena.h. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define POISON(address, size) ASAN_POISON_MEMORY_REGION((address), (size))
#define UNPOISON(address, size) ASAN_UNPOISON_MEMORY_REGION((address), (size))
#define RED_ZONE 16
#else
#define POISON(address, size) ((void)(address), (void)(size))
#define UNPOISON(address, size) ((void)(address), (void)(size))
#define RED_ZONE 0
#endif

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 4 * 1024 * 1024 };
enum { PAGE = 4096, AT_ONCE = 32 * PAGE };

struct chunk {
    struct chunk *previous;
    size_t size; /* of data */
    size_t used;
    size_t ready; /* bytes of data whose pages are there: see make_ready() */
    _Alignas(max_align_t) char data[];
};

struct deferred {
    struct deferred *previous;
    void (*close)(void *object);
    void *object;
};

struct arena {
    struct chunk *chunk;
    struct chunk *spare; /* the last one that a rewind left: an arena that goes to and fro asks malloc() once */
    struct deferred *deferred;
    size_t limit;    /* bytes, 0: none */
    size_t reserved; /* bytes of all chunks */
    size_t used;
    size_t next_size;
};

static _Noreturn void out_of_memory(const char *reason)
{
    fprintf(stderr, "exportcheck: %s\n", reason);
    exit(4);
}

_Noreturn void arena_give_up(void)
{
    out_of_memory("out of memory");
}

struct arena *arena_open(size_t limit)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        out_of_memory("out of memory");
    arena->limit = limit;
    arena->next_size = FIRST_CHUNK;
    return arena;
}

static void close_deferred(struct arena *arena, const struct deferred *until)
{
    while (arena->deferred != until) {
        struct deferred *last = arena->deferred;
        arena->deferred = last->previous;
        last->close(last->object);
        free(last);
    }
}

static void release_chunk(struct arena *arena, struct chunk *chunk)
{
    arena->reserved -= chunk->size;
    UNPOISON(chunk->data, chunk->size);
    free(chunk);
}

static void drop_spare(struct arena *arena)
{
    if (arena->spare)
        release_chunk(arena, arena->spare);
    arena->spare = NULL;
}

static void drop_chunk(struct arena *arena)
{
    struct chunk *chunk = arena->chunk;
    arena->chunk = chunk->previous;
    POISON(chunk->data, chunk->size);
    drop_spare(arena);
    arena->spare = chunk;
}

void arena_close(struct arena *arena)
{
    if (!arena)
        return;
    close_deferred(arena, NULL);
    while (arena->chunk)
        drop_chunk(arena);
    drop_spare(arena);
    free(arena);
}

void arena_closep(struct arena **arena)
{
    arena_close(*arena);
}

void arena_defer(struct arena *arena, void (*close)(void *object), void *object)
{
    struct deferred *deferred = malloc(sizeof *deferred);
    if (!deferred)
        out_of_memory("out of memory");
    *deferred = (struct deferred){arena->deferred, close, object};
    arena->deferred = deferred;
}

static void use_chunk(struct arena *arena, struct chunk *chunk)
{
    chunk->previous = arena->chunk;
    chunk->used = 0;
    arena->chunk = chunk;
}

/*
 * Has the kernel bring the pages behind what is used, many at a time, where it can: left alone, it brings each when it
 * is first written to, and the check of a snapshot, which writes to a thousand, takes a twentieth longer.
 */
static void make_ready(struct chunk *chunk)
{
    size_t left = chunk->size - chunk->ready;
    size_t wanted = chunk->used - chunk->ready + AT_ONCE;
    size_t bytes = wanted < left ? wanted : left;
#ifdef MADV_POPULATE_WRITE
    uintptr_t from = ((uintptr_t)chunk->data + chunk->ready) & ~(uintptr_t)(PAGE - 1);
    uintptr_t to = ((uintptr_t)chunk->data + chunk->ready + bytes) & ~(uintptr_t)(PAGE - 1);
    if (to > from && madvise((void *)from, to - from, MADV_POPULATE_WRITE) != 0)
        bytes = left; /* it cannot: it is not asked again */
#endif
    chunk->ready += bytes;
}

static inline void take(struct chunk *chunk, size_t bytes)
{
    chunk->used += bytes;
    if (chunk->used > chunk->ready)
        make_ready(chunk);
}

static void add_chunk(struct arena *arena, size_t needed)
{
    if (arena->spare && arena->spare->size >= needed) {
        use_chunk(arena, arena->spare);
        arena->spare = NULL;
        return;
    }
    drop_spare(arena);
    size_t size = needed > arena->next_size ? needed : arena->next_size;
    if (arena->next_size < LARGEST_CHUNK)
        arena->next_size *= 2;
    if (size > SIZE_MAX - sizeof(struct chunk))
        out_of_memory("out of memory");
    if (arena->limit && size > arena->limit - arena->reserved)
        size = needed;
    if (arena->limit && size > arena->limit - arena->reserved)
        out_of_memory("out of memory: the run needs more than its limit allows");
    struct chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        out_of_memory("out of memory");
    chunk->size = size;
    chunk->ready = size < AT_ONCE ? size : 0;
    POISON(chunk->data, size);
    arena->reserved += size;
    use_chunk(arena, chunk);
}

void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align)
{
    if (size && count > (SIZE_MAX / 2) / size)
        out_of_memory("out of memory: a count is too large");
    size_t bytes = count * size;
    struct chunk *chunk = arena->chunk;
    size_t padding = chunk ? -(uintptr_t)(chunk->data + chunk->used) & (align - 1) : 0;
    if (!chunk || chunk->size - chunk->used < padding || chunk->size - chunk->used - padding < bytes + RED_ZONE) {
        add_chunk(arena, bytes + align + RED_ZONE);
        chunk = arena->chunk;
        padding = -(uintptr_t)(chunk->data + chunk->used) & (align - 1);
    }
    char *object = chunk->data + chunk->used + padding;
    take(chunk, padding + bytes + RED_ZONE);
    arena->used += bytes;
    UNPOISON(object, bytes);
    memset(object, 0, bytes);
    return object;
}

/* Whether nothing was allocated behind the object, and `more` bytes would fit there. */
static bool can_extend(const struct chunk *chunk, const char *object, size_t old, size_t more)
{
    return chunk && object && object + old + RED_ZONE == chunk->data + chunk->used && more <= chunk->size - chunk->used;
}

void *arena_resize(struct arena *arena, void *object, size_t old, size_t bytes, size_t align)
{
    struct chunk *chunk = arena->chunk;
    if (!can_extend(chunk, object, old, bytes - old)) {
        void *copy = arena_alloc(arena, 1, bytes, align);
        if (old)
            memcpy(copy, object, old);
        return copy;
    }
    take(chunk, bytes - old);
    arena->used += bytes - old;
    UNPOISON((char *)object + old, bytes - old);
    memset((char *)object + old, 0, bytes - old);
    return object;
}

struct arena_mark arena_mark(struct arena *arena)
{
    return (struct arena_mark){arena->chunk, arena->chunk ? arena->chunk->used : 0, arena->deferred};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    close_deferred(arena, mark.deferred);
    while (arena->chunk && arena->chunk != mark.chunk)
        drop_chunk(arena);
    if (arena->chunk) {
        arena->chunk->used = mark.used;
        POISON(arena->chunk->data + mark.used, arena->chunk->size - mark.used);
    }
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
