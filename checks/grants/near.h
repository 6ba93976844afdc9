/* near.h: of a request that no statement allows, which statement was meant to, and what keeps it from applying.
 */
#ifndef EXPORTCHECK_CHECKS_GRANTS_NEAR_H
#define EXPORTCHECK_CHECKS_GRANTS_NEAR_H

#include "policy/evaluate/evaluate.h"

/**
 * "/Statement/0 (Sid) of the bucket's policy does not apply: the request has …": the Allow statement, for this action
 * and whoever asks, that misses the request in the fewest ways. Empty where no statement is near.
 */
struct str grants_near_miss(struct arena *arena, const struct policy_environment *environment,
                            const struct request *request, enum policy_type type);

#endif
