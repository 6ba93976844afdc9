/*
 * row.h: what OptScale's import does with one row of a billing file (fact sheet 4.3, 4.4, 5): whether it becomes an
 * expense, and if not, why. It knows no files: a row is a set of texts.
 */
#ifndef EXPORTCHECK_OPTSCALE_COSTS_ROW_H
#define EXPORTCHECK_OPTSCALE_COSTS_ROW_H

#include "base/map.h"
#include "optscale/costs/decimal.h"
#include "optscale/model/build.h"

/** The columns that decide; the importer renames those of CUR 2.0 to those of the legacy report. */
enum cost_column {
    COST_ACCOUNT,
    COST_START,
    COST_END,
    COST_BLENDED,
    COST_UNBLENDED,
    COST_CURRENCY,
    COST_TYPE,
    COST_RESOURCE,
    COST_SAVINGS_PLAN,
    COST_EDP, /* discounts: where the import adds them */
    COST_PRIVATE_RATE,
    COST_DISCOUNT_MAP, /* CUR 2.0: a map with both in it */
    COST_DESCRIPTION,  /* from here on: for cost_row_key(), and those of the region where the import looks at it */
    COST_USAGE_TYPE,
    COST_OPERATION,
    COST_PRODUCT,
    COST_ZONE,
    COST_RESERVATION,
    COST_TAX_TYPE,
    COST_PRODUCT_NAME,
    COST_REGION,
    COST_PRODUCT_MAP, /* CUR 2.0: a map with product_name and region in it */
    COST_COLUMN_COUNT,
};

/** Both names of a column; one of them may be empty. */
struct cost_column_names {
    struct str legacy;
    struct str snake;
};
extern const struct cost_column_names cost_columns[COST_COLUMN_COUNT];

/** The column of that name; COST_COLUMN_COUNT: none of ours. */
enum cost_column cost_column_find(struct str name);

/** A row's texts, unquoted; the empty view where the file lacks the column. */
struct cost_row {
    struct str text[COST_COLUMN_COUNT];
};

/** What becomes of a row, in the order in which the import decides. */
enum cost_fate {
    COST_IMPORTED,
    COST_NOT_CONNECTED,    /* account-not-connected: §5 */
    COST_OTHER_REGION,     /* region-not-imported: included_regions, excluded_regions of H26; §1 */
    COST_BAD_DATE,         /* bad-date: the import stops there; §4.3 */
    COST_BEFORE_THRESHOLD, /* before-threshold: §4.4 */
    COST_NOT_A_NUMBER,     /* not-a-number: the import stops there; §4.3 */
    COST_NO_RESOURCE,      /* credit-without-resource: §4.4 */
    COST_OVERWRITTEN,      /* overwritten: by the same row of a later chunk; §4.4. Known only when all are read */
    COST_FATE_COUNT,
};

/** "account-not-connected", …; "imported". */
struct str cost_fate_name(enum cost_fate fate);
/** Why, as a sentence for people. */
struct str cost_fate_words(enum cost_fate fate);

/** What an import goes by. */
struct cost_import {
    const struct map *connected; /* account ids, exactly as text; NULL: every account counts as connected */
    int64_t threshold;           /* rows whose usage began on an earlier day are skipped; 0: none is (first import) */
    const struct map *regions;   /* rows of these alone, or of all but these, are taken; NULL: of all */
    bool excludes;               /* `regions` are those that are not taken */
    bool adds_discounts;         /* use_edp_discount: EDP and private rate discounts are added to what is shown */
};

/** Whether such an import looks at the column; `keys`: row keys are wanted, too. */
bool cost_column_is_read(const struct cost_import *import, enum cost_column column, bool keys);

/** What a row comes to. */
struct cost_verdict {
    enum cost_fate fate;
    struct decimal blended;   /* 0 where it is no number */
    struct decimal unblended; /* 0 where the file has none, or it is no number */
    struct decimal discount;  /* what is shown is blended and this; 0 unless the import adds discounts */
    bool counted;             /* it has a row number: its account is connected, and its region is taken */
    bool stored;              /* it is written to the raw collection: equal keys overwrite it */
    bool moves;               /* it is shown on its Savings Plan's resource, not on its own */
    bool too_long;            /* an amount has more digits than can be added exactly */
};

/** Judges a row. */
void cost_row_judge(const struct cost_import *import, const struct cost_row *row, struct cost_verdict *ret);

/** The first text of the row that the import takes for a number and that is none; empty: there is none. */
struct str cost_row_no_number(const struct cost_import *import, const struct cost_row *row);

/** Whether the import can read a date: `2026-10-01T00:00:00Z`, with a fraction or without (fact sheet 4.3). */
bool cost_date_is_valid(struct str text);

/**
 * A hash of what the upsert filter compares besides the row number: rows of one import with equal hash and number are
 * one document in the end (importers/aws.py, get_unique_field_list). Never 0.
 */
uint64_t cost_row_key(const struct cost_row *row);

/**
 * The day before which rows are skipped, by a run of that build at `as_of`. `last_import`: when the newest file of the
 * last import was written, or for H26 when that import ran; 0: there was none. It is that day minus 10 days (H24: 5);
 * S26, in the first run of a month: the first of the month of that day (fact sheet 4.4; importers/aws.py,
 * min_date_import_threshold).
 */
int64_t cost_threshold(const struct optscale_build *build, int64_t as_of, int64_t last_import);

#endif
