/* playback.c: answering requests from a snapshot; see playback.h. */
#include "account/serve/playback.h"

#include "account/serve/objects.h"
#include "account/serve/playback_index.h"
#include "aws/protocol/paging.h"
#include "aws/signing/sigv4.h"
#include "base/clock.h"
#include "base/map.h"

struct playback {
    struct playback_options options;
    const struct playback_index *index;
};

/* How far a request's time may be off (facts of AWS: 15 minutes at S3, 5 elsewhere). */
#define SKEW_S3 900
#define SKEW_OTHERS 300

/* What a token of OptScale is good for, in hours. */
#define TOKEN_HOURS 168

/* ---------------------------------------------------------------- faults */

static const struct {
    struct str name;
    enum fault_mode mode;
} fault_modes[] = {
    {STR_INIT("denied"), FAULT_DENIED},       {STR_INIT("http-500"), FAULT_HTTP_500},
    {STR_INIT("truncated"), FAULT_TRUNCATED}, {STR_INIT("html"), FAULT_HTML},
    {STR_INIT("missing"), FAULT_MISSING},
};

bool fault_parse(struct str text, struct fault *ret, struct error *error)
{
    ptrdiff_t equals = str_find_last_char(text, '='); /* a part may have one, too: "bytes=0-" */
    struct str mode = str_skip(text, equals + 1);
    struct str part = equals < 0 ? text : str_slice(text, 0, equals);
    struct str call;
    str_cut(&part, '/', &call);
    struct fault fault = {.operation = operation_find_call(call), .part = part};
    if (!fault.operation)
        return error_set(error, ERROR_INPUT, "'%.*s' is no operation: write SERVICE:OPERATION[/PART]=MODE",
                         STR_ARG(call));
    for (size_t i = 0; i < COUNT_OF(fault_modes); i++) {
        if (str_equal(mode, fault_modes[i].name))
            fault.mode = fault_modes[i].mode;
    }
    if (fault.mode == FAULT_NONE)
        return error_set(error, ERROR_INPUT, "'%.*s' is no fault: denied, http-500, truncated, html, missing",
                         STR_ARG(mode));
    *ret = fault;
    return true;
}

static bool has_part(const struct json *parameters, struct str part)
{
    for (size_t i = 0; json_is(parameters, JSON_OBJECT) && i < parameters->count; i++) {
        const struct json *value = &parameters->members[i].value;
        if (json_is(value, JSON_STRING) && str_contains(value->string, part))
            return true;
    }
    return part.len == 0;
}

static enum fault_mode fault_of(const struct playback *playback, const struct asked *asked)
{
    for (size_t i = 0; asked->operation && i < playback->options.fault_count; i++) {
        const struct fault *fault = &playback->options.faults[i];
        if (fault->operation == asked->operation && has_part(asked->parameters, fault->part))
            return fault->mode;
    }
    return FAULT_NONE;
}

/* How each protocol says that the caller may not. */
static struct answer denied(const struct asked *asked, struct str message)
{
    static const struct {
        struct str code;
        int status;
    } refusals[] = {
        [PROTOCOL_QUERY] = {STR_INIT("AccessDenied"), 403},
        [PROTOCOL_EC2] = {STR_INIT("UnauthorizedOperation"), 403},
        [PROTOCOL_JSON] = {STR_INIT("AccessDeniedException"), 400},
        [PROTOCOL_REST_XML] = {STR_INIT("AccessDenied"), 403},
        [PROTOCOL_REST_JSON] = {STR_INIT("OE0234"), 403},
    };
    return (struct answer){
        .code = refusals[asked->protocol].code,
        .message = message,
        .http_status = refusals[asked->protocol].status,
    };
}

/* ---------------------------------------------------------------- the answer */

static struct answer refusal(const char *code, int status, struct str message)
{
    return (struct answer){.code = str_from(code), .http_status = status, .message = message};
}

