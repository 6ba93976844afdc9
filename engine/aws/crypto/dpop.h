/*
 * dpop.h: a proof that whoever sends a request holds a key (RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession"):
 * a JSON Web Token over the request's method and URL, signed with ES256 (RFC 7518, section 3.4).
 */
#ifndef EXPORTCHECK_AWS_CRYPTO_DPOP_H
#define EXPORTCHECK_AWS_CRYPTO_DPOP_H

#include "base/error.h"
#include "base/str.h"

struct dpop_request {
    struct str method;
    struct str url; /* without quotes and backslashes */
    struct str id;  /* used once */
    int64_t now;    /* seconds since 1970 */
};

/**
 * The value of the DPoP header. `key` is a private key on P-256 in PEM. False, code "crypto": it is none, or OpenSSL
 * does not sign here.
 */
bool dpop_proof(struct arena *arena, struct str key, const struct dpop_request *request, struct str *ret,
                struct error *error) MUST_CHECK;

#endif
