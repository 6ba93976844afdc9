/* session.c: see session.h. */
#include "aws/live/session.h"

#include "aws/crypto/digest.h"
#include "aws/settings/endpoint.h"
#include "aws/signing/sigv4.h"
#include "base/clock.h"

#include <string.h>

enum {
    RENEW_BEFORE_SECONDS = 600, /* as the SDKs do it */
    RENEW_AGAIN_SECONDS = 60,   /* after a renewal that failed */
    OWN_HEADERS = 6,            /* that are added to the protocol's */
};

struct session {
    struct arena *arena;
    struct session_options options;
    struct credentials credentials;
    struct sigv4_keys *keys;
    int64_t opened_ms;
    int64_t offset; /* seconds that the account's clock is ahead of the machine's */
    const struct secret *optscale_token;
    struct error optscale_error; /* why there is none; it is not asked for twice */
    int64_t renewed;             /* when it was last tried */
};

static bool renew(struct session *session, struct error *error)
{
    const struct settings *settings = session->options.settings;
    int64_t deadline = session->options.deadline_ms;
    struct credentials_request request = {.arena = session->arena,
                                          .settings = settings,
                                          .profile = settings->profile,
                                          .environment_is_skipped = settings->options.profile.len > 0,
                                          .authenticator = session->options.authenticator,
                                          .now = session_now(session),
                                          .prompt = session->options.prompt,
                                          /* What goes on behind it was given more time: files of any size. */
                                          .deadline_ms = clock_milliseconds() < deadline ? deadline : 0};
    session->renewed = session_now(session);
    if (!credentials_find_in_force(&request, &session->credentials, error))
        return false;
    session->keys =
        sigv4_keys_open(session->arena, session->credentials.access_key_id, session->credentials.secret_key);
    return true;
}

static struct endpoint_query query_of(const struct settings *settings, const struct service *service, struct str region)
{
    return settings_endpoint_query(settings, service->id, service->endpoint_env,
                                   region.len > 0 ? region : settings_region(settings));
}

/* What cannot work is said before anything is asked: each service that has an endpoint of its own, and STS. */
static bool check_settings(struct arena *arena, const struct settings *settings, struct error *error)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const struct service *service = rows[i].service;
        if (rows[i].auth != AUTH_SIGV4 || (i > 0 && rows[i - 1].service == service))
            continue;
        struct endpoint_query query = query_of(settings, service, STR(""));
        struct endpoint endpoint;
        bool is_asked = query.custom.len > 0 || strcmp(service->id, "sts") == 0;
        if (is_asked && !endpoint_resolve(arena, &query, &endpoint, error))
            return false;
    }
    return true;
}

bool session_open(struct arena *arena, const struct session_options *options, struct session **ret, struct error *error)
{
    struct session *session = arena_new(arena, struct session);
    session->arena = arena;
    session->options = *options;
    session->opened_ms = clock_milliseconds();
    session->optscale_token = options->optscale.token;
    if (!check_settings(arena, options->settings, error) || !renew(session, error))
        return false;
    session->options.prompt.ask = NULL; /* nobody is asked in the middle of a run */
    *ret = session;
    return true;
}

const struct credentials *session_credentials(const struct session *session)
{
    return &session->credentials;
}

int64_t session_now(const struct session *session)
{
    return session->options.now + (clock_milliseconds() - session->opened_ms) / 1000 + session->offset;
}

void session_correct_clock(struct session *session, int64_t seconds)
{
    session->offset += seconds;
}

/* A renewal that fails is no end: the old credentials may still be good for a while, and say so if not. */
static void renew_if_due(struct session *session)
{
    int64_t now = session_now(session);
    struct error error;
    if (credentials_end_soon(&session->credentials, now, RENEW_BEFORE_SECONDS) &&
        now - session->renewed >= RENEW_AGAIN_SECONDS)
        (void)renew(session, &error);
}

/* The request that is being made: the protocol's headers, and ours after them. */
struct draft {
    struct arena *arena;
    const struct wire_request *wire;
    struct str url_base; /* scheme and authority */
    struct str path;     /* with the endpoint's base path */
    struct http_header *headers;
    size_t header_count;
};

static void draft_add(struct draft *draft, const char *name, struct str value)
{
    draft->headers[draft->header_count++] = (struct http_header){str_from(name), value};
}

static struct draft draft_begin(struct arena *arena, const struct wire_request *wire, struct str scheme,
                                struct str authority, struct str base_path)
{
    struct draft draft = {.arena = arena, .wire = wire};
    draft.url_base = str_join3(arena, scheme, STR("://"), authority);
    draft.path = str_join3(arena, base_path, wire->path, STR(""));
    draft.headers = arena_array(arena, struct http_header, wire->headers.count + OWN_HEADERS);
    for (size_t i = 0; i < wire->headers.count; i++)
        draft.headers[draft.header_count++] = wire->headers.items[i];
    draft_add(&draft, "Host", authority);
    return draft;
}

