/*
 * client.h: HTTP requests, side by side over kept connections. It knows libcurl and nothing of
 * AWS: what it is given goes out byte for byte (no redirects, no cookies, no password file, the
 * path as it is), and every answer comes back whatever its status.
 */
#ifndef EXPORTCHECK_AWS_HTTP_CLIENT_H
#define EXPORTCHECK_AWS_HTTP_CLIENT_H

#include "aws/http/authenticate.h"
#include "aws/http/message.h"
#include "base/error.h"

struct http_client_options {
    struct str user_agent;
    struct str ca_file;     /* PEM; empty: the system's */
    struct str http_proxy;  /* for http:// URLs; empty: none */
    struct str https_proxy; /* for https:// URLs */
    struct str no_proxy;    /* hosts and domains that are asked directly */
    int max_side_by_side;   /* also to one address; 0: 64 */
    size_t in_flight_max;   /* bytes of memory for answers that have begun and not ended; 0: 256 MiB */
    int64_t deadline_ms;    /* clock_milliseconds() after which nothing is waited for; 0: never */
};

struct http_request {
    struct str method;
    struct str url;              /* percent-encoded; its host must be the Host header */
    struct http_headers headers; /* all of them, Host included; sent in this order */
    struct str body;
    struct str ca_file;     /* empty: the client's */
    int connect_timeout_ms; /* 0: 10 s */
    int timeout_ms;         /* for all of it; 0: 20 s */
    size_t body_max;        /* of the answer */
    bool direct;            /* by no proxy */
};

enum http_outcome {
    HTTP_ANSWERED,
    HTTP_UNREACHABLE, /* no connection, or it broke off */
    HTTP_UNRESOLVED,  /* the host, or the proxy, has no address */
    HTTP_UNTRUSTED,   /* TLS: a certificate that is not trusted, or a file of them that cannot be read */
    HTTP_TIMED_OUT,   /* or slower than 100 bytes a second for ten seconds */
    HTTP_OUT_OF_TIME, /* the client's deadline passed, or http_client_end_all() */
    HTTP_TOO_LARGE,   /* more than body_max, or all answers together more than in_flight_max */
};

struct http_result {
    enum http_outcome outcome;
    struct http_response response; /* where answered; in the request's arena */
    struct str message;            /* where not: libcurl's words, with the host before them */
    int64_t milliseconds;
    int64_t bytes; /* of the body */
};

typedef void (*http_handler)(void *context, const struct http_result *result);

struct http_client;

/** Loads libcurl; `arena` closes all. False, code "io". */
bool http_client_open(struct arena *arena, const struct http_client_options *options, struct http_client **ret,
                      struct error *error) MUST_CHECK;

/**
 * Starts a request. What it holds must stay until the handler is called, from http_client_step();
 * the answer is made in `arena`.
 */
void http_client_start(struct http_client *client, struct arena *arena, const struct http_request *request,
                       http_handler handler, void *context);

/** How many requests are on their way. */
size_t http_client_count(const struct http_client *client);
/** How many more may be started now. */
size_t http_client_room(const struct http_client *client);

/** Ends all that are on their way with HTTP_OUT_OF_TIME; their handlers are called. */
void http_client_end_all(struct http_client *client);

/** Another deadline, for requests from now on; 0: none. */
void http_client_set_deadline(struct http_client *client, int64_t deadline_ms);

/** Works for at most `wait_ms`, or until something happened; calls handlers, which may start requests. */
void http_client_step(struct http_client *client, int wait_ms);

/** One request and its answer, by the deadline; others that are on their way stand still meanwhile. */
struct http_result http_client_send(struct http_client *client, struct arena *arena,
                                    const struct http_request *request);

/** The door for requests that authenticate, over this client. A second try follows at once. */
struct authenticator http_client_authenticator(struct http_client *client);

#endif
