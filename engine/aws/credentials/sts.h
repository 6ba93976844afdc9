/*
 * sts.h: temporary keys of a role, from STS. These two requests are no calls: their rows
 * are not in the table of operations, so the transport refuses them; they go by authenticate.h.
 */
#ifndef EXPORTCHECK_AWS_CREDENTIALS_STS_H
#define EXPORTCHECK_AWS_CREDENTIALS_STS_H

#include "aws/credentials/credentials.h"
#include "base/json/json.h"

/**
 * Asks STS's AssumeRole, signed by `signer`, or AssumeRoleWithWebIdentity, unsigned (`signer` NULL),
 * with `parameters` as the API names them (STS API reference).
 */
bool credentials_assume(const struct credentials_request *request, const struct json *parameters,
                        const struct credentials *signer, struct credentials *ret, struct error *error) MUST_CHECK;

/** The parameters that both have: the role, the session's name (`exportcheck-TIME` where empty), the duration. */
struct json_builder credentials_role_parameters(const struct credentials_request *request, struct str role_arn,
                                                struct str session_name);

#endif
