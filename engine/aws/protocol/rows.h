/*
 * rows.h: what the rows of a billing file say of the export as a whole. Rows are billing data: of them
 * these three values are kept, each in a form in which nothing else can be, and all else is dropped here.
 */
#ifndef EXPORTCHECK_AWS_PROTOCOL_ROWS_H
#define EXPORTCHECK_AWS_PROTOCOL_ROWS_H

#include "aws/shape/csv.h"
#include "aws/shape/parquet.h"
#include "base/json/json.h"

/**
 * As many rows have to span a month, and none less, before a file is called monthly: fees for a whole month
 * are in hourly and daily files, too.
 */
#define ROWS_OF_A_MONTHLY_FILE 50

/**
 * Reads on behind the header row, whose names are `header` (an array of texts), to the last whole row. An object
 * of what all rows agree on, empty where they tell nothing:
 * `Granularity` HOURLY, DAILY or MONTHLY, by the shortest identity/TimeInterval; `Payer`, twelve digits, from
 * bill/PayerAccountId; `Currency`, three capitals, from lineItem/CurrencyCode. Column names of CUR 2.0 and of legacy
 * reports alike (docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html).
 */
struct json rows_derive(struct arena *arena, struct csv *csv, const struct json *header);

/**
 * The same of a Parquet file, by the least and the greatest value that its footer names for a column: both are some
 * row's. MONTHLY only where they are the same.
 */
struct json rows_derive_bounds(struct arena *arena, const struct parquet_footer *footer);

/** The reverse: columns of which a footer says this. */
struct parquet_footer rows_bounds(struct arena *arena, const struct json *header, const struct json *derived);

/** The reverse, for `serve`: rows from which the same values are derived, behind a header row of these names. */
void rows_encode(struct arena *arena, struct buf *text, const struct json *header, const struct json *derived);

#endif
