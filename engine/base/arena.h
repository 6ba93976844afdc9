/*
 * arena.h: memory that is released together.
 *
 * An arena lives as long as a run, an account or a request. Nothing is freed by itself; what
 * needs closing (a file, a curl handle) is registered with arena_defer() and closed with it.
 * Under AddressSanitizer the free part is poisoned and a red zone follows each object.
 *
 * Out of memory, and an arena past its limit, end the program with one line and exit status 4:
 * decided once, here, so that no caller has to handle it.
 */
#ifndef EXPORTCHECK_BASE_ARENA_H
#define EXPORTCHECK_BASE_ARENA_H

#include <stddef.h>

struct arena;

/** A place in an arena to go back to: what was allocated after it is released by arena_rewind(). */
struct arena_mark {
    void *chunk;
    size_t used;
    void *deferred;
};

/** The end that an arena makes of a program without memory, for libraries that allocate on their own. */
_Noreturn void arena_give_up(void);

/** Opens an arena that may hold `limit` bytes; 0: no limit of its own. Never returns NULL. */
struct arena *arena_open(size_t limit);

/** Runs the deferred closes, newest first, and releases everything. NULL is allowed. */
void arena_close(struct arena *arena);
/** The same on a variable, for CLEANUP(). */
void arena_closep(struct arena **arena);

/** Closes `object` with `close` when the arena is closed or rewound past this point. */
void arena_defer(struct arena *arena, void (*close)(void *object), void *object);

/**
 * Zeroed memory for `count` objects of `size` bytes, aligned to `align` (a power of two).
 * `count` 0 gives a valid pointer to nothing. The product is checked.
 */
void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align);

/**
 * `object` of `old` bytes with room for `bytes`, which are more: in place where it is the newest of the arena and there
 * is room behind it, else as a copy. The new part is zeroed. For what grows while it is written.
 */
void *arena_resize(struct arena *arena, void *object, size_t old, size_t bytes, size_t align);

#define arena_array(arena, type, count) ((type *)arena_alloc((arena), (size_t)(count), sizeof(type), _Alignof(type)))
#define arena_new(arena, type) arena_array(arena, type, 1)

/** Where the arena stands now. */
struct arena_mark arena_mark(struct arena *arena);

/** Releases everything allocated since `mark`; for scratch memory. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

/** Bytes handed out so far, for benchmarks and tests. */
size_t arena_used(const struct arena *arena);

#endif
