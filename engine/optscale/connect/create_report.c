/* create_report.c: the scheme that makes bucket and report where they are missing (fact sheet 2.3). */
#include "base/macros.h"
#include "optscale/connect/connecting.h"

enum {
    DEFINITION_QUOTA = 10, /* report definitions of an account */
    EXPORT_QUOTA = 5,      /* exports of the COST_AND_USAGE_REPORT table */
};

static struct str action_with(struct connecting *connecting, const char *head, struct str name, const char *tail)
{
    return str_join3(connecting->arena, str_from(head), name, str_from(tail));
}

static bool write_bucket(struct connecting *connecting, struct str action, struct str words)
{
    struct optscale_refusal refusal;
    return optscale_answer_write(connecting->arena, connecting->account, action, &refusal) ||
           connecting_refuse(connecting, words, refusal);
}

static bool create_bucket(struct connecting *connecting)
{
    struct str name = connecting->result->config.bucket_name.value;
    if (!write_bucket(connecting, STR("s3:CreateBucket"), action_with(connecting, "create bucket ", name, ""))) {
        return false;
    }
    const struct optscale_config *config = &connecting->result->config;
    struct str region = config->region_name.present ? config->region_name.value : STR(OPTSCALE_DEFAULT_REGION);
    connecting->result->created_bucket = true;
    connecting->account = optscale_account_with(connecting->arena, connecting->account,
                                                &(struct optscale_bucket){.name = name, .location = region});
    return write_bucket(connecting, STR("s3:PutBucketPolicy"),
                        action_with(connecting, "configure bucket ", name, " policy"));
}

static bool find_or_create_bucket(struct connecting *connecting)
{
    struct optscale_failure *failure = &connecting->result->failure;
    if (connecting_check_bucket(connecting)) {
        return true;
    }
    if (failure->kind == OPTSCALE_BUCKET_NOT_FOUND) {
        return create_bucket(connecting);
    }
    if (failure->kind == OPTSCALE_REPORT_CONFIGURATION) {
        failure->text = str_join3(connecting->arena, failure->text,
                                  STR(". Please try to set correct region name and check permissions for user and "
                                      "bucket"),
                                  STR(""));
    }
    return false;
}

static bool find_equal(struct connecting *connecting, const struct optscale_wanted_report *wanted, bool *ret_found)
{
    struct report_list reports;
    struct str action = action_with(connecting, "find report ", wanted->name.value, "");
    *ret_found = false;
    if (!connecting_list_reports(connecting, action, &reports)) {
        return false;
    }
    for (size_t i = 0; i < reports.count; i++) {
        const struct optscale_report *report = &reports.items[i];
        if (!report->name.present) {
            return connecting_fail(connecting, OPTSCALE_KEY_ERROR, STR("'ReportName'"));
        }
        if (!str_equal(report->name.value, wanted->name.value)) {
            continue;
        }
        struct str faults = optscale_report_faults(connecting->arena, report, wanted);
        if (faults.len > 0) {
            return connecting_fail(
                connecting, OPTSCALE_REPORT_CONFIGURATION,
                str_join3(connecting->arena, STR("Invalid report configuration: "), faults, STR("")));
        }
        *ret_found = true;
    }
    return true;
}

static bool is_closed_to_delivery(const struct connecting *connecting)
{
    const struct optscale_bucket *bucket =
        optscale_bucket_find(connecting->account, connecting->result->config.bucket_name.value);
    return bucket && bucket->closed_to_delivery;
}

static bool has_name(const struct json *list, const char *member, struct str name)
{
    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++) {
        const struct json *value = json_find(&list->items[i], member);
        if (json_is(value, JSON_STRING) && str_equal(value->string, name)) {
            return true;
        }
    }
    return false;
}

static bool may_create(struct connecting *connecting, struct str name, struct str action)
{
    struct optscale_refusal refusal;
    return optscale_answer_call(connecting->arena, connecting->account, action, STR("AccessDeniedException"), STR("*"),
                                &refusal) ||
           connecting_refuse(connecting, action_with(connecting, "create report ", name, ""), refusal);
}

/* A failure that OptScale words itself, dropping AWS's reason. */
static bool fail_creation(struct connecting *connecting, struct str reason)
{
    return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION,
                           str_join3(connecting->arena, STR("Unable to create report: "), reason, STR("")));
}

