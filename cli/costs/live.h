/*
 * live.h: objects of S3 as files: by ranges, each asked for with the ETag that the listing gave, so that an object that
 * changes meanwhile is named and never mixed. The calling thread alone talks to S3 (`attend`), one range ahead of those
 * who read; of an object no more than two ranges are in memory.
 */
#ifndef EXPORTCHECK_CLI_COSTS_LIVE_H
#define EXPORTCHECK_CLI_COSTS_LIVE_H

#include "aws/live/transport.h"
#include "cli/costs/costs.h"

struct live_files;

/** `folder` is for Parquet files, which DuckDB's program reads from there; each is removed when it was read. */
struct live_files *live_files_open(struct arena *arena, struct transport_live *live, struct str bucket,
                                   struct str region, struct str folder);

/** Reads a period; whichever way `reading` says, but from S3. */
void live_files_read(struct live_files *files, struct costs_period *period, struct cost_period_options *reading,
                     struct arena *arena);

#endif
