/* credentials.c: the chain of providers, and what they share. */
#include "aws/credentials/credentials.h"

#include "base/clock.h"
#include "base/json/json.h"

#include <stdint.h>
#include <stdio.h>

/* The order of AWS CLI v2: its documentation and the public SDKs agree on the ends, not on the middle. */
static const struct credentials_provider *const chain[] = {
    &credentials_from_environment, &credentials_from_assumed_role, &credentials_from_web_identity,
    &credentials_from_sso,         &credentials_from_login,        &credentials_from_credentials_file,
    &credentials_from_process,     &credentials_from_config_file,  &credentials_from_container,
    &credentials_from_instance,
};

static bool nothing_found(const struct credentials_request *request, struct error *error)
{
    struct buf places = buf_make(request->arena, 4096);
    for (size_t i = 0; i < COUNT_OF(chain); i++) {
        if (chain[i]->place)
            buf_addf(&places, "%s%s", places.len > 0 ? ", " : "", chain[i]->place);
    }
    if (request->settings->credentials_path.len && request->settings->config_path.len)
        buf_addf(&places, "; files %.*s and %.*s", STR_ARG(request->settings->credentials_path),
                 STR_ARG(request->settings->config_path));
    else
        buf_addf(&places, "; no files, since HOME is not set");
    return error_set(error, ERROR_CREDENTIALS, "no AWS credentials were found for profile '%.*s' (looked at: %.*s)",
                     STR_ARG(request->profile), STR_ARG(buf_str(&places)));
}

/* A program that cannot be run, a token's file that cannot be read: the user's set-up, not the system. */
static bool set_up_wrongly(const struct credentials_provider *provider, struct error *error)
{
    if (error && error_is(error, ERROR_IO))
        (void)snprintf(error->code, sizeof error->code, "%s", ERROR_CREDENTIALS);
    return error_wrap(error, "credentials (%s)", provider->name);
}

/* An instance's are used beyond their time, as the SDKs do it: its service gives no others meanwhile. */
static bool are_in_force(const struct credentials_provider *provider, const struct credentials_request *request,
                         const struct credentials *found, struct error *error)
{
    if (provider == &credentials_from_instance || !credentials_end_soon(found, request->now, 1))
        return true;
    error_set(error, ERROR_CREDENTIALS, "the credentials from %.*s ended at %.*s: %.*s", STR_ARG(found->source),
              STR_ARG(clock_iso(request->arena, found->expires)), STR_ARG(found->renewal));
    return false;
}

bool credentials_find(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(chain); i++) {
        switch (chain[i]->provide(request, ret, error)) {
        case PROVIDED: ret->provider = chain[i]->name; return are_in_force(chain[i], request, ret, error);
        case PROVIDED_NOT: break;
        case PROVIDED_WRONGLY: return set_up_wrongly(chain[i], error);
        }
    }
    return nothing_found(request, error);
}

bool credentials_of_profile(const struct credentials_request *request, struct str profile, struct credentials *ret,
                            struct error *error)
{
    struct credentials_request own = *request;
    own.profile = profile;
    enum provided provided = credentials_from_credentials_file.provide(&own, ret, error);
    if (provided == PROVIDED_NOT)
        provided = credentials_from_config_file.provide(&own, ret, error);
    if (provided == PROVIDED_NOT)
        return error_set(error, ERROR_CREDENTIALS, "profile '%.*s' has no keys of its own", STR_ARG(profile));
    return provided == PROVIDED;
}

bool credentials_end_soon(const struct credentials *credentials, int64_t now, int64_t margin)
{
    return credentials->expires != 0 && credentials->expires - now < margin;
}

static const struct secret *take(struct arena *arena, struct str text)
{
    return text.len > 0 ? secret_take(arena, text) : NULL;
}

bool credentials_make(struct arena *arena, struct str access_key_id, struct str secret_key, struct str session_token,
                      struct str expires, struct credentials *ret, struct error *error)
{
    struct credentials credentials = {.access_key_id = str_copy(arena, str_trim(access_key_id))};
    if (credentials.access_key_id.len == 0 || str_trim(secret_key).len == 0)
        return error_set(error, ERROR_CREDENTIALS, "the %s is missing",
                         credentials.access_key_id.len == 0 ? "access key id" : "secret access key");
    if (expires.len > 0 && !clock_parse(expires, &credentials.expires))
        return error_set(error, ERROR_CREDENTIALS, "the time of expiry, '%.*s', is none", STR_ARG(expires));
    credentials.secret_key = take(arena, str_trim(secret_key));
    credentials.session_token = take(arena, str_trim(session_token));
    *ret = credentials;
    return true;
}

bool credentials_read_json(struct arena *arena, struct str text, const char *token_name, struct credentials *ret,
                           struct error *error)
{
    static const struct json_limits limits = {1 << 20, 16};
    const struct json *document;
    bool ok = json_parse(arena, STR("document"), text, &limits, &document, NULL);
    secret_wipe_view(text);
    if (!ok || document->type != JSON_OBJECT) /* the parser's message might quote the text around the mistake */
        return error_set(error, ERROR_CREDENTIALS, "what came is no JSON object");
    return credentials_make(arena, json_find_string(document, "AccessKeyId"),
                            json_find_string(document, "SecretAccessKey"), json_find_string(document, token_name),
                            json_find_string(document, "Expiration"), ret, error);
}

/* What makes each provider speak; a provider of two lines speaks for either. */
static const struct {
    const struct credentials_provider *provider;
    const char *variable;
    const char *key; /* of the profile */
} places[] = {
    {&credentials_from_environment, "AWS_ACCESS_KEY_ID", NULL},
    {&credentials_from_assumed_role, NULL, "role_arn"},
    {&credentials_from_web_identity, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"},
    {&credentials_from_sso, NULL, "sso_account_id"},
    {&credentials_from_login, NULL, "login_session"},
    {&credentials_from_credentials_file, NULL, "aws_access_key_id"},
    {&credentials_from_process, NULL, "credential_process"},
    {&credentials_from_config_file, NULL, "aws_access_key_id"},
    {&credentials_from_container, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", NULL},
    {&credentials_from_container, "AWS_CONTAINER_CREDENTIALS_FULL_URI", NULL},
    {&credentials_from_instance, NULL, NULL},
};

/* The two files of keys look into their own file alone. */
static bool has_key(const struct settings *settings, const struct credentials_provider *provider, const char *key)
{
    const struct ini_section *credentials = settings_credentials_section(settings, settings->profile);
    const struct ini_section *config = settings_config_section(settings, settings->profile);
    bool in_credentials = ini_entry(credentials, STR(""), str_from(key)) != NULL;
    bool in_config = ini_entry(config, STR(""), str_from(key)) != NULL;
    if (provider == &credentials_from_credentials_file)
        return in_credentials;
    return in_config || (in_credentials && provider != &credentials_from_config_file);
}

const struct credentials_place *credentials_places(const struct settings *settings, struct arena *arena,
                                                   size_t *ret_count)
{
    struct credentials_place *found = arena_array(arena, struct credentials_place, COUNT_OF(places));
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        found[i].provider = places[i].provider->name;
        if (places[i].variable && settings_env(settings, places[i].variable).len > 0)
            found[i].setting = str_from(places[i].variable);
        else if (places[i].key && has_key(settings, places[i].provider, places[i].key))
            found[i].setting = str_from(places[i].key);
    }
    *ret_count = COUNT_OF(places);
    return found;
}
