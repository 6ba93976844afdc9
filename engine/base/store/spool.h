/*
 * spool.h: texts by number, kept in files without names: what would otherwise grow memory with the targets or the
 * results of a run. Reading moves no file's position, so processes that were forked may read side by side.
 */
#ifndef EXPORTCHECK_BASE_STORE_SPOOL_H
#define EXPORTCHECK_BASE_STORE_SPOOL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct spool;

/** Open until the arena is closed. False, code "io": the system gives no temporary file. */
bool spool_open(struct arena *arena, struct spool **ret, struct error *error) MUST_CHECK;

/** Adds a text behind the others: its number is the count before. False, code "io": as every function here. */
bool spool_add(struct spool *spool, struct str text, struct error *error) MUST_CHECK;

/** Writes out what waits in buffers: before the first spool_get(), and before other processes read. */
bool spool_flush(struct spool *spool, struct error *error) MUST_CHECK;

/** The text of that number, in `arena`. */
bool spool_get(const struct spool *spool, size_t number, struct arena *arena, struct str *ret,
               struct error *error) MUST_CHECK;

size_t spool_count(const struct spool *spool);

#endif
