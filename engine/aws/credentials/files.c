/* files.c: long-term or temporary keys that stand in a profile of the credentials or the config file. */
#include "aws/credentials/credentials.h"

static struct str value_of(const struct ini_section *section, const char *key)
{
    const struct ini_entry *entry = ini_entry(section, STR(""), str_from(key));
    return entry ? entry->value : STR("");
}

static enum provided provide(const struct credentials_request *request, const struct ini_section *section,
                             struct str path, struct credentials *ret, struct error *error)
{
    const struct ini_entry *id = ini_entry(section, STR(""), STR("aws_access_key_id"));
    if (!id)
        return PROVIDED_NOT;
    struct arena *arena = request->arena;
    struct str secret = str_copy(arena, value_of(section, "aws_secret_access_key"));
    struct str token = value_of(section, "aws_security_token"); /* the older name, which goes first in the SDKs, too */
    token = str_copy(arena, token.len > 0 ? token : value_of(section, "aws_session_token"));
    if (!credentials_make(arena, id->value, secret, token, STR(""), ret, error)) {
        error_wrap(error, "%.*s:%d: profile '%.*s'", STR_ARG(path), id->line, STR_ARG(request->profile));
        return PROVIDED_WRONGLY;
    }
    ret->renewal = STR("put new keys into that profile");
    ret->source = str_format(arena, "profile '%.*s' in %.*s", STR_ARG(request->profile), STR_ARG(path));
    return PROVIDED;
}

static enum provided provide_credentials_file(const struct credentials_request *request, struct credentials *ret,
                                              struct error *error)
{
    return provide(request, settings_credentials_section(request->settings, request->profile),
                   request->settings->credentials_path, ret, error);
}

static enum provided provide_config_file(const struct credentials_request *request, struct credentials *ret,
                                         struct error *error)
{
    return provide(request, settings_config_section(request->settings, request->profile),
                   request->settings->config_path, ret, error);
}

const struct credentials_provider credentials_from_credentials_file = {
    .name = "credentials file",
    .place = "the profile's aws_access_key_id",
    .provide = provide_credentials_file,
};

const struct credentials_provider credentials_from_config_file = {
    .name = "config file",
    .place = NULL, /* the same words as the credentials file's */
    .provide = provide_config_file,
};
