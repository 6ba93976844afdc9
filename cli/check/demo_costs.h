/* demo_costs.h: made-up billing files for `demo --costs`: scripts/make-demo-costs wrote their rows. */
#ifndef EXPORTCHECK_CLI_CHECK_DEMO_COSTS_H
#define EXPORTCHECK_CLI_CHECK_DEMO_COSTS_H

#include "account/snapshot/snapshot.h"
#include "cli/command.h"

/**
 * Writes the files of the sample's newest complete period under `folder`/objects, as `serve --objects` takes them, and
 * makes the sample list them with their sizes. False, code "io".
 */
bool demo_costs_write(struct program *program, struct str folder, const struct snapshot **sample,
                      struct str *ret_objects, struct error *error) MUST_CHECK;

/** Each folder of the path that does not exist yet. */
bool demo_make_folders(struct arena *arena, struct str path, struct error *error) MUST_CHECK;

/** A file that is built into the program. False: this build holds none. */
bool demo_embedded(const char *path, struct str *ret, struct error *error) MUST_CHECK;

#endif
