/* live.h: the live account as a source of facts: opened with what the command line says, watched on a terminal. */
#ifndef EXPORTCHECK_CLI_TARGET_LIVE_H
#define EXPORTCHECK_CLI_TARGET_LIVE_H

#include "aws/credentials/credentials.h"
#include "cli/target/source.h"

struct live;

/** Reads the target and the settings and finds credentials; fails as source_open() does. */
bool live_open(struct program *program, const struct source_options *options, struct source *ret,
               struct error *error) MUST_CHECK;

struct transport_live;

/**
 * The transport, for files of any size: their time is over where --timeout says so, else when nothing has come for as
 * long as a run lasts.
 */
struct transport_live *live_for_files(struct live *live);
/** Behind them: calls have the time of a run again. */
void live_after_files(struct live *live);

/** The settings of the account that the options and the environment give; fails as settings_load() does. */
bool live_settings(struct program *program, const struct account_options *account, struct settings *ret,
                   struct error *error) MUST_CHECK;

/** The credentials in force, found when it was opened. */
const struct credentials *live_credentials(const struct live *live);

/** Shows how a collection goes on, where standard error is a terminal. */
void live_watch(struct live *live, struct collection *collection);

/** After a collection. False: nothing could be learned for a reason that is the caller's own
 * (transport_live_trouble()). */
bool live_collected(struct live *live, struct error *error) MUST_CHECK;

/** After the last call: ends the ledger, and tells at --verbose what was asked. False, code "io": it was not written.
 */
bool live_close(struct live *live, struct error *error) MUST_CHECK;

#endif
