/*
 * deny.h: a Deny that lets somebody through who has to get through, and nobody else, to nothing else.
 *
 * A service is excepted by its name (aws:PrincipalServiceName): what it may do is still what the Allow statements say.
 * A user or role is excepted by its ARN (aws:PrincipalArn), and a statement behind it denies it all that the Deny
 * denied it before, but for the actions (and resources) that it needs. Where that cannot be written down, the Deny is
 * left as it is, and why is said.
 */
#ifndef EXPORTCHECK_CHECKS_MEND_DENY_H
#define EXPORTCHECK_CHECKS_MEND_DENY_H

#include "policy/language/document.h"

struct deny_need {
    const struct statement *statement; /* the Deny */
    struct principal principal;        /* who has to get through */
    bool own;                          /* an identity policy that binds nobody else */
    const struct str *actions;         /* what it needs: patterns */
    size_t action_count;
    const struct str *resources; /* on these: patterns; of identity policies alone */
    size_t resource_count;
};

/** The policy with the Deny narrowed. False, and why not, where no exception can be written that is no wider. */
bool deny_narrow(struct arena *arena, const struct deny_need *need, const struct json **ret, struct str *ret_why);

#endif
