/*
 * login.c: the session that `aws login` has left in `~/.aws/login/cache`. Reading it needs no network; one that has
 * ended is renewed by the CLI alone (its key signs the request for another). Source: aws-cli v2, "login_session".
 */
#include "aws/credentials/credentials.h"
#include "aws/crypto/digest.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json/json.h"

enum { CACHE_MAX = 256 << 10 };

static bool sign_in_again(const struct credentials_request *request, struct error *error, const char *why)
{
    return error_set(error, ERROR_CREDENTIALS, "%s: run `aws login --profile %.*s`", why, STR_ARG(request->profile));
}

static bool read_cache(const struct credentials_request *request, struct str session, struct str *ret,
                       struct error *error)
{
    struct arena *arena = request->arena;
    struct str folder = settings_env(request->settings, "AWS_LOGIN_CACHE_DIRECTORY");
    struct str hash;
    if (!digest_sha256_hex(arena, session, &hash, error))
        return false;
    folder = settings_expand_home(request->settings, folder.len > 0 ? folder : STR("~/.aws/login/cache"));
    struct str path = str_format(arena, "%.*s/%.*s.json", STR_ARG(folder), STR_ARG(hash));
    return file_read(arena, str_to_c(arena, path), CACHE_MAX, ret, NULL) ||
           sign_in_again(request, error, "there is no session of `aws login`");
}

static bool get(const struct credentials_request *request, struct str session, struct credentials *ret,
                struct error *error)
{
    static const struct json_limits limits = {CACHE_MAX, 16};
    struct arena *arena = request->arena;
    const struct json *document = NULL;
    struct str text;
    if (!read_cache(request, session, &text, error))
        return false;
    bool ok = json_parse(arena, STR("session"), text, &limits, &document, NULL);
    secret_wipe_view(text);
    if (!ok)
        return sign_in_again(request, error, "the file of `aws login` holds no session");
    secret_wipe_view(json_find_string(document, "refreshToken"));
    secret_wipe_view(json_find_string(document, "dpopKey"));
    const struct json *token = json_find(document, "accessToken");
    if (!credentials_make(arena, json_find_string(token, "accessKeyId"), json_find_string(token, "secretAccessKey"),
                          json_find_string(token, "sessionToken"), json_find_string(token, "expiresAt"), ret, error))
        return false;
    return !credentials_end_soon(ret, request->now, 1) ||
           sign_in_again(request, error, "the session of `aws login` has ended");
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
