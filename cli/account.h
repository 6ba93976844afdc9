/* account.h: where a command's answers come from: the live account, or a snapshot of one. */
#ifndef EXPORTCHECK_CLI_ACCOUNT_H
#define EXPORTCHECK_CLI_ACCOUNT_H

#include "account/snapshot.h"
#include "aws/call.h"
#include "cli/target.h"

/** A source of answers. */
struct account {
    struct transport transport;
    struct str region;               /* the caller's; empty for a snapshot */
    const struct snapshot *snapshot; /* NULL: live */
};

/** Reads a snapshot's file; "-" is standard input. False, codes "input", "limit", "io". */
bool account_read_snapshot(struct program *program, struct str path, const struct snapshot **ret,
                           struct error *error) MUST_CHECK;

/** Answers from the snapshot. */
struct account account_of_snapshot(struct program *program, const struct snapshot *snapshot);

/**
 * Answers from the live account, with the credentials that every AWS tool would use; from OptScale,
 * where the target says where it is, with $OPTSCALE_TOKEN, or
 * $OPTSCALE_EMAIL and $OPTSCALE_PASSWORD ($OPTSCALE_CA_BUNDLE for a certificate of its own). False: code "credentials"
 * or "input" (exit status 2), or what kept the credentials from being fetched.
 */
bool account_open_live(struct program *program, const struct account_options *options, const struct json *target,
                       struct account *ret, struct error *error) MUST_CHECK;

/** For collection.progress: a counter on standard error, where that is a terminal. `context` is the program. */
void account_show_progress(void *context, size_t done, size_t total);
/** Wipes the counter off the line. */
void account_end_progress(const struct program *program);

#endif
