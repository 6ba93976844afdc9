/* source.h: where a file's bytes come from: a local file, a pipe, ranges of an object. */
#ifndef EXPORTCHECK_COSTS_SOURCE_H
#define EXPORTCHECK_COSTS_SOURCE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct byte_source {
    void *self;
    /**
     * The next bytes, at most `max`, into `room`; `*ret` 0: the end. False: what went wrong, without the file's name.
     * Called by one thread.
     */
    bool (*read)(void *self, char *room, size_t max, size_t *ret, struct error *error);
};

/** A file of the file system; closed with the arena. False, code "io". */
bool source_open_file(struct arena *arena, const char *path, struct byte_source *ret, struct error *error) MUST_CHECK;

/**
 * What a program prints on standard output. At its end the program's exit status is looked at: one that is not 0 is a
 * failure with the last line of what it said on standard error. `arguments` ends with NULL; no shell is involved.
 * False, code "input": there is no such program.
 */
bool source_open_program(struct arena *arena, char *const *arguments, struct byte_source *ret,
                         struct error *error) MUST_CHECK;

#endif
