/* file.h: whole files, in and out. */
#ifndef EXPORTCHECK_BASE_FILE_H
#define EXPORTCHECK_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/** Reads a whole file; "-" is standard input. False, code "io" (or "limit" past `max_bytes`). */
bool file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *ret,
               struct error *error) MUST_CHECK;

/**
 * Whether `path` is written to as it is, and not replaced: a device, a pipe, and whatever lies in /dev, where stdout
 * may lead to a file that others hold open.
 */
bool file_is_special(const char *path);

/**
 * Where a file that replaces `path` has to be put: links are followed, so that a link stays one. `path` itself where
 * nothing is there yet. `room`: PATH_MAX bytes; the result lives in it or is `path`.
 */
const char *file_followed(const char *path, char *room);

/**
 * Whether file_write() could write there: asked before the work whose result the file shall hold. An empty path is no
 * file. False, code "io": the folder is not there or not writable, or the path is a folder.
 */
bool file_has_place(struct arena *arena, struct str path, struct error *error) MUST_CHECK;

/**
 * Writes a whole file: beside it first, then renamed over it, so that a crash leaves the old one. A link stays one:
 * what it leads to is replaced.
 * `mode` is the new file's permission bits (0600 for what holds account data).
 */
bool file_write(const char *named, struct str content, unsigned mode, struct error *error) MUST_CHECK;

/** Writes all of it to a descriptor, however many write()s that takes. False: errno says why. */
bool file_write_all(int fd, struct str content) MUST_CHECK;

/** The names in a folder that end with `suffix`, sorted; paths begin with `folder`. */
bool file_list(struct arena *arena, const char *folder, struct str suffix, struct str **ret_paths, size_t *ret_count,
               struct error *error) MUST_CHECK;

#endif
