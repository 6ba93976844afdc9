/*
 * assumed_role.c: a profile that acts as a role (`role_arn`), with the keys of another
 * profile (`source_profile`) or of a named place (`credential_source`). Source: AWS CLI User Guide,
 * "Using an IAM role in the AWS CLI".
 */
#include "aws/credentials/sts.h"

static struct str value_of(const struct credentials_request *request, const char *key)
{
    return settings_value(request->settings, request->profile, key);
}

static bool from_source_profile(const struct credentials_request *request, struct str source, struct credentials *ret,
                                struct error *error)
{
    if (str_equal(source, request->profile)) /* it may name itself, for keys that stand beside role_arn */
        return credentials_of_profile(request, source, ret, error);
    if (!settings_has_profile(request->settings, source))
        return error_set(error, ERROR_CREDENTIALS, "its source_profile '%.*s' does not exist", STR_ARG(source));
    struct credentials_request inner = *request;
    inner.profile = source;
    inner.environment_is_skipped = true;
    inner.depth++;
    if (inner.depth > CREDENTIALS_DEPTH_MAX)
        return error_set(error, ERROR_CREDENTIALS, "more than %d profiles behind each other",
                         (int)CREDENTIALS_DEPTH_MAX);
    return credentials_find(&inner, ret, error);
}

static const struct {
    struct str name;
    const struct credentials_provider *provider;
} named_sources[] = {
    {STR_INIT("Environment"), &credentials_from_environment},
    {STR_INIT("Ec2InstanceMetadata"), &credentials_from_instance},
    {STR_INIT("EcsContainer"), &credentials_from_container},
};

static bool from_named_source(const struct credentials_request *request, struct str name, struct credentials *ret,
                              struct error *error)
{
    struct credentials_request inner = *request;
    inner.environment_is_skipped = false;
    inner.depth = 0;
    for (size_t i = 0; i < COUNT_OF(named_sources); i++) {
        if (!str_equal(named_sources[i].name, name))
            continue;
        enum provided provided = named_sources[i].provider->provide(&inner, ret, error);
        if (provided == PROVIDED_NOT)
            return error_set(error, ERROR_CREDENTIALS, "its credential_source %.*s has no credentials", STR_ARG(name));
        return provided == PROVIDED;
    }
    return error_set(error, ERROR_CREDENTIALS,
                     "its credential_source '%.*s' is none of Environment, Ec2InstanceMetadata, EcsContainer",
                     STR_ARG(name));
}

static bool find_signer(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct str profile = value_of(request, "source_profile");
    struct str named = value_of(request, "credential_source");
    if ((profile.len > 0) == (named.len > 0))
        return error_set(error, ERROR_CREDENTIALS, "role_arn needs %s source_profile %s credential_source",
                         profile.len > 0 ? "one of" : "either", profile.len > 0 ? "and" : "or");
    return profile.len > 0 ? from_source_profile(request, profile, ret, error)
                           : from_named_source(request, named, ret, error);
}

#define ASKS_FOR_A_CODE "its role asks for a code of an MFA device (mfa_serial)"

static bool ask_for_code(const struct credentials_request *request, struct str device, const struct secret **ret,
                         struct error *error)
{
    struct arena *arena = request->arena;
    struct str instead =
        str_format(arena, "get keys with `aws configure export-credentials --profile %.*s --format env`",
                   STR_ARG(request->profile));
    if (!request->prompt.ask)
        return error_set(error, ERROR_CREDENTIALS, ASKS_FOR_A_CODE ": %.*s", STR_ARG(instead));
    struct str question = str_format(arena, "MFA code of %.*s: ", STR_ARG(device));
    struct str otherwise =
        str_format(arena, ASKS_FOR_A_CODE ", and there is no terminal to ask on: %.*s", STR_ARG(instead));
    return request->prompt.ask(request->prompt.self, question, otherwise, ret, error);
}

/* Profiles that are each other's source: found before any of them is asked, so that it is said once. */
static bool check_loop(const struct credentials_request *request, struct error *error)
{
    struct buf way = buf_make(request->arena, 4096);
    struct str profile = request->profile;
    for (int depth = 0; depth <= CREDENTIALS_DEPTH_MAX; depth++) {
        struct str source = settings_value(request->settings, profile, "source_profile");
        if (source.len == 0 || str_equal(source, profile) ||
            settings_value(request->settings, profile, "role_arn").len == 0)
            return true;
        buf_addf(&way, "%.*s, ", STR_ARG(profile));
        profile = source;
        if (str_equal(profile, request->profile))
            break;
    }
    return error_set(error, ERROR_CREDENTIALS, "the profiles %.*s%.*s are each other's source_profile",
                     STR_ARG(buf_str(&way)), STR_ARG(profile));
}

static bool assume(const struct credentials_request *request, struct str role, struct credentials *ret,
                   struct error *error)
{
    struct credentials signer;
    struct str device = value_of(request, "mfa_serial");
    const struct secret *code = NULL;
    if (device.len > 0 && !ask_for_code(request, device, &code, error))
        return false;
    if (!find_signer(request, &signer, error))
        return false;
    struct json_builder parameters = credentials_role_parameters(request, role, value_of(request, "role_session_name"));
    struct str external_id = value_of(request, "external_id");
    if (external_id.len > 0)
        json_build_set(&parameters, STR("ExternalId"), json_string(external_id));
    if (code) {
        json_build_set(&parameters, STR("SerialNumber"), json_string(device));
        json_build_set(&parameters, STR("TokenCode"), json_string(secret_expose(code)));
    }
    struct json all = json_built(&parameters);
    return credentials_assume(request, &all, &signer, ret, error);
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct str role = value_of(request, "role_arn");
    if (role.len == 0 || value_of(request, "web_identity_token_file").len > 0)
        return PROVIDED_NOT;
    if (request->depth == 0 && !check_loop(request, error))
        return PROVIDED_WRONGLY;
    if (!assume(request, role, ret, error)) {
        error_wrap(error, "profile '%.*s'", STR_ARG(request->profile));
        return PROVIDED_WRONGLY;
    }
    ret->renewal = STR("look at the role, and sign in again where its source profile's session has ended");
    ret->source = str_format(request->arena, "role %.*s of profile '%.*s'", STR_ARG(role), STR_ARG(request->profile));
    return PROVIDED;
}

const struct credentials_provider credentials_from_assumed_role = {
    .name = "assumed role",
    .place = "its role_arn",
    .provide = provide,
};

bool credentials_find_in_force(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    const struct settings_options *options = &request->settings->options;
    struct credentials signer;
    if (!credentials_find(request, &signer, error))
        return false;
    if (options->assume_role.len == 0) {
        *ret = signer;
        return true;
    }
    struct json_builder parameters = credentials_role_parameters(request, options->assume_role, STR(""));
    if (options->external_id.len > 0)
        json_build_set(&parameters, STR("ExternalId"), json_string(options->external_id));
    struct json all = json_built(&parameters);
    if (!credentials_assume(request, &all, &signer, ret, error))
        return error_wrap(error, "--assume-role");
    ret->source = str_format(request->arena, "role %.*s, by credentials from %.*s", STR_ARG(options->assume_role),
                             STR_ARG(signer.source));
    ret->renewal = signer.renewal;
    return true;
}
