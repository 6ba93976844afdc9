/*
 * csv.h: the fields of a CSV text, one after the other (RFC 4180, with `\n` and `\r\n`), and such a text written.
 *
 * This reads headers: a row of any width, in a text that may break off within a field. Whole files of cost data are
 * read by costs/csv.h, which is made for speed and wants to know the columns before; tests/unit/costs/csv_alike_test.c
 * holds that both read the same.
 */
#ifndef EXPORTCHECK_AWS_SHAPE_CSV_H
#define EXPORTCHECK_AWS_SHAPE_CSV_H

#include "base/buf.h"

/** Where in a text the reading has come to. */
struct csv {
    struct str text;
    ptrdiff_t at;
    bool complete; /* nothing follows the text, so that its last row need not end in a line's end */
};

/** A reader of the whole text; a byte order mark is passed over. */
struct csv csv_open(struct str text, bool complete);

/** What follows a field: another one, the next row or the end of the text; or the text breaks off within the field. */
enum csv_after { CSV_FIELD, CSV_ROW, CSV_CUT };

/** Reads the next field into `field`, which is emptied first; doubled quotes are one. At most the buffer's maximum. */
enum csv_after csv_take_field(struct csv *csv, struct buf *field);

/** Whether the text has come to its end. */
bool csv_is_over(const struct csv *csv);

/** The fields as one row, with its line's end; nothing where there are none. Fields are quoted where they have to be.
 */
void csv_add_row(struct buf *text, const struct str *fields, size_t count);

#endif
