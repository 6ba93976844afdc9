/*
 * fleet.h: `check --targets FILE`: many targets in one run, side by side, each in a process that no other depends on.
 * The results of all stand in the file's order, in every format; a target that cannot be checked is a result of its
 * own.
 */
#ifndef EXPORTCHECK_CLI_FLEET_FLEET_H
#define EXPORTCHECK_CLI_FLEET_FLEET_H

#include "cli/checking/checking.h"

/** The rows of an option_group; the options fill `struct fleet_options`. */
extern const struct option fleet_option_rows[];

/** Checks all targets of `options->fleet.targets`. The status is the worst of theirs. */
enum exit_status fleet_run(struct program *program, const struct check_options *options);

#endif
