/*
 * transport.h: answers from AWS itself (and OptScale's REST service): calls run side by side
 * over kept connections, pages are joined, failures retried, the clock and S3's region corrected.
 *
 * Only what is a row of the table of operations is ever sent: nothing that writes has one. Requests
 * that authenticate go by their own door (authenticate.h).
 */
#ifndef EXPORTCHECK_AWS_LIVE_TRANSPORT_H
#define EXPORTCHECK_AWS_LIVE_TRANSPORT_H

#include "aws/live/optscale_login.h"
#include "aws/operation/call.h"
#include "aws/settings/settings.h"
#include "base/log.h"

struct transport_live_options {
    const struct settings *settings;
    int64_t now;           /* the machine's clock, seconds */
    uint64_t seed;         /* of the jitter between tries */
    const struct log *log; /* or NULL */
    struct optscale_access optscale;
    /* 0 each: what is good for AWS. Tests take less. */
    int second_ms; /* how long a second between tries lasts */
    int connect_timeout_ms;
    int timeout_ms;
    size_t max_pages; /* of one call */
};

struct transport_live;

/**
 * Loads libcurl and finds credentials. False: code "credentials" (none were found), "input" (they
 * are set up wrongly), "Unreachable" or another of a request that authenticates, "io" (no libcurl).
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

/** Where the credentials in use come from, for people: "profile 'x' in ~/.aws/credentials". */
struct str transport_live_source(const struct transport_live *live);

/** What was done for one operation. */
struct transport_tally {
    const struct operation *operation;
    int64_t calls;
    int64_t requests; /* with pages and tries */
    int64_t retries;
    int64_t bytes;        /* of the answers' bodies */
    int64_t milliseconds; /* of all requests, one after the other */
};

/** The ledger: a row for each operation that was used, in the table's order. */
const struct transport_tally *transport_live_ledger(const struct transport_live *live, struct arena *arena,
                                                    size_t *ret_count);

#endif