static bool create_definition(struct connecting *connecting, struct str name)
{
    const struct json *definitions = &connecting->account->report_definitions;
    if (!may_create(connecting, name, STR("cur:PutReportDefinition"))) {
        return false;
    }
    if (has_name(definitions, "ReportName", name)) {
        return fail_creation(connecting, str_join3(connecting->arena, name, STR(" already exists"), STR("")));
    }
    if (json_is(definitions, JSON_ARRAY) && definitions->count >= DEFINITION_QUOTA) {
        return fail_creation(connecting, STR("report limit reached"));
    }
    if (is_closed_to_delivery(connecting)) {
        return connecting_refuse(connecting, action_with(connecting, "create report ", name, ""),
                                 optscale_refusal(connecting->arena, STR("ValidationException"), "PutReportDefinition",
                                                  STR("Failed to verify customer bucket permission.")));
    }
    return true;
}

static size_t count_cur_exports(const struct json *exports)
{
    size_t count = 0;
    for (size_t i = 0; json_is(exports, JSON_ARRAY) && i < exports->count; i++) {
        if (json_pointer(&exports->items[i], STR("/DataQuery/TableConfigurations/COST_AND_USAGE_REPORT"))) {
            count++;
        }
    }
    return count;
}

static bool create_export(struct connecting *connecting, struct str name)
{
    const struct json *exports = &connecting->account->exports;
    if (!may_create(connecting, name, STR("bcm-data-exports:CreateExport"))) {
        return false;
    }
    if (has_name(exports, "Name", name)) {
        return fail_creation(connecting, STR("validation error"));
    }
    if (count_cur_exports(exports) >= EXPORT_QUOTA) {
        return fail_creation(connecting, STR("quota exceeded"));
    }
    if (is_closed_to_delivery(connecting)) {
        return fail_creation(connecting, STR("validation error"));
    }
    return true;
}

static bool check_access(struct connecting *connecting, struct str prefix)
{
    struct str name = connecting->result->config.bucket_name.value;
    const struct optscale_bucket *bucket;
    struct optscale_refusal refusal;
    struct str action = str_format(connecting->arena, "check access to %.*s/%.*s", STR_ARG(name), STR_ARG(prefix));
    struct optscale_listing_request listing = {.bucket = name, .prefix = prefix, .max_keys = TEST_LISTING_KEYS};
    if (!optscale_answer_list(connecting->arena, connecting->account, listing, &bucket, &refusal)) {
        return connecting_refuse(connecting, action, refusal);
    }
    const struct optscale_object *object = connecting_test_object(bucket, prefix);
    if (!object || optscale_answer_download(connecting->arena, connecting->account, bucket, object, &refusal)) {
        return true;
    }
    action = action_with(connecting, "perform test ", object->key, " download");
    return connecting_refuse(connecting, action, refusal);
}

static struct optscale_text or_default(struct optscale_text text, const char *otherwise)
{
    return text.present ? text : (struct optscale_text){.present = true, .value = str_from(otherwise)};
}

bool connecting_create_report(struct connecting *connecting)
{
    const struct optscale_config *config = &connecting->result->config;
    bool found;
    if (!config->bucket_name.present) {
        return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION, STR("bucket_name is required"));
    }
    if (!find_or_create_bucket(connecting)) {
        return false;
    }
    const struct optscale_wanted_report wanted = {
        .name = or_default(config->report_name, OPTSCALE_DEFAULT_REPORT),
        .bucket = config->bucket_name,
        .prefix = or_default(config->bucket_prefix, OPTSCALE_DEFAULT_PREFIX),
        .region = or_default(config->region_name, OPTSCALE_DEFAULT_REGION),
    };
    struct str name = wanted.name.value;
    if (!connecting_check_names(connecting, wanted.prefix.value, name) || !find_equal(connecting, &wanted, &found)) {
        return false;
    }
    if (!found) {
        bool created = config->version == OPTSCALE_VERSION_CUR2 ? create_export(connecting, name)
                                                                : create_definition(connecting, name);
        if (!created) {
            return false;
        }
        connecting->result->created_report = true;
    }
    return check_access(connecting, wanted.prefix.value);
}
