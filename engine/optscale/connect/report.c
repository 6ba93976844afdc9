/* report.c: report definitions and exports, read and compared as OptScale does. */
#include "optscale/connect/report.h"

#include "base/macros.h"

/* All three lists of allowed values are printed as the list of compressions: OptScale's own slip. */
#define ALLOWED_TEXT "['ZIP', 'GZIP', 'Parquet']"

static struct optscale_text member(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    if (!json_is(value, JSON_STRING)) {
        return (struct optscale_text){.present = false};
    }
    return (struct optscale_text){.present = true, .value = value->string};
}

static bool is_resources_alone(const struct json *elements)
{
    return json_is(elements, JSON_ARRAY) && elements->count == 1 && json_is(&elements->items[0], JSON_STRING) &&
           str_equal(elements->items[0].string, STR("RESOURCES"));
}

void optscale_report_from_definition(const struct json *definition, struct optscale_report *ret)
{
    *ret = (struct optscale_report){
        .name = member(definition, "ReportName"),
        .time_unit = member(definition, "TimeUnit"),
        .format = member(definition, "Format"),
        .compression = member(definition, "Compression"),
        .bucket = member(definition, "S3Bucket"),
        .prefix = member(definition, "S3Prefix"),
        .region = member(definition, "S3Region"),
        .versioning = member(definition, "ReportVersioning"),
        .has_resources = is_resources_alone(json_find(definition, "AdditionalSchemaElements")),
        .refreshes = json_is_true(json_find(definition, "RefreshClosedReports")),
    };
}

/* The words of the export's API for what the report definition's API calls otherwise. */
static struct optscale_text in_cur_words(struct optscale_text text)
{
    if (str_equal(text.value, STR("TEXT_OR_CSV"))) {
        text.value = STR("textORcsv");
    } else if (str_equal(text.value, STR("PARQUET"))) {
        text.value = STR("Parquet");
    }
    return text;
}

/* A look-up of OptScale's: the object it is made on, the member, and where the value goes. */
struct look_up {
    const struct json *object;
    const char *name;
    struct optscale_text *target;
};

static enum optscale_export_reading read_members(const struct look_up *look_ups, size_t count, const char **ret_missing)
{
    for (size_t i = 0; i < count; i++) {
        *look_ups[i].target = member(look_ups[i].object, look_ups[i].name);
        if (!look_ups[i].target->present) {
            *ret_missing = look_ups[i].name;
            return OPTSCALE_EXPORT_KEY_ERROR;
        }
    }
    return OPTSCALE_EXPORT_READ;
}

/* Follows `path`, ended by NULL; names the first member that is missing. */
static const struct json *descend(const struct json *object, const char *const *path, const char **ret_missing)
{
    for (; *path; path++) {
        object = json_find(object, *path);
        if (!json_is(object, JSON_OBJECT)) {
            *ret_missing = *path;
            return NULL;
        }
    }
    return object;
}

enum optscale_export_reading optscale_report_from_export(const struct json *export, struct optscale_report *ret,
                                                         const char **ret_missing)
{
    static const char *const destination_path[] = {"DestinationConfigurations", "S3Destination", NULL};
    static const char *const output_path[] = {"S3OutputConfigurations", NULL};
    static const char *const tables_path[] = {"DataQuery", "TableConfigurations", NULL};
    const struct json *destination = descend(export, destination_path, ret_missing);
    const struct json *output = destination ? descend(destination, output_path, ret_missing) : NULL;
    const struct json *tables = output ? descend(export, tables_path, ret_missing) : NULL;
    if (!tables) {
        return OPTSCALE_EXPORT_KEY_ERROR;
    }
    const struct json *table = json_find(tables, "COST_AND_USAGE_REPORT");
    if (!json_is(table, JSON_OBJECT) || table->count == 0) {
        return OPTSCALE_EXPORT_OTHER_TABLE;
    }
    struct optscale_report report = {.has_resources = true, .refreshes = true};
    const struct look_up look_ups[] = {
        {export, "Name", &report.name},
        {table, "TIME_GRANULARITY", &report.time_unit},
        {output, "Format", &report.format},
        {output, "Compression", &report.compression},
        {destination, "S3Bucket", &report.bucket},
        {destination, "S3Prefix", &report.prefix},
        {destination, "S3Region", &report.region},
        {output, "Overwrite", &report.versioning},
    };
    enum optscale_export_reading reading = read_members(look_ups, COUNT_OF(look_ups), ret_missing);
    report.format = in_cur_words(report.format);
    report.compression = in_cur_words(report.compression);
    *ret = report;
    return reading;
}

static void add_fault(struct buf *faults, const char *text, struct str value)
{
    buf_addf(faults, "%s%s%.*s", faults->len > 0 ? ", " : "", text, STR_ARG(value));
}

static void check_equal(struct buf *faults, const char *text, struct optscale_text actual, struct optscale_text wanted)
{
    if (wanted.present && (!actual.present || !str_equal(actual.value, wanted.value))) {
        add_fault(faults, text, wanted.value);
    }
}

static bool is_one_of(struct optscale_text text, const char *const *allowed)
{
    for (; text.present && *allowed; allowed++) {
        if (str_equal(text.value, str_from(*allowed))) {
            return true;
        }
    }
    return false;
}

struct str optscale_report_faults(struct arena *arena, const struct optscale_report *report,
                                  const struct optscale_wanted_report *wanted)
{
    static const char *const compressions[] = {"ZIP", "GZIP", "Parquet", NULL};
    static const char *const time_units[] = {"DAILY", "HOURLY", NULL};
    static const char *const formats[] = {"textORcsv", "Parquet", NULL};
    const struct optscale_text overwrite = {.present = true, .value = STR("OVERWRITE_REPORT")};
    struct buf faults = buf_make(arena, BUF_NO_MAX);
    check_equal(&faults, "ReportName must be ", report->name, wanted->name);
    if (!report->has_resources) {
        add_fault(&faults, "AdditionalSchemaElements must be ", STR("['RESOURCES']"));
    }
    check_equal(&faults, "S3Bucket must be ", report->bucket, wanted->bucket);
    check_equal(&faults, "S3Prefix must be ", report->prefix, wanted->prefix);
    check_equal(&faults, "S3Region must be ", report->region, wanted->region);
    if (!report->refreshes) {
        add_fault(&faults, "RefreshClosedReports must be ", STR("True"));
    }
    check_equal(&faults, "ReportVersioning must be ", report->versioning, overwrite);
    if (!is_one_of(report->compression, compressions)) {
        add_fault(&faults, "Compression must be in ", STR(ALLOWED_TEXT));
    }
    if (!is_one_of(report->time_unit, time_units)) {
        add_fault(&faults, "TimeUnit must be in ", STR(ALLOWED_TEXT));
    }
    if (!is_one_of(report->format, formats)) {
        add_fault(&faults, "Format must be in ", STR(ALLOWED_TEXT));
    }
    return buf_str(&faults);
}
