/*
 * transport.h: answers from AWS itself (and OptScale's REST service): calls run side by side
 * over kept connections, pages are joined, failures retried, the clock and S3's region corrected.
 *
 * Only what is a row of the table of operations is ever sent: nothing that writes has one. Requests
 * that authenticate go by their own door (authenticate.h).
 */
#ifndef EXPORTCHECK_AWS_LIVE_TRANSPORT_H
#define EXPORTCHECK_AWS_LIVE_TRANSPORT_H

#include "aws/credentials/credentials.h"
#include "aws/live/optscale_login.h"
#include "aws/operation/call.h"
#include "aws/settings/settings.h"
#include "base/log.h"
#include "base/sink.h"

/** Who is told, while calls are under way, about the one that was sent first, and since how many milliseconds. */
struct transport_watcher {
    void (*waiting)(void *context, const struct call *call, int64_t milliseconds); /* or NULL */
    void *context;
};

struct transport_live_options {
    const struct settings *settings;
    int64_t now;           /* the machine's clock, seconds */
    uint64_t seed;         /* of the jitter between tries */
    const struct log *log; /* or NULL */
    struct optscale_access optscale;
    struct credentials_prompt prompt; /* for the code of an MFA device */
    struct sink *ledger;              /* a line of JSON a call; or NULL */
    struct transport_watcher watcher;
    int64_t deadline_ms;  /* clock_milliseconds() after which what is missing is OutOfTime; 0: never */
    struct str principal; /* whom OptScale connects as, as it was told; empty: the caller */
    /* 0 each: what is good for AWS. Tests take less. */
    int max_connections;
    int second_ms; /* how long a second between tries lasts */
    int connect_timeout_ms;
    int timeout_ms;
    size_t max_pages;  /* of one call */
    size_t memory_max; /* bytes that all answers may take */
};

struct transport_live;

/**
 * Loads libcurl and finds credentials. False: code "credentials" (none were found), "input" (they or the
 * endpoints are set up wrongly), "Unreachable" or another of a request that authenticates, "io" (no libcurl).
 */
bool transport_live_open(struct arena *arena, const struct transport_live_options *options, struct transport_live **ret,
                         struct error *error) MUST_CHECK;

struct transport transport_live_transport(struct transport_live *live);

/**
 * Submits a call whose answer is made in an arena of the caller's, which must stay until the handler is called: for
 * what is large, and no longer of use once it was looked at. The transport's run() works for it as for others.
 */
void transport_live_submit(struct transport_live *live, struct arena *arena, const struct call *call,
                           answer_handler handler, void *context);

/** The credentials in use; their `source` says for people where they come from. */
const struct credentials *transport_live_credentials(const struct transport_live *live);

/**
 * Whether the run could learn nothing for a reason that is the caller's own: the session ended, the key
 * is none of AWS's (and not the principal's), the endpoint's host does not exist. What was
 * under way was ended then, and the text says what to do; code "credentials" or "input".
 */
bool transport_live_trouble(const struct transport_live *live, struct error *ret);

/** From now on nothing is written to the ledger, which the caller closes. */
void transport_live_end_ledger(struct transport_live *live);
/**
 * From now on a run is over at `deadline_ms`, clock_milliseconds(); or, where `patience_ms` is more than 0, when
 * nothing that was asked for has come for so long: for what takes as long as a file is large.
 */
void transport_live_set_time(struct transport_live *live, int64_t deadline_ms, int64_t patience_ms);

enum { TRANSPORT_SERVICES_MAX = 32 };

/** The tries of one service that failed and were followed by another. */
struct transport_service {
    const struct service *service;
    int64_t throttled;
    int64_t broken; /* connections that broke, timeouts, HTTP 5xx */
};

/** What was done in all. */
struct transport_summary {
    int64_t calls;
    int64_t requests; /* with pages and tries */
    int64_t authentications;
    int64_t bytes;         /* of the answers' bodies */
    int64_t milliseconds;  /* from the opening to the last answer */
    int64_t longest_chain; /* calls, each of which waited for the one before */
    struct transport_service services[TRANSPORT_SERVICES_MAX];
    size_t service_count;
};
const struct transport_summary *transport_live_summary(const struct transport_live *live);

#endif
