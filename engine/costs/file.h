/*
 * file.h: one billing file, from its bytes to sums. Streamed: memory is the same whatever the file's size; only a
 * record that is longer than the buffer makes that grow, up to COST_RECORD_MAX.
 */
#ifndef EXPORTCHECK_COSTS_FILE_H
#define EXPORTCHECK_COSTS_FILE_H

#include "costs/source.h"
#include "costs/sums.h"

#include <stdio.h>

#define COST_RECORD_MAX ((size_t)16 << 20)

/** A place in a file, for a message. */
struct cost_place {
    struct str file;
    uint64_t line; /* from 1; 0: no line */
    struct str text;
};

/** How a file is reached. */
struct cost_opener {
    void *self;
    /** The file's bytes. Called by the thread that reads them; memory from `arena`, which closes all. */
    bool (*open)(void *self, struct arena *arena, size_t file, struct byte_source *ret, struct error *error);
    /** The same of a Parquet file, as CSV with the columns that we want. */
    bool (*open_parquet)(void *self, struct arena *arena, size_t file, struct byte_source *ret, struct error *error);
};

/** What is done with a file. */
struct cost_task {
    const struct cost_opener *opener;
    size_t file; /* its number with the opener */
    struct str name;
    const struct cost_import *import;
    bool ahead; /* unpack it in a thread of its own */
    FILE *keys; /* gets a uint64_t for each row number: the row's key, 0 where it is not stored; NULL: not wanted */
    /* By row number: rows whose sums go from their fate to COST_OVERWRITTEN, all others are left out. NULL: all count
     */
    const unsigned char *lost;
};

/** What came of it. */
struct cost_reading {
    struct cost_sums *sums;
    struct cost_place stop;   /* the first row at which OptScale's import stops; line 0: none does */
    struct cost_place ragged; /* the first record with more or fewer fields than the header; line 0: none has */
    uint64_t ragged_count;
    uint64_t numbers; /* row numbers given */
};

/**
 * Reads the file; `arena` is the reading's own. False: it is damaged or could not be read; the message begins with the
 * file's name, and the line where one is meant. What was added until then is of no use.
 */
bool cost_file_read(struct arena *arena, const struct cost_task *task, struct cost_reading *ret,
                    struct error *error) MUST_CHECK;

#endif
