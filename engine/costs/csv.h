/*
 * csv.h: CSV records in a buffer, as Python's csv module reads them, which OptScale's import uses: fields in quotes
 * with doubled quotes, commas and line ends in them; a quote elsewhere is a character like others; `\n`, `\r\n` and
 * `\r` end a record. Of each record only the fields that are wanted are kept, as views of the buffer.
 *
 * A text is looked at 64 bytes at a time (SSE2 where the machine has it): where its commas, line ends and quotes are
 * becomes bits of a word, and which of them stand in quotes follows by arithmetic on words (Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second", 3.1.1). Fields that nobody wants are counted by the word.
 *
 * A file's first row, which may break off anywhere, is read by aws/shape/csv.h, field by field: this scan wants slack
 * behind the text, and to know the columns before. tests/unit/costs/csv_alike_test.c holds that both read the same.
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

/** A text, and the marks of one block of it. */
struct csv_scanner {
    const char *text;
    size_t length;
    size_t block;      /* where the marks begin; SIZE_MAX: there are none yet */
    uint64_t commas;   /* that separate fields */
    uint64_t ends;     /* `\n` and `\r` that end a record */
    uint64_t feeds;    /* `\n` within quotes */
    bool open;         /* the block ends within quotes */
    uint64_t may_open; /* the bit where a quote of the next block would open a field because of what stands before it */
};

struct csv_scanner csv_scanner(const char *text, size_t length);

/** A field that is wanted: the `index`th of a record, from 0, goes to `fields[slot]`. */
struct csv_column {
    unsigned index;
    unsigned slot;
};

struct csv_wanted {
    const struct csv_column *columns; /* by index */
    size_t count;
};

/** Wants every field of up to `count`, each in the slot of its index. `columns` has room for that. */
struct csv_wanted csv_every_field(struct csv_column *columns, size_t count);

struct csv_field {
    struct str raw; /* with its quotes; empty: the record has no such field */
};

struct csv_record {
    size_t begin;
    size_t end;    /* where the next record begins */
    size_t count;  /* fields; 0: a blank line */
    size_t lines;  /* line ends in it, that of the record included */
    bool unclosed; /* the text ended within quotes */
};

/**
 * Finds the record that begins at `at`: 0, or where the record before ended. `is_last`: nothing follows the text, so
 * that its end is a record's. `fields` has `field_count` places, one for each slot; those that the record lacks are
 * emptied. False: the record does not end in the text.
 */
bool csv_next(struct csv_scanner *scanner, size_t at, bool is_last, const struct csv_wanted *wanted,
              struct csv_field *fields, size_t field_count, struct csv_record *ret);

/** A field's text: a view where it can be one, else written to the end of `scratch`. */
struct str csv_text(struct str raw, struct buf *scratch);

#endif
