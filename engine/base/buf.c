/* buf.c: the string builder; see buf.h. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

struct buf buf_make(struct arena *arena, size_t max)
{
    return (struct buf){.arena = arena, .max = max};
}

/* The slow half of reserve(). */
static bool grow(struct buf *buf, size_t more)
{
    if (more > buf->max - buf->len) {
        buf->overflow = true;
        return false;
    }
    size_t capacity = buf->capacity ? buf->capacity * 2 : 64;
    if (capacity < buf->len + more + 1)
        capacity = buf->len + more + 1;
    buf->data = arena_resize(buf->arena, buf->data, buf->capacity, capacity, 1);
    buf->capacity = capacity;
    return true;
}

/* Makes room for `more` bytes and a NUL; false, and overflow set, where that would pass the maximum. */
static inline bool reserve(struct buf *buf, size_t more)
{
    bool fits = more <= buf->max - buf->len && buf->capacity - buf->len > more;
    return fits || grow(buf, more);
}

void buf_add(struct buf *buf, struct str s)
{
    if (s.len == 0 || !reserve(buf, (size_t)s.len))
        return;
    memcpy(buf->data + buf->len, s.ptr, (size_t)s.len);
    buf->len += (size_t)s.len;
}

void buf_add_char(struct buf *buf, char c)
{
    if (reserve(buf, 1))
        buf->data[buf->len++] = c;
}

void buf_add_c(struct buf *buf, const char *text)
{
    buf_add(buf, str_from(text));
}

void buf_addv(struct buf *buf, const char *format, va_list values)
{
    char small[256]; /* most fit, and are formatted once */
    va_list again;
    va_copy(again, values);
    int length = vsnprintf(small, sizeof small, format, again);
    va_end(again);
    if (length <= 0 || !reserve(buf, (size_t)length))
        return;
    if ((size_t)length < sizeof small)
        memcpy(buf->data + buf->len, small, (size_t)length);
    else
        vsnprintf(buf->data + buf->len, (size_t)length + 1, format, values);
    buf->len += (size_t)length;
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    buf_addv(buf, format, values);
    va_end(values);
}

void buf_add_utf8(struct buf *buf, uint32_t code_point)
{
    char bytes[4];
    ptrdiff_t length = 0;
    if (code_point < 0x80) {
        bytes[length++] = (char)code_point;
    } else if (code_point < 0x800) {
        bytes[length++] = (char)(0xC0 | code_point >> 6);
        bytes[length++] = (char)(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        bytes[length++] = (char)(0xE0 | code_point >> 12);
        bytes[length++] = (char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[length++] = (char)(0x80 | (code_point & 0x3F));
    } else {
        bytes[length++] = (char)(0xF0 | code_point >> 18);
        bytes[length++] = (char)(0x80 | (code_point >> 12 & 0x3F));
        bytes[length++] = (char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[length++] = (char)(0x80 | (code_point & 0x3F));
    }
    buf_add(buf, (struct str){bytes, length});
}

void buf_add_shell_word(struct buf *buf, struct str word)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:@=+,";
    bool plain = word.len > 0;
    for (ptrdiff_t i = 0; i < word.len && plain; i++)
        plain = word.ptr[i] && strchr(safe, word.ptr[i]);
    if (plain) {
        buf_add(buf, word);
        return;
    }
    buf_add_char(buf, '\'');
    for (ptrdiff_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\'')
            buf_add_c(buf, "'\\''");
        else
            buf_add_char(buf, word.ptr[i]);
    }
    buf_add_char(buf, '\'');
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->data, (ptrdiff_t)buf->len};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
}
