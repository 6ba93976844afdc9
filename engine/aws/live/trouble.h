/*
 * trouble.h: whose trouble an answer is. A session of the caller's that has ended, a key of the caller's that AWS does
 * not know, a host that does not exist: nothing can be learned of the account then, and none of it is a
 * finding about OptScale's user. Pure.
 */
#ifndef EXPORTCHECK_AWS_LIVE_TROUBLE_H
#define EXPORTCHECK_AWS_LIVE_TROUBLE_H

#include "aws/credentials/credentials.h"
#include "aws/operation/call.h"

struct trouble_case {
    const struct call *call;
    const struct answer *answer;
    bool host_is_unknown;
    struct str principal; /* whom OptScale connects as, as it was told; empty: the caller */
};

/** True with what to do: code "credentials", or "input" where the host is the trouble. False: it is not the caller's.
 */
bool trouble_find(const struct trouble_case *found, const struct credentials *credentials, struct error *ret);

#endif