static struct http_request draft_end(const struct draft *draft)
{
    const struct wire_request *wire = draft->wire;
    const struct str parts[] = {draft->url_base, draft->path, wire->query.len > 0 ? STR("?") : STR(""), wire->query};
    return (struct http_request){.method = wire->method,
                                 .url = str_concat(draft->arena, parts, COUNT_OF(parts)),
                                 .headers = {draft->headers, draft->header_count},
                                 .body = wire->body,
                                 .body_max = WIRE_BODY_MAX};
}

/* Every header that is there by then is signed. */
static bool sign_draft(struct session *session, struct draft *draft, const struct endpoint *endpoint, int64_t time,
                       struct error *error)
{
    struct str hash;
    struct str authorization;
    if (!digest_sha256_hex(draft->arena, draft->wire->body, &hash, error))
        return false;
    enum sigv4_path path_rule = sigv4_path_rule(endpoint->signing_name);
    draft_add(draft, "X-Amz-Date", clock_iso_basic(draft->arena, time));
    if (path_rule == SIGV4_PATH_AS_SENT)
        draft_add(draft, "X-Amz-Content-Sha256", hash);
    if (!secret_is_empty(session->credentials.session_token))
        draft_add(draft, "X-Amz-Security-Token", secret_expose(session->credentials.session_token));
    struct sigv4_request request = {.method = draft->wire->method,
                                    .path = draft->path,
                                    .query = draft->wire->query,
                                    .headers = {draft->headers, draft->header_count},
                                    .payload_hash = hash,
                                    .path_rule = path_rule};
    struct sigv4_scope scope = {time, endpoint->signing_region, endpoint->signing_name};
    if (!sigv4_sign(session->keys, draft->arena, &request, &scope, &authorization, error))
        return false;
    draft_add(draft, "Authorization", authorization);
    return true;
}

/* "/bucket/key" without the bucket, whose name is a label of the host by now. */
static struct str path_in_bucket(struct str path, struct str bucket)
{
    struct str rest = str_skip(path, bucket.len + 1);
    return rest.len > 0 ? rest : STR("/");
}

static bool request_for_aws(struct session *session, struct arena *arena, const struct call *call, struct str region,
                            const struct wire_request *wire, struct signed_request *ret, struct error *error)
{
    const struct service *service = call->operation->service;
    struct endpoint_query query = query_of(session->options.settings, service, region);
    struct endpoint endpoint;
    query.account = json_find_string(call->parameters, "AccountId");
    if (strcmp(service->id, "s3") == 0)
        query.bucket = json_find_string(call->parameters, "Bucket");
    query.addressing = settings_addressing(session->options.settings);
    if (!str_equal(query.service, STR("s3control"))) /* elsewhere the parameter is one of the request itself */
        query.account = STR("");
    if (!endpoint_resolve(arena, &query, &endpoint, error))
        return false;
    struct draft draft = draft_begin(arena, wire, endpoint.scheme, endpoint.authority, endpoint.base_path);
    if (endpoint.bucket_in_host)
        draft.path = str_join3(arena, endpoint.base_path, path_in_bucket(wire->path, query.bucket), STR(""));
    if (call->operation->auth == AUTH_SIGV4 && !sign_draft(session, &draft, &endpoint, ret->time, error))
        return false;
    ret->http = draft_end(&draft);
    return true;
}

static bool optscale_token(struct session *session, const struct secret **ret, struct error *error)
{
    const struct session_options *options = &session->options;
    bool is_known = session->optscale_token || session->optscale_error.code[0];
    bool ok = is_known ? session->optscale_token != NULL
                       : optscale_login(session->arena, options->authenticator, &options->optscale,
                                        &session->optscale_token, &session->optscale_error);
    if (!ok)
        return error_set(error, session->optscale_error.code, "%s", session->optscale_error.text);
    *ret = session->optscale_token;
    return true;
}

static bool request_for_optscale(struct session *session, struct arena *arena, const struct wire_request *wire,
                                 struct http_request *ret, struct error *error)
{
    const struct secret *token = NULL;
    struct url url;
    if (!optscale_url(&session->options.optscale, &url, error) || !optscale_token(session, &token, error))
        return false;
    struct draft draft = draft_begin(arena, wire, url.scheme, url.authority, url.path);
    draft_add(&draft, "Authorization", str_join3(arena, STR("Bearer "), secret_expose(token), STR("")));
    *ret = draft_end(&draft);
    ret->ca_file = session->options.optscale.ca_file;
    return true;
}

bool session_sign(struct session *session, struct arena *arena, const struct call *call, struct str region,
                  const struct wire_request *wire, struct signed_request *ret, struct error *error)
{
    if (call->operation->auth == AUTH_BEARER) {
        ret->time = session_now(session);
        return request_for_optscale(session, arena, wire, &ret->http, error);
    }
    renew_if_due(session);
    ret->time = session_now(session);
    return request_for_aws(session, arena, call, region, wire, ret, error);
}
