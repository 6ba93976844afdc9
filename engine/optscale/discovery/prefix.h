/*
 * prefix.h: the prefix that OptScale ends up with for what was entered, and what to enter.
 */
#ifndef EXPORTCHECK_OPTSCALE_DISCOVERY_PREFIX_H
#define EXPORTCHECK_OPTSCALE_DISCOVERY_PREFIX_H

#include "optscale/model/model.h"

#include <stdbool.h>

/** The prefix without its last `/segment`, which OptScale tries when it finds no files; false without a slash. */
bool optscale_prefix_shorten(struct str prefix, struct str *ret);

/** The folder in which OptScale looks for a prefix as entered: one trailing `/` cut, `PREFIX/NAME/`. */
struct str optscale_prefix_folder(struct arena *arena, struct str prefix, struct str report_name);

/** What to make of a prefix as entered, where the export's own is known. */
enum optscale_prefix_verdict {
    OPTSCALE_PREFIX_EXACT,     /* it is what has to be entered */
    OPTSCALE_PREFIX_SLASH,     /* works: the one trailing `/` is cut */
    OPTSCALE_PREFIX_SHORTENED, /* works: OptScale tries it without its last segment; stored so */
    OPTSCALE_PREFIX_WRONG,     /* finds nothing */
};

/**
 * How OptScale gets from `entered` to the folder in which an export with prefix `actual` lies. AWS writes to
 * `actual/NAME/` whatever `actual` is: one that ends in a slash makes a folder without a name, and OptScale, which cuts
 * one slash off, finds it only where one more is entered.
 */
enum optscale_prefix_verdict optscale_prefix_judge(struct str entered, struct str actual);

/** Why a wrong prefix is wrong, as far as its form tells. */
enum optscale_prefix_fault {
    OPTSCALE_PREFIX_FAULT_OTHER,
    OPTSCALE_PREFIX_FAULT_EMPTY,         /* nothing entered */
    OPTSCALE_PREFIX_FAULT_LEADING_SLASH, /* right but for a `/` before it */
    OPTSCALE_PREFIX_FAULT_SLASHES,       /* right but for more than one `/` behind it */
    OPTSCALE_PREFIX_FAULT_UNNAMED,       /* right but for the `/` at the end of the export's own, which is cut off */
    OPTSCALE_PREFIX_FAULT_DOUBLE,        /* right but for a doubled `/` within */
    OPTSCALE_PREFIX_FAULT_LAST_FOLDER,   /* only the last folder of a nested prefix */
    OPTSCALE_PREFIX_FAULT_EXPORT_NAME,   /* the export's name */
    OPTSCALE_PREFIX_FAULT_BUCKET_NAME,   /* the bucket's name, as one page of the documentation says */
    OPTSCALE_PREFIX_FAULT_URI,           /* `s3://…` or the bucket's name before it */
    OPTSCALE_PREFIX_FAULT_CASE,          /* right but for upper and lower case */
};

enum optscale_prefix_fault optscale_prefix_explain(struct str entered, struct str actual, struct str report_name,
                                                   struct str bucket_name);

/** The value to enter for an export with this prefix: the same, and where it ends in a `/` one more, to be cut off. */
struct str optscale_prefix_to_enter(struct arena *arena, struct str actual);

/** A place in a bucket that holds an export's files, as the paths of its period folders tell. */
struct optscale_place {
    struct str prefix;             /* what to enter; part of a key */
    struct str name;               /* the export's name */
    bool has_prefix;               /* false: the export lies at the top of the bucket, where no prefix leads */
    enum optscale_version version; /* the export type that fits */
    size_t files;                  /* report files seen there */
};

/**
 * The exports that lie among the objects: `P/N/data/BILLING_PERIOD=…/`, `P/N/20260101-20260201/`,
 * `P/N/N/year=…/month=…/`, each with report files in it. In the order of the keys, each once, at most
 * `max`. Returns the count.
 */
size_t optscale_places_search(struct arena *arena, const struct optscale_object *objects, size_t count, size_t max,
                              struct optscale_place **ret);

#endif
