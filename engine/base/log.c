/* log.c: see log.h. */
#include "base/log.h"

#include <stdarg.h>

void log_line(const struct log *log, enum log_level level, const char *format, ...)
{
    if (!log || !log->stream || level > log->level)
        return;
    static const char *const prefix[] = {"", "", "warning: ", "", "debug: "};
    char line[4096];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    fprintf(log->stream, "exportcheck: %s%s\n", prefix[level], line);
}