static struct answer missing(const struct playback *playback, struct arena *arena, const struct asked *asked)
{
    struct str message = str_format(arena, "the snapshot has no %s:%s with %.*s", asked->service->id,
                                    asked->operation->name, STR_ARG(json_text(arena, asked->parameters, 0)));
    struct answer answer = refusal(ANSWER_NOT_IN_SNAPSHOT, 404, message);
    /* The region in which other calls on the bucket were made: clients ask HeadBucket for no more than that. */
    if (asked->protocol == PROTOCOL_REST_XML && asked->head)
        answer.bucket_region = playback_bucket_region(playback->index, json_find_string(asked->parameters, "Bucket"));
    return answer;
}

static int64_t page_length(const struct playback *playback, const struct asked *asked)
{
    int64_t limit = playback->options.page_size;
    return asked->limit > 0 && (limit == 0 || asked->limit < limit) ? asked->limit : limit;
}

static struct answer recorded_answer(const struct playback *playback, struct arena *arena, const struct asked *asked,
                                     struct str region)
{
    struct answer answer;
    if (playback->options.objects.len > 0 &&
        objects_answer(arena, playback->options.objects, playback->options.snapshot, asked, &answer))
        return answer;
    const struct answered_call *call =
        playback_find(playback->index, arena, asked->operation, region, asked->parameters);
    if (!call)
        return missing(playback, arena, asked);
    answer = call->answer;
    if (answer.code.len == 0 && !paging_cut(arena, asked->operation, answer.value, asked->page_token,
                                            page_length(playback, asked), &answer.value))
        return refusal("InvalidToken", 400, STR("the token is none that an earlier page gave"));
    if (asked->protocol == PROTOCOL_REST_XML && asked->head && answer.bucket_region.len == 0)
        answer.bucket_region = playback_bucket_region(playback->index, json_find_string(asked->parameters, "Bucket"));
    return answer;
}

static struct answer refused(const struct playback *playback, struct arena *arena, const struct asked *asked,
                             struct str message)
{
    if (asked->protocol == PROTOCOL_EC2)
        message = str_format(arena, "You are not authorized to perform this operation. %.*s", STR_ARG(message));
    struct answer answer = denied(asked, message);
    /* S3 tells a bucket's region to whoever asks, also with a refusal. */
    if (asked->protocol == PROTOCOL_REST_XML)
        answer.bucket_region = playback_bucket_region(playback->index, json_find_string(asked->parameters, "Bucket"));
    return answer;
}

/* What the caller may have: the answer, the refusal, or, in a dry run of EC2, that it would have been answered. */
static struct answer permitted_answer(const struct playback *playback, struct arena *arena, const struct asked *asked,
                                      const struct sigv4_verification *signature)
{
    const struct playback_caller *caller = playback->options.caller;
    struct str region = signature->scope.region;
    struct str message;
    struct answer answer;
    if (!caller || asked->operation->auth != AUTH_SIGV4)
        return recorded_answer(playback, arena, asked, region);
    if (!caller->allows(caller->context, arena, asked, region, &message))
        return refused(playback, arena, asked, message);
    if (asked->protocol == PROTOCOL_EC2 && json_find_boolean(asked->parameters, "DryRun", false))
        return refusal("DryRunOperation", 412, STR("Request would have succeeded, but DryRun flag is set."));
    if (caller->answers(caller->context, arena, asked, signature->access_key_id, &answer))
        return answer;
    return recorded_answer(playback, arena, asked, region);
}

static struct sigv4_verification verify(const struct playback *playback, struct arena *arena,
                                        const struct wire_request *request, const struct asked *asked, int64_t now)
{
    struct sigv4_received received = {request->method, request->path, request->query, request->headers, request->body};
    struct sigv4_known known = {
        .access_key_id = playback->options.access_key_id,
        .secret_key = playback->options.secret_key,
        .now = playback->options.check_clock ? now : 0,
        .max_skew = asked->protocol == PROTOCOL_REST_XML ? SKEW_S3 : SKEW_OTHERS,
    };
    return sigv4_verify(arena, &received, &known);
}

