/*
 * error.h: what went wrong, as a chain of context from the cause outward.
 *
 * A function that can fail returns bool and takes a `struct error *` as its last parameter. The
 * place where it fails calls error_set(), each level above may add what it was doing with
 * error_wrap(): `bucket policy: s3:GetBucketPolicy: connect to …: timed out`. The struct belongs
 * to the caller and holds no memory of its own. `error` may be NULL where nobody wants the text.
 */
#ifndef EXPORTCHECK_BASE_ERROR_H
#define EXPORTCHECK_BASE_ERROR_H

#include "base/macros.h"
#include "base/str.h"

#include <stdbool.h>

struct error {
    char code[64];   /* for programs: a short word such as "syntax", "io", "AccessDenied"; empty: no error */
    char text[2048]; /* for people: one line, cut at this length at a UTF-8 boundary */
};

/** Records a failure and returns false, so that `return error_set(…)` reads well. */
bool error_set(struct error *error, const char *code, const char *format, ...) FORMATS(3, 4);
/** Puts `format: ` before the text and returns false. */
bool error_wrap(struct error *error, const char *format, ...) FORMATS(2, 3);
/** Whether the error has this code. */
bool error_is(const struct error *error, const char *code);

/* Codes that this program's own layers use; AWS and JMESPath codes stand beside them as they are. */
#define ERROR_INPUT "input" /* a file, rule or option that the user can put right */
#define ERROR_IO "io"       /* the system would not read or write */
#define ERROR_LIMIT "limit" /* past a size, depth or count that is documented */

#endif
