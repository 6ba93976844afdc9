/* shard.h: which part of the targets a run takes, where several share the work. */
#ifndef EXPORTCHECK_CLI_FLEET_SHARD_H
#define EXPORTCHECK_CLI_FLEET_SHARD_H

#include "cli/command.h"

struct shard {
    uint64_t index; /* from 0 */
    uint64_t count; /* 1: the whole */
};

/**
 * The part that `text` ("2/8") says; where it is empty, what the engine says that started the process: a Slurm array
 * (SLURM_ARRAY_TASK_ID, _MIN and _COUNT, with steps of one) or a Kubernetes Indexed Job (JOB_COMPLETION_INDEX, and
 * JOB_COMPLETIONS, which the manifest sets: Kubernetes does not tell it); else the whole. False, code "input": no such
 * numbers, or a part that there is not.
 */
bool shard_find(const struct program *program, struct str text, struct shard *ret, struct error *error) MUST_CHECK;

#endif
