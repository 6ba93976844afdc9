/* sigv4.c: string to sign, signing key, signature and Authorization header of Signature Version 4. */
#include "aws/signing/sigv4.h"

#include "aws/crypto/digest.h"
#include "base/clock.h"

#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"

static struct str day_of(struct arena *arena, int64_t time)
{
    return str_slice(clock_iso_basic(arena, time), 0, 8);
}

struct str sigv4_scope_text(struct arena *arena, const struct sigv4_scope *scope)
{
    return str_format(arena, "%.*s/%.*s/%.*s/aws4_request", STR_ARG(day_of(arena, scope->time)), STR_ARG(scope->region),
                      STR_ARG(scope->service));
}

bool sigv4_string_to_sign(struct arena *arena, const struct sigv4_scope *scope, struct str canonical_request,
                          struct str *ret, struct error *error)
{
    struct str hash;
    if (!digest_sha256_hex(arena, canonical_request, &hash, error))
        return false;
    *ret = str_format(arena, ALGORITHM "\n%.*s\n%.*s\n%.*s", STR_ARG(clock_iso_basic(arena, scope->time)),
                      STR_ARG(sigv4_scope_text(arena, scope)), STR_ARG(hash));
    return true;
}

enum { KEYS_MAX = 16 };

struct sigv4_keys {
    struct arena *arena;
    struct str access_key_id;
    const struct secret *secret_key;
    struct str scopes[KEYS_MAX]; /* their texts; empty: the slot is free */
    struct secret *slots;        /* KEYS_MAX keys, one after the other */
    size_t next;                 /* the slot that is written next: the oldest */
};

struct sigv4_keys *sigv4_keys_open(struct arena *arena, struct str access_key_id, const struct secret *secret_key)
{
    struct sigv4_keys *keys = arena_new(arena, struct sigv4_keys);
    keys->arena = arena;
    keys->access_key_id = str_copy(arena, access_key_id);
    keys->secret_key = secret_key;
    keys->slots = secret_blank(arena, KEYS_MAX * sizeof(struct digest));
    return keys;
}

/* HMAC(HMAC(HMAC(HMAC("AWS4" + secret, day), region), service), "aws4_request"), written over `ret`. */
static bool derive(const struct sigv4_keys *keys, struct arena *arena, const struct sigv4_scope *scope,
                   struct digest *ret, struct error *error)
{
    struct str secret = secret_expose(keys->secret_key);
    struct secret *start = secret_blank(arena, (size_t)secret.len + 4);
    memcpy(secret_fill(start), "AWS4", 4);
    if (secret.len > 0)
        memcpy(secret_fill(start) + 4, secret.ptr, (size_t)secret.len);

    const struct str steps[] = {day_of(arena, scope->time), scope->region, scope->service, STR("aws4_request")};
    struct str key = secret_expose(start);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct digest next = {{0}};
        bool ok = digest_hmac(key, steps[i], &next, error);
        *ret = next;
        secret_wipe(&next, sizeof next);
        if (!ok)
            return false;
        key = digest_view(ret);
    }
    return true;
}

static struct digest *slot_at(struct sigv4_keys *keys, size_t index)
{
    return (struct digest *)(void *)secret_fill(keys->slots) + index;
}

static bool signing_key(struct sigv4_keys *keys, struct arena *arena, const struct sigv4_scope *scope, struct str *ret,
                        struct error *error)
{
    struct str text = sigv4_scope_text(arena, scope);
    for (size_t i = 0; i < KEYS_MAX; i++) {
        if (str_equal(keys->scopes[i], text)) {
            *ret = digest_view(slot_at(keys, i));
            return true;
        }
    }
    size_t slot = keys->next;
    keys->scopes[slot] = STR(""); /* not valid while it is written */
    if (!derive(keys, arena, scope, slot_at(keys, slot), error))
        return false;
    keys->scopes[slot] = str_copy(keys->arena, text);
    keys->next = (slot + 1) % KEYS_MAX;
    *ret = digest_view(slot_at(keys, slot));
    return true;
}

bool sigv4_signature(struct sigv4_keys *keys, struct arena *arena, const struct sigv4_scope *scope,
                     struct str string_to_sign, struct str *ret, struct error *error)
{
    struct str key;
    struct digest digest;
    if (!signing_key(keys, arena, scope, &key, error) || !digest_hmac(key, string_to_sign, &digest, error))
        return false;
    *ret = digest_hex(arena, digest_view(&digest));
    return true;
}

bool sigv4_sign(struct sigv4_keys *keys, struct arena *arena, const struct sigv4_request *request,
                const struct sigv4_scope *scope, struct str *ret_authorization, struct error *error)
{
    struct str names;
    struct str canonical = sigv4_canonical_request(arena, request, &names);
    struct str text;
    struct str signature;
    if (!sigv4_string_to_sign(arena, scope, canonical, &text, error) ||
        !sigv4_signature(keys, arena, scope, text, &signature, error))
        return error_wrap(error, "signing");
    *ret_authorization = str_format(arena, ALGORITHM " Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
                                    STR_ARG(keys->access_key_id), STR_ARG(sigv4_scope_text(arena, scope)),
                                    STR_ARG(names), STR_ARG(signature));
    return true;
}
