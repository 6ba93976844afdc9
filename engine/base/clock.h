/*
 * clock.h: points in time, as seconds since 1970-01-01T00:00:00Z (no leap seconds), and the forms
 * in which AWS writes them. The only reading of the machine's clock is clock_now(), called once
 * at the edge.
 */
#ifndef EXPORTCHECK_BASE_CLOCK_H
#define EXPORTCHECK_BASE_CLOCK_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

int64_t clock_now(void);
/** A monotonic count of milliseconds, for durations. */
int64_t clock_milliseconds(void);

/**
 * Reads any of: ISO 8601 `2026-11-22T10:00:00Z`, with a fraction, with an offset, a date alone
 * (`2026`, `2026-09`, `2026-09-01`: the W3C note), the basic form `20260131T120000Z`, an HTTP date
 * (RFC 7231 `Sun, 22 Nov 2026 10:00:00 GMT`), or epoch seconds (a fraction is dropped).
 */
bool clock_parse(struct str text, int64_t *ret_seconds) MUST_CHECK;

struct str clock_iso(struct arena *arena, int64_t seconds);       /* 2026-11-22T10:00:00Z */
struct str clock_iso_basic(struct arena *arena, int64_t seconds); /* 20261122T100000Z */
struct str clock_http(struct arena *arena, int64_t seconds);      /* Sun, 22 Nov 2026 10:00:00 GMT */

struct clock_date {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
    int hour;
    int minute;
    int second;
};
struct clock_date clock_date(int64_t seconds); /* UTC */
int64_t clock_seconds(struct clock_date date);

#endif
