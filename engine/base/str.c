/* str.c: views; see str.h. */
#include "base/str.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str str_from(const char *text)
{
    return (struct str){text, text ? (ptrdiff_t)strlen(text) : 0};
}

struct str str_span(const char *begin, const char *end)
{
    return (struct str){begin, end - begin};
}

char *str_to_c(struct arena *arena, struct str s)
{
    char *copy = arena_array(arena, char, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, (size_t)s.len);
    return copy;
}

struct str str_copy(struct arena *arena, struct str s)
{
    return (struct str){str_to_c(arena, s), s.len};
}

struct str str_concat(struct arena *arena, const struct str *parts, size_t count)
{
    ptrdiff_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += parts[i].len;
    char *text = arena_array(arena, char, length + 1);
    char *end = text;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len)
            memcpy(end, parts[i].ptr, (size_t)parts[i].len);
        end += parts[i].len;
    }
    return (struct str){text, length};
}

struct str str_join3(struct arena *arena, struct str a, struct str b, struct str c)
{
    const struct str parts[] = {a, b, c};
    return str_concat(arena, parts, COUNT_OF(parts));
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    va_list values;
    va_start(values, format);
    buf_addv(&buf, format, values);
    va_end(values);
    return buf_str(&buf);
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, (size_t)a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (ptrdiff_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    ptrdiff_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, (size_t)shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

int str_compare_qsort(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_equal(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_equal(str_skip(s, s.len - suffix.len), suffix);
}

bool str_contains(struct str s, struct str part)
{
    return str_find(s, part, 0) >= 0;
}

ptrdiff_t str_find(struct str s, struct str part, ptrdiff_t from)
{
    if (part.len == 0)
        return from <= s.len ? from : -1;
    for (ptrdiff_t i = from; i + part.len <= s.len; i++) {
        const char *hit = memchr(s.ptr + i, part.ptr[0], (size_t)(s.len - part.len - i + 1));
        if (!hit)
            return -1;
        i = hit - s.ptr;
        if (memcmp(hit, part.ptr, (size_t)part.len) == 0)
            return i;
    }
    return -1;
}

ptrdiff_t str_find_char(struct str s, char c, ptrdiff_t from)
{
    if (from >= s.len)
        return -1;
    const char *hit = memchr(s.ptr + from, c, (size_t)(s.len - from));
    return hit ? hit - s.ptr : -1;
}

ptrdiff_t str_find_last_char(struct str s, char c)
{
    ptrdiff_t i = s.len - 1;
    while (i >= 0 && s.ptr[i] != c)
        i--;
    return i;
}

static ptrdiff_t clamp(ptrdiff_t value, ptrdiff_t low, ptrdiff_t high)
{
    return value < low ? low : value > high ? high : value;
}

struct str str_slice(struct str s, ptrdiff_t from, ptrdiff_t to)
{
    from = clamp(from, 0, s.len);
    to = clamp(to, from, s.len);
    return (struct str){s.ptr ? s.ptr + from : NULL, to - from};
}

struct str str_skip(struct str s, ptrdiff_t count)
{
    return str_slice(s, count, s.len);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.ptr[0]))
        s = str_skip(s, 1);
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool str_cut(struct str *rest, char separator, struct str *head)
{
    ptrdiff_t at = str_find_char(*rest, separator, 0);
    *head = at < 0 ? *rest : str_slice(*rest, 0, at);
    *rest = at < 0 ? str_skip(*rest, rest->len) : str_skip(*rest, at + 1);
    return at >= 0;
}

static struct str map_chars(struct arena *arena, struct str s, char (*change)(char))
{
    char *copy = str_to_c(arena, s);
    for (ptrdiff_t i = 0; i < s.len; i++)
        copy[i] = change(copy[i]);
    return (struct str){copy, s.len};
}

struct str str_lower(struct arena *arena, struct str s)
{
    return map_chars(arena, s, lower);
}

struct str str_upper(struct arena *arena, struct str s)
{
    return map_chars(arena, s, upper);
}

bool str_to_int64(struct str s, int64_t *ret)
{
    bool negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    if (s.len == 0)
        return false;
    int64_t value = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        int digit = s.ptr[i] - '0';
        if (digit < 0 || digit > 9 || value < (INT64_MIN + digit) / 10)
            return false;
        value = value * 10 - digit; /* counted downward: INT64_MIN has no positive twin */
    }
    if (!negative && value == INT64_MIN)
        return false;
    *ret = negative ? value : -value;
    return true;
}

static ptrdiff_t skip_digits(struct str s, ptrdiff_t at)
{
    while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
        at++;
    return at;
}

/* RFC 8259 section 6: -?int frac? exp? */
static bool is_number(struct str s)
{
    ptrdiff_t at = s.len && s.ptr[0] == '-';
    ptrdiff_t after = skip_digits(s, at);
    if (after == at || (s.ptr[at] == '0' && after > at + 1))
        return false;
    if (after < s.len && s.ptr[after] == '.') {
        at = after + 1;
        after = skip_digits(s, at);
        if (after == at)
            return false;
    }
    if (after < s.len && (s.ptr[after] == 'e' || s.ptr[after] == 'E')) {
        at = after + 1;
        if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-'))
            at++;
        after = skip_digits(s, at);
        if (after == at)
            return false;
    }
    return after == s.len;
}

bool str_to_double(struct str s, double *ret)
{
    char text[512];
    if (!is_number(s) || s.len >= (ptrdiff_t)sizeof text)
        return false;
    memcpy(text, s.ptr, (size_t)s.len);
    text[s.len] = '\0';
    *ret = strtod(text, NULL);
    return true;
}

/* The length of the well-formed sequence at `p`, or 0 (RFC 3629 section 4). */
static int utf8_length(const unsigned char *p, ptrdiff_t left)
{
    if (p[0] < 0x80)
        return 1;
    int length = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
    if (length == 0 || left < length)
        return 0;
    for (int i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
               (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : length;
}

ptrdiff_t str_boundary(struct str s, ptrdiff_t max)
{
    if (s.len <= max)
        return s.len;
    while (max > 0 && ((unsigned char)s.ptr[max] & 0xC0) == 0x80)
        max--;
    return max;
}

struct str str_shorten(struct arena *arena, struct str s, ptrdiff_t max)
{
    return s.len <= max ? s : str_join3(arena, str_slice(s, 0, str_boundary(s, max)), STR("…"), STR(""));
}

bool str_is_utf8(struct str s)
{
    ptrdiff_t at = 0;
    while (at < s.len) {
        int length = utf8_length((const unsigned char *)s.ptr + at, s.len - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str str_percent_decode(struct arena *arena, struct str s)
{
    if (str_find_char(s, '%', 0) < 0)
        return s;
    char *text = arena_array(arena, char, s.len + 1);
    ptrdiff_t length = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        int high = s.ptr[i] == '%' && i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.ptr[i + 2]) : -1;
        text[length++] = low >= 0 ? (char)(high * 16 + low) : s.ptr[i];
        i += low >= 0 ? 2 : 0;
    }
    return (struct str){text, length};
}

struct str str_form_decode(struct arena *arena, struct str text)
{
    char *copy = str_to_c(arena, text);
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (copy[i] == '+')
            copy[i] = ' ';
    }
    return str_percent_decode(arena, (struct str){copy, text.len});
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

struct str str_percent_encode(struct arena *arena, struct str s, const char *keep)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_array(arena, char, s.len * 3 + 1);
    ptrdiff_t length = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (is_unreserved(s.ptr[i]) || (c && strchr(keep, c))) {
            text[length++] = s.ptr[i];
            continue;
        }
        text[length++] = '%';
        text[length++] = digits[c >> 4];
        text[length++] = digits[c & 15];
    }
    return (struct str){text, length};
}

enum { NEAREST_MAX = 64 };

/* Optimal string alignment distance, ignoring case; names beyond NEAREST_MAX are never near. */
static int distance(struct str a, struct str b)
{
    int rows[3][NEAREST_MAX + 1];
    if (a.len > NEAREST_MAX || b.len > NEAREST_MAX)
        return NEAREST_MAX;
    for (int j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (int i = 1; i <= a.len; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3];
        const int *before = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= b.len; j++) {
            bool same = lower(a.ptr[i - 1]) == lower(b.ptr[j - 1]);
            int best = above[j - 1] + (same ? 0 : 1);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && lower(a.ptr[i - 1]) == lower(b.ptr[j - 2]) &&
                           lower(a.ptr[i - 2]) == lower(b.ptr[j - 1]);
            if (swapped && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a.len % 3][b.len];
}

struct str str_nearest(struct str typed, const struct str *names, size_t count)
{
    struct str nearest = {NULL, 0};
    int best = typed.len < 4 ? 2 : (int)(typed.len / 3) + 1;
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t longer = typed.len > names[i].len ? typed.len - names[i].len : names[i].len - typed.len;
        int d = longer < best ? distance(typed, names[i]) : best; /* so many insertions at the least */
        if (d < best) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}

size_t str_code_points(struct str s)
{
    size_t count = 0;
    for (ptrdiff_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return count;
}
