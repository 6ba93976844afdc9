/* again.h: command lines to run next: the one that was typed, and the same for another target. */
#ifndef EXPORTCHECK_CLI_CHECKING_AGAIN_H
#define EXPORTCHECK_CLI_CHECKING_AGAIN_H

#include "base/json/json.h"
#include "cli/command.h"

/** The command line as it was typed, quoted for a shell. No option takes a secret, so none is in it. */
struct str again_as_typed(const struct program *program);

/**
 * `exportcheck check` with every option that was typed (profile, endpoint, reports, …), but with the `arguments` (an
 * object: option → value) in place of options of those names. `command` knows the options.
 */
struct str again_with(const struct program *program, const struct command *command, const struct json *arguments);

#endif
