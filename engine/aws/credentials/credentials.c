/* credentials.c: the chain of providers, and what they share. */
#include "aws/credentials/credentials.h"

#include "base/clock.h"
#include "base/json/json.h"

#include <stdint.h>
#include <stdio.h>

/* The order of AWS CLI v2: its documentation and the public SDKs agree on the ends, not on the middle. */
static const struct credentials_provider *const chain[] = {
    &credentials_from_environment, &credentials_from_assumed_role,     &credentials_from_web_identity,
    &credentials_from_sso,         &credentials_from_credentials_file, &credentials_from_process,
    &credentials_from_config_file, &credentials_from_container,        &credentials_from_instance,
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

bool credentials_find(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(chain); i++) {
        switch (chain[i]->provide(request, ret, error)) {
        case PROVIDED: return true;
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
