/* find_report.c: the scheme that looks for an existing report, and the look at AWS's lists that it shares. */
#include "base/macros.h"
#include "base/map.h"
#include "optscale/connect/connecting.h"
#include "optscale/model/names.h"

enum { DEFINITIONS_PAGE = 5 }; /* of cur:DescribeReportDefinitions; OptScale reads the first page alone */

static bool call(struct connecting *connecting, struct str operation, struct str action)
{
    struct optscale_refusal refusal;
    return optscale_answer_call(connecting->arena, connecting->account, operation, STR("AccessDeniedException"),
                                STR("*"), &refusal) ||
           connecting_refuse(connecting, action, refusal);
}

static bool list_exports(struct connecting *connecting, struct str action, struct report_list *ret)
{
    const struct json *exports = &connecting->account->exports;
    size_t count = json_is(exports, JSON_ARRAY) ? exports->count : 0;
    struct report_list list = {.items = arena_array(connecting->arena, struct optscale_report, count)};
    if (!call(connecting, STR("bcm-data-exports:ListExports"), action)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *missing;
        if (!call(connecting, STR("bcm-data-exports:GetExport"), action)) {
            return false;
        }
        switch (optscale_report_from_export(&exports->items[i], &list.items[list.count], &missing)) {
        case OPTSCALE_EXPORT_READ: list.count++; break;
        case OPTSCALE_EXPORT_OTHER_TABLE: break;
        case OPTSCALE_EXPORT_KEY_ERROR:
            return connecting_fail(connecting, OPTSCALE_KEY_ERROR, str_format(connecting->arena, "'%s'", missing));
        }
    }
    *ret = list;
    return true;
}

static bool list_definitions(struct connecting *connecting, struct str action, struct report_list *ret)
{
    const struct json *definitions = &connecting->account->report_definitions;
    size_t count = json_is(definitions, JSON_ARRAY) ? definitions->count : 0;
    if (!call(connecting, STR("cur:DescribeReportDefinitions"), action)) {
        return false;
    }
    ret->count = count < DEFINITIONS_PAGE ? count : DEFINITIONS_PAGE;
    ret->items = arena_array(connecting->arena, struct optscale_report, ret->count);
    for (size_t i = 0; i < ret->count; i++) {
        optscale_report_from_definition(&definitions->items[i], &ret->items[i]);
    }
    return true;
}

bool connecting_list_reports(struct connecting *connecting, struct str action, struct report_list *ret)
{
    bool exports = connecting->result->config.version == OPTSCALE_VERSION_CUR2;
    return exports ? list_exports(connecting, action, ret) : list_definitions(connecting, action, ret);
}

const struct optscale_object *connecting_test_object(const struct optscale_bucket *bucket, struct str prefix)
{
    const struct optscale_object *smallest = NULL;
    size_t from = optscale_object_index(bucket, prefix);
    for (size_t i = from; i < bucket->object_count && i - from < TEST_LISTING_KEYS; i++) {
        const struct optscale_object *object = &bucket->objects[i];
        if (!str_starts(object->key, prefix)) {
            break;
        }
        if (!smallest || object->size < smallest->size) {
            smallest = object;
        }
    }
    return smallest;
}

/* The text of botocore's refusal to send a request with such a bucket's name. */
static struct str bad_bucket_text(struct arena *arena, struct str bucket)
{
    return str_format(arena,
                      "Parameter validation failed:\nInvalid bucket name \"%.*s\": Bucket name must match the regex "
                      "\"^[a-zA-Z0-9.\\-_]{1,255}$\" or be an ARN matching the regex "
                      "\"^arn:(aws).*:(s3|s3-object-lambda):[a-z\\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\\-.]"
                      "{1,63}$|^arn:(aws).*:s3-outposts:[a-z\\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\\-]{1,63}[/:]"
                      "accesspoint[/:][a-zA-Z0-9\\-]{1,63}$\"",
                      STR_ARG(bucket));
}

