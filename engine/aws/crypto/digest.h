/* digest.h: SHA-1 and SHA-256, HMAC-SHA-256 and hexadecimal, over OpenSSL. */
#ifndef EXPORTCHECK_AWS_CRYPTO_DIGEST_H
#define EXPORTCHECK_AWS_CRYPTO_DIGEST_H

#include "base/error.h"
#include "base/str.h"

struct digest {
    unsigned char bytes[32];
};

/** SHA-256 (FIPS 180-4). False, code "crypto", only where OpenSSL has no provider for it. */
bool digest_sha256(struct str data, struct digest *ret, struct error *error) MUST_CHECK;
/** HMAC-SHA-256 (RFC 2104); fails as digest_sha256() does. */
bool digest_hmac(struct str key, struct str data, struct digest *ret, struct error *error) MUST_CHECK;
/** The bytes of a digest as a view, for the next HMAC of a chain. */
struct str digest_view(const struct digest *digest);

/** SHA-256 in lower-case hexadecimal. */
bool digest_sha256_hex(struct arena *arena, struct str data, struct str *ret, struct error *error) MUST_CHECK;
/** SHA-1 in lower-case hexadecimal: for the names of the AWS CLI's cache files, never for safety. */
bool digest_sha1_hex(struct arena *arena, struct str data, struct str *ret, struct error *error) MUST_CHECK;

/** Lower-case hexadecimal. */
struct str digest_hex(struct arena *arena, struct str bytes);

#endif
