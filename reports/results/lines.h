/* lines.h: the lines of a stream, one at a time, in a buffer that is as large as the longest of them. */
#ifndef EXPORTCHECK_REPORTS_RESULTS_LINES_H
#define EXPORTCHECK_REPORTS_RESULTS_LINES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#include <stdio.h>

struct lines {
    FILE *file;
    struct arena *arena; /* of the buffer alone, so that it grows in place */
    char *buffer;
    size_t capacity;
    size_t begin; /* of what is not given out yet */
    size_t end;
    size_t number; /* of the line read last, from 1 */
    uint64_t last; /* where that line begins, */
    uint64_t next; /* and where the one behind it does: from where the file stood when it was opened */
    size_t max_bytes;
};

/** The stream stays the caller's. A line of more than `max_bytes` is an error. */
struct lines lines_open(struct arena *arena, FILE *file, size_t max_bytes);

/**
 * The next line that is not blank, without its end, valid until the next call; ptr NULL at the end. False, code
 * "limit" or "io": a line too long, a read that failed.
 */
bool lines_next(struct lines *lines, struct str *ret, struct error *error) MUST_CHECK;

/** Goes on at this place of the file, counted from its beginning. False, code "io". */
bool lines_seek(struct lines *lines, uint64_t offset, struct error *error) MUST_CHECK;

#endif
