/*
 * parquet.h: the footer of a Parquet file: its columns, and between which values each of them lies. The rows
 * themselves stand before it and are not read (github.com/apache/parquet-format, README and parquet.thrift).
 */
#ifndef EXPORTCHECK_AWS_SHAPE_PARQUET_H
#define EXPORTCHECK_AWS_SHAPE_PARQUET_H

#include "base/buf.h"
#include "base/error.h"

/** A column of one group of rows. */
struct parquet_chunk {
    struct str column;
    struct str min; /* the least and the greatest value, as bytes; the same, where all are */
    struct str max;
    bool bounded; /* the file says between which values the column lies */
    int64_t rows;
};

struct parquet_footer {
    const struct str *columns; /* the outermost ones: of a map its own name */
    size_t column_count;
    const struct parquet_chunk *chunks; /* of columns that are not nested, group by group */
    size_t chunk_count;
};

/**
 * Reads the footer at the end of `tail`, the last bytes of a file. Texts are views into it. False, code BadAnswer: it
 * is no end of a Parquet file, or of an encrypted one; the footer is longer than what was read, or damaged.
 */
bool parquet_read(struct arena *arena, struct str tail, struct parquet_footer *ret, struct error *error) MUST_CHECK;

/** The reverse, for `serve`: the end of a file with this footer, all chunks in one group of rows. */
struct str parquet_write(struct arena *arena, const struct parquet_footer *footer);

#endif
