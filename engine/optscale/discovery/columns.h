/*
 * columns.h: the columns that OptScale's import cannot do without, and what happens where one is missing
 * (fact sheet 4.3). One table serves all file kinds: the importer renames the columns of CUR 2.0 and of
 * Parquet files to those of the legacy report before it looks at them.
 */
#ifndef EXPORTCHECK_OPTSCALE_DISCOVERY_COLUMNS_H
#define EXPORTCHECK_OPTSCALE_DISCOVERY_COLUMNS_H

#include "base/str.h"
#include "optscale/discovery/period.h"

#include <stdbool.h>
#include <stddef.h>

/** What the import does without a column. */
enum optscale_column_effect {
    OPTSCALE_COLUMN_NO_EFFECT,   /* nothing that billing shows */
    OPTSCALE_COLUMN_FAILS,       /* the import fails, with the column's name in quotes as its message */
    OPTSCALE_COLUMN_NO_ROWS,     /* it reports success and imports no row */
    OPTSCALE_COLUMN_NO_COST,     /* it reports success and every cost is 0 */
    OPTSCALE_COLUMN_NO_RESOURCE, /* costs arrive by product and operation, not by resource */
};

struct optscale_column {
    struct str legacy; /* lineItem/BlendedCost */
    struct str snake;  /* line_item_blended_cost, in CUR 2.0 and in Parquet files */
    enum optscale_column_effect effect[OPTSCALE_FORMAT_COUNT]; /* by kind of file */
    struct str message[OPTSCALE_FORMAT_COUNT];                 /* where it fails: the message, quotes included */
};

/** In the order in which the importer reads a row, so that the first that is missing and fails says the message. */
extern const struct optscale_column optscale_columns[];
#define OPTSCALE_COLUMN_COUNT 7

/**
 * The needed columns that `header` lacks under both of their names, in the table's order; those without
 * effect on this kind of file are left out. Returns how many.
 */
size_t optscale_columns_missing(const struct str *header, size_t count, enum optscale_format format,
                                const struct optscale_column *ret[OPTSCALE_COLUMN_COUNT]);

/** The message with which an import of a file without these columns fails; empty where it does not fail. */
struct str optscale_columns_message(const struct optscale_column *const *missing, size_t count,
                                    enum optscale_format format);

/** What an effect means, as a sentence without its subject: "every cost is 0". */
const char *optscale_column_effect_words(enum optscale_column_effect effect);

#endif
