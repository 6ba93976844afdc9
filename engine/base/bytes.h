/*
 * bytes.h: eight bytes of a text at a time, in a word: which of them are of a kind is told by their high bits, so that
 * a scan looks at single bytes only where there is something to see.
 */
#ifndef EXPORTCHECK_BASE_BYTES_H
#define EXPORTCHECK_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** A word of which each byte is the same. */
#define BYTES_EACH(byte) (UINT64_MAX / 0xFF * (byte))

static inline uint64_t bytes_load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/** Marks the bytes that are no ASCII. */
static inline uint64_t bytes_wide(uint64_t word)
{
    return word & BYTES_EACH(0x80);
}

/** Marks the bytes that are `byte`. */
static inline uint64_t bytes_equal(uint64_t word, unsigned char byte)
{
    uint64_t other = word ^ BYTES_EACH(byte);
    return ~(((other & BYTES_EACH(0x7F)) + BYTES_EACH(0x7F)) | other) & BYTES_EACH(0x80);
}

/** Marks the bytes below a blank: control characters. */
static inline uint64_t bytes_control(uint64_t word)
{
    return ~(((word & BYTES_EACH(0x7F)) + BYTES_EACH(0x60)) | word) & BYTES_EACH(0x80);
}

/** How many bytes stand before the first that is marked; some is. */
static inline size_t bytes_before(uint64_t marks)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(marks) / 8;
#else
    return (size_t)__builtin_clzll(marks) / 8;
#endif
}

#endif
