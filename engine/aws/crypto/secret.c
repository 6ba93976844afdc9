/* secret.c: see secret.h. */
#include "aws/crypto/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct secret {
    size_t mapped; /* bytes of the mapping; 0: the system gave no pages, `bytes` lie in the heap */
    size_t size;
    unsigned char bytes[];
};

static size_t whole_pages(size_t size)
{
    long page = sysconf(_SC_PAGESIZE);
    size_t unit = page > 0 ? (size_t)page : 4096;
    return (size + unit - 1) / unit * unit;
}

static struct secret *secret_map(size_t total)
{
    size_t mapped = whole_pages(total);
    struct secret *secret = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (secret == MAP_FAILED)
        return NULL;
#ifdef MADV_DONTDUMP
    /* An old kernel may refuse; the secret is then as safe as any other memory. */
    (void)madvise(secret, mapped, MADV_DONTDUMP);
#endif
    secret->mapped = mapped;
    return secret;
}

static void secret_close(void *object)
{
    struct secret *secret = object;
    size_t mapped = secret->mapped;
    OPENSSL_cleanse(secret->bytes, secret->size);
    if (mapped > 0)
        (void)munmap(secret, mapped);
}

struct secret *secret_blank(struct arena *arena, size_t size)
{
    size_t total = sizeof(struct secret) + size;
    struct secret *secret = secret_map(total);
    if (!secret) /* the arena knows what to do where there is no memory at all */
        secret = arena_alloc(arena, 1, total, _Alignof(struct secret));
    secret->size = size;
    arena_defer(arena, secret_close, secret);
    return secret;
}

unsigned char *secret_fill(struct secret *secret)
{
    return secret->bytes;
}

bool secret_random(struct arena *arena, size_t size, const struct secret **ret, struct error *error)
{
    struct secret *secret = secret_blank(arena, size);
    if (size > INT_MAX || RAND_priv_bytes(secret->bytes, (int)size) != 1)
        return error_set(error, "crypto", "no random bytes are to be had");
    for (size_t i = 0; i < size; i++)
        secret->bytes[i] = (unsigned char)"0123456789abcdef"[secret->bytes[i] & 15U];
    *ret = secret;
    return true;
}

const struct secret *secret_make(struct arena *arena, struct str bytes)
{
    struct secret *secret = secret_blank(arena, (size_t)bytes.len);
    if (bytes.len > 0)
        memcpy(secret->bytes, bytes.ptr, (size_t)bytes.len);
    return secret;
}

struct str secret_expose(const struct secret *secret)
{
    if (!secret)
        return STR("");
    return (struct str){(const char *)secret->bytes, (ptrdiff_t)secret->size};
}

bool secret_is_empty(const struct secret *secret)
{
    return !secret || secret->size == 0;
}

bool secret_equal(const struct secret *secret, struct str bytes)
{
    struct str own = secret_expose(secret);
    if (own.len != bytes.len)
        return false;
    return own.len == 0 || CRYPTO_memcmp(own.ptr, bytes.ptr, (size_t)own.len) == 0;
}

void secret_wipe_view(struct str bytes)
{
    void *memory;
    memcpy(&memory, &bytes.ptr, sizeof memory); /* a view is const to its readers; its owner may write */
    if (bytes.len > 0)
        OPENSSL_cleanse(memory, (size_t)bytes.len);
}

const struct secret *secret_take(struct arena *arena, struct str bytes)
{
    const struct secret *secret = secret_make(arena, bytes);
    secret_wipe_view(bytes);
    return secret;
}

void secret_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}
