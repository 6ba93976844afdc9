/*
 * buf.h: the string builder. It grows in an arena up to a maximum that is given when it is made;
 * what would go past it is dropped and `overflow` stays set: append freely, look once at the end.
 */
#ifndef EXPORTCHECK_BASE_BUF_H
#define EXPORTCHECK_BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

#include <stdarg.h>

struct buf {
    struct arena *arena;
    char *data;
    size_t len;
    size_t capacity;
    size_t max; /* bytes */
    bool overflow;
};

#define BUF_NO_MAX ((size_t)1 << 40)

struct buf buf_make(struct arena *arena, size_t max);
void buf_add(struct buf *buf, struct str s);
void buf_add_char(struct buf *buf, char c);
void buf_add_c(struct buf *buf, const char *text);
void buf_addf(struct buf *buf, const char *format, ...) FORMATS(2, 3);
void buf_addv(struct buf *buf, const char *format, va_list values) FORMATS(2, 0);
/** One code point as UTF-8. */
void buf_add_utf8(struct buf *buf, uint32_t code_point);
/** A word as a POSIX shell takes it: as it is where that is safe, else in single quotes. */
void buf_add_shell_word(struct buf *buf, struct str word);
/** What was added so far; valid until the next addition. */
struct str buf_str(const struct buf *buf);
void buf_clear(struct buf *buf);

#endif
