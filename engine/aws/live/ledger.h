/*
 * ledger.h: what was asked, of whom, how long it took and what it waited for: a line of JSON a call
 * where a sink is given, and the sums for a summary. No parameter, no answer, no secret is in it.
 */
#ifndef EXPORTCHECK_AWS_LIVE_LEDGER_H
#define EXPORTCHECK_AWS_LIVE_LEDGER_H

#include "aws/http/authenticate.h"
#include "aws/live/transport.h"
#include "base/sink.h"

/** One call. Times are clock_milliseconds(). */
struct ledger_row {
    int64_t id;    /* from 1, in the order of submission */
    int64_t after; /* the call whose answer let this one go; 0: none */
    int64_t depth; /* of the chain of these: 1 where `after` is 0 */
    int64_t submitted_ms;
    int64_t sent_ms;  /* 0: never */
    int64_t paced_ms; /* of waiting because its service throttles */
    int64_t retry_ms; /* of waiting between tries */
    int64_t requests; /* with pages and tries */
    int64_t retries;
    int64_t bytes; /* of the answers' bodies */
    struct str host;
    struct str started; /* ISO 8601, by the account's clock */
};

struct ledger {
    struct sink *sink; /* NULL: sums alone */
    int64_t begun_ms;
    struct transport_summary sums;
};

/** The sums of a service, which are begun where there are none yet. */
struct transport_service *ledger_service(struct ledger *ledger, const struct service *service);

/** Writes and adds up a call that has ended. */
void ledger_call(struct ledger *ledger, const struct call *call, struct str region, const struct ledger_row *row,
                 const struct answer *answer);

/** The same of a request that authenticates; `status` 0: no answer came. */
void ledger_authentication(struct ledger *ledger, const struct authentication_request *request, int64_t sent_ms,
                           int status);

#endif
