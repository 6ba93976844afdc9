/*
 * report.h: a report definition or a data export as OptScale sees it when it looks for one to use
 * (fact sheet 2.2 and 2.3): the two kinds shaped alike, and the settings it insists on.
 */
#ifndef EXPORTCHECK_OPTSCALE_CONNECT_REPORT_H
#define EXPORTCHECK_OPTSCALE_CONNECT_REPORT_H

#include "optscale/model/model.h"

#include <stdbool.h>

struct optscale_report {
    struct optscale_text name;
    struct optscale_text time_unit;
    struct optscale_text format;      /* textORcsv, Parquet */
    struct optscale_text compression; /* ZIP, GZIP, Parquet */
    struct optscale_text bucket;
    struct optscale_text prefix;
    struct optscale_text region;
    struct optscale_text versioning;
    bool has_resources; /* AdditionalSchemaElements is RESOURCES and nothing else; taken for granted of exports */
    bool refreshes;     /* RefreshClosedReports is true; taken for granted of exports */
};

/** Reads a `ReportDefinition` of cur:DescribeReportDefinitions. */
void optscale_report_from_definition(const struct json *definition, struct optscale_report *ret);

enum optscale_export_reading {
    OPTSCALE_EXPORT_READ,
    OPTSCALE_EXPORT_OTHER_TABLE, /* no COST_AND_USAGE_REPORT, or without configuration: passed over */
    OPTSCALE_EXPORT_KEY_ERROR,   /* a member that OptScale takes for granted is missing: everything stops */
};

/**
 * Reads an `Export` of bcm-data-exports:GetExport. On OPTSCALE_EXPORT_KEY_ERROR `*ret_missing` is the
 * member that is looked up first.
 */
enum optscale_export_reading optscale_report_from_export(const struct json *export, struct optscale_report *ret,
                                                         const char **ret_missing);

/** What the report must be; members with `present` false are not looked at. */
struct optscale_wanted_report {
    struct optscale_text name;
    struct optscale_text bucket;
    struct optscale_text prefix;
    struct optscale_text region;
};

/**
 * The faults of a report, as OptScale lists them in one line ("S3Prefix must be x, Compression must be
 * in [...]"); empty where it is as wanted.
 */
struct str optscale_report_faults(struct arena *arena, const struct optscale_report *report,
                                  const struct optscale_wanted_report *wanted);

#endif
