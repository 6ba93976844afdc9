/*
 * csv.h: CSV records in a buffer, as Python's csv module reads them, which OptScale's import uses: fields in quotes
 * with doubled quotes, commas and line ends in them; a quote elsewhere is a character like others; `\n`, `\r\n` and
 * `\r` end a record. Of each record only the fields that are wanted are kept, as views of the buffer.
 *
 * Commas and line ends are found 64 bytes at a time (SSE2 where the machine has it): that is what a record costs.
 */
#ifndef EXPORTCHECK_COSTS_CSV_H
#define EXPORTCHECK_COSTS_CSV_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Readable bytes that must follow the text in its buffer, whatever they are. */
#define CSV_SLACK 64

/** How far a text was searched: the marks of one block of it. */
struct csv_scanner {
    const char *text;
    size_t length;
    size_t block; /* where the marks begin; a multiple of 64, or past all text: none yet */
    uint64_t ends;
};

struct csv_scanner csv_scanner(const char *text, size_t length);

struct csv_field {
    struct str raw; /* with its quotes; empty: the record has no such field */
};

/** Which fields of a record are wanted. */
struct csv_wanted {
    const unsigned char *slots; /* for each field of a record: where it goes in `fields`, or CSV_UNWANTED */
    size_t count;               /* how many fields the header has */
};
#define CSV_UNWANTED 255

struct csv_record {
    size_t begin;
    size_t end;    /* where the next record begins */
    size_t count;  /* fields; 0: a blank line */
    size_t lines;  /* line ends in it, that of the record included */
    bool unclosed; /* the text ended within quotes */
};

/**
 * Finds the record that begins at `at`. `is_last`: nothing follows the text, so that its end is a record's. `fields`
 * has a place for each slot, and those that the record lacks are emptied. False: the record does not end in the text.
 */
bool csv_next(struct csv_scanner *scanner, size_t at, bool is_last, const struct csv_wanted *wanted,
              struct csv_field *fields, size_t field_count, struct csv_record *ret);

/** A field's text: a view where it can be one, else written to the end of `scratch`. */
struct str csv_text(struct str raw, struct buf *scratch);

#endif
