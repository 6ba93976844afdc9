/* inflate.h: the beginning of a compressed file, over zlib; and whole files, for tests and `serve`. */
#ifndef EXPORTCHECK_AWS_SHAPE_INFLATE_H
#define EXPORTCHECK_AWS_SHAPE_INFLATE_H

#include "base/error.h"
#include "base/str.h"

/**
 * Up to `max` bytes of the content. `*ret_complete`: that is all of it. A stream that breaks off
 * gives what came before; a file that is not compressed gives itself. False, code BadAnswer: a
 * stream that is damaged, a ZIP of another method or without an entry.
 */
bool inflate_beginning(struct arena *arena, struct str file, size_t max, struct str *ret, bool *ret_complete,
                       struct error *error) MUST_CHECK;

/** A gzip file with this content. */
struct str deflate_gzip(struct arena *arena, struct str content);
/** A ZIP file with one entry of this name and content. */
struct str deflate_zip(struct arena *arena, struct str name, struct str content);

#endif
