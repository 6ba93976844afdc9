/* ahead.h: results that a thread of its own reads ahead, so that reading a file and writing reports go side by side. */
#ifndef EXPORTCHECK_REPORTS_RESULTS_AHEAD_H
#define EXPORTCHECK_REPORTS_RESULTS_AHEAD_H

#include "reports/results/stream.h"

struct results_ahead;

/**
 * The stream's results from here on. Until it is closed, stream and file are the thread's. Where no thread can be
 * started, results are read when they are asked for.
 */
struct results_ahead *results_ahead_open(struct arena *arena, struct results_stream *stream);

/** As results_stream_next(); the result lives until the next call. */
bool results_ahead_next(struct results_ahead *ahead, struct result *ret, bool *ret_more,
                        struct error *error) MUST_CHECK;

/** Ends the thread, wherever it is; for CLEANUP(): before the file is closed. */
void results_ahead_closep(struct results_ahead **ahead);

#endif
