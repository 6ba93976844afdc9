/* session.c: what stands before OptScale's first request to the bucket: client, role, region (discovery.h). */
#include "optscale/discovery/discovery.h"
#include "optscale/model/answers.h"
#include "optscale/model/names.h"

static bool fail(struct optscale_failure *failure, enum optscale_failure_kind kind, struct str text)
{
    *failure = (struct optscale_failure){.kind = kind, .text = text};
    return false;
}

static bool has(struct optscale_text text)
{
    return text.present && text.value.len > 0;
}

bool optscale_assume_role(struct arena *arena, const struct optscale_account *account,
                          const struct optscale_config *config, const struct optscale_build *build,
                          struct optscale_failure *failure)
{
    if (!build->knows_roles || !has(config->role_account_id) || !has(config->role_name)) {
        return true;
    }
    struct optscale_text session_name = config->role_session_name;
    if (session_name.present && session_name.value.len < 2) {
        return fail(failure, OPTSCALE_PARAM_VALIDATION,
                    str_format(arena,
                               "Parameter validation failed:\nInvalid length for parameter RoleSessionName, "
                               "value: %td, valid min length: 2",
                               session_name.value.len));
    }
    struct optscale_refusal refusal;
    struct str role = str_format(arena, "arn:aws:iam::%.*s:role/%.*s", STR_ARG(config->role_account_id.value),
                                 STR_ARG(config->role_name.value));
    if (!optscale_answer_call(arena, account, STR("sts:AssumeRole"), STR("AccessDenied"), role, &refusal)) {
        *failure =
            (struct optscale_failure){.kind = OPTSCALE_CLIENT_ERROR, .text = refusal.text, .aws_code = refusal.code};
        return false;
    }
    return true;
}

/* boto3 makes a client for any region that could be part of a host's name. */
static bool make_client(struct arena *arena, const struct optscale_config *config, const struct optscale_build *build,
                        struct optscale_failure *failure)
{
    struct str region = config->region_name.value;
    if (!build->knows_regions || !has(config->region_name) || optscale_region_is_label(region)) {
        return true;
    }
    return fail(failure, OPTSCALE_INVALID_REGION,
                str_format(arena, "Provided region_name '%.*s' doesn't match a supported format.", STR_ARG(region)));
}

static bool check_bucket_name(struct arena *arena, struct str name, struct optscale_failure *failure)
{
    switch (optscale_bucket_form(name)) {
    case OPTSCALE_BUCKET_NAME_FORM: break;
    case OPTSCALE_BUCKET_ARN_FORM:
        return fail(failure, OPTSCALE_ENDPOINT, STR("Path-style addressing cannot be used with ARN buckets"));
    case OPTSCALE_BUCKET_NO_FORM:
        return fail(failure, OPTSCALE_BUCKET_NAME,
                    str_format(arena, "Bucket name \"%.*s\" has incorrect format", STR_ARG(name)));
    }
    return true;
}

bool optscale_read_location(struct str location, const struct optscale_build *build, struct str *ret_region,
                            struct optscale_failure *failure)
{
    if (!build->reads_old_location && str_equal(location, STR("EU"))) {
        return fail(failure, OPTSCALE_ENDPOINT,
                    STR("Could not connect to the endpoint URL: \"https://s3.EU.amazonaws.com/\""));
    }
    *ret_region = optscale_region_of_location(location);
    return true;
}

bool optscale_bucket_region(struct arena *arena, const struct optscale_account *account,
                            const struct optscale_config *config, const struct optscale_build *build,
                            struct str *ret_region, struct optscale_failure *failure)
{
    struct str name = config->bucket_name.value;
    if (!make_client(arena, config, build, failure) || !optscale_assume_role(arena, account, config, build, failure) ||
        !check_bucket_name(arena, name, failure)) {
        return false;
    }
    const struct optscale_bucket *bucket;
    struct optscale_refusal refusal;
    if (optscale_answer_location(arena, account, name, &bucket, &refusal)) {
        return optscale_read_location(bucket->location, build, ret_region, failure);
    }
    if (str_equal(refusal.code, STR("NoSuchBucket"))) {
        return fail(failure, OPTSCALE_BUCKET_NOT_FOUND, str_format(arena, "Bucket %.*s not found", STR_ARG(name)));
    }
    *failure = (struct optscale_failure){.kind = OPTSCALE_CLIENT_ERROR, .text = refusal.text, .aws_code = refusal.code};
    return false;
}