/* The answer to a request that may be refused for its signature, for what it asks, or by a fault. */
static struct answer decide(const struct playback *playback, struct arena *arena, const struct asked *asked,
                            const struct sigv4_verification *signature, const struct error *error)
{
    bool is_signed = !asked->operation || asked->operation->auth == AUTH_SIGV4;
    if (playback->options.secret_key && is_signed && signature->verdict != SIGV4_OK) {
        struct sigv4_complaint complaint = sigv4_complaint(signature->verdict, asked->protocol);
        return refusal(complaint.code, complaint.http_status, str_from(complaint.message));
    }
    if (!asked->operation)
        return refusal(ANSWER_NOT_IN_SNAPSHOT, 404, str_copy(arena, str_from(error->text)));
    if (error->code[0])
        return refusal("ValidationError", 400, str_copy(arena, str_from(error->text)));
    switch (fault_of(playback, asked)) {
    case FAULT_DENIED: return denied(asked, STR("Access Denied"));
    case FAULT_HTTP_500: return refusal("InternalError", 500, STR("We encountered an internal error."));
    case FAULT_MISSING: return missing(playback, arena, asked);
    default: return permitted_answer(playback, arena, asked, signature);
    }
}

static void spoil(enum fault_mode mode, struct played *played)
{
    static const struct http_header html = {STR_INIT("Content-Type"), STR_INIT("text/html")};
    struct wire_answer *wire = &played->wire;
    if (mode == FAULT_TRUNCATED) {
        played->breaks_off = wire->body.len == 0;
        wire->body = str_slice(wire->body, 0, wire->body.len / 2);
    } else if (mode == FAULT_HTML) {
        *wire = (struct wire_answer){.status = 200, .headers = {&html, 1}};
        wire->body = STR("<!DOCTYPE html>\n<html><body><h1>Sign in to the network</h1></body></html>\n");
    }
}

/* ---------------------------------------------------------------- requests */

/* "bucket.s3.eu-west-1.example:8080" with the path "/key" is "/bucket/key". */
static struct str path_style(const struct playback *playback, struct arena *arena, const struct wire_request *request)
{
    struct str host = http_header_find(request->headers, STR("Host"));
    struct str bucket = playback_bucket_of_host(playback->index, host);
    if (bucket.len == 0)
        return request->path;
    return str_equal(request->path, STR("/")) ? str_join3(arena, STR("/"), bucket, STR(""))
                                              : str_join3(arena, STR("/"), bucket, request->path);
}

/* OptScale's token, which its REST service wants and nothing here looks at. */
static struct wire_answer token_answer(const struct playback *playback, struct arena *arena, int64_t elapsed)
{
    static const struct http_header type = {STR_INIT("Content-Type"), STR_INIT("application/json; charset=UTF-8")};
    int64_t now = playback->options.snapshot->created + elapsed;
    struct json_builder body = json_build(arena, JSON_OBJECT);
    json_build_append(&body, STR("token"), json_string(STR("exportcheck-serve")));
    json_build_append(&body, STR("user_id"), json_string(STR("00000000-0000-0000-0000-000000000000")));
    json_build_append(&body, STR("created_at"), json_string(clock_iso(arena, now)));
    json_build_append(&body, STR("valid_until"), json_string(clock_iso(arena, now + (int64_t)TOKEN_HOURS * 3600)));
    struct json value = json_built(&body);
    return (struct wire_answer){.status = 201, .headers = {&type, 1}, .body = json_text(arena, &value, 0)};
}

/* The same request has the same id: playing back is deterministic. */
static struct str request_id(struct arena *arena, const struct wire_request *request)
{
    uint64_t hash = hash_fnv1a(hash_fnv1a(hash_fnv1a(0, request->path), request->query), request->body);
    return str_format(arena, "exportcheck-%016llx", (unsigned long long)hash);
}

static struct http_headers with_date(struct arena *arena, struct http_headers headers, int64_t now)
{
    struct http_header *all = arena_array(arena, struct http_header, headers.count + 1);
    for (size_t i = 0; i < headers.count; i++)
        all[i] = headers.items[i];
    all[headers.count] = (struct http_header){STR("Date"), clock_http(arena, now)};
    return (struct http_headers){all, headers.count + 1};
}

