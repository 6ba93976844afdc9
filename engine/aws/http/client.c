/* client.c: see client.h. */
#include "aws/http/client.h"

#include "aws/crypto/secret.h"
#include "aws/http/curl.h"
#include "aws/http/url.h"
#include "base/buf.h"
#include "base/clock.h"

#include <string.h>

enum {
    SIDE_BY_SIDE = 64,
    CONNECT_TIMEOUT_MS = 10000,
    TIMEOUT_MS = 20000,
    SLOWEST_BYTES = 100, /* a second, for SLOW_SECONDS: what is slower than that does not end */
    SLOW_SECONDS = 10,   /* from the answer's first line on: until then it may think */
    IN_FLIGHT_MAX = 256 << 20,
    HEADERS_MAX = 256,          /* lines of one answer */
    HEADER_BYTES_MAX = 1 << 16, /* of one line */
    AUTHENTICATION_BODY_MAX = 1 << 20,
};

/* One request on its way. Handles are kept for the next one: their connections' state is warm. */
struct transfer {
    struct transfer *next; /* in the list of idle ones */
    CURL *easy;
    struct http_client *client;
    struct arena *arena;
    struct curl_slist *lines;
    struct http_header *headers;
    size_t header_count;
    struct buf body;
    size_t taken;    /* bytes of memory for the body: what it outgrew stays until its arena is closed */
    bool running;    /* in the multi handle */
    bool ended;      /* by http_client_end_all() */
    size_t passed;   /* the limit that its answer was too large for; 0: none */
    int64_t started; /* milliseconds */
    struct str authority;
    http_handler handler;
    void *context;
    char error[CURL_ERROR_SIZE];
};

struct http_client {
    struct arena *arena;
    struct curl curl;
    struct http_client_options options;
    CURLM *multi;
    struct transfer *idle;
    struct transfer **all; /* for closing */
    size_t all_count;
    size_t running;
    size_t in_flight; /* what the bodies of those have taken */
};

/* --- opening and closing ----------------------------------------------------------------------- */

static void lines_close(struct transfer *transfer)
{
    for (struct curl_slist *line = transfer->lines; line; line = line->next)
        secret_wipe(line->data, strlen(line->data)); /* one of them may be a signature or a token */
    transfer->client->curl.slist_free_all_(transfer->lines);
    transfer->lines = NULL;
}

static void client_close(void *object)
{
    struct http_client *client = object;
    const struct curl *curl = &client->curl;
    for (size_t i = 0; i < client->all_count; i++) {
        struct transfer *transfer = client->all[i];
        (void)curl->multi_remove_handle_(client->multi, transfer->easy);
        lines_close(transfer);
        curl->easy_cleanup_(transfer->easy);
    }
    (void)curl->multi_cleanup_(client->multi);
}

bool http_client_open(struct arena *arena, const struct http_client_options *options, struct http_client **ret,
                      struct error *error)
{
    struct http_client *client = arena_new(arena, struct http_client);
    client->arena = arena;
    client->options = *options;
    if (client->options.max_side_by_side <= 0)
        client->options.max_side_by_side = SIDE_BY_SIDE;
    if (client->options.in_flight_max == 0)
        client->options.in_flight_max = IN_FLIGHT_MAX;
    if (!curl_load(arena, &client->curl, error))
        return false;
    client->multi = client->curl.multi_init_();
    if (!client->multi)
        return error_set(error, ERROR_IO, "libcurl gives no handle");
    /* One more than runs side by side: http_client_send() has one of its own. */
    client->all = arena_array(arena, struct transfer *, client->options.max_side_by_side + 1);
    /* No fewer to one host: what waited for a connection would spend its time to answer on that. */
    long most = client->options.max_side_by_side;
    (void)client->curl.multi_setopt_(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, most);
    (void)client->curl.multi_setopt_(client->multi, CURLMOPT_MAXCONNECTS, 2L * client->options.max_side_by_side);
    arena_defer(arena, client_close, client);
    *ret = client;
    return true;
}

