/* environment.c: keys in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. */
#include "aws/credentials/credentials.h"

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    const struct settings *settings = request->settings;
    struct str id = settings_env(settings, "AWS_ACCESS_KEY_ID");
    if (request->environment_is_skipped || id.len == 0)
        return PROVIDED_NOT;
    if (settings_env(settings, "AWS_SECRET_ACCESS_KEY").len == 0) {
        error_set(error, ERROR_CREDENTIALS, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
        return PROVIDED_WRONGLY;
    }
    struct str token = settings_env(settings, "AWS_SESSION_TOKEN");
    if (token.len == 0)
        token = settings_env(settings, "AWS_SECURITY_TOKEN"); /* its name until 2013, which some tools still set */
    /* Copies: the environment belongs to the process, and its children may need it. */
    struct arena *arena = request->arena;
    if (!credentials_make(arena, id, str_copy(arena, settings_env(settings, "AWS_SECRET_ACCESS_KEY")),
                          str_copy(arena, token), settings_env(settings, "AWS_CREDENTIAL_EXPIRATION"), ret, error))
        return PROVIDED_WRONGLY;
    ret->source = STR("environment");
    ret->renewal = STR("set the AWS_* variables to a new session's, or unset them and use a profile");
    return PROVIDED;
}

const struct credentials_provider credentials_from_environment = {
    .name = "environment",
    .place = "the environment (AWS_ACCESS_KEY_ID)",
    .provide = provide,
};
