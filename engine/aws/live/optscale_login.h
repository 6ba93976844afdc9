/*
 * optscale_login.h: access to OptScale's REST service: a bearer token, given or got for an e-mail
 * address and a password. Getting one is a request that authenticates, and no call.
 */
#ifndef EXPORTCHECK_AWS_LIVE_OPTSCALE_LOGIN_H
#define EXPORTCHECK_AWS_LIVE_OPTSCALE_LOGIN_H

#include "aws/crypto/secret.h"
#include "aws/http/authenticate.h"
#include "aws/http/url.h"

struct optscale_access {
    struct str url;             /* "https://optscale.example.com"; empty: OptScale is not asked */
    struct str ca_file;         /* PEM, where its certificate is one of its own; empty: as for AWS */
    const struct secret *token; /* or NULL, and then the two below */
    struct str email;
    const struct secret *password;
};

/**
 * The parts of the URL, whose path has no slash at its end. False, code "input": none was given, it is
 * none, or it is neither https nor this machine: tokens and passwords go over nothing else.
 */
bool optscale_url(const struct optscale_access *access, struct url *ret, struct error *error) MUST_CHECK;

/**
 * POST /auth/v2/tokens. False: code "input" where address or password is missing, OptScale's own code
 * (OA0037: wrong, OA0038: inactive) where it refuses, "BadAnswer", "Unreachable" or "Timeout".
 */
bool optscale_login(struct arena *arena, const struct authenticator *authenticator,
                    const struct optscale_access *access, const struct secret **ret_token,
                    struct error *error) MUST_CHECK;

#endif
