/* strangers.h: for which accounts a service may act, where it may act for others than it should: one, some, or any. */
#ifndef EXPORTCHECK_CHECKS_GRANTS_STRANGERS_H
#define EXPORTCHECK_CHECKS_GRANTS_STRANGERS_H

#include "policy/prove/prove.h"

/**
 * The text of a refuted prove_grants_none() with the accounts in it: "… is allowed by … for the account 210987654321",
 * "for any other account". A part in which aws:SourceAccount does not range gets its own text back.
 */
struct str grants_strangers(struct arena *arena, const struct prove_environment *environment,
                            const struct request_part *part, const struct prove_result *refuted);

#endif
