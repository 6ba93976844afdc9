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

/** What is in the file; to read it fails where the file is damaged, or could not be read. */
struct byte_source unpack_bytes(struct unpacker *unpacker);

/** "isa-l" or "zlib": what inflates gzip here. */
const char *unpack_engine(void);

#endif
