/*
 * secret.h: a value that must not be seen: a secret key, a session token, a password.
 *
 * The type is opaque and no log, report or JSON function takes it, so a secret cannot be printed
 * by mistake: its bytes come out through secret_expose() alone, which is easy to search for. They
 * live on pages of their own, which are left out of core files where the system can do that, and
 * are wiped when the arena closes.
 */
#ifndef EXPORTCHECK_AWS_CRYPTO_SECRET_H
#define EXPORTCHECK_AWS_CRYPTO_SECRET_H

#include "base/error.h"
#include "base/str.h"

struct secret;

/** A secret of these bytes. The caller's copy is its own business: see secret_wipe(). */
const struct secret *secret_make(struct arena *arena, struct str bytes);

/** A secret of `size` zero bytes, to be filled by the function that computes it. */
struct secret *secret_blank(struct arena *arena, size_t size);
unsigned char *secret_fill(struct secret *secret);

/** A secret of `size` hexadecimal digits by chance. False, code "crypto": the system has no randomness to give. */
bool secret_random(struct arena *arena, size_t size, const struct secret **ret, struct error *error) MUST_CHECK;

/** The bytes, for what needs them: a signature, a request's body. Never for output. NULL gives the empty view. */
struct str secret_expose(const struct secret *secret);

/** Whether there is no secret, or one of no bytes. */
bool secret_is_empty(const struct secret *secret);

/** Compares without revealing through its duration where the two differ (their lengths it may reveal). */
bool secret_equal(const struct secret *secret, struct str bytes);

/** The same, where the caller owns the memory behind the view: the bytes are wiped there. */
const struct secret *secret_take(struct arena *arena, struct str bytes);

/** Overwrites the memory behind a view, which the caller owns and which no literal is. */
void secret_wipe_view(struct str bytes);

/** Overwrites `size` bytes at `memory`, also where the compiler sees that nothing reads them again. */
void secret_wipe(void *memory, size_t size);

#endif
