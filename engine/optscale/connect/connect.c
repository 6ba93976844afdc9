/* connect.c: validate_credentials, the choice of the scheme, and bucket_only. */
#include "optscale/connect/connect.h"

#include "base/macros.h"
#include "optscale/connect/connecting.h"
#include "optscale/discovery/prefix.h"
#include "optscale/model/names.h"
#include "optscale/model/python.h"

bool connecting_fail(struct connecting *connecting, enum optscale_failure_kind kind, struct str text)
{
    connecting->result->failure = (struct optscale_failure){.kind = kind, .text = text};
    return false;
}

static bool is_permission_code(struct str code)
{
    static const struct str codes[] = {STR_INIT("AccessDenied"), STR_INIT("AccessDeniedException"), STR_INIT("403"),
                                       STR_INIT("Forbidden")};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (str_equal(code, codes[i])) {
            return true;
        }
    }
    return false;
}

bool connecting_refuse(struct connecting *connecting, struct str action, struct optscale_refusal refusal)
{
    const char *words = is_permission_code(refusal.code) ? "Not enough permissions to" : "Unable to";
    return connecting_fail(
        connecting, OPTSCALE_REPORT_CONFIGURATION,
        str_format(connecting->arena, "%s %.*s: %.*s", words, STR_ARG(action), STR_ARG(refusal.text)));
}

/* A failure that a wrapped method let through: AWS's errors are worded anew, all others stay. */
static bool wrap_failure(struct connecting *connecting, struct str action, const struct optscale_failure *failure)
{
    if (failure->kind == OPTSCALE_CLIENT_ERROR) {
        return connecting_refuse(connecting, action,
                                 (struct optscale_refusal){.code = failure->aws_code, .text = failure->text});
    }
    connecting->result->failure = *failure;
    return false;
}

static void store_region(struct connecting *connecting, struct str region)
{
    if (connecting->build->knows_regions) {
        connecting->result->config.region_name = (struct optscale_text){.present = true, .value = region};
    }
}

bool connecting_check_bucket(struct connecting *connecting)
{
    struct optscale_failure failure;
    struct optscale_config *config = &connecting->result->config;
    struct str region;
    if (optscale_bucket_region(connecting->arena, connecting->account, config, connecting->build, &region, &failure)) {
        store_region(connecting, region);
        return true;
    }
    struct str action =
        str_format(connecting->arena, "check bucket %.*s existence", STR_ARG(config->bucket_name.value));
    return wrap_failure(connecting, action, &failure);
}

bool connecting_check_names(struct connecting *connecting, struct str prefix, struct str report_name)
{
    if (prefix.len > 0 && !optscale_name_is_valid(prefix)) {
        return connecting_fail(
            connecting, OPTSCALE_BUCKET_PREFIX,
            str_format(connecting->arena, "Bucket prefix \"%.*s\" has incorrect format", STR_ARG(prefix)));
    }
    if (!optscale_name_is_valid(report_name)) {
        return connecting_fail(
            connecting, OPTSCALE_REPORT_NAME,
            str_format(connecting->arena, "Report name \"%.*s\" has incorrect format", STR_ARG(report_name)));
    }
    return true;
}

/* The object as Python prints the dictionary that boto3 made of it. */
static struct str object_text(struct arena *arena, const struct optscale_object *object)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_add(&buf, STR("{'Key': "));
    python_repr(&buf, object->key);
    buf_add(&buf, STR(", 'LastModified': "));
    python_repr_time(&buf, object->modified);
    buf_add(&buf, STR(", 'ETag': "));
    python_repr(&buf, object->etag);
    buf_addf(&buf, ", 'Size': %lld, 'StorageClass': ", (long long)object->size);
    python_repr(&buf, object->storage_class.len > 0 ? object->storage_class : STR("STANDARD"));
    buf_add_char(&buf, '}');
    return buf_str(&buf);
}

static bool test_download(struct connecting *connecting, const struct optscale_discovery *discovery)
{
    /* dict.popitem() gives the period that was found last; its first file is read. */
    const struct optscale_object *object = discovery->periods[discovery->period_count - 1].files[0];
    const struct optscale_bucket *bucket =
        optscale_bucket_find(connecting->account, connecting->result->config.bucket_name.value);
    struct optscale_refusal refusal;
    if (optscale_answer_download(connecting->arena, connecting->account, bucket, object, &refusal)) {
        connecting->result->found_files = true;
        return true;
    }
    struct str action =
        str_join3(connecting->arena, STR("perform test "), object_text(connecting->arena, object), STR(" download"));
    return connecting_refuse(connecting, action, refusal);
}

/* `_check_report_download`: the listing of the import itself, and one file of it read. */
static bool check_download(struct connecting *connecting, struct str prefix)
{
    struct optscale_config *config = &connecting->result->config;
    struct optscale_discovery discovery;
    optscale_discover(connecting->arena, connecting->account, config, connecting->build, &discovery);
    if (!discovery.ok) {
        struct str action = str_format(connecting->arena, "check %.*s/%.*s access", STR_ARG(config->bucket_name.value),
                                       STR_ARG(prefix));
        return wrap_failure(connecting, action, &discovery.failure);
    }
    config->version = discovery.version;
    return test_download(connecting, &discovery);
}

