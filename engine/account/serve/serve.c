/* serve.c: playback over libmicrohttpd; see serve.h. */
#include "account/serve/serve.h"

#include "account/serve/microhttpd.h"
#include "base/clock.h"
#include "base/map.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define IDLE_SECONDS 60U
#define BACKLOG 128
/* Reading operations send a few parameters, or policies to be simulated. */
#define MAX_REQUEST_BODY ((size_t)4 << 20)
/* A request's own arena: a page of the largest answer, encoded. */
#define MAX_EXCHANGE_MEMORY ((size_t)1 << 30)
/* What stands for an object's content, which no snapshot holds. */
#define BLANK_BLOCK 65536

struct server {
    const struct microhttpd *http;
    const struct crowd *crowd;
    struct weather *weather; /* NULL: fine */
    struct serve_tls tls;
    const struct log *log;
    struct MHD_Daemon *daemon;
    int socket;
    struct str url;
    int64_t started; /* of the monotonic clock */
};

/* One request and its answer. */
struct exchange {
    struct arena *arena;
    struct str path;
    struct str query;
    struct buf body;
    struct http_header *headers;
    size_t header_count;
    size_t header_capacity;
    bool begun; /* the handler has been called before */
};

/* ---------------------------------------------------------------- requests */

/* Called with the request line's target as it came: libmicrohttpd's own path is decoded already. */
static void *begin_exchange(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    (void)connection;
    struct arena *arena = arena_open(MAX_EXCHANGE_MEMORY);
    struct exchange *exchange = arena_new(arena, struct exchange);
    *exchange = (struct exchange){.arena = arena, .body = buf_make(arena, MAX_REQUEST_BODY)};
    exchange->query = str_copy(arena, str_from(target));
    str_cut(&exchange->query, '?', &exchange->path);
    return exchange;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **exchange,
                         enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how;
    struct exchange *ended = *exchange;
    if (ended)
        arena_close(ended->arena);
    *exchange = NULL;
}

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    struct exchange *exchange = context;
    if (exchange->header_count == exchange->header_capacity) {
        size_t capacity = exchange->header_capacity ? exchange->header_capacity * 2 : 16;
        struct http_header *grown = arena_array(exchange->arena, struct http_header, capacity);
        if (exchange->header_count)
            memcpy(grown, exchange->headers, exchange->header_count * sizeof *grown);
        exchange->headers = grown;
        exchange->header_capacity = capacity;
    }
    struct http_header header = {str_copy(exchange->arena, str_from(name)), str_copy(exchange->arena, str_from(value))};
    exchange->headers[exchange->header_count++] = header;
    return MHD_YES;
}

/* ---------------------------------------------------------------- answers */

static ssize_t give_blanks(void *context, uint64_t position, char *buffer, size_t max)
{
    (void)context;
    (void)position;
    memset(buffer, 0, max);
    return (ssize_t)max;
}

/* A body that is given out at so many bytes a second. Each connection has a thread of its own then. */
struct trickle {
    struct str body;
    int64_t bytes_a_second;
};

enum { TRICKLES_A_SECOND = 10 };

static void sleep_ms(int64_t milliseconds)
{
    nanosleep(&(struct timespec){.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L}, NULL);
}

static ssize_t give_slowly(void *context, uint64_t position, char *buffer, size_t max)
{
    const struct trickle *trickle = context;
    size_t rate = (size_t)(trickle->bytes_a_second / TRICKLES_A_SECOND + 1);
    size_t left = (size_t)trickle->body.len - (size_t)position;
    size_t count = left < rate ? left : rate;
    count = count < max ? count : max;
    sleep_ms(1000 / TRICKLES_A_SECOND);
    memcpy(buffer, trickle->body.ptr + position, count);
    return (ssize_t)count;
}

static int64_t rate_of(const struct server *server)
{
    return server->weather ? weather_options_of(server->weather)->slow : 0;
}

