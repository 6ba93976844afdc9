/* optscale_login.c: see optscale_login.h. */
#include "aws/live/optscale_login.h"

#include "aws/operation/call.h"
#include "base/json/json.h"

enum { BODY_MAX = 1 << 16 };

static const struct json_limits limits = {1 << 20, 16};

bool optscale_url(const struct optscale_access *access, struct url *ret, struct error *error)
{
    struct url url;
    if (access->url.len == 0)
        return error_set(error, ERROR_INPUT, "where OptScale is was not said (--optscale-url)");
    if (!url_parse(access->url, &url, error))
        return error_wrap(error, "--optscale-url");
    if (!str_equal(url.scheme, STR("https")) && !url_host_is_loopback(url.host))
        return error_set(error, ERROR_INPUT, "--optscale-url: a token is sent over https only");
    if (str_ends(url.path, STR("/")))
        url.path = str_slice(url.path, 0, url.path.len - 1);
    *ret = url;
    return true;
}

/* The body holds the password: the caller wipes it. */
static struct str make_body(struct arena *arena, const struct optscale_access *access)
{
    struct buf buf = buf_make(arena, BODY_MAX);
    struct sink sink = sink_to_buf(&buf);
    buf_add_c(&buf, "{\"email\":");
    json_write_string(&sink, access->email);
    buf_add_c(&buf, ",\"password\":");
    json_write_string(&sink, secret_expose(access->password));
    buf_add_c(&buf, "}");
    return buf_str(&buf);
}

static bool refused(const struct http_response *response, const struct json *document, struct error *error)
{
    const struct json *said = json_find(document, "error");
    struct str code = json_find_string(said, "error_code");
    struct str reason = json_find_string(said, "reason");
    if (code.len == 0)
        return error_set(error, ANSWER_BAD, "OptScale's token service answers with HTTP status %d", response->status);
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", STR_ARG(code));
    return error_set(error, name, "OptScale gives no token: %.*s (%.*s)", STR_ARG(reason), STR_ARG(code));
}

static bool read_answer(struct arena *arena, const struct http_response *response, const struct secret **ret,
                        struct error *error)
{
    const struct json *document = NULL;
    bool ok = json_parse(arena, STR("answer"), response->body, &limits, &document, NULL);
    secret_wipe_view(response->body);
    struct str token = json_find_string(document, "token");
    if (!ok || !http_is_success(response->status) || token.len == 0)
        return refused(response, document, error);
    *ret = secret_take(arena, token);
    return true;
}

bool optscale_login(struct arena *arena, const struct authenticator *authenticator,
                    const struct optscale_access *access, const struct secret **ret_token, struct error *error)
{
    struct url url;
    struct http_response response;
    if (!optscale_url(access, &url, error))
        return false;
    if (access->email.len == 0 || secret_is_empty(access->password))
        return error_set(error, ERROR_INPUT, "OptScale needs a token, or an e-mail address and a password");
    const struct str parts[] = {url.scheme, STR("://"), url.authority, url.path, STR("/auth/v2/tokens")};
    struct http_header headers[] = {{STR("Host"), url.authority}, {STR("Content-Type"), STR("application/json")}};
    struct authentication_request request = {.kind = AUTHENTICATE_OPTSCALE,
                                             .url = str_concat(arena, parts, COUNT_OF(parts)),
                                             .headers = {headers, COUNT_OF(headers)},
                                             .body = make_body(arena, access),
                                             .ca_file = access->ca_file};
    bool ok = authenticator->send(authenticator->self, arena, &request, &response, error);
    secret_wipe_view(request.body);
    return ok && read_answer(arena, &response, ret_token, error);
}
