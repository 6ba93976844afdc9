/*
 * process.h: what the program asks of its own process: no core file while it holds secrets, and nothing half-written
 * when it is interrupted.
 */
#ifndef EXPORTCHECK_CLI_PROCESS_H
#define EXPORTCHECK_CLI_PROCESS_H

#include <stdbool.h>
#include <stdio.h>

/**
 * Where standard input, output or errors are closed (`>&-`), holds their numbers with what can be neither read nor
 * written: no file that is opened later takes their place, and gets what was meant for them. To be called first.
 */
void process_hold_standard_streams(void);

/**
 * From now on the process leaves no core file, and other processes of the same user cannot read its memory. To be
 * called before credentials are read. Best effort: a system that refuses is no reason not to check.
 */
void process_keep_secrets(void);

/**
 * From now on SIGINT, SIGTERM and SIGHUP remove the files that process_remove_later() named and end the program with
 * status 128 + the signal's number: 130 for SIGINT. A signal that is ignored (nohup) stays so.
 */
void process_catch_signals(void);

/** A file to remove if a signal ends the program. `path` must stay until process_keep(); at most 32 at a time. */
void process_remove_later(const char *path);
/** The file is in its place, or gone: it is nobody's to remove any more. */
void process_keep(const char *path);

/**
 * Whether the stream is a pipe whose reader has gone (`| head`): what is not written then is wanted by nobody, which is
 * no failure.
 */
bool process_reader_left(FILE *stream);

#endif
