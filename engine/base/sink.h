/*
 * sink.h: where output goes: a stream or a builder. The first write error sticks; look once, at
 * the end, with sink_ok().
 */
#ifndef EXPORTCHECK_BASE_SINK_H
#define EXPORTCHECK_BASE_SINK_H

#include "base/buf.h"
#include "base/error.h"

#include <stdio.h>

struct sink {
    FILE *stream; /* one of the two */
    struct buf *buf;
    bool failed;
};

struct sink sink_to_stream(FILE *stream);
struct sink sink_to_buf(struct buf *buf);
void sink_add(struct sink *sink, struct str s);
void sink_add_c(struct sink *sink, const char *text);
void sink_add_char(struct sink *sink, char c);
void sink_addf(struct sink *sink, const char *format, ...) FORMATS(2, 3);
/** Flushes; false, with the system's reason, if anything was not written. */
bool sink_ok(struct sink *sink, struct error *error) MUST_CHECK;

#endif
