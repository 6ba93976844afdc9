/*
 * record.h: what the check of one target leaves behind for the run as a whole: a line with the run, a line a result, in
 * the shape of a results file. Written by a worker, read back when all are done.
 */
#ifndef EXPORTCHECK_CLI_FLEET_RECORD_H
#define EXPORTCHECK_CLI_FLEET_RECORD_H

#include "base/error.h"
#include "rule/results.h"

#include <stdio.h>

void record_write(FILE *file, const struct run_info *run, const struct result *results, size_t count);

/** A record being read. */
struct record;

/** Opens the record that begins where the file stands; the run is in `arena`, as the record. */
bool record_open(struct arena *arena, FILE *file, struct record **ret, struct run_info *ret_run,
                 struct error *error) MUST_CHECK;

/** The next result, in `scratch` and valid until the next call; `*ret_more` is false behind the last. */
bool record_next(struct record *record, struct arena *scratch, struct result *ret, bool *ret_more,
                 struct error *error) MUST_CHECK;

#endif
