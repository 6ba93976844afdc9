/*
 * sso_token.h: the token of IAM Identity Center that `aws sso login` leaves in `~/.aws/sso/cache`; renewed, as every
 * SDK does it, where less than a quarter of an hour is left and the session allows it. Source: AWS SDKs and Tools
 * Reference Guide, "IAM Identity Center credential provider"; the API of SSO OIDC, CreateToken.
 */
#ifndef EXPORTCHECK_AWS_CREDENTIALS_SSO_TOKEN_H
#define EXPORTCHECK_AWS_CREDENTIALS_SSO_TOKEN_H

#include "aws/credentials/credentials.h"

struct sso_token_request {
    struct str cache_key; /* the session's name, or the start URL where there is none */
    struct str region;
    bool renewable; /* it belongs to an [sso-session] */
};

/**
 * False, code "credentials", saying what to run: there is no token, it has ended, or the renewal was refused and it has
 * ended. A renewed one is written back to its file, under a lock.
 */
bool sso_token_find(const struct credentials_request *request, const struct sso_token_request *of,
                    const struct secret **ret, struct error *error) MUST_CHECK;

/** `WHY: run "aws sso login --profile NAME"`. */
bool sso_log_in_again(const struct credentials_request *request, const char *why, struct error *error);

#endif
