/*
 * login.c: the session that `aws login` has left in `~/.aws/login/cache`. Its keys live for a quarter of an hour; with
 * less than five minutes left they are renewed, for as long as the session does: by its refresh token, and by a proof
 * that the session's own key is there. Sources: botocore, LoginProvider; the API of AWS Sign-In, CreateOAuth2Token.
 */
#include "aws/credentials/token_file.h"
#include "aws/crypto/digest.h"
#include "aws/crypto/dpop.h"
#include "aws/settings/endpoint.h"
#include "base/clock.h"

enum { RENEW_BEFORE_SECONDS = 300, ID_DIGITS = 32 };

static bool sign_in_again(const struct credentials_request *request, struct error *error, const char *why)
{
    return error_set(error, ERROR_CREDENTIALS, "%s: run `aws login --profile %.*s`", why, STR_ARG(request->profile));
}

static bool cache_path(const struct credentials_request *request, struct str session, struct str *ret,
                       struct error *error)
{
    struct str folder = settings_env(request->settings, "AWS_LOGIN_CACHE_DIRECTORY");
    struct str hash;
    if (!digest_sha256_hex(request->arena, session, &hash, error))
        return false;
    folder = settings_expand_home(request->settings, folder.len > 0 ? folder : STR("~/.aws/login/cache"));
    *ret = str_format(request->arena, "%.*s/%.*s.json", STR_ARG(folder), STR_ARG(hash));
    return true;
}

/* --- the renewal --------------------------------------------------------------------------------------- */

static bool is_due(const struct credentials_request *request, const void *context, const struct json *token)
{
    static const char *const needed[] = {"refreshToken", "clientId", "dpopKey"};
    int64_t expires;
    (void)context;
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (json_find_string(token, needed[i]).len == 0)
            return false;
    bool soon = !clock_parse(json_find_string(json_find(token, "accessToken"), "expiresAt"), &expires) ||
                expires - request->now < RENEW_BEFORE_SECONDS;
    return soon && request->authenticator;
}

/* What the answer says in place of what the file said; the rest of the file stays. */
static const struct json *renewed(const struct credentials_request *request, const struct json *token,
                                  const struct json *answer)
{
    struct arena *arena = request->arena;
    struct json_builder all = token_file_copy(request, token);
    struct json_builder keys = token_file_copy(request, json_find(answer, "accessToken"));
    int64_t ends = request->now + json_find_integer(answer, "expiresIn", 0);
    struct str account = json_find_string(json_find(token, "accessToken"), "accountId");
    json_build_set(&keys, STR("accountId"), json_string(account));
    json_build_set(&keys, STR("expiresAt"), json_string(clock_iso(arena, ends)));
    json_build_set(&all, STR("accessToken"), json_built(&keys));
    if (json_find_string(answer, "refreshToken").len > 0)
        json_build_set(&all, STR("refreshToken"), json_string(json_find_string(answer, "refreshToken")));
    return json_box(arena, json_built(&all));
}

static bool prove(const struct credentials_request *request, struct str key, struct str url, struct str *ret,
                  struct error *error)
{
    const struct secret *id;
    if (!secret_random(request->arena, ID_DIGITS, &id, error))
        return false;
    struct dpop_request proof = {STR("POST"), url, secret_expose(id), request->now};
    return dpop_proof(request->arena, key, &proof, ret, error);
}

static bool read_answer(const struct credentials_request *request, const struct http_response *response,
                        const struct json **ret, struct error *error)
{
    bool ok = response->status == 200 &&
              json_parse(request->arena, STR("answer"), response->body, &token_limits, ret, NULL) &&
              json_is(json_find(*ret, "accessToken"), JSON_OBJECT);
    secret_wipe_view(response->body);
    return ok || error_set(error, ERROR_CREDENTIALS, "the renewal was refused with HTTP status %d", response->status);
}

static bool ask_for_another(const struct credentials_request *request, const void *context, const struct json *token,
                            const struct json **ret, struct error *error)
{
    struct arena *arena = request->arena;
    struct endpoint endpoint;
    struct http_response response;
    struct str proof;
    const struct json *answer = NULL;
    struct endpoint_query query =
        settings_endpoint_query(request->settings, "signin", "SIGNIN", settings_region(request->settings));
    (void)context;
    if (!endpoint_resolve(arena, &query, &endpoint, error))
        return false;
    struct str url = str_format(arena, "%.*s://%.*s%.*s/v1/token", STR_ARG(endpoint.scheme),
                                STR_ARG(endpoint.authority), STR_ARG(endpoint.base_path));
    if (!prove(request, json_find_string(token, "dpopKey"), url, &proof, error))
        return false;
    struct str body = token_file_renewal_body(request, token);
    struct http_header headers[] = {
        {STR("Host"), endpoint.authority}, {STR("Content-Type"), STR("application/json")}, {STR("DPoP"), proof}};
    struct authentication_request http = {
        .kind = AUTHENTICATE_LOGIN_TOKEN, .url = url, .headers = {headers, COUNT_OF(headers)}, .body = body};
    bool sent = request->authenticator->send(request->authenticator->self, arena, &http, &response, error);
    secret_wipe_view(body);
    if (!sent || !read_answer(request, &response, &answer, error))
        return false;
    *ret = renewed(request, token, answer);
    return true;
}

/* --- the provider -------------------------------------------------------------------------------------- */

static bool get(const struct credentials_request *request, struct str session, struct credentials *ret,
                struct error *error)
{
    static const struct token_renewal renewal = {NULL, is_due, ask_for_another};
    struct str path;
    struct error why;
    if (!cache_path(request, session, &path, error))
        return false;
    const struct json *token = token_file_read(request, path);
    if (!token)
        return sign_in_again(request, error, "there is no session of `aws login`");
    token = token_file_renew(request, path, token, &renewal, &why);
    const struct json *keys = json_find(token, "accessToken");
    bool ok = credentials_make(request->arena, json_find_string(keys, "accessKeyId"),
                               json_find_string(keys, "secretAccessKey"), json_find_string(keys, "sessionToken"),
                               json_find_string(keys, "expiresAt"), ret, error);
    token_file_forget(token);
    if (!ok)
        return sign_in_again(request, error, "the file of `aws login` holds no session");
    if (!credentials_end_soon(ret, request->now, 1))
        return true;
    (void)sign_in_again(request, error, "the session of `aws login` has ended");
    return why.text[0] ? error_wrap(error, "%s", why.text) : false;
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct str session = settings_value(request->settings, request->profile, "login_session");
    if (session.len == 0)
        return PROVIDED_NOT;
    if (!get(request, session, ret, error)) {
        error_wrap(error, "profile '%.*s'", STR_ARG(request->profile));
        return PROVIDED_WRONGLY;
    }
    ret->renewal = str_format(request->arena, "sign in again: aws login --profile %.*s", STR_ARG(request->profile));
    ret->source = str_format(request->arena, "aws login by profile '%.*s'", STR_ARG(request->profile));
    return PROVIDED;
}

const struct credentials_provider credentials_from_login = {
    .name = "login",
    .place = "its login_session",
    .provide = provide,
};
