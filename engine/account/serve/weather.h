/*
 * weather.h: the conditions under which a server answers, for tests of what asks it: slow networks, services that
 * throttle, connections that break, clocks that are off. Chance follows from a seed, the request and how often it came:
 * two runs with one seed see the same weather, in whatever order their requests arrive.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_WEATHER_H
#define EXPORTCHECK_ACCOUNT_SERVE_WEATHER_H

#include "base/error.h"
#include "base/str.h"

/** Probabilities are from 0 to 1; zero everywhere: fine weather. */
struct weather_options {
    int64_t latency_ms; /* before each answer */
    double throttle;    /* answers that say "too many requests", in the service's own words */
    struct str fail;    /* the code of answers that fail (or their HTTP status); empty: none */
    double fail_share;
    double truncate;      /* answers that break off in the middle */
    double drop;          /* connections that end without an answer */
    int64_t slow;         /* bytes a second; 0: as fast as it goes */
    int64_t skew_seconds; /* the services' clock is ahead by this */
    uint64_t seed;
};

/** Reads "0.3", a probability. False, code "input": none. */
bool weather_share(struct str text, double *ret, struct error *error) MUST_CHECK;

/** Reads "CODE:P", such as "InternalError:0.1" or "503:0.1". */
bool weather_fail(struct str text, struct weather_options *ret, struct error *error) MUST_CHECK;

/** What a request meets. */
enum weather_event { WEATHER_FINE, WEATHER_THROTTLE, WEATHER_FAIL, WEATHER_TRUNCATE, WEATHER_DROP };

struct weather;
struct weather *weather_open(struct arena *arena, const struct weather_options *options);
const struct weather_options *weather_options_of(const struct weather *weather);

/** What meets a request whose content has this hash; called from any thread. NULL weather: nothing. */
enum weather_event weather_meets(struct weather *weather, uint64_t request);

#endif
