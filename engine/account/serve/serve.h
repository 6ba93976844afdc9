/*
 * serve.h: a playback (playback.h) on a socket: every service on one address, over HTTP. For
 * loopback: there is no TLS.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_SERVE_H
#define EXPORTCHECK_ACCOUNT_SERVE_SERVE_H

#include "account/serve/playback.h"
#include "base/log.h"

struct server;

/**
 * Listens on `address`, "127.0.0.1:8080" or "[::1]:0" (port 0 picks one), and answers from threads
 * of its own until serve_stop(). `log` gets a line a request at level INFO; NULL: none. False, code
 * "input": no such address; "io": it cannot be listened on, or libmicrohttpd is not there.
 */
bool serve_start(struct arena *arena, const struct playback *playback, struct str address, const struct log *log,
                 struct server **ret, struct error *error) MUST_CHECK;

/** "http://127.0.0.1:41234" */
struct str serve_url(const struct server *server);

/** Stops listening; answers that are under way are finished. */
void serve_stop(struct server *server);

#endif