/* The body lives as long as the exchange, which ends after the answer has been sent. */
static struct MHD_Response *make_response(const struct server *server, struct arena *arena,
                                          const struct wire_answer *wire)
{
    const struct microhttpd *http = server->http;
    if (wire->blank_body > 0)
        return http->create_response_from_callback((uint64_t)wire->blank_body, BLANK_BLOCK, give_blanks, NULL, NULL);
    if (rate_of(server) > 0 && wire->body.len > 0) {
        struct trickle *trickle = arena_new(arena, struct trickle);
        *trickle = (struct trickle){wire->body, rate_of(server)};
        return http->create_response_from_callback((uint64_t)wire->body.len, BLANK_BLOCK, give_slowly, trickle, NULL);
    }
    return http->create_response_from_buffer((size_t)wire->body.len, str_to_c(arena, wire->body),
                                             MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(const struct server *server, struct exchange *exchange,
                                   struct MHD_Connection *connection, const struct wire_answer *wire)
{
    struct MHD_Response *response = make_response(server, exchange->arena, wire);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < wire->headers.count; i++) {
        const struct http_header *header = &wire->headers.items[i];
        if (str_equal_nocase(header->name, STR("Content-Length"))) /* libmicrohttpd counts for itself */
            continue;
        (void)server->http->add_response_header(response, str_to_c(exchange->arena, header->name),
                                                str_to_c(exchange->arena, header->value));
    }
    enum MHD_Result result = server->http->queue_response(connection, (unsigned)wire->status, response);
    server->http->destroy_response(response);
    return result;
}

static void log_request(const struct server *server, const struct played *played)
{
    log_line(server->log, LOG_INFO, "%d %.*s%s%.*s", played->wire.status, STR_ARG(played->label),
             played->code.len > 0 ? ": " : "", STR_ARG(played->code));
}

/* What a request is told from when it comes again: all of it but its signature and time. */
static uint64_t hash_of(const struct wire_request *request)
{
    struct str target = http_header_find(request->headers, STR("X-Amz-Target"));
    return hash_fnv1a(hash_fnv1a(hash_fnv1a(hash_fnv1a(0, request->path), request->query), request->body), target);
}

static struct played answer(const struct server *server, struct arena *arena, const struct wire_request *request)
{
    static const struct weather_options fine = {.seed = 0};
    const struct weather_options *options = server->weather ? weather_options_of(server->weather) : &fine;
    int64_t elapsed = (clock_milliseconds() - server->started) / 1000 + options->skew_seconds;
    enum weather_event event = weather_meets(server->weather, hash_of(request));
    struct played played = {.label = STR("sts:AssumeRole"), .breaks_off = event == WEATHER_DROP};
    if (options->latency_ms > 0)
        sleep_ms(options->latency_ms);
    if (crowd_assume(server->crowd, arena, request, elapsed, &played.wire))
        return played;
    const struct playback *playback = crowd_find(server->crowd, request);
    return playback_answer(playback, arena, request, elapsed, event, options->fail);
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd's MHD_AccessHandlerCallback */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *data_size, void **state)
{
    (void)url;
    (void)version;
    const struct server *server = context;
    struct exchange *exchange = *state;
    if (!exchange->begun) { /* the headers are there; the body, if any, comes with further calls */
        exchange->begun = true;
        return MHD_YES;
    }
    if (*data_size > 0) {
        buf_add(&exchange->body, (struct str){data, (ptrdiff_t)*data_size});
        *data_size = 0;
        return MHD_YES;
    }
    struct wire_answer too_large = {.status = 413};
    if (exchange->body.overflow)
        return send_answer(server, exchange, connection, &too_large);
    server->http->get_connection_values(connection, MHD_HEADER_KIND, take_header, exchange);
    struct wire_request request = {
        .method = str_from(method),
        .path = exchange->path,
        .query = exchange->query,
        .headers = {exchange->headers, exchange->header_count},
        .body = buf_str(&exchange->body),
    };
    struct played played = answer(server, exchange->arena, &request);
    log_request(server, &played);
    return played.breaks_off ? MHD_NO : send_answer(server, exchange, connection, &played.wire);
}

/* ---------------------------------------------------------------- the socket */

static void free_addresses(struct addrinfo **addresses)
{
    if (*addresses)
        freeaddrinfo(*addresses);
}

/* The addresses of "ADDRESS:PORT", to be freed; NULL: the error says why there are none. */
static struct addrinfo *resolve(struct arena *arena, struct str address, struct error *error)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    ptrdiff_t colon = str_find_last_char(address, ':');
    struct str host = str_slice(address, 0, colon < 0 ? 0 : colon);
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host, 1, host.len - 1);
    int64_t port;
    if (host.len == 0 || !str_to_int64(str_skip(address, colon + 1), &port) || port < 0 || port > 65535) {
        error_set(error, ERROR_INPUT, "'%.*s' is no ADDRESS:PORT", STR_ARG(address));
        return NULL;
    }
    struct addrinfo *found = NULL;
    const char *service = str_to_c(arena, str_skip(address, colon + 1));
    int status = getaddrinfo(str_to_c(arena, host), service, &hints, &found);
    if (status != 0)
        error_set(error, ERROR_INPUT, "%.*s: %s", STR_ARG(address), gai_strerror(status));
    return status == 0 ? found : NULL;
}

