/* weather.c: see weather.h. */
#include "account/serve/weather.h"

#include <stdatomic.h>

enum { COUNTERS = 4096 };

struct weather {
    struct weather_options options;
    _Atomic uint32_t seen[COUNTERS]; /* how often a request came, by its hash */
};

bool weather_share(struct str text, double *ret, struct error *error)
{
    double share;
    if (!str_to_double(text, &share) || share < 0 || share > 1)
        return error_set(error, ERROR_INPUT, "'%.*s' is no share: 0 to 1, such as 0.3", STR_ARG(text));
    *ret = share;
    return true;
}

bool weather_fail(struct str text, struct weather_options *ret, struct error *error)
{
    struct str share = text;
    struct str code;
    if (!str_cut(&share, ':', &code) || code.len == 0)
        return error_set(error, ERROR_INPUT, "'%.*s' is not CODE:P, such as InternalError:0.1 or 503:0.1",
                         STR_ARG(text));
    ret->fail = code;
    return weather_share(share, &ret->fail_share, error);
}

struct weather *weather_open(struct arena *arena, const struct weather_options *options)
{
    struct weather *weather = arena_new(arena, struct weather);
    weather->options = *options;
    return weather;
}

const struct weather_options *weather_options_of(const struct weather *weather)
{
    return &weather->options;
}

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

enum weather_event weather_meets(struct weather *weather, uint64_t request)
{
    if (!weather)
        return WEATHER_FINE;
    const struct weather_options *options = &weather->options;
    const struct {
        enum weather_event event;
        double share;
    } events[] = {
        {WEATHER_DROP, options->drop},
        {WEATHER_TRUNCATE, options->truncate},
        {WEATHER_THROTTLE, options->throttle},
        {WEATHER_FAIL, options->fail_share},
    };
    uint32_t times = atomic_fetch_add(&weather->seen[request % COUNTERS], 1);
    uint64_t dice = mix(mix(options->seed ^ request) + times);
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        dice = mix(dice);
        if ((double)(dice >> 11) * 0x1p-53 < events[i].share)
            return events[i].event;
    }
    return WEATHER_FINE;
}
