/* dpop_test.c: the proof holds what it is of, and whoever has the public key can verify it. */
#include "aws/crypto/dpop.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

/* Made for this test alone. */
#define KEY                                                                                                            \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                                                 \
    "MHcCAQEEIE/lUOHcmGMcjyuZ/QtxTXDpz9FJSz0pWEutYwunngRSoAoGCCqGSM49\n"                                               \
    "AwEHoUQDQgAEdQYHpdfgwx8UAsyQGnFmrMoDxvOsKHJOenLEjYDqglYyKTs6e9M0\n"                                               \
    "PkVt/s/Ln8n1uU4+/TuHHIjUbNc4LNDawg==\n"                                                                           \
    "-----END EC PRIVATE KEY-----\n"

static const struct dpop_request of_a_token = {
    STR_INIT("POST"), STR_INIT("https://us-east-1.signin.aws.amazon.com/v1/token"), STR_INIT("once"), 1795341600};

/* Base64 for URLs, back to bytes with a NUL behind them. */
static struct str decoded(struct arena *arena, struct str text)
{
    struct buf padded = buf_make(arena, BUF_NO_MAX);
    for (ptrdiff_t i = 0; i < text.len; i++)
        buf_add_char(&padded, text.ptr[i] == '-' ? '+' : text.ptr[i] == '_' ? '/' : text.ptr[i]);
    while (padded.len % 4 != 0)
        buf_add_char(&padded, '=');
    char *bytes = arena_array(arena, char, padded.len + 1);
    int length = EVP_DecodeBlock((unsigned char *)bytes, (const unsigned char *)padded.data, (int)padded.len);
    return (struct str){bytes, length - (4 - text.len % 4) % 4};
}

static bool verifies(struct str text, struct str signature)
{
    const unsigned char *numbers = (const unsigned char *)signature.ptr;
    unsigned char *der = NULL;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(numbers, 32, NULL), BN_bin2bn(numbers + 32, 32, NULL));
    int size = i2d_ECDSA_SIG(pair, &der);
    BIO *memory = BIO_new_mem_buf(KEY, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerify(context, der, (size_t)size, (const unsigned char *)text.ptr, (size_t)text.len) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(memory);
    ECDSA_SIG_free(pair);
    OPENSSL_free(der);
    return ok;
}

static void proves_a_request(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct str proof, header, claims;
    struct error error;
    assert_true(dpop_proof(arena, STR(KEY), &of_a_token, &proof, &error));
    struct str rest = proof;
    str_cut(&rest, '.', &header);
    str_cut(&rest, '.', &claims);
    assert_true(str_equal(decoded(arena, header),
                          STR("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\","
                              "\"x\":\"dQYHpdfgwx8UAsyQGnFmrMoDxvOsKHJOenLEjYDqglY\","
                              "\"y\":\"Mik7OnvTND5Fbf7Py5_J9blOPv07hxyI1GzXOCzQ2sI\",\"crv\":\"P-256\"}}")));
    assert_true(str_equal(decoded(arena, claims),
                          STR("{\"htm\":\"POST\",\"htu\":\"https://us-east-1.signin.aws.amazon.com/v1/token\","
                              "\"iat\":1795341600,\"jti\":\"once\"}")));
    struct str signature = decoded(arena, rest);
    assert_int_equal(signature.len, 64);
    assert_true(verifies(str_slice(proof, 0, header.len + 1 + claims.len), signature));
    assert_false(verifies(str_slice(proof, 0, header.len + claims.len), signature));
    arena_close(arena);
}

static void refuses_what_is_no_key_on_p_256(void **state)
{
    (void)state;
    static const struct str wrong[] = {
        STR_INIT(""),
        STR_INIT("k"),
        STR_INIT("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"),
        STR_INIT("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
                 "-----END EC PRIVATE KEY-----\n"),
        STR_INIT("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                 "-----END PRIVATE KEY-----\n"), /* Ed25519 */
    };
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct str proof;
        struct error error;
        assert_false(dpop_proof(arena, wrong[i], &of_a_token, &proof, &error));
        assert_string_equal(error.code, "crypto");
    }
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_a_request),
        cmocka_unit_test(refuses_what_is_no_key_on_p_256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
