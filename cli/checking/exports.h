/* exports.h: the exports of an account, read by themselves: for those who have not said yet which one they mean. */
#ifndef EXPORTCHECK_CLI_CHECKING_EXPORTS_H
#define EXPORTCHECK_CLI_CHECKING_EXPORTS_H

#include "cli/target/source.h"
#include "rule/run.h"

/** What a scenario finds, and what AWS said meanwhile. */
struct account_exports {
    const struct facts *facts;
    struct found_export *items;
    size_t count;      /* 0: there is none, or they could not be read */
    size_t importable; /* by OptScale: each of these has a command */
};

/** Reads them, and nothing else of the account. False, with the status to exit with, as source_collect(). */
bool exports_read(struct program *program, const struct source *source, const struct rule_base *base,
                  const struct scenario *scenario, struct account_exports *ret, enum exit_status *ret_status,
                  struct error *error) MUST_CHECK;

/** Gives each export that OptScale can import the command that checks it, with all that was typed. */
void exports_add_commands(const struct program *program, struct found_export *exports, size_t count);

/** The export that OptScale can import, by its number among such ones, from 1; NULL: there is none. */
const struct found_export *exports_importable(const struct account_exports *exports, int64_t number);

/** The first call that AWS refused or did not answer; NULL: all were answered. */
const struct answered_call *exports_trouble(const struct account_exports *exports);

/** Such a call as `service:Operation: code: message`. */
struct str exports_trouble_text(const struct program *program, const struct answered_call *call);

/** Lists them on standard error, each with its command, and what was refused. */
void exports_print(const struct program *program, const struct account_exports *exports);

#endif