/* Lists and downloads; an AWS error only means that the next report is tried. An empty bucket will do. */
static bool can_read(struct connecting *connecting, const struct optscale_report *report)
{
    const struct optscale_bucket *bucket;
    struct optscale_refusal refusal;
    struct optscale_listing_request listing = {
        .bucket = report->bucket.value, .prefix = report->prefix.value, .max_keys = TEST_LISTING_KEYS};
    if (!optscale_answer_list(connecting->arena, connecting->account, listing, &bucket, &refusal)) {
        return false;
    }
    const struct optscale_object *object = connecting_test_object(bucket, report->prefix.value);
    return !object || optscale_answer_download(connecting->arena, connecting->account, bucket, object, &refusal);
}

enum attempt { ATTEMPT_WORKS, ATTEMPT_REFUSED, ATTEMPT_STOPS };

static enum attempt try_report(struct connecting *connecting, const struct optscale_report *report)
{
    if (!report->bucket.present || !report->prefix.present) {
        connecting_fail(connecting, OPTSCALE_KEY_ERROR, report->bucket.present ? STR("'S3Prefix'") : STR("'S3Bucket'"));
        return ATTEMPT_STOPS;
    }
    if (optscale_bucket_form(report->bucket.value) == OPTSCALE_BUCKET_NO_FORM) {
        connecting_fail(connecting, OPTSCALE_PARAM_VALIDATION,
                        bad_bucket_text(connecting->arena, report->bucket.value));
        return ATTEMPT_STOPS;
    }
    return can_read(connecting, report) ? ATTEMPT_WORKS : ATTEMPT_REFUSED;
}

/*
 * The reports that will do, by name: as a Python dictionary has them, so that of two with one name the
 * later stands at the earlier's place. False: a report without a name.
 */
static bool keep_usable(struct connecting *connecting, struct report_list *reports)
{
    const struct optscale_wanted_report anything = {.name = {.present = false}};
    struct map *by_name = map_open(connecting->arena);
    size_t kept = 0;
    for (size_t i = 0; i < reports->count; i++) {
        const struct optscale_report report = reports->items[i];
        if (optscale_report_faults(connecting->arena, &report, &anything).len > 0) {
            continue;
        }
        if (!report.name.present) {
            return connecting_fail(connecting, OPTSCALE_KEY_ERROR, STR("'ReportName'"));
        }
        const struct optscale_report *earlier = (const struct optscale_report *)map_get(by_name, report.name.value);
        size_t place = earlier ? (size_t)(earlier - reports->items) : kept++;
        reports->items[place] = report;
        map_set(by_name, report.name.value, &reports->items[place]);
    }
    reports->count = kept;
    return true;
}

static struct str names_of(struct arena *arena, const struct report_list *reports)
{
    struct buf names = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < reports->count; i++) {
        buf_add(&names, i > 0 ? STR(", ") : STR(""));
        buf_add(&names, reports->items[i].name.value);
    }
    return buf_str(&names);
}

bool connecting_find_report(struct connecting *connecting)
{
    struct optscale_config *config = &connecting->result->config;
    struct report_list reports;
    if (!connecting_list_reports(connecting, STR("list reports"), &reports) || !keep_usable(connecting, &reports)) {
        return false;
    }
    if (reports.count == 0) {
        return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION,
                               STR("Unable to find report with required configuration"));
    }
    for (size_t i = 0; i < reports.count; i++) {
        const struct optscale_report *report = &reports.items[i];
        switch (try_report(connecting, report)) {
        case ATTEMPT_WORKS:
            config->bucket_name = report->bucket;
            config->report_name = report->name;
            config->bucket_prefix = report->prefix;
            return true;
        case ATTEMPT_STOPS: return false;
        case ATTEMPT_REFUSED: break;
        }
    }
    return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION,
                           str_join3(connecting->arena, STR("Unable to read report data. Checked reports: "),
                                     names_of(connecting->arena, &reports), STR("")));
}
