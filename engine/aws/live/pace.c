/* pace.c: see pace.h. */
#include "aws/live/pace.h"

#include <math.h>

#define BETA 0.7   /* what a refusal leaves of the rate */
#define SCALE 0.4  /* of the cubic curve */
#define SMOOTH 0.8 /* the weight of the last half second in what is measured */
#define RATE_MIN 0.5
#define WINDOW 0.5 /* seconds */

static double seconds(const struct pace *pace, int64_t milliseconds)
{
    return (double)milliseconds / (pace->second_ms > 0 ? pace->second_ms : 1);
}

static void measure(struct pace *pace, int64_t now_ms)
{
    if (pace->window_ms == 0)
        pace->window_ms = now_ms;
    pace->sent++;
    double passed = seconds(pace, now_ms - pace->window_ms);
    if (passed < WINDOW)
        return;
    pace->measured = pace->sent / passed * SMOOTH + pace->measured * (1 - SMOOTH);
    pace->sent = 0;
    pace->window_ms = now_ms;
}

static void fill(struct pace *pace, int64_t now_ms)
{
    double most = fmax(pace->rate, 1);
    pace->tokens = fmin(most, pace->tokens + pace->rate * seconds(pace, now_ms - pace->filled_ms));
    pace->filled_ms = now_ms;
}

bool pace_admit(struct pace *pace, int64_t now_ms, int64_t *ret_wait_ms)
{
    if (pace->limited) {
        fill(pace, now_ms);
        if (pace->tokens < 1) {
            *ret_wait_ms = 1 + (int64_t)((1 - pace->tokens) / pace->rate * pace->second_ms);
            return false;
        }
        pace->tokens -= 1;
    }
    measure(pace, now_ms);
    return true;
}

/* Never faster than twice what is really sent: a rate that nobody uses says nothing. */
static void set_rate(struct pace *pace, double rate, int64_t now_ms)
{
    fill(pace, now_ms);
    pace->rate = fmax(RATE_MIN, fmin(rate, 2 * fmax(pace->measured, RATE_MIN)));
    pace->tokens = fmin(pace->tokens, fmax(pace->rate, 1));
}

void pace_throttled(struct pace *pace, int64_t now_ms)
{
    double rate = pace->measured > 0 ? pace->measured : pace->sent;
    if (pace->limited)
        rate = fmin(rate, pace->rate);
    else
        pace->filled_ms = now_ms;
    pace->limited = true;
    pace->most = fmax(rate, RATE_MIN);
    pace->recovery = cbrt(pace->most * (1 - BETA) / SCALE);
    pace->refused_ms = now_ms;
    set_rate(pace, pace->most * BETA, now_ms);
}

void pace_answered(struct pace *pace, int64_t now_ms)
{
    if (!pace->limited)
        return;
    double since = seconds(pace, now_ms - pace->refused_ms) - pace->recovery;
    set_rate(pace, SCALE * since * since * since + pace->most, now_ms);
}
