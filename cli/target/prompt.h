/* prompt.h: asks for a secret on the terminal, without showing it. */
#ifndef EXPORTCHECK_CLI_TARGET_PROMPT_H
#define EXPORTCHECK_CLI_TARGET_PROMPT_H

#include "aws/crypto/secret.h"
#include "cli/command.h"

struct prompt {
    struct str question;
    struct str otherwise; /* what is said where there is no terminal */
    int64_t deadline_ms;  /* clock_milliseconds(): nobody is waited for longer */
};

/**
 * Reads one line from the terminal that the program was started on, with its echo off, wherever input and output go.
 * A signal that ends the program meanwhile ends it once the echo is on again. False, code "input": there is no
 * terminal, or nothing was given by the deadline.
 */
bool prompt_secret(struct program *program, const struct prompt *prompt, const struct secret **ret,
                   struct error *error) MUST_CHECK;

#endif
