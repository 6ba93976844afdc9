/* sso_token.c: see sso_token.h. */
#include "aws/credentials/sso_token.h"

#include "aws/crypto/digest.h"
#include "aws/settings/endpoint.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json/json.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CACHE_MAX = 256 << 10, RENEW_BEFORE_SECONDS = 900 };

static const struct json_limits limits = {CACHE_MAX, 16};

bool sso_log_in_again(const struct credentials_request *request, const char *why, struct error *error)
{
    return error_set(error, ERROR_CREDENTIALS, "%s: run `aws sso login --profile %.*s`", why,
                     STR_ARG(request->profile));
}

/* --- the file ------------------------------------------------------------------------------------------ */

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

/* The document lives in the arena, and with it the tokens' bytes, until forget(). */
static const struct json *read_cache(const struct credentials_request *request, struct str path)
{
    struct str text;
    const struct json *document = NULL;
    if (path.len == 0 || !file_read(request->arena, str_to_c(request->arena, path), CACHE_MAX, &text, NULL))
        return NULL;
    bool ok = json_parse(request->arena, path, text, &limits, &document, NULL);
    secret_wipe_view(text);
    return ok && document->type == JSON_OBJECT ? document : NULL;
}

static void forget(const struct json *document)
{
    static const char *const secrets[] = {"accessToken", "refreshToken", "clientSecret"};
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        secret_wipe_view(json_find_string(document, secrets[i]));
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

static struct str renewal_body(const struct credentials_request *request, const struct json *token)
{
    struct json_builder body = json_build(request->arena, JSON_OBJECT);
    json_build_append(&body, STR("clientId"), json_string(json_find_string(token, "clientId")));
    json_build_append(&body, STR("clientSecret"), json_string(json_find_string(token, "clientSecret")));
    json_build_append(&body, STR("grantType"), json_string(STR("refresh_token")));
    json_build_append(&body, STR("refreshToken"), json_string(json_find_string(token, "refreshToken")));
    return json_text(request->arena, json_box(request->arena, json_built(&body)), 0);
}

/* What the answer says in place of what the file said; the rest of the file stays. */
static const struct json *renewed(const struct credentials_request *request, const struct json *token,
                                  const struct json *answer)
{
    struct arena *arena = request->arena;
    struct json_builder all = json_build(arena, JSON_OBJECT);
    int64_t seconds = json_find_integer(answer, "expiresIn", 0);
    for (size_t i = 0; i < token->count; i++)
        json_build_append(&all, token->members[i].name, token->members[i].value);
    json_build_set(&all, STR("accessToken"), json_string(json_find_string(answer, "accessToken")));
    json_build_set(&all, STR("expiresAt"), json_string(clock_iso(arena, request->now + seconds)));
    if (json_find_string(answer, "refreshToken").len > 0)
        json_build_set(&all, STR("refreshToken"), json_string(json_find_string(answer, "refreshToken")));
    return json_box(arena, json_built(&all));
}

static bool ask_for_another(const struct credentials_request *request, const struct sso_token_request *of,
                            const struct json *token, const struct json **ret, struct error *error)
{
    struct arena *arena = request->arena;
    struct endpoint endpoint;
    struct http_response response;
    const struct json *answer = NULL;
    struct endpoint_query query = settings_endpoint_query(request->settings, "sso-oidc", "SSO_OIDC", of->region);
    if (!endpoint_resolve(arena, &query, &endpoint, error))
        return false;
    struct str body = renewal_body(request, token);
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
    bool ok = response.status == 200 && json_parse(arena, STR("answer"), response.body, &limits, &answer, NULL) &&
              json_find_string(answer, "accessToken").len > 0;
    secret_wipe_view(response.body);
    if (!ok)
        return error_set(error, ERROR_CREDENTIALS, "the renewal was refused with HTTP status %d", response.status);
    *ret = renewed(request, token, answer);
    return true;
}

/* --- one renewal at a time ----------------------------------------------------------------------------- */

static void unlock(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static unsigned mode_of(int fd)
{
    struct stat stat;
    return fstat(fd, &stat) == 0 ? (unsigned)stat.st_mode & 0777 : 0600;
}

/* Keeps what was renewed, with the file's own mode. A folder that cannot be written to costs only the next renewal. */
static void write_back(const struct credentials_request *request, struct str path, const struct json *token, int fd)
{
    struct str text = json_text(request->arena, token, 2);
    bool kept = file_write(str_to_c(request->arena, path), text, mode_of(fd), NULL);
    (void)kept;
    secret_wipe_view(text);
}

static bool needs_renewal(const struct credentials_request *request, const struct json *token)
{
    int64_t expires;
    return !time_of(request, token, "expiresAt", &expires) || expires - request->now < RENEW_BEFORE_SECONDS;
}

/* Whoever waited for the lock finds the token that another process has renewed, and asks for none. */
static const struct json *renew(const struct credentials_request *request, const struct sso_token_request *of,
                                struct str path, const struct json *token, struct error *error)
{
    CLEANUP(unlock) int fd = open(str_to_c(request->arena, path), O_RDONLY | O_CLOEXEC);
    const struct json *fresh = token;
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        fresh = read_cache(request, path);
    if (!fresh || !may_be_renewed(request, of, fresh))
        return token;
    if (needs_renewal(request, fresh) && ask_for_another(request, of, fresh, &fresh, error))
        write_back(request, path, fresh, fd);
    return fresh;
}

bool sso_token_find(const struct credentials_request *request, const struct sso_token_request *of,
                    const struct secret **ret, struct error *error)
{
    struct str path;
    int64_t expires;
    struct error why = {.text = ""};
    if (!cache_path(request, of->cache_key, &path, error))
        return false;
    const struct json *token = read_cache(request, path);
    if (!token)
        return sso_log_in_again(request, "there is no token of IAM Identity Center", error);
    if (json_find_string(token, "accessToken").len == 0)
        return sso_log_in_again(request, "the token's file holds none", error);
    if (needs_renewal(request, token))
        token = renew(request, of, path, token, &why);
    bool has_ended = !time_of(request, token, "expiresAt", &expires) || expires <= request->now;
    if (!has_ended)
        *ret = secret_make(request->arena, json_find_string(token, "accessToken"));
    forget(token);
    if (!has_ended)
        return true;
    (void)sso_log_in_again(request, "the token of IAM Identity Center has ended", error);
    return why.text[0] ? error_wrap(error, "%s", why.text) : false;
}
