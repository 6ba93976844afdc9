/* mending.h: which document, in which form, would have a grants check hold: the first edit, of which more may follow.
 */
#ifndef EXPORTCHECK_CHECKS_GRANTS_MENDING_H
#define EXPORTCHECK_CHECKS_GRANTS_MENDING_H

#include "checks/grants/proving.h"

/**
 * Of what was found refused: a Deny of the account's own is narrowed, one that comes first; then what is missing is
 * allowed, with the policy to paste where the rule has one, else with exactly what was asked. `paste` may be NULL.
 */
void mending_grants(const struct proving *p, const struct json *paste, int way, struct mend *ret);

/** Of what was found allowed: the statement that allows it allows it no longer; on the second way, the text to paste.
 */
void mending_grants_none(const struct proving *p, const struct json *paste, int way, struct mend *ret);

#endif
