/* sso_token.c: see sso_token.h. */
#include "aws/credentials/sso_token.h"

#include "aws/credentials/token_file.h"
#include "aws/crypto/digest.h"
#include "aws/settings/endpoint.h"
#include "base/clock.h"

enum { RENEW_BEFORE_SECONDS = 900 };

bool sso_log_in_again(const struct credentials_request *request, const char *why, struct error *error)
{
    return error_set(error, ERROR_CREDENTIALS, "%s: run `aws sso login --profile %.*s`", why,
                     STR_ARG(request->profile));
}

static bool cache_path(const struct credentials_request *request, struct str cache_key, struct str *ret,
                       struct error *error)
{
    struct arena *arena = request->arena;
    struct str hash;
    if (!digest_sha1_hex(arena, cache_key, &hash, error))
        return false;
    *ret = settings_expand_home(request->settings, str_format(arena, "~/.aws/sso/cache/%.*s.json", STR_ARG(hash)));
    return true;
}

/* Older CLIs end the time in `UTC`. */
static bool time_of(const struct credentials_request *request, const struct json *document, const char *name,
                    int64_t *ret)
{
    struct str text = json_find_string(document, name);
    if (str_ends(text, STR("UTC")))
        text = str_join3(request->arena, str_slice(text, 0, text.len - 3), STR("Z"), STR(""));
    return clock_parse(text, ret);
}

/* --- the renewal --------------------------------------------------------------------------------------- */

static bool may_be_renewed(const struct credentials_request *request, const struct sso_token_request *of,
                           const struct json *token)
{
    static const char *const needed[] = {"refreshToken", "clientId", "clientSecret"};
    int64_t registered_until = 0;
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (json_find_string(token, needed[i]).len == 0)
            return false;
    return of->renewable && request->authenticator &&
           (!time_of(request, token, "registrationExpiresAt", &registered_until) || registered_until > request->now);
}

static bool is_due(const struct credentials_request *request, const void *context, const struct json *token)
{
    int64_t expires;
    bool soon = !time_of(request, token, "expiresAt", &expires) || expires - request->now < RENEW_BEFORE_SECONDS;
    return soon && may_be_renewed(request, context, token);
}

/* What the answer says in place of what the file said; the rest of the file stays. */
static const struct json *renewed(const struct credentials_request *request, const struct json *token,
                                  const struct json *answer)
{
    struct arena *arena = request->arena;
    struct json_builder all = token_file_copy(request, token);
    int64_t seconds = json_find_integer(answer, "expiresIn", 0);
    json_build_set(&all, STR("accessToken"), json_string(json_find_string(answer, "accessToken")));
    json_build_set(&all, STR("expiresAt"), json_string(clock_iso(arena, request->now + seconds)));
    if (json_find_string(answer, "refreshToken").len > 0)
        json_build_set(&all, STR("refreshToken"), json_string(json_find_string(answer, "refreshToken")));
    return json_box(arena, json_built(&all));
}

static bool ask_for_another(const struct credentials_request *request, const void *context, const struct json *token,
                            const struct json **ret, struct error *error)
{
    const struct sso_token_request *of = context;
    struct arena *arena = request->arena;
    struct endpoint endpoint;
    struct http_response response;
    const struct json *answer = NULL;
    struct endpoint_query query = settings_endpoint_query(request->settings, "sso-oidc", "SSO_OIDC", of->region);
    if (!endpoint_resolve(arena, &query, &endpoint, error))
        return false;
    struct str body = token_file_renewal_body(request, token);
    struct http_header headers[] = {{STR("Host"), endpoint.authority}, {STR("Content-Type"), STR("application/json")}};
    struct authentication_request http = {.kind = AUTHENTICATE_SSO_TOKEN,
                                          .url = str_format(arena, "%.*s://%.*s%.*s/token", STR_ARG(endpoint.scheme),
                                                            STR_ARG(endpoint.authority), STR_ARG(endpoint.base_path)),
                                          .headers = {headers, COUNT_OF(headers)},
                                          .body = body};
    bool sent = request->authenticator->send(request->authenticator->self, arena, &http, &response, error);
    secret_wipe_view(body);
    if (!sent)
        return false;
    bool ok = response.status == 200 && json_parse(arena, STR("answer"), response.body, &token_limits, &answer, NULL) &&
              json_find_string(answer, "accessToken").len > 0;
    secret_wipe_view(response.body);
    if (!ok)
        return error_set(error, ERROR_CREDENTIALS, "the renewal was refused with HTTP status %d", response.status);
    *ret = renewed(request, token, answer);
    return true;
}

bool sso_token_find(const struct credentials_request *request, const struct sso_token_request *of,
                    const struct secret **ret, struct error *error)
{
    struct str path;
    int64_t expires;
    struct error why;
    const struct token_renewal renewal = {of, is_due, ask_for_another};
    if (!cache_path(request, of->cache_key, &path, error))
        return false;
    const struct json *token = token_file_read(request, path);
    if (!token)
        return sso_log_in_again(request, "there is no token of IAM Identity Center", error);
    if (json_find_string(token, "accessToken").len == 0)
        return sso_log_in_again(request, "the token's file holds none", error);
    token = token_file_renew(request, path, token, &renewal, &why);
    bool has_ended = !time_of(request, token, "expiresAt", &expires) || expires <= request->now;
    if (!has_ended)
        *ret = secret_make(request->arena, json_find_string(token, "accessToken"));
    token_file_forget(token);
    if (!has_ended)
        return true;
    (void)sso_log_in_again(request, "the token of IAM Identity Center has ended", error);
    return why.text[0] ? error_wrap(error, "%s", why.text) : false;
}
