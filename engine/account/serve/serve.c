/* serve.c: playback over libmicrohttpd; see serve.h. */
#include "account/serve/serve.h"

#include "account/serve/microhttpd.h"
#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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
    const struct playback *playback;
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

/* The body lives as long as the exchange, which ends after the answer has been sent. */
static struct MHD_Response *make_response(const struct microhttpd *http, struct arena *arena,
                                          const struct wire_answer *wire)
{
    if (wire->blank_body > 0)
        return http->create_response_from_callback((uint64_t)wire->blank_body, BLANK_BLOCK, give_blanks, NULL, NULL);
    return http->create_response_from_buffer((size_t)wire->body.len, str_to_c(arena, wire->body),
                                             MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(const struct server *server, struct exchange *exchange,
                                   struct MHD_Connection *connection, const struct wire_answer *wire)
{
    struct MHD_Response *response = make_response(server->http, exchange->arena, wire);
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
    int64_t elapsed = (clock_milliseconds() - server->started) / 1000;
    struct played played = playback_answer(server->playback, exchange->arena, &request, elapsed);
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

static bool tell_url(struct arena *arena, int fd, struct str *ret, struct error *error)
{
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0 ||
        getnameinfo((struct sockaddr *)&bound, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error_set(error, ERROR_IO, "the address that was bound is not known");
    *ret = str_format(arena, bound.ss_family == AF_INET6 ? "http://[%s]:%s" : "http://%s:%s", host, port);
    return true;
}

static bool start_daemon(struct server *server, struct error *error)
{
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    server->daemon = server->http->start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_URI_LOG_CALLBACK,
        begin_exchange, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)THREADS, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
    return server->daemon || error_set(error, ERROR_IO, "libmicrohttpd does not start");
}

bool serve_start(struct arena *arena, const struct playback *playback, struct str address, const struct log *log,
                 struct server **ret, struct error *error)
{
    CLEANUP(free_addresses) struct addrinfo *addresses = NULL;
    struct server *server = arena_new(arena, struct server);
    *server = (struct server){.playback = playback, .log = log, .started = clock_milliseconds()};
    if (!microhttpd_load(arena, &server->http, error))
        return false;
    addresses = resolve(arena, address, error);
    if (!addresses)
        return false;
    if (!listen_on(addresses, &server->socket, error))
        return error_wrap(error, "%.*s", STR_ARG(address));
    if (!tell_url(arena, server->socket, &server->url, error) || !start_daemon(server, error)) {
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
