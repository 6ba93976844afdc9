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

/* Each by itself: the role may stand in the environment and the token's file in the profile. */
static struct str either(const struct credentials_request *request, const char *variable, const char *key)
{
    struct str value = request->environment_is_skipped ? STR("") : settings_env(request->settings, variable);
    return value.len > 0 ? value : settings_value(request->settings, request->profile, key);
}

static struct setup find_setup(const struct credentials_request *request)
{
    return (struct setup){.token_file = either(request, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"),
                          .role_arn = either(request, "AWS_ROLE_ARN", "role_arn"),
                          .session_name = either(request, "AWS_ROLE_SESSION_NAME", "role_session_name")};
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
    if (str_trim(token).len == 0)
        return error_set(error, ERROR_CREDENTIALS, "%.*s: the token's file is empty", STR_ARG(path));
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
