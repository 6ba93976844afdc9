/*
 * session.h: what turns a bare request into one that a service accepts: the credentials in force
 * (renewed before they end), the endpoint, the clock, and the signature or token. For the live
 * transport; nothing here sends anything but requests that authenticate.
 */
#ifndef EXPORTCHECK_AWS_LIVE_SESSION_H
#define EXPORTCHECK_AWS_LIVE_SESSION_H

#include "aws/credentials/credentials.h"
#include "aws/http/client.h"
#include "aws/live/optscale_login.h"
#include "aws/operation/call.h"
#include "aws/protocol/protocol.h"

struct session_options {
    const struct settings *settings;
    const struct authenticator *authenticator;
    int64_t now;         /* the machine's clock, when the session is opened */
    int64_t deadline_ms; /* of the run: no provider is waited for longer; 0: none */
    struct credentials_prompt prompt;
    struct optscale_access optscale;
};

struct session;

/**
 * Looks whether the settings can work at all (code "input" where not: a region that is none, an endpoint that is no
 * URL, or plain http to another machine), then finds credentials; see credentials_find() for
 * failures. The options' parts must stay.
 */
bool session_open(struct arena *arena, const struct session_options *options, struct session **ret,
                  struct error *error) MUST_CHECK;

/** Those in force. */
const struct credentials *session_credentials(const struct session *session);

/** The time to sign with: the machine's, corrected. */
int64_t session_now(const struct session *session);
/** Adds to the correction, after an answer has shown that the machine's clock is wrong. */
void session_correct_clock(struct session *session, int64_t seconds);

/** A request that can be sent. */
struct signed_request {
    struct http_request http;
    int64_t time; /* in the signature */
};

/**
 * Makes the HTTP request of a call: URL, Host, and by the operation's auth the SigV4 headers, a bearer
 * token or nothing. `region` is asked and signed for; empty: the caller's. All new strings are in
 * `arena`. False, code "input": no endpoint; or why OptScale gives no token, which is asked for with
 * the first call there.
 */
bool session_sign(struct session *session, struct arena *arena, const struct call *call, struct str region,
                  const struct wire_request *wire, struct signed_request *ret, struct error *error) MUST_CHECK;

#endif
