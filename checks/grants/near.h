/*
 * near.h: of a request that no statement allows, which statement was meant to, and what keeps it from applying; of one
 * that a Deny refuses, why the Deny applies, and the smallest change that would let it through.
 */
#ifndef EXPORTCHECK_CHECKS_GRANTS_NEAR_H
#define EXPORTCHECK_CHECKS_GRANTS_NEAR_H

#include "policy/evaluate/evaluate.h"

/**
 * "/Statement/0 (Sid) of the bucket's policy does not apply: the request has …": the Allow statement that misses the
 * request in the fewest ways, by its conditions and resources, by a service that is misspelt or has a region, or by an
 * action that is misspelt or bears the API's name. Empty where no statement is near.
 */
struct str grants_near_miss(struct arena *arena, const struct policy_environment *environment,
                            const struct request *request, enum policy_type type);

/** "it tests aws:PrincipalOrgID, the service sends none, and …; it would be allowed if …"; empty where no Deny decided.
 */
struct str grants_denial(struct arena *arena, const struct policy_environment *environment,
                         const struct request *request, const struct decision *decision);

#endif
