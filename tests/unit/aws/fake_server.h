/*
 * fake_server.h: an HTTP server on loopback that follows a script: each connection is read for one
 * request, answered with the next reply of the script, and closed. For tests alone.
 */
#ifndef EXPORTCHECK_TESTS_AWS_FAKE_SERVER_H
#define EXPORTCHECK_TESTS_AWS_FAKE_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FAKE_REQUESTS_MAX = 64, FAKE_REQUEST_BYTES = 1 << 16 };

struct fake_reply {
    const char *status;  /* "200 OK"; NULL: the connection is closed without a word */
    const char *headers; /* each with "\r\n"; NULL: none beside Content-Length */
    const char *body;
    size_t missing; /* Content-Length says so many bytes more than come */
    int silent_ms;  /* before the answer */
};

struct fake_server {
    int listener;
    int port;
    pthread_t thread;
    const struct fake_reply *replies; /* the last one is repeated */
    size_t reply_count;
    char *requests[FAKE_REQUESTS_MAX]; /* as they came, NUL-terminated */
    size_t request_count;
};

static size_t fake_content_length(const char *text)
{
    for (const char *line = strchr(text, '\n'); line && line[1] != '\r'; line = strchr(line + 1, '\n'))
        if (strncasecmp(line + 1, "content-length:", 15) == 0)
            return (size_t)strtoul(line + 16, NULL, 10);
    return 0;
}

/* The whole request: the head, and as much body as it says. */
static char *fake_read(int socket)
{
    char *text = calloc(1, FAKE_REQUEST_BYTES);
    size_t used = 0;
    while (used < FAKE_REQUEST_BYTES - 1) {
        const char *end = strstr(text, "\r\n\r\n");
        if (end && used >= (size_t)(end + 4 - text) + fake_content_length(text))
            break;
        ssize_t count = recv(socket, text + used, FAKE_REQUEST_BYTES - 1 - used, 0);
        if (count <= 0)
            break;
        used += (size_t)count;
    }
    return text;
}

static void fake_send(int socket, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        count -= (size_t)sent;
    }
}

static void fake_answer(int socket, const struct fake_reply *reply, const char *request)
{
    char head[4096];
    struct timespec pause = {reply->silent_ms / 1000, reply->silent_ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
    if (!reply->status)
        return;
    const char *body = reply->body ? reply->body : "";
    int length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
                          reply->status, strlen(body) + reply->missing, reply->headers ? reply->headers : "");
    fake_send(socket, head, (size_t)length);
    if (strncmp(request, "HEAD ", 5) != 0)
        fake_send(socket, body, strlen(body));
}

static void *fake_serve(void *context)
{
    struct fake_server *server = context;
    int socket;
    while ((socket = accept(server->listener, NULL, NULL)) >= 0) {
        char *request = fake_read(socket);
        if (server->request_count == FAKE_REQUESTS_MAX || !*request) { /* an empty one ends the server */
            free(request);
            close(socket);
            break;
        }
        size_t index = server->request_count;
        if (index >= server->reply_count)
            index = server->reply_count - 1;
        server->requests[server->request_count++] = request;
        fake_answer(socket, &server->replies[index], request);
        close(socket);
    }
    return NULL;
}

static void fake_start(struct fake_server *server, const struct fake_reply *replies, size_t reply_count)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *server = (struct fake_server){.replies = replies, .reply_count = reply_count};
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(server->listener, 64) != 0 || getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&server->thread, NULL, fake_serve, server) != 0)
        abort();
    server->port = ntohs(address.sin_port);
}

/* Afterwards the requests are there to be looked at; free them with fake_forget(). */
static void fake_stop(struct fake_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((unsigned short)server->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int waker = socket(AF_INET, SOCK_STREAM, 0);
    (void)connect(waker, (struct sockaddr *)&address, sizeof address);
    close(waker);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static void fake_forget(struct fake_server *server)
{
    for (size_t i = 0; i < server->request_count; i++)
        free(server->requests[i]);
}

#endif
