/*
 * sorter.h: records of one size put in order, as many as there are, in the memory of a few thousand: parts are sorted
 * and written to a file without a name, and merged when they are read.
 */
#ifndef EXPORTCHECK_BASE_STORE_SORTER_H
#define EXPORTCHECK_BASE_STORE_SORTER_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct sorter;

/** Records of `size` bytes, in the order of `compare` (as for qsort(); no two may be equal if their order matters). */
bool sorter_open(struct arena *arena, size_t size, int (*compare)(const void *a, const void *b), struct sorter **ret,
                 struct error *error) MUST_CHECK;

/** False, code "io": a temporary file could not be written. */
bool sorter_add(struct sorter *sorter, const void *record, struct error *error) MUST_CHECK;

/** Behind the last record: they can be read now. */
bool sorter_finish(struct sorter *sorter, struct error *error) MUST_CHECK;

/** The next record in order, copied to `record`; `*ret_more` false behind the last. */
bool sorter_next(struct sorter *sorter, void *record, bool *ret_more, struct error *error) MUST_CHECK;

#endif
