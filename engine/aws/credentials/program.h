/* program.h: running another program, without a shell, and reading what it prints. */
#ifndef EXPORTCHECK_AWS_CREDENTIALS_PROGRAM_H
#define EXPORTCHECK_AWS_CREDENTIALS_PROGRAM_H

#include "base/error.h"
#include "base/str.h"

struct process_result {
    int status;        /* its exit status; 128 + n where signal n ended it */
    struct str output; /* standard output */
    struct str errors; /* standard error, its first 4 KiB */
};

/**
 * Splits a command into words as a POSIX shell does, with quotes and backslashes, but without
 * expanding anything; the result ends with NULL. False, code "input", for an open quote or no word.
 */
bool process_split(struct arena *arena, struct str command, char ***ret, struct error *error) MUST_CHECK;

/**
 * Runs `words[0]`, found on the PATH of `environment`, with standard input closed. False, code "io":
 * it could not be started; "limit": more than `output_max` bytes, or not done after `timeout_ms`
 * (it is ended then).
 */
bool process_run(struct arena *arena, char **words, char **environment, size_t output_max, int timeout_ms,
                 struct process_result *ret, struct error *error) MUST_CHECK;

#endif
