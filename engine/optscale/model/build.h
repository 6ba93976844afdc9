/*
 * build.h: the builds of OptScale that the model knows, and where they differ.
 *
 * S26 is softwareone-platform/optscale of August 2026 and the default: the recorded cases come
 * from it. H26 is hystax/optscale of the same month; its connect and its discovery of files are
 * the same. H24 is hystax/optscale of October 2024, still installed in places.
 */
#ifndef EXPORTCHECK_OPTSCALE_MODEL_BUILD_H
#define EXPORTCHECK_OPTSCALE_MODEL_BUILD_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/** One row of differences. */
struct optscale_build {
    struct str name;         /* "S26" */
    const char *description; /* for people, one line */
    bool knows_regions;      /* has the field region_name and refuses regions that are not in its list */
    bool knows_roles;        /* has the fields assume_role_* */
    bool reads_old_location; /* takes the location "EU" for eu-west-1; else no request to S3 succeeds */
    bool lists_all_pages;    /* of a folder under P/N/; else its first 1000 keys */
    bool explains_no_files;  /* "… Please check your CUR version …" ends the message */
    int rewrite_days;        /* csv_rewrite_days: how far before the last import rows are taken again */
    bool rereads_months;     /* the first import of a month takes all of the month before */
    bool counts_from_run;    /* these days count from when the last import ran; else from its newest file */
};

/** S26. */
extern const struct optscale_build *const optscale_build_default;

/** The build of that name, upper or lower case, or NULL. */
const struct optscale_build *optscale_build_find(struct str name);

extern const struct optscale_build optscale_builds[];
extern const size_t optscale_build_count;

#endif
