/* digest.c: see digest.h. */
#include "aws/crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits.h>

static const void *bytes_of(struct str s)
{
    return s.len > 0 ? s.ptr : "";
}

static bool no_provider(struct error *error, const char *what)
{
    return error_set(error, "crypto", "OpenSSL does not compute %s here", what);
}

bool digest_sha256(struct str data, struct digest *ret, struct error *error)
{
    unsigned int size = 0;
    if (!EVP_Digest(bytes_of(data), (size_t)data.len, ret->bytes, &size, EVP_sha256(), NULL))
        return no_provider(error, "SHA-256");
    return true;
}

bool digest_hmac(struct str key, struct str data, struct digest *ret, struct error *error)
{
    unsigned int size = 0;
    if (key.len > INT_MAX ||
        !HMAC(EVP_sha256(), bytes_of(key), (int)key.len, bytes_of(data), (size_t)data.len, ret->bytes, &size))
        return no_provider(error, "HMAC-SHA-256");
    return true;
}

struct str digest_view(const struct digest *digest)
{
    return (struct str){(const char *)digest->bytes, sizeof digest->bytes};
}

struct str digest_hex(struct arena *arena, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_array(arena, char, bytes.len * 2);
    for (ptrdiff_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        text[2 * i] = digits[byte >> 4];
        text[2 * i + 1] = digits[byte & 15];
    }
    return (struct str){text, bytes.len * 2};
}

bool digest_sha256_hex(struct arena *arena, struct str data, struct str *ret, struct error *error)
{
    struct digest digest;
    if (!digest_sha256(data, &digest, error))
        return false;
    *ret = digest_hex(arena, digest_view(&digest));
    return true;
}

bool digest_sha1_hex(struct arena *arena, struct str data, struct str *ret, struct error *error)
{
    unsigned char bytes[20];
    unsigned int size = 0;
    if (!EVP_Digest(bytes_of(data), (size_t)data.len, bytes, &size, EVP_sha1(), NULL))
        return no_provider(error, "SHA-1");
    *ret = digest_hex(arena, (struct str){(const char *)bytes, sizeof bytes});
    return true;
}
