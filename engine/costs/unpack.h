/*
 * unpack.h: a billing file's content as a stream of bytes: gzip (RFC 1952, members one after another), ZIP with one
 * member (APPNOTE), or as it is. The first bytes decide, as in OptScale's import (fact sheet 4.2), not the name.
 * Memory is a window and two buffers, whatever the file's size. CRC and length are checked.
 */
#ifndef EXPORTCHECK_COSTS_UNPACK_H
#define EXPORTCHECK_COSTS_UNPACK_H

#include "costs/source.h"

#include <stdbool.h>

struct unpacker;

/** Reads the first bytes. False: they could not be read. */
bool unpack_open(struct arena *arena, const struct byte_source *source, struct unpacker **ret,
                 struct error *error) MUST_CHECK;

/** Whether the file is Parquet: nothing is unpacked then. */
bool unpack_is_parquet(const struct unpacker *unpacker);

/** The next bytes, at most `max`; `*ret` 0: the end. False: the file is damaged, or could not be read. */
bool unpack_read(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error) MUST_CHECK;

/** "isa-l" or "zlib": what inflates gzip here. */
const char *unpack_engine(void);

#endif
