/* prompt.h: asks for a secret on the terminal, without showing it. */
#ifndef EXPORTCHECK_CLI_TARGET_PROMPT_H
#define EXPORTCHECK_CLI_TARGET_PROMPT_H

#include "aws/crypto/secret.h"
#include "cli/command.h"

/** Reads one line from the terminal with its echo off. False, code "input": there is no terminal to ask on. */
bool prompt_secret(struct program *program, const char *question, const struct secret **ret,
                   struct error *error) MUST_CHECK;

#endif
