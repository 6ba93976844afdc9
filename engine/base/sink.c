/* sink.c: see sink.h. */
#include "base/sink.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

struct sink sink_to_stream(FILE *stream)
{
    return (struct sink){.stream = stream};
}

struct sink sink_to_buf(struct buf *buf)
{
    return (struct sink){.buf = buf};
}

void sink_add(struct sink *sink, struct str s)
{
    if (sink->buf)
        buf_add(sink->buf, s);
    else if (s.len && fwrite(s.ptr, 1, (size_t)s.len, sink->stream) != (size_t)s.len)
        sink->failed = true;
}

void sink_add_c(struct sink *sink, const char *text)
{
    sink_add(sink, str_from(text));
}

void sink_add_char(struct sink *sink, char c)
{
    if (sink->buf)
        buf_add_char(sink->buf, c);
    else if (putc(c, sink->stream) == EOF)
        sink->failed = true;
}

void sink_addf(struct sink *sink, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (sink->buf)
        buf_addv(sink->buf, format, values);
    else if (vfprintf(sink->stream, format, values) < 0)
        sink->failed = true;
    va_end(values);
}

bool sink_ok(struct sink *sink, struct error *error)
{
    if (sink->buf) {
        if (sink->buf->overflow)
            return error_set(error, ERROR_LIMIT, "the output is larger than %zu bytes", sink->buf->max);
        return true;
    }
    errno = 0;
    if (fflush(sink->stream) != 0 || ferror(sink->stream) || sink->failed)
        return error_set(error, ERROR_IO, "cannot write: %s", errno ? strerror(errno) : "output error");
    return true;
}
