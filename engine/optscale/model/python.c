/* python.c: repr() and str.replace() as Python 3 does them. */
#include "optscale/model/python.h"

#include "base/clock.h"
#include "base/macros.h"

#define MICROSECONDS 1000000

/*
 * Ranges that str.isprintable() refuses above ASCII: the categories Cc, Cf, Zl, Zp and Zs in full,
 * the surrogates and the private use areas. Unassigned code points are taken for printable: which
 * ones are depends on the Unicode version of the Python that runs.
 */
static const struct {
    uint32_t first;
    uint32_t last;
} unprintable[] = {
    {0x7f, 0xa0},       {0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},      {0x6dd, 0x6dd},
    {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},     {0x1680, 0x1680},    {0x180e, 0x180e},
    {0x2000, 0x200f},   {0x2028, 0x202f},   {0x205f, 0x206f},   {0x3000, 0x3000},    {0xd800, 0xf8ff},
    {0xfeff, 0xfeff},   {0xfff9, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},  {0x13430, 0x1343f},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0001, 0xe007f}, {0xf0000, 0x10ffff},
};

static bool is_printable(uint32_t code_point)
{
    if (code_point < 0x20) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(unprintable); i++) {
        if (code_point >= unprintable[i].first && code_point <= unprintable[i].last) {
            return false;
        }
    }
    return true;
}

/* Decodes the code point at `at`; a byte that begins none is what Python's surrogateescape makes of it. */
static ptrdiff_t decode(struct str text, ptrdiff_t at, uint32_t *ret)
{
    unsigned char lead = (unsigned char)text.ptr[at];
    ptrdiff_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t value = length == 1 ? lead : lead & (0x7fU >> length);
    if ((length == 1 && lead >= 0x80) || at + length > text.len) {
        *ret = 0xdc00U | lead;
        return 1;
    }
    for (ptrdiff_t i = 1; i < length; i++) {
        value = value << 6 | ((unsigned char)text.ptr[at + i] & 0x3fU);
    }
    *ret = value;
    return length;
}

static void add_escaped(struct buf *buf, uint32_t code_point)
{
    switch (code_point) {
    case '\n': buf_add(buf, STR("\\n")); break;
    case '\r': buf_add(buf, STR("\\r")); break;
    case '\t': buf_add(buf, STR("\\t")); break;
    default:
        if (code_point <= 0xff) {
            buf_addf(buf, "\\x%02x", (unsigned)code_point);
        } else if (code_point <= 0xffff) {
            buf_addf(buf, "\\u%04x", (unsigned)code_point);
        } else {
            buf_addf(buf, "\\U%08x", (unsigned)code_point);
        }
        break;
    }
}

void python_repr(struct buf *buf, struct str text)
{
    bool has_single = str_find_char(text, '\'', 0) >= 0;
    bool has_double = str_find_char(text, '"', 0) >= 0;
    char quote = has_single && !has_double ? '"' : '\'';
    buf_add_char(buf, quote);
    for (ptrdiff_t at = 0; at < text.len;) {
        uint32_t code_point;
        ptrdiff_t length = decode(text, at, &code_point);
        if (code_point == (uint32_t)quote || code_point == '\\') {
            buf_add_char(buf, '\\');
            buf_add_char(buf, (char)code_point);
        } else if (is_printable(code_point)) {
            buf_add(buf, str_slice(text, at, at + length));
        } else {
            add_escaped(buf, code_point);
        }
        at += length;
    }
    buf_add_char(buf, quote);
}

void python_repr_time(struct buf *buf, int64_t microseconds)
{
    int64_t seconds = microseconds / MICROSECONDS;
    int64_t fraction = microseconds % MICROSECONDS;
    if (fraction < 0) {
        seconds -= 1;
        fraction += MICROSECONDS;
    }
    struct clock_date date = clock_date(seconds);
    buf_addf(buf, "datetime.datetime(%d, %d, %d, %d, %d", date.year, date.month, date.day, date.hour, date.minute);
    if (date.second != 0 || fraction != 0) {
        buf_addf(buf, ", %d", date.second);
    }
    if (fraction != 0) {
        buf_addf(buf, ", %d", (int)fraction);
    }
    buf_add(buf, STR(", tzinfo=tzlocal())"));
}

struct str python_remove_all(struct arena *arena, struct str text, struct str part)
{
    ptrdiff_t found = part.len > 0 ? str_find(text, part, 0) : -1;
    if (found < 0) {
        return text;
    }
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    ptrdiff_t from = 0;
    while (found >= 0) {
        buf_add(&buf, str_slice(text, from, found));
        from = found + part.len;
        found = str_find(text, part, from);
    }
    buf_add(&buf, str_skip(text, from));
    return buf_str(&buf);
}
