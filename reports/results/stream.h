/*
 * stream.h: the results of a file one after the other, so that a file of any size is rendered in the memory of its
 * longest line. JSON Lines are read so; a file that is one JSON document is read whole, and given out the same way.
 */
#ifndef EXPORTCHECK_REPORTS_RESULTS_STREAM_H
#define EXPORTCHECK_REPORTS_RESULTS_STREAM_H

#include "reports/results/read.h"

#include <stdio.h>

struct results_stream;

/**
 * Reads the run of a file, with the summary of its last line. The file stays the caller's and has to stay open; what
 * cannot be read twice (a pipe) is copied to a temporary file. `name` begins messages. False, as results_read().
 */
bool results_stream_open(struct arena *arena, struct str name, FILE *file, struct results_stream **ret,
                         struct error *error) MUST_CHECK;

/**
 * All results of a text, JSON or JSON Lines: for comparing, which needs them side by side. `name` begins the
 * message. False, code "input": no JSON, another format, a result that is none; JSON Lines without their last line, or
 * with one that does not agree with the others, since then results are missing.
 */
bool results_read(struct arena *arena, struct str name, struct str text, struct results *ret,
                  struct error *error) MUST_CHECK;

/** What is known before the results. */
const struct run_info *results_stream_run(const struct results_stream *stream);

/**
 * The next result, in `scratch` (which the caller may rewind between calls) and valid until the next call; `*ret_more`
 * is false at the end. False,
 * code "input": a line that is no result; a summary that does not agree with the lines before it; a file cut off.
 */
bool results_stream_next(struct results_stream *stream, struct arena *scratch, struct result *ret, bool *ret_more,
                         struct error *error) MUST_CHECK;

/** From now on results live as long as the scratch they are read into, not only until the next call. */
void results_stream_keep(struct results_stream *stream);

/** Where the result that was given last stands in the file. False: in no line of its own. */
bool results_stream_offset(const struct results_stream *stream, uint64_t *ret) MUST_CHECK;

#endif
