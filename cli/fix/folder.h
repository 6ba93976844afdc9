/*
 * folder.h: the folder of --fix: made where it is missing, taken where it is empty or was written by an earlier run of
 * ours, and refused else. What is there and not ours is never touched; no link is followed, and files are for their
 * owner alone, since they hold what an account says of itself.
 */
#ifndef EXPORTCHECK_CLI_FIX_FOLDER_H
#define EXPORTCHECK_CLI_FIX_FOLDER_H

#include "base/arena.h"
#include "base/error.h"
#include "reports/fix/fix.h"

/** An open folder; the arena closes it. */
struct fix_folder;

/** Opens or makes it; its parent has to be there. False, code "input": it holds something else; "io": it cannot. */
bool fix_folder_open(struct arena *arena, struct str path, struct fix_folder **ret, struct error *error) MUST_CHECK;

/** The same for a folder in it, whose name is made of ours alone. */
bool fix_folder_within(struct arena *arena, const struct fix_folder *folder, struct str name, struct fix_folder **ret,
                       struct error *error) MUST_CHECK;

/** Takes away what an earlier run wrote, and writes the files, README.md last. False, code "io". */
bool fix_folder_write(struct arena *arena, const struct fix_folder *folder, const struct fix_file *files, size_t count,
                      struct error *error) MUST_CHECK;

#endif
