/* show_config.h: --show-config: which settings and credentials are found where, and what is passed over. */
#ifndef EXPORTCHECK_CLI_TARGET_SHOW_CONFIG_H
#define EXPORTCHECK_CLI_TARGET_SHOW_CONFIG_H

#include "cli/target/source.h"

/** Prints it on standard output, never a secret. The status is that of source_open(): 2 where no credentials are found.
 */
enum exit_status show_config(struct program *program, const struct source_options *options);

#endif