static struct transfer *transfer_take(struct http_client *client)
{
    struct transfer *transfer = client->idle;
    if (transfer) {
        client->idle = transfer->next;
        return transfer;
    }
    if (client->all_count > (size_t)client->options.max_side_by_side)
        return NULL;
    transfer = arena_new(client->arena, struct transfer);
    transfer->client = client;
    transfer->easy = client->curl.easy_init_();
    if (!transfer->easy)
        return NULL;
    client->all[client->all_count++] = transfer;
    return transfer;
}

static void transfer_give_back(struct transfer *transfer)
{
    struct http_client *client = transfer->client;
    lines_close(transfer);
    client->in_flight -= transfer->taken;
    transfer->taken = 0;
    client->curl.easy_reset_(transfer->easy); /* forgets the headers, and with them the signature */
    transfer->next = client->idle;
    client->idle = transfer;
}

/* --- what comes in ------------------------------------------------------------------------------ */

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http_client *client = transfer->client;
    struct buf *body = &transfer->body;
    size_t more = size * count;
    size_t before = arena_used(transfer->arena);
    size_t growth = more < body->capacity - body->len ? 0 : 2 * body->capacity + more;
    if (more > body->max - body->len)
        transfer->passed = body->max;
    else if (client->in_flight + growth > client->options.in_flight_max)
        transfer->passed = client->options.in_flight_max;
    if (transfer->passed > 0)
        return 0;
    buf_add(body, (struct str){bytes, (ptrdiff_t)more});
    size_t taken = arena_used(transfer->arena) - before;
    transfer->taken += taken;
    client->in_flight += taken;
    return more;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct str line = str_trim((struct str){bytes, (ptrdiff_t)(size * count)});
    struct http_header header;
    if (str_starts(line, STR("HTTP/"))) {
        transfer->header_count = 0; /* of a 100 Continue, or a proxy's answer, before */
        (void)curl_set_long(&transfer->client->curl, transfer->easy, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
    } else if (line.len > 0 && str_cut(&line, ':', &header.name)) {
        if (transfer->header_count == HEADERS_MAX || line.len > HEADER_BYTES_MAX) {
            transfer->passed = HEADER_BYTES_MAX;
            return 0;
        }
        header.name = str_copy(transfer->arena, header.name);
        header.value = str_copy(transfer->arena, str_trim(line));
        transfer->headers[transfer->header_count++] = header;
    }
    return size * count;
}

/* --- what goes out ------------------------------------------------------------------------------- */

static bool add_line(struct transfer *transfer, const char *line)
{
    struct curl_slist *more = transfer->client->curl.slist_append_(transfer->lines, line);
    if (!more)
        return false;
    transfer->lines = more;
    return true;
}

/* libcurl adds headers of its own unless told not to: what is not signed is not sent. */
static bool set_headers(struct transfer *transfer, const struct http_request *request)
{
    bool ok = add_line(transfer, "Expect:");
    if (request->body.len > 0 && http_header_find(request->headers, STR("Content-Type")).len == 0)
        ok = ok && add_line(transfer, "Content-Type:");
    for (size_t i = 0; ok && i < request->headers.count; i++) {
        const struct http_header *header = &request->headers.items[i];
        /* A header without a value is written with a semicolon. */
        struct str line = header->value.len > 0 ? str_join3(transfer->arena, header->name, STR(": "), header->value)
                                                : str_join3(transfer->arena, header->name, STR(";"), STR(""));
        ok = add_line(transfer, str_to_c(transfer->arena, line));
    }
    return ok && curl_set_pointer(&transfer->client->curl, transfer->easy, CURLOPT_HTTPHEADER, transfer->lines);
}

static bool set_method(const struct curl *curl, CURL *easy, const struct http_request *request, const char *method)
{
    if (str_equal(request->method, STR("HEAD")))
        return curl_set_long(curl, easy, CURLOPT_NOBODY, 1);
    bool has_body = request->body.len > 0 || str_equal(request->method, STR("POST"));
    if (!has_body)
        return curl_set_text(curl, easy, CURLOPT_CUSTOMREQUEST, method);
    return curl->easy_setopt_(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len) == CURLE_OK &&
           curl_set_text(curl, easy, CURLOPT_POSTFIELDS, request->body.len > 0 ? request->body.ptr : "") &&
           curl_set_text(curl, easy, CURLOPT_CUSTOMREQUEST, method);
}

