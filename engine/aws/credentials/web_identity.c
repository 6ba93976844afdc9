/*
 * web_identity.c: a role by the token of another identity provider, as pods of EKS and
 * jobs of CI systems have it. The token's file is read each time: it is renewed under us.
 */
#include "aws/credentials/sts.h"
#include "base/file.h"

enum { TOKEN_MAX = 64 << 10 };

struct setup {
    struct str token_file;
    struct str role_arn;
    struct str session_name;
};

static struct setup find_setup(const struct credentials_request *request)
{
    const struct settings *settings = request->settings;
    struct setup setup = {0};
    if (!request->environment_is_skipped) {
        setup.token_file = settings_env(settings, "AWS_WEB_IDENTITY_TOKEN_FILE");
        setup.role_arn = settings_env(settings, "AWS_ROLE_ARN");
        setup.session_name = settings_env(settings, "AWS_ROLE_SESSION_NAME");
    }
    if (setup.token_file.len == 0) {
        setup.token_file = settings_value(settings, request->profile, "web_identity_token_file");
        setup.role_arn = settings_value(settings, request->profile, "role_arn");
        setup.session_name = settings_value(settings, request->profile, "role_session_name");
    }
    return setup;
}

static bool assume(const struct credentials_request *request, const struct setup *setup, struct credentials *ret,
                   struct error *error)
{
    struct arena *arena = request->arena;
    struct str path = settings_expand_home(request->settings, setup->token_file);
    struct str token;
    if (setup->role_arn.len == 0)
        return error_set(error, ERROR_CREDENTIALS, "a token's file is set, and no role (AWS_ROLE_ARN, role_arn)");
    if (!file_read(arena, str_to_c(arena, path), TOKEN_MAX, &token, error))
        return false;
    struct json_builder parameters = credentials_role_parameters(request, setup->role_arn, setup->session_name);
    json_build_set(&parameters, STR("WebIdentityToken"), json_string(str_trim(token)));
    struct json all = json_built(&parameters);
    bool ok = credentials_assume(request, &all, NULL, ret, error);
    secret_wipe_view(token);
    return ok;
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct setup setup = find_setup(request);
    if (setup.token_file.len == 0)
        return PROVIDED_NOT;
    if (!assume(request, &setup, ret, error))
        return PROVIDED_WRONGLY;
    ret->renewal = STR("look at the role and at what writes its token's file");
    ret->source = str_format(request->arena, "role %.*s by web identity", STR_ARG(setup.role_arn));
    return PROVIDED;
}

const struct credentials_provider credentials_from_web_identity = {
    .name = "web identity",
    .place = "AWS_WEB_IDENTITY_TOKEN_FILE",
    .provide = provide,
};