static bool listen_on(const struct addrinfo *address, int *ret, struct error *error)
{
    int on = 1;
    int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (fd < 0)
        return error_set(error, ERROR_IO, "%s", strerror(errno));
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        error_set(error, ERROR_IO, "%s", strerror(errno));
        close(fd);
        return false;
    }
    *ret = fd;
    return true;
}

static bool tell_url(struct arena *arena, int fd, bool tls, struct str *ret, struct error *error)
{
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0 ||
        getnameinfo((struct sockaddr *)&bound, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error_set(error, ERROR_IO, "the address that was bound is not known");
    const char *scheme = tls ? "https" : "http";
    *ret = str_format(arena, bound.ss_family == AF_INET6 ? "%s://[%s]:%s" : "%s://%s:%s", scheme, host, port);
    return true;
}

/* Waiting is done in the connection's own thread, so that one that waits delays no other. */
static bool waits(const struct server *server)
{
    return server->weather && (weather_options_of(server->weather)->latency_ms > 0 || rate_of(server) > 0);
}

static bool start_daemon(struct server *server, struct error *error)
{
    unsigned flags = MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, server->tls.key},
                                   {MHD_OPTION_HTTPS_MEM_CERT, 0, server->tls.certificate},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, THREADS, NULL}, {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    flags |=
        waits(server) ? MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL_INTERNAL_THREAD : MHD_USE_AUTO_INTERNAL_THREAD;
    flags |= server->tls.certificate ? MHD_USE_TLS : 0;
    server->daemon = server->http->start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_URI_LOG_CALLBACK,
        begin_exchange, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_CONNECTION_TIMEOUT,
        IDLE_SECONDS, MHD_OPTION_ARRAY, waits(server) ? none : pool, MHD_OPTION_ARRAY,
        server->tls.certificate ? tls : none, MHD_OPTION_END);
    return server->daemon || error_set(error, ERROR_IO, "libmicrohttpd does not start%s",
                                       server->tls.certificate ? ": are certificate and key a pair, in PEM?" : "");
}

bool serve_start(struct arena *arena, const struct serve_setup *setup, struct server **ret, struct error *error)
{
    CLEANUP(free_addresses) struct addrinfo *addresses = NULL;
    struct server *server = arena_new(arena, struct server);
    *server = (struct server){.crowd = setup->crowd,
                              .weather = setup->weather,
                              .tls = setup->tls,
                              .log = setup->log,
                              .started = clock_milliseconds()};
    if (!microhttpd_load(arena, &server->http, error))
        return false;
    if (setup->tls.certificate && server->http->is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return error_set(error, ERROR_IO, "this libmicrohttpd was built without TLS");
    addresses = resolve(arena, setup->address, error);
    if (!addresses)
        return false;
    if (!listen_on(addresses, &server->socket, error))
        return error_wrap(error, "%.*s", STR_ARG(setup->address));
    if (!tell_url(arena, server->socket, server->tls.certificate != NULL, &server->url, error) ||
        !start_daemon(server, error)) {
        close(server->socket);
        return false;
    }
    *ret = server;
    return true;
}

struct str serve_url(const struct server *server)
{
    return server->url;
}

void serve_stop(struct server *server)
{
    server->http->stop_daemon(server->daemon); /* closes the socket */
}
