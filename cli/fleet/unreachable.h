/* unreachable.h: what is said of a target that could not be checked at all: one result, and what is to be done. */
#ifndef EXPORTCHECK_CLI_FLEET_UNREACHABLE_H
#define EXPORTCHECK_CLI_FLEET_UNREACHABLE_H

#include "cli/fleet/targets.h"
#include "rule/results.h"

/** A result of the rule `target-reachable`; where a role was refused, with the command that would let the caller in. */
struct result unreachable_result(struct arena *arena, const struct fleet_targets *targets,
                                 const struct fleet_target *target, enum verdict verdict, struct str message);

/** The result as something to do, one and the same for all such targets of a run. */
struct cause unreachable_cause(struct arena *arena, const struct result *result);

#endif
