/* dpop.c: see dpop.h. */
#include "aws/crypto/dpop.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <limits.h>

enum { HALF = 32, POINT = 1 + 2 * HALF, SIGNATURE_MAX = 80, UNCOMPRESSED = 4 };

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void free_signature(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

/* Base64 for URLs, without padding (RFC 4648, section 5). */
static struct str base64url(struct arena *arena, const void *bytes, size_t size)
{
    char *text = arena_array(arena, char, 4 * (size / 3 + 1) + 1);
    ptrdiff_t length = EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
    while (length > 0 && text[length - 1] == '=')
        length--;
    for (ptrdiff_t i = 0; i < length; i++)
        text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    return (struct str){text, length};
}

/* OpenSSL would ask on the terminal for the password of a key that has one. */
static int give_no_password(char *room, int size, int writing, void *context)
{
    (void)room, (void)size, (void)writing, (void)context;
    return -1;
}

static EVP_PKEY *read_key(struct str pem)
{
    BIO *memory = pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
    EVP_PKEY *key = memory ? PEM_read_bio_PrivateKey(memory, NULL, give_no_password, NULL) : NULL;
    BIO_free(memory);
    return key;
}

/* The two coordinates, one behind the other. */
static bool public_point(const EVP_PKEY *key, unsigned char point[POINT])
{
    size_t size = 0;
    return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, POINT, &size) == 1 && size == POINT &&
           point[0] == UNCOMPRESSED;
}

/* JSON Web Signatures have both numbers of the signature in their full length, not as OpenSSL writes them. */
static bool sign(EVP_PKEY *key, struct str text, unsigned char ret[2 * HALF])
{
    unsigned char der[SIGNATURE_MAX];
    size_t size = sizeof der;
    CLEANUP(free_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, der, &size, (const unsigned char *)text.ptr, (size_t)text.len) != 1)
        return false;
    const unsigned char *at = der;
    CLEANUP(free_signature) ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
    return pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), ret, HALF) == HALF &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), ret + HALF, HALF) == HALF;
}

bool dpop_proof(struct arena *arena, struct str key, const struct dpop_request *request, struct str *ret,
                struct error *error)
{
    unsigned char point[POINT];
    unsigned char signature[2 * HALF];
    CLEANUP(free_key) EVP_PKEY *pair = read_key(key);
    if (!pair || !public_point(pair, point))
        return error_set(error, "crypto", "the key is no private key on P-256 in PEM");
    struct str x = base64url(arena, point + 1, HALF);
    struct str y = base64url(arena, point + 1 + HALF, HALF);
    struct str header = str_format(arena,
                                   "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"x\":\"%.*s\","
                                   "\"y\":\"%.*s\",\"crv\":\"P-256\"}}",
                                   STR_ARG(x), STR_ARG(y));
    struct str claims =
        str_format(arena, "{\"htm\":\"%.*s\",\"htu\":\"%.*s\",\"iat\":%lld,\"jti\":\"%.*s\"}", STR_ARG(request->method),
                   STR_ARG(request->url), (long long)request->now, STR_ARG(request->id));
    struct str signed_part = str_join3(arena, base64url(arena, header.ptr, (size_t)header.len), STR("."),
                                       base64url(arena, claims.ptr, (size_t)claims.len));
    if (!sign(pair, signed_part, signature))
        return error_set(error, "crypto", "OpenSSL does not sign with ES256 here");
    *ret = str_join3(arena, signed_part, STR("."), base64url(arena, signature, sizeof signature));
    return true;
}