/* Set for every request, also to nothing: else libcurl looks into the environment. */
static bool set_proxy(struct transfer *transfer, const struct http_request *request, const struct url *url)
{
    const struct http_client_options *options = &transfer->client->options;
    struct str proxy = str_equal(url->scheme, STR("https")) ? options->https_proxy : options->http_proxy;
    if (request->direct || url_host_is_loopback(url->host))
        proxy = STR("");
    const struct curl *curl = &transfer->client->curl;
    return curl_set_text(curl, transfer->easy, CURLOPT_PROXY, str_to_c(transfer->arena, proxy)) &&
           curl_set_text(curl, transfer->easy, CURLOPT_NOPROXY, str_to_c(transfer->arena, options->no_proxy));
}

static bool set_protocols(const struct curl *curl, CURL *easy)
{
    if (curl_set_text(curl, easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        return true;
    enum { PROTOCOLS_OPTION = 181, HTTP_AND_HTTPS = 3 }; /* before 7.85, by bits */
    return curl_set_long(curl, easy, (CURLoption)PROTOCOLS_OPTION, HTTP_AND_HTTPS);
}

/* What is left until the deadline, where that is less; libcurl takes 0 for no limit. */
static int until_deadline(const struct http_client *client, int milliseconds)
{
    if (client->options.deadline_ms == 0)
        return milliseconds;
    int64_t left = client->options.deadline_ms - clock_milliseconds();
    return left < 1 ? 1 : left < milliseconds ? (int)left : milliseconds;
}

static bool set_limits(const struct http_client *client, CURL *easy, const struct http_request *request)
{
    const struct curl *curl = &client->curl;
    int connect = request->connect_timeout_ms > 0 ? request->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    int all = until_deadline(client, request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS);
    return set_protocols(curl, easy) && curl_set_long(curl, easy, CURLOPT_NOSIGNAL, 1) &&
           curl_set_long(curl, easy, CURLOPT_FOLLOWLOCATION, 0) && curl_set_long(curl, easy, CURLOPT_PATH_AS_IS, 1) &&
           curl_set_long(curl, easy, CURLOPT_CONNECTTIMEOUT_MS, connect) &&
           curl_set_long(curl, easy, CURLOPT_TIMEOUT_MS, all) &&
           curl_set_long(curl, easy, CURLOPT_LOW_SPEED_LIMIT, SLOWEST_BYTES) &&
           curl_set_long(curl, easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
}

static bool set_sinks(struct transfer *transfer)
{
    const struct curl *curl = &transfer->client->curl;
    CURL *easy = transfer->easy;
    return curl->easy_setopt_(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl->easy_setopt_(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_set_pointer(curl, easy, CURLOPT_WRITEDATA, transfer) &&
           curl_set_pointer(curl, easy, CURLOPT_HEADERDATA, transfer) &&
           curl_set_pointer(curl, easy, CURLOPT_PRIVATE, transfer) &&
           curl_set_pointer(curl, easy, CURLOPT_ERRORBUFFER, transfer->error);
}

static bool set_all(struct transfer *transfer, const struct http_request *request)
{
    const struct curl *curl = &transfer->client->curl;
    const struct http_client_options *options = &transfer->client->options;
    struct arena *arena = transfer->arena;
    struct str ca_file = request->ca_file.len > 0 ? request->ca_file : options->ca_file;
    struct url url;
    if (!url_parse(request->url, &url, NULL))
        return false;
    transfer->authority = url.authority;
    return set_limits(transfer->client, transfer->easy, request) && set_sinks(transfer) &&
           curl_set_text(curl, transfer->easy, CURLOPT_URL, str_to_c(arena, request->url)) &&
           curl_set_text(curl, transfer->easy, CURLOPT_USERAGENT, str_to_c(arena, options->user_agent)) &&
           (ca_file.len == 0 || curl_set_text(curl, transfer->easy, CURLOPT_CAINFO, str_to_c(arena, ca_file))) &&
           set_proxy(transfer, request, &url) && set_headers(transfer, request) &&
           set_method(curl, transfer->easy, request, str_to_c(arena, request->method));
}

/* --- the way of a request ------------------------------------------------------------------------ */

static bool transfer_prepare(struct transfer *transfer, struct arena *arena, const struct http_request *request)
{
    transfer->arena = arena;
    transfer->headers = arena_array(arena, struct http_header, HEADERS_MAX);
    transfer->header_count = 0;
    transfer->body = buf_make(arena, request->body_max);
    transfer->passed = 0;
    transfer->ended = false;
    transfer->started = clock_milliseconds();
    transfer->authority = request->url;
    transfer->error[0] = '\0';
    return set_all(transfer, request);
}

static const struct {
    CURLcode code;
    enum http_outcome outcome;
} outcomes[] = {
    {CURLE_OK, HTTP_ANSWERED},
    {CURLE_OPERATION_TIMEDOUT, HTTP_TIMED_OUT},
    {CURLE_COULDNT_RESOLVE_HOST, HTTP_UNRESOLVED},
    {CURLE_COULDNT_RESOLVE_PROXY, HTTP_UNRESOLVED},
    {CURLE_PEER_FAILED_VERIFICATION, HTTP_UNTRUSTED},
    {CURLE_SSL_CACERT_BADFILE, HTTP_UNTRUSTED},
    {CURLE_SSL_CERTPROBLEM, HTTP_UNTRUSTED},
};

static enum http_outcome outcome_of(const struct transfer *transfer, CURLcode code)
{
    int64_t deadline = transfer->client->options.deadline_ms;
    if (transfer->passed > 0)
        return HTTP_TOO_LARGE;
    if (transfer->ended || (code == CURLE_OPERATION_TIMEDOUT && deadline != 0 && clock_milliseconds() >= deadline))
        return HTTP_OUT_OF_TIME;
    for (size_t i = 0; i < COUNT_OF(outcomes); i++)
        if (outcomes[i].code == code)
            return outcomes[i].outcome;
    return HTTP_UNREACHABLE;
}

/* Why there is no answer, with the host before it. */
static struct str message_of(const struct transfer *transfer, enum http_outcome outcome, CURLcode code)
{
    const char *words = transfer->error[0] ? transfer->error : transfer->client->curl.easy_strerror_(code);
    bool together = transfer->passed == transfer->client->options.in_flight_max;
    if (outcome == HTTP_TOO_LARGE)
        return str_format(transfer->arena, "%.*s: %s more than %zu bytes", STR_ARG(transfer->authority),
                          together ? "the answers that are on their way take" : "an answer of", transfer->passed);
    if (outcome == HTTP_OUT_OF_TIME)
        words = "had not answered by then";
    return str_format(transfer->arena, "%.*s: %s", STR_ARG(transfer->authority), words);
}

static struct http_result transfer_result(const struct transfer *transfer, CURLcode code)
{
    const struct curl *curl = &transfer->client->curl;
    struct http_result result = {
        .outcome = outcome_of(transfer, code),
        .milliseconds = clock_milliseconds() - transfer->started,
        .bytes = (int64_t)transfer->body.len,
    };
    if (result.outcome == HTTP_ANSWERED) {
        long status = 0;
        (void)curl->easy_getinfo_(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        result.response =
            (struct http_response){(int)status, {transfer->headers, transfer->header_count}, buf_str(&transfer->body)};
    } else {
        result.message = message_of(transfer, result.outcome, code);
    }
    return result;
}

static void transfer_end(struct transfer *transfer, CURLcode code)
{
    (void)transfer->client->curl.multi_remove_handle_(transfer->client->multi, transfer->easy);
    transfer->running = false;
    transfer->client->running--;
    struct http_result result = transfer_result(transfer, code);
    http_handler handler = transfer->handler;
    void *context = transfer->context;
    transfer_give_back(transfer);
    handler(context, &result);
}

static struct http_result cannot_start(struct arena *arena, const struct http_request *request)
{
    return (struct http_result){
        .outcome = HTTP_UNREACHABLE,
        .message = str_join3(arena, request->url, STR(": "), STR("libcurl does not take the request"))};
}

void http_client_start(struct http_client *client, struct arena *arena, const struct http_request *request,
                       http_handler handler, void *context)
{
    struct transfer *transfer = transfer_take(client);
    if (transfer) {
        transfer->handler = handler;
        transfer->context = context;
        if (transfer_prepare(transfer, arena, request) &&
            client->curl.multi_add_handle_(client->multi, transfer->easy) == CURLM_OK) {
            transfer->running = true;
            client->running++;
            return;
        }
        transfer_give_back(transfer);
    }
    struct http_result result = cannot_start(arena, request);
    handler(context, &result);
}

size_t http_client_count(const struct http_client *client)
{
    return client->running;
}

size_t http_client_room(const struct http_client *client)
{
    return (size_t)client->options.max_side_by_side - client->running;
}

static void end_those_done(struct http_client *client)
{
    const struct curl *curl = &client->curl;
    CURLMsg *message;
    int left;
    while ((message = curl->multi_info_read_(client->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result; /* the message is gone once the handle is removed */
        char *owner = NULL;
        (void)curl->easy_getinfo_(easy, CURLINFO_PRIVATE, &owner);
        transfer_end((struct transfer *)(void *)owner, code);
    }
}

void http_client_set_deadline(struct http_client *client, int64_t deadline_ms)
{
    client->options.deadline_ms = deadline_ms;
}

void http_client_end_all(struct http_client *client)
{
    for (size_t i = 0; i < client->all_count; i++) {
        struct transfer *transfer = client->all[i];
        transfer->ended = transfer->running;
    }
    /* Handlers may start others, in the handles that became free: those run on. */
    for (size_t i = 0; i < client->all_count; i++) {
        struct transfer *transfer = client->all[i];
        if (transfer->running && transfer->ended)
            transfer_end(transfer, CURLE_OPERATION_TIMEDOUT);
    }
}

void http_client_step(struct http_client *client, int wait_ms)
{
    int running = 0;
    (void)client->curl.multi_perform_(client->multi, &running);
    if ((size_t)running == client->running)
        (void)client->curl.multi_poll_(client->multi, NULL, 0, wait_ms, NULL);
    (void)client->curl.multi_perform_(client->multi, &running);
    end_those_done(client);
}

struct http_result http_client_send(struct http_client *client, struct arena *arena, const struct http_request *request)
{
    struct transfer *transfer = transfer_take(client);
    if (!transfer)
        return cannot_start(arena, request);
    if (!transfer_prepare(transfer, arena, request)) {
        transfer_give_back(transfer);
        return cannot_start(arena, request);
    }
    CURLcode code = client->curl.easy_perform_(transfer->easy);
    struct http_result result = transfer_result(transfer, code);
    transfer_give_back(transfer);
    return result;
}

/* --- authenticating ------------------------------------------------------------------------------ */

static bool is_worth_another(const struct http_result *result)
{
    if (result->outcome == HTTP_ANSWERED)
        return result->response.status >= 500;
    return result->outcome == HTTP_UNREACHABLE || result->outcome == HTTP_TIMED_OUT;
}

static bool authenticate(void *self, struct arena *arena, const struct authentication_request *request,
                         struct http_response *ret, struct error *error)
{
    const struct authentication_row *row = authentication_row(request->kind);
    struct http_request http = {.method = str_from(row->method),
                                .url = request->url,
                                .headers = request->headers,
                                .body = request->body,
                                .ca_file = request->ca_file,
                                .timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : row->timeout_ms,
                                .body_max = AUTHENTICATION_BODY_MAX,
                                .direct = row->direct};
    http.connect_timeout_ms = http.timeout_ms;
    int attempts = request->attempts > 0 ? request->attempts : row->attempts;
    struct http_result result = {.outcome = HTTP_UNREACHABLE};
    for (int i = 0; i < attempts; i++) {
        result = http_client_send(self, arena, &http);
        if (!is_worth_another(&result))
            break;
    }
    if (result.outcome != HTTP_ANSWERED)
        return error_set(error, result.outcome == HTTP_TIMED_OUT ? "Timeout" : "Unreachable", "%s: %.*s", row->name,
                         STR_ARG(result.message));
    *ret = result.response;
    return true;
}

struct authenticator http_client_authenticator(struct http_client *client)
{
    return (struct authenticator){client, authenticate};
}
