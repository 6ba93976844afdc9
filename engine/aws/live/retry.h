/*
 * retry.h: which failures are tried again, after how long, and how often in all: the standard mode
 * of the AWS SDKs (AWS SDKs and Tools Reference Guide, "Retry behavior"), more patient: what a
 * service is too busy for now is asked until it answers, at a pace (pace.h) and within the run's time. Pure; waiting
 * is the caller's, and so is the seed of chance.
 */
#ifndef EXPORTCHECK_AWS_LIVE_RETRY_H
#define EXPORTCHECK_AWS_LIVE_RETRY_H

#include "aws/http/message.h"
#include "base/str.h"

enum retry_kind {
    RETRY_NEVER,
    RETRY_TRANSIENT, /* a connection that broke, a 5xx */
    RETRY_TIMED_OUT,
    RETRY_THROTTLED,
    RETRY_KINDS,
};

/**
 * What an answer's code and HTTP status say. The code decides before the status: a 503 `SlowDown`
 * is throttling. Codes of our own (Unreachable, Timeout) are known too.
 */
enum retry_kind retry_classify(struct str code, int http_status);

/** What all tries of a run share: tokens, so that a service in trouble is not asked ever more. */
struct retry_budget {
    int max_attempts; /* tries of one request in total, as the user set it; 0: 6, 2 after timeouts, 100 of throttling */
    int second_ms;    /* how long a second of waiting lasts: 1000; tests wait less */
    int tokens;
    uint64_t random;
};

struct retry_budget retry_budget_make(int max_attempts, int second_ms, uint64_t seed);

/** The tries of one request that failed, by what became of them. */
struct retry_tries {
    int count[RETRY_KINDS];
};

/**
 * Counts one more failure, and says whether the request is tried again; then `*ret_delay_ms` is how
 * long to wait (rand(0,1) · min(base · 2^n, 20 s) after n failures of that kind before it; base 1 s where the
 * service throttles, else 0.1 s) and `*ret_cost` what it cost, for retry_succeeded().
 */
bool retry_again(struct retry_budget *budget, enum retry_kind kind, struct retry_tries *tries, int64_t *ret_delay_ms,
                 int *ret_cost);

/**
 * How long an answer asks to be left alone, in milliseconds: Retry-After (RFC 9110, section 10.2.3: seconds, or a time
 * beside the answer's Date) or x-amz-retry-after (milliseconds); 0: it does not say.
 */
int64_t retry_after_ms(struct http_headers headers, int second_ms);

/** Puts tokens back: the last retry's cost, or one where the first try succeeded (cost 0). */
void retry_succeeded(struct retry_budget *budget, int cost);

/**
 * Whether an error says that the clocks differ, and by how much. `signed_at` is the time in the
 * signature, `date` the answer's Date (0: none). True: sign again with `*ret_offset` seconds added
 * to that clock. Errors of HEAD have no body, so 403 with a Date far off is enough there.
 */
bool retry_is_skew(struct str code, struct str message, int64_t signed_at, int64_t date, int64_t *ret_offset);

#endif
