/*
 * serve.h: playbacks (playback.h) on a socket: every service on one address, over HTTP, or HTTPS where a certificate is
 * given.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_SERVE_H
#define EXPORTCHECK_ACCOUNT_SERVE_SERVE_H

#include "account/serve/crowd.h"
#include "account/serve/weather.h"
#include "base/log.h"

struct server;

/** A certificate and its key, in PEM; NULL: plain HTTP. */
struct serve_tls {
    char *certificate;
    char *key;
};

struct serve_setup {
    struct str address;        /* "127.0.0.1:8080" or "[::1]:0": port 0 picks one */
    const struct crowd *crowd; /* whose requests are answered */
    struct weather *weather;   /* NULL: fine */
    struct serve_tls tls;
    const struct log *log; /* gets a line a request at level INFO; NULL: none */
};

/**
 * Listens, and answers from threads of its own until serve_stop(); what `setup` points to has to stay. False, code
 * "input": no such address; "io": it cannot be listened on, libmicrohttpd is not there or lacks TLS.
 */
bool serve_start(struct arena *arena, const struct serve_setup *setup, struct server **ret,
                 struct error *error) MUST_CHECK;

/** "http://127.0.0.1:41234", or https:// */
struct str serve_url(const struct server *server);

/** Stops listening; answers that are under way are finished. */
void serve_stop(struct server *server);

#endif