const struct playback *playback_open(struct arena *arena, const struct playback_options *options)
{
    struct playback *playback = arena_new(arena, struct playback);
    playback->options = *options;
    playback->index = playback_index_open(arena, options->snapshot);
    return playback;
}

struct str playback_account(const struct playback *playback)
{
    const struct snapshot *snapshot = playback->options.snapshot;
    const struct operation *identity = operation_find_call(STR("sts:GetCallerIdentity"));
    for (size_t i = 0; i < snapshot->call_count; i++) {
        if (snapshot->calls[i].call.operation == identity)
            return json_find_string(snapshot->calls[i].answer.value, "Account");
    }
    return STR("");
}

int64_t playback_now(const struct playback *playback, int64_t elapsed)
{
    return playback->options.snapshot->created + elapsed;
}

/* A service that is asked too often, in its own words (facts of AWS: error codes of throttling). */
static struct answer throttled(const struct asked *asked)
{
    static const struct {
        const char *code;
        int status;
    } words[] = {
        [PROTOCOL_QUERY] = {"Throttling", 400},         [PROTOCOL_EC2] = {"RequestLimitExceeded", 503},
        [PROTOCOL_JSON] = {"ThrottlingException", 400}, [PROTOCOL_REST_XML] = {"SlowDown", 503},
        [PROTOCOL_REST_JSON] = {"OE0429", 429},
    };
    return refusal(words[asked->protocol].code, words[asked->protocol].status, STR("Rate exceeded"));
}

/* "503": that status; "InternalError": that code, with the status that the service gives its own failures. */
static struct answer failed(struct str code)
{
    int64_t status;
    if (str_to_int64(code, &status) && status >= 400 && status < 600)
        return refusal(status >= 500 ? "InternalError" : "BadRequest", (int)status, STR("made to fail"));
    return (struct answer){.code = code, .http_status = 500, .message = STR("made to fail")};
}

static struct answer under(enum weather_event event, struct str fail, const struct asked *asked, struct answer answer)
{
    if (event == WEATHER_THROTTLE)
        return throttled(asked);
    return event == WEATHER_FAIL ? failed(fail) : answer;
}

static enum fault_mode mode_of(const struct playback *playback, const struct asked *asked, enum weather_event event)
{
    return event == WEATHER_TRUNCATE ? FAULT_TRUNCATED : fault_of(playback, asked);
}

static struct played play(const struct playback *playback, struct arena *arena, const struct wire_request *request,
                          int64_t now, enum weather_event event, struct str fail)
{
    struct error error = {.code = ""};
    struct asked asked;
    struct wire_request plain = *request;
    plain.path = path_style(playback, arena, request);
    struct played played = {.label = str_format(arena, "%.*s %.*s", STR_ARG(request->method), STR_ARG(request->path))};
    if (!protocol_decode_request(arena, &plain, &asked, &error) && !error.code[0])
        error_set(&error, ERROR_INPUT, "the request is not understood");
    asked.request_id = request_id(arena, request);
    if (asked.operation)
        played.label = str_format(arena, "%s:%s", asked.service->id, asked.operation->name);
    struct sigv4_verification signature = verify(playback, arena, request, &asked, now);
    struct answer answer = under(event, fail, &asked, decide(playback, arena, &asked, &signature, &error));
    played.code = answer.code;
    played.wire = protocol_encode_answer(arena, &asked, &answer);
    spoil(mode_of(playback, &asked, event), &played);
    played.breaks_off = played.breaks_off || event == WEATHER_DROP;
    return played;
}

struct played playback_answer(const struct playback *playback, struct arena *arena, const struct wire_request *request,
                              int64_t elapsed, enum weather_event event, struct str fail)
{
    int64_t now = playback_now(playback, elapsed);
    struct played played;
    if (str_equal(request->path, STR("/auth/v2/tokens")) && str_equal(request->method, STR("POST")))
        played = (struct played){.wire = token_answer(playback, arena, elapsed), .label = STR("optscale token")};
    else
        played = play(playback, arena, request, now, event, fail);
    played.wire.headers = with_date(arena, played.wire.headers, now);
    return played;
}
