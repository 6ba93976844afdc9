/* log.h: what the program says while it works, on standard error. Never given a secret: secrets have a type of their
 * own. */
#ifndef EXPORTCHECK_BASE_LOG_H
#define EXPORTCHECK_BASE_LOG_H

#include "base/macros.h"

#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_QUIET, LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log {
    FILE *stream;
    enum log_level level; /* lines above it are not written */
};

/** One line, prefixed `exportcheck: `; `log` may be NULL. */
void log_line(const struct log *log, enum log_level level, const char *format, ...) FORMATS(3, 4);

#endif
