/*
 * sso.c: a role of IAM Identity Center, by the token that `aws sso login` has left (sso_token.h). Sources: AWS SDKs and
 * Tools Reference Guide, "IAM Identity Center credential provider"; the SSO portal's API.
 */
#include "aws/credentials/credentials.h"
#include "aws/credentials/sso_token.h"
#include "aws/settings/endpoint.h"
#include "base/json/json.h"

enum { CACHE_MAX = 256 << 10 };

static const struct json_limits limits = {CACHE_MAX, 16};

struct setup {
    struct str account_id;
    struct str role_name;
    struct str region;
    struct str cache_key; /* the session's name, or the start URL where there is none */
    bool has_session;
};

static struct str section_value(const struct ini_section *section, const char *key)
{
    const struct ini_entry *entry = ini_entry(section, STR(""), str_from(key));
    return entry ? entry->value : STR("");
}

static bool find_setup(const struct credentials_request *request, struct setup *ret, struct error *error)
{
    const struct settings *settings = request->settings;
    struct str session = settings_value(settings, request->profile, "sso_session");
    struct setup setup = {.account_id = settings_value(settings, request->profile, "sso_account_id"),
                          .role_name = settings_value(settings, request->profile, "sso_role_name"),
                          .region = settings_value(settings, request->profile, "sso_region"),
                          .cache_key = settings_value(settings, request->profile, "sso_start_url")};
    if (session.len > 0) {
        const struct ini_section *section = settings_section(settings, "sso-session", session);
        if (!section)
            return error_set(error, ERROR_CREDENTIALS, "the section [sso-session %.*s] does not exist",
                             STR_ARG(session));
        setup.region = section_value(section, "sso_region");
        setup.cache_key = session;
        setup.has_session = true;
    }
    if (setup.account_id.len == 0 || setup.role_name.len == 0 || setup.region.len == 0 || setup.cache_key.len == 0)
        return error_set(
            error, ERROR_CREDENTIALS,
            "sso_account_id, sso_role_name, sso_region and sso_session (or sso_start_url) belong together");
    *ret = setup;
    return true;
}

static bool portal_url(const struct credentials_request *request, const struct setup *setup, struct str *ret_url,
                       struct str *ret_host, struct error *error)
{
    struct endpoint endpoint;
    struct endpoint_query query = settings_endpoint_query(request->settings, "sso", "SSO", setup->region);
    if (!endpoint_resolve(request->arena, &query, &endpoint, error))
        return false;
    struct str account = str_percent_encode(request->arena, setup->account_id, "");
    struct str role = str_percent_encode(request->arena, setup->role_name, "");
    *ret_url = str_format(request->arena, "%.*s://%.*s%.*s/federation/credentials?account_id=%.*s&role_name=%.*s",
                          STR_ARG(endpoint.scheme), STR_ARG(endpoint.authority), STR_ARG(endpoint.base_path),
                          STR_ARG(account), STR_ARG(role));
    *ret_host = endpoint.authority;
    return true;
}

static bool read_answer(const struct credentials_request *request, const struct http_response *response,
                        struct credentials *ret, struct error *error)
{
    const struct json *document;
    if (response->status == 401)
        return sso_log_in_again(request, "the token of IAM Identity Center is not accepted", error);
    if (!json_parse(request->arena, STR("answer"), response->body, &limits, &document, NULL))
        return error_set(error, ERROR_CREDENTIALS, "HTTP status %d, and no JSON document", response->status);
    secret_wipe_view(response->body);
    if (response->status != 200) {
        struct str message = json_find_string(document, "message");
        return error_set(error, ERROR_CREDENTIALS, "HTTP status %d: %.*s", response->status, STR_ARG(message));
    }
    const struct json *found = json_find(document, "roleCredentials");
    double milliseconds = json_find_number(found, "expiration", 0);
    struct str expires = milliseconds > 0 ? str_format(request->arena, "%.0f", milliseconds / 1000) : STR("");
    return credentials_make(request->arena, json_find_string(found, "accessKeyId"),
                            json_find_string(found, "secretAccessKey"), json_find_string(found, "sessionToken"),
                            expires, ret, error);
}

static bool get(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct setup setup;
    const struct secret *token;
    struct str url;
    struct str host;
    struct http_response response;
    if (!request->authenticator)
        return error_set(error, ERROR_CREDENTIALS, "it needs the network");
    if (!find_setup(request, &setup, error))
        return false;
    struct sso_token_request of = {setup.cache_key, setup.region, setup.has_session};
    if (!sso_token_find(request, &of, &token, error) || !portal_url(request, &setup, &url, &host, error))
        return false;
    struct http_header headers[] = {{STR("Host"), host}, {STR("x-amz-sso_bearer_token"), secret_expose(token)}};
    struct authentication_request http = {
        .kind = AUTHENTICATE_SSO_ROLE, .url = url, .headers = {headers, COUNT_OF(headers)}};
    return request->authenticator->send(request->authenticator->self, request->arena, &http, &response, error) &&
           read_answer(request, &response, ret, error);
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    if (settings_value(request->settings, request->profile, "sso_account_id").len == 0 &&
        settings_value(request->settings, request->profile, "sso_role_name").len == 0)
        return PROVIDED_NOT;
    if (!get(request, ret, error)) {
        error_wrap(error, "profile '%.*s'", STR_ARG(request->profile));
        return PROVIDED_WRONGLY;
    }
    ret->renewal = str_format(request->arena, "sign in again: aws sso login --profile %.*s", STR_ARG(request->profile));
    ret->source = str_format(request->arena, "IAM Identity Center by profile '%.*s'", STR_ARG(request->profile));
    return PROVIDED;
}

const struct credentials_provider credentials_from_sso = {
    .name = "IAM Identity Center",
    .place = "its sso_account_id",
    .provide = provide,
};
