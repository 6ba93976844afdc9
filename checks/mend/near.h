/*
 * near.h: of a request that no statement allows, which statement was meant to, and what keeps it from applying; of one
 * that a Deny refuses, why the Deny applies, and the smallest change that would let it through; of what no policy of
 * the principal's can allow, where it is to be mended.
 */
#ifndef EXPORTCHECK_CHECKS_MEND_NEAR_H
#define EXPORTCHECK_CHECKS_MEND_NEAR_H

#include "policy/prove/prove.h"

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

/** What stands between the principal's policies and the requests: the first such place, and what it refuses. */
struct grants_between {
    struct str place;  /* "the permissions boundary Limits"; empty: none was found */
    struct str action; /* the first that it refuses */
    size_t count;      /* of the actions */
    bool denies;       /* by a Deny; else it allows too little */
    bool other;        /* something else is refused for another reason: the rule's own sentence speaks for all */
};

/** Adds a refuted request; `missing`: nobody grants it, so nothing stands between. */
void grants_between_add(struct grants_between *between, struct arena *arena, const struct prove_result *refuted,
                        bool missing);

/** "Allow s3:GetObject and 2 more in the permissions boundary Limits"; empty where a policy has to grant something. */
struct str grants_between_sentence(struct arena *arena, const struct grants_between *between);

#endif
