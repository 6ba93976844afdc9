/*
 * discovery.h: which files OptScale finds for a report, and under which billing periods: the part of its
 * code that decides at connect and at every import what is billed (fact sheet 3).
 *
 * The way is: the folders directly under PREFIX/NAME/ on the first page of 1000 entries; all keys of
 * each; of several versions of a file the newest; the CSV files, or else the Parquet files; of the
 * period layouts the first that any of these files has; and the files grouped by it.
 */
#ifndef EXPORTCHECK_OPTSCALE_DISCOVERY_DISCOVERY_H
#define EXPORTCHECK_OPTSCALE_DISCOVERY_DISCOVERY_H

#include "optscale/discovery/period.h"
#include "optscale/model/build.h"
#include "optscale/model/model.h"

/** What becomes of an object under PREFIX/NAME/. */
enum optscale_fate {
    OPTSCALE_TAKEN,         /* it is imported with its period */
    OPTSCALE_NOT_IN_FOLDER, /* it lies directly under PREFIX/NAME/, where OptScale never looks */
    OPTSCALE_BEYOND_PAGE,   /* its folder, or it in its folder, is not on a page that OptScale reads */
    OPTSCALE_OLDER_VERSION, /* another file passes for a newer version of it */
    OPTSCALE_NO_REPORT,     /* its name ends like no report's */
    OPTSCALE_SHADOWED,      /* a Parquet file, and there are CSV files with a period */
    OPTSCALE_NO_PERIOD,     /* a file of the right kind, but without the period layout that is in use */
    OPTSCALE_FATE_COUNT,
};

struct optscale_period {
    struct str name; /* "20260101-20260201" */
    const struct optscale_object **files;
    size_t count;
};

struct optscale_discovery {
    bool ok;
    struct optscale_failure failure; /* where not ok */
    struct optscale_period *periods; /* in the order in which OptScale found them */
    size_t period_count;
    enum optscale_format format;         /* where ok: which kind of files is taken */
    enum optscale_layout layout;         /* where ok: which layout decides */
    enum optscale_version version;       /* cur_version afterwards: given, or detected */
    struct str region;                   /* region_name afterwards; empty where the bucket's is not read */
    const struct optscale_object *first; /* the objects under PREFIX/NAME/, */
    size_t count;                        /* their number, */
    unsigned char *fates;                /* and the fate of each (enum optscale_fate); NULL where nothing was listed */
};

/**
 * Runs OptScale's get_report_files() over the account, with `config` as it is. Cannot fail: what stops
 * OptScale is in `failure`. Memory: one pointer and one byte an object, and a hash of the file names of
 * one folder at a time.
 */
void optscale_discover(struct arena *arena, const struct optscale_account *account,
                       const struct optscale_config *config, const struct optscale_build *build,
                       struct optscale_discovery *ret);

/** The periods by name, newest first; ids that are no dates sort by their text. */
struct optscale_period *optscale_periods_newest_first(struct arena *arena, const struct optscale_discovery *discovery);

/** How many periods the first import takes: the newest 4 (fact sheet 3.4). */
#define OPTSCALE_FIRST_IMPORT_PERIODS 4

/**
 * The bucket's region as OptScale learns it: fills `*ret_region`, or the failure. Checks the region of
 * the session, the role and the bucket's name in the order in which OptScale's requests do.
 */
bool optscale_bucket_region(struct arena *arena, const struct optscale_account *account,
                            const struct optscale_config *config, const struct optscale_build *build,
                            struct str *ret_region, struct optscale_failure *failure);

/**
 * The location is read back as a region; H24 took "EU" for one, and then found no host of that name (fact sheet 3.1,
 * step 1). `location`: as GetBucketLocation says it.
 */
bool optscale_read_location(struct str location, const struct optscale_build *build, struct str *ret_region,
                            struct optscale_failure *failure);

/** AssumeRole, where the settings name a role: the refusal that every request then meets. */
bool optscale_assume_role(struct arena *arena, const struct optscale_account *account,
                          const struct optscale_config *config, const struct optscale_build *build,
                          struct optscale_failure *failure);

#endif