/* No files: a prefix with a slash is cut once and tried again; without one the error is dropped. */
static bool try_shorter_prefix(struct connecting *connecting, struct str prefix)
{
    struct str shorter;
    if (!optscale_prefix_shorten(prefix, &shorter)) {
        return true;
    }
    connecting->result->config.bucket_prefix.value = shorter;
    if (check_download(connecting, shorter)) {
        return true;
    }
    if (connecting->result->failure.kind != OPTSCALE_FILES_NOT_FOUND) {
        return false;
    }
    return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION,
                           str_format(connecting->arena, "Unable to find report %.*s files",
                                      STR_ARG(connecting->result->config.report_name.value)));
}

static bool require_fields(struct connecting *connecting)
{
    const struct optscale_config *config = &connecting->result->config;
    const struct {
        bool present;
        const char *name;
    } fields[] = {
        {config->bucket_name.present, "bucket_name"},
        {config->report_name.present, "report_name"},
        {config->bucket_prefix.present, "bucket_prefix"},
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (!fields[i].present) {
            return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION,
                                   str_format(connecting->arena, "%s is required", fields[i].name));
        }
    }
    return true;
}

static bool connect_bucket_only(struct connecting *connecting)
{
    const struct optscale_config *config = &connecting->result->config;
    struct optscale_failure *failure = &connecting->result->failure;
    struct str prefix = config->bucket_prefix.value;
    if (!require_fields(connecting)) {
        return false;
    }
    if (!connecting_check_bucket(connecting)) {
        if (failure->kind == OPTSCALE_BUCKET_NOT_FOUND) {
            failure->kind = OPTSCALE_REPORT_CONFIGURATION; /* raised again as one, with the same words */
        }
        return false;
    }
    if (!connecting_check_names(connecting, prefix, config->report_name.value)) {
        return false;
    }
    return check_download(connecting, prefix) ||
           (failure->kind == OPTSCALE_FILES_NOT_FOUND && try_shorter_prefix(connecting, prefix));
}

static bool validate_credentials(struct connecting *connecting)
{
    const struct optscale_config *config = &connecting->result->config;
    struct optscale_failure *failure = &connecting->result->failure;
    struct str region = config->region_name.value;
    bool given = connecting->build->knows_regions && config->region_name.present && region.len > 0;
    if (given && !optscale_region_is_known(region)) {
        return connecting_fail(connecting, OPTSCALE_INVALID_PARAMETER,
                               str_format(connecting->arena, "Invalid region: %.*s", STR_ARG(region)));
    }
    if (!optscale_assume_role(connecting->arena, connecting->account, config, connecting->build, failure)) {
        if (failure->kind == OPTSCALE_CLIENT_ERROR) {
            failure->kind = OPTSCALE_INVALID_PARAMETER;
        }
        return false;
    }
    struct optscale_refusal refusal;
    if (!optscale_answer_call(connecting->arena, connecting->account, STR("sts:GetCallerIdentity"), STR("AccessDenied"),
                              STR("*"), &refusal)) {
        return connecting_fail(connecting, OPTSCALE_INVALID_PARAMETER, refusal.text);
    }
    return true;
}

static bool configure_report(struct connecting *connecting)
{
    static const struct {
        struct str name;
        bool (*configure)(struct connecting *connecting);
    } schemes[] = {
        {STR_INIT("find_report"), connecting_find_report},
        {STR_INIT("create_report"), connecting_create_report},
        {STR_INIT("bucket_only"), connect_bucket_only},
    };
    const struct optscale_config *config = &connecting->result->config;
    struct str scheme = config->scheme.present ? config->scheme.value : schemes[0].name;
    if (config->linked) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (str_equal(scheme, schemes[i].name)) {
            return schemes[i].configure(connecting);
        }
    }
    return connecting_fail(connecting, OPTSCALE_REPORT_CONFIGURATION, STR("Incorrect config_scheme"));
}

void optscale_connect(struct arena *arena, const struct optscale_account *account, const struct optscale_config *config,
                      const struct optscale_build *build, struct optscale_connection *ret)
{
    *ret = (struct optscale_connection){.config = *config, .stage = OPTSCALE_STAGE_CREDENTIALS, .account = account};
    struct connecting connecting = {.arena = arena, .account = account, .build = build, .result = ret};
    if (!validate_credentials(&connecting)) {
        return;
    }
    ret->stage = OPTSCALE_STAGE_REPORT;
    ret->ok = configure_report(&connecting);
    ret->account = connecting.account;
    if (ret->ok) {
        ret->failure = (struct optscale_failure){.kind = OPTSCALE_NO_FAILURE};
    }
}

void optscale_first_import(struct arena *arena, const struct optscale_connection *connection,
                           const struct optscale_build *build, struct optscale_discovery *ret)
{
    optscale_discover(arena, connection->account, &connection->config, build, ret);
}
