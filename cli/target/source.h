/* source.h: where a command's facts come from: the live account, or a snapshot. */
#ifndef EXPORTCHECK_CLI_TARGET_SOURCE_H
#define EXPORTCHECK_CLI_TARGET_SOURCE_H

#include "account/snapshot/snapshot.h"
#include "cli/target/target.h"

struct source_options {
    struct target_options target;
    struct account_options account;
    struct str snapshot; /* a file; "-" is standard input. Empty: the live account */
    struct str at;       /* the time to evaluate at */
    struct str optscale_email;
    struct str optscale_password_file;
    struct str optscale_ca;
    bool verbose;
    bool quiet;
    bool unattended;                   /* nobody is asked for a code or a password */
    const struct answered_call *known; /* calls that are not made again: collection.known */
    size_t known_count;
    const struct json *otherwise; /* the target where no option says more, over a snapshot's own; NULL: none */
};
extern const struct option source_option_rows[];   /* --snapshot, --at, --verbose */
extern const struct option optscale_option_rows[]; /* how to reach OptScale's API */

struct live;

/** What is checked and how its calls are answered. */
struct source {
    const struct json *target;
    struct transport transport;
    struct str region;                 /* the caller's */
    int64_t at;                        /* 0: the account's own time */
    struct live *live;                 /* NULL: a snapshot */
    bool goes_on;                      /* more is asked behind the next collection: source_close() comes later */
    const struct json *read_for;       /* the snapshot's own target; NULL: live */
    const struct answered_call *known; /* as in the options */
    size_t known_count;
};

/** Reads `--at`; 0 where it is empty. False, code "input". */
bool source_time(struct str text, int64_t *ret, struct error *error) MUST_CHECK;

/**
 * Reads the snapshot, or finds credentials; makes no call yet. False, with the status to exit with:
 * 2 for what the user can put right (also: no credentials), 4 otherwise.
 */
bool source_open(struct program *program, const struct source_options *options, struct source *ret,
                 enum exit_status *ret_status, struct error *error) MUST_CHECK;

/**
 * Collects the facts wanted, with progress on a terminal, and closes the source unless it goes on. False, with the
 * status to exit with: nothing could be learned for a reason that the user can put right (2), or as source_close()
 * fails.
 */
bool source_collect(struct program *program, const struct source *source, const struct fact_declarations *declarations,
                    const struct str *wanted, size_t wanted_count, const struct facts **ret,
                    enum exit_status *ret_status, struct error *error) MUST_CHECK;

/** After the last call: tells at --verbose what was asked, and ends the ledger. False (4): that could not be written.
 */
bool source_close(const struct source *source, enum exit_status *ret_status, struct error *error) MUST_CHECK;

#endif
