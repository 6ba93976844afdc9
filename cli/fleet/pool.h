/*
 * pool.h: pieces of work done side by side by processes of their own, each of which may crash, run out of memory or be
 * killed without any other being hurt. What a piece gives is text, kept in files without names until it is read.
 */
#ifndef EXPORTCHECK_CLI_FLEET_POOL_H
#define EXPORTCHECK_CLI_FLEET_POOL_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdio.h>

enum { POOL_JOBS_MAX = 256 };

/** What the pool does. The functions run in a worker, but for `progress`. */
struct pool_work {
    size_t count;
    size_t jobs; /* at most POOL_JOBS_MAX */
    void *context;
    /** Does piece `index` and writes what comes of it; false: it counts as failed in the progress. */
    bool (*run)(void *context, size_t index, FILE *output);
    /** NULL: nobody looks. */
    void (*progress)(void *context, size_t done, size_t running, size_t left, size_t failed);
};

struct pool;

/** Does all pieces. False, code "io": the system gives no process, memory or file. */
bool pool_run(struct arena *arena, const struct pool_work *work, struct pool **ret, struct error *error) MUST_CHECK;

/**
 * Where the text of a piece stands: the file, at its begin, and its length. False: its worker ended before it was done;
 * `*ret_signal` says by which signal, or 0.
 */
bool pool_text(const struct pool *pool, size_t index, FILE **ret_file, long *ret_begin, size_t *ret_length,
               int *ret_signal) MUST_CHECK;

#endif
