/*
 * pace.h: how fast one service is asked. As fast as the calls come, until it throttles; from then on
 * by a token bucket, whose rate falls with each refusal and recovers on a cubic curve: the adaptive
 * mode of the AWS SDKs (AWS SDKs and Tools Reference Guide, "Retry behavior"; the numbers are those of
 * the public SDKs). Pure: the time is an argument.
 */
#ifndef EXPORTCHECK_AWS_LIVE_PACE_H
#define EXPORTCHECK_AWS_LIVE_PACE_H

#include <stdbool.h>
#include <stdint.h>

/** Zeroed, with `second_ms` set: as fast as they come. Times are in milliseconds, of any origin but 0. */
struct pace {
    int second_ms; /* how long a second lasts: 1000; tests take less */
    bool limited;  /* it has throttled */
    double rate;   /* requests a second; while limited */
    double tokens;
    int64_t filled_ms;
    double measured; /* requests a second that were sent of late */
    int64_t window_ms;
    int sent;        /* in this window */
    double most;     /* the rate at the last refusal */
    double recovery; /* seconds from there until that rate is reached again */
    int64_t refused_ms;
};

/** Whether a request may be sent now, which takes a token; else `*ret_wait_ms` is how long to wait, at least 1. */
bool pace_admit(struct pace *pace, int64_t now_ms, int64_t *ret_wait_ms);

/** What an answer says about the rate. */
void pace_throttled(struct pace *pace, int64_t now_ms);
void pace_answered(struct pace *pace, int64_t now_ms);

#endif
