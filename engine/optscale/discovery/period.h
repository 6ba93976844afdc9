/*
 * period.h: how the path of a report's file says which billing period it belongs to (fact sheet 3.1,
 * steps 4 to 7): three layouts, and two kinds of files.
 *
 * OptScale finds them with regular expressions; here each is a few comparisons, since every key of a
 * bucket passes through them several times.
 */
#ifndef EXPORTCHECK_OPTSCALE_DISCOVERY_PERIOD_H
#define EXPORTCHECK_OPTSCALE_DISCOVERY_PERIOD_H

#include "base/str.h"
#include "optscale/model/model.h"

#include <stdbool.h>

/** In the order in which OptScale tries them where no version is set. */
enum optscale_layout {
    OPTSCALE_LAYOUT_CUR2,   /* BILLING_PERIOD=2026-01/ */
    OPTSCALE_LAYOUT_LEGACY, /* 20260101-20260201/ */
    OPTSCALE_LAYOUT_ATHENA, /* year=2026/month=1/ */
    OPTSCALE_LAYOUT_COUNT,
};

/** The version of a layout, as OptScale stores it in cur_version. */
enum optscale_version optscale_layout_version(enum optscale_layout layout);

/** An example of the layout's period folder, for messages. */
struct str optscale_layout_example(enum optscale_layout layout);

/** Whether OptScale tries the layout where cur_version has this value. */
bool optscale_layout_is_tried(enum optscale_layout layout, enum optscale_version version);

/** The leftmost place in `text` where the layout's pattern matches; anywhere, in a longer number too. */
bool optscale_layout_find(enum optscale_layout layout, struct str text, struct str *ret_match);

/** `text` without the places that the layout's pattern matches; uncopied where there is none. */
struct str optscale_layout_remove(struct arena *arena, enum optscale_layout layout, struct str text);

/** The longest name of a period. */
#define OPTSCALE_PERIOD_MAX 32

/**
 * Writes the name of the period that a match stands for: `20260101-20260201`. Months that do not exist
 * (00, 13) pass, as in OptScale. Returns the written part of `storage`.
 */
struct str optscale_period_name(enum optscale_layout layout, struct str match, char storage[OPTSCALE_PERIOD_MAX]);

/** Kinds of files, in the order in which OptScale looks for them; the second only where the first gives nothing. */
enum optscale_format {
    OPTSCALE_FORMAT_CSV,     /* .csv.gz and .csv.zip */
    OPTSCALE_FORMAT_PARQUET, /* .snappy.parquet */
    OPTSCALE_FORMAT_COUNT,
};

/** Whether the key ends as the format's files do: `\.csv.(gz|zip)$`, `\.snappy.parquet$`. */
bool optscale_format_matches(enum optscale_format format, struct str key);

/** "CSV", "Parquet". */
struct str optscale_format_name(enum optscale_format format);

#endif
