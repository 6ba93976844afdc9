/* scan.c: see json_scan.h. */
#include "base/json/scan.h"

#include "base/bytes.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    NUMBER_MAX = 60,   /* characters; a double needs 17 digits, a sign, a point and an exponent */
    EXACT_DIGITS = 15, /* so many always fit into a double's 53 bits */
};

/* ---- Complaints ---- */

static void describe_found(char *found, size_t size, struct str text, size_t at)
{
    if (at >= (size_t)text.len)
        snprintf(found, size, "the end");
    else if (isprint((unsigned char)text.ptr[at]))
        snprintf(found, size, "'%c'", text.ptr[at]);
    else
        snprintf(found, size, "byte 0x%02X", (unsigned char)text.ptr[at]);
}

bool json_scan_fail_at(const struct json_scanner *scanner, size_t at, const char *code, const char *expected)
{
    char found[32];
    describe_found(found, sizeof found, scanner->text, at);
    struct json probe = {.offset = (uint32_t)at + 1};
    struct json_place place = json_place(scanner->text, &probe);
    return error_set(scanner->error, code, "%.*s:%d:%d: expected %s, found %s", STR_ARG(scanner->name), place.line,
                     place.column, expected, found);
}

bool json_scan_fail(const struct json_scanner *scanner, const char *expected)
{
    return json_scan_fail_at(scanner, scanner->at, ERROR_INPUT, expected);
}

/* ---- Blanks and words ---- */

static unsigned char byte_at(const struct json_scanner *scanner, size_t at)
{
    return at < (size_t)scanner->text.len ? (unsigned char)scanner->text.ptr[at] : '\0';
}

bool json_scan_word(struct json_scanner *scanner, struct str word)
{
    if (!str_starts(str_skip(scanner->text, (ptrdiff_t)scanner->at), word))
        return json_scan_fail(scanner, "a value");
    scanner->at += (size_t)word.len;
    return true;
}

/* ---- Numbers ---- */

static bool scan_digits(struct json_scanner *scanner)
{
    if (!isdigit(byte_at(scanner, scanner->at)))
        return json_scan_fail(scanner, "a digit");
    while (isdigit(byte_at(scanner, scanner->at)))
        scanner->at++;
    return true;
}

static bool scan_integer(struct json_scanner *scanner)
{
    scanner->at += byte_at(scanner, scanner->at) == '-';
    if (byte_at(scanner, scanner->at) != '0')
        return scan_digits(scanner);
    scanner->at++;
    return true;
}

static bool scan_fraction(struct json_scanner *scanner)
{
    if (byte_at(scanner, scanner->at) != '.')
        return true;
    scanner->at++;
    return scan_digits(scanner);
}

static bool scan_exponent(struct json_scanner *scanner)
{
    unsigned char c = byte_at(scanner, scanner->at);
    if (c != 'e' && c != 'E')
        return true;
    c = byte_at(scanner, ++scanner->at);
    scanner->at += c == '+' || c == '-';
    return scan_digits(scanner);
}

static double integer_value(struct str digits)
{
    bool negative = digits.ptr[0] == '-';
    int64_t value = 0;
    for (ptrdiff_t i = negative; i < digits.len; i++)
        value = value * 10 + (digits.ptr[i] - '0');
    return negative ? -(double)value : (double)value;
}

bool json_scan_number(struct json_scanner *scanner, double *ret)
{
    size_t begin = scanner->at;
    if (!scan_integer(scanner))
        return false;
    size_t integer_end = scanner->at;
    if (!scan_fraction(scanner) || !scan_exponent(scanner))
        return false;
    struct str text = str_slice(scanner->text, (ptrdiff_t)begin, (ptrdiff_t)scanner->at);
    if (text.len > NUMBER_MAX)
        return json_scan_fail_at(scanner, begin, ERROR_LIMIT, "a number of at most 60 characters");
    if (scanner->at == integer_end && text.len <= EXACT_DIGITS) {
        *ret = integer_value(text);
        return true;
    }
    if (!str_to_double(text, ret) || !isfinite(*ret))
        return json_scan_fail_at(scanner, begin, ERROR_LIMIT, "a number within the range of a double");
    return true;
}

/* ---- Strings ---- */

static int hex_digit(unsigned char c)
{
    return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

/* Four hex digits; the code unit, or -1. */
static long code_unit(const struct json_scanner *scanner, size_t at)
{
    long value = 0;
    for (size_t i = at; i < at + 4; i++) {
        if (!isxdigit(byte_at(scanner, i)))
            return -1;
        value = value * 16 + hex_digit(byte_at(scanner, i));
    }
    return value;
}

static bool check_unicode_escape(struct json_scanner *scanner)
{
    long unit = code_unit(scanner, scanner->at + 2);
    if (unit < 0)
        return json_scan_fail(scanner, "four hex digits after \\u");
    if (unit == 0)
        return json_scan_fail(scanner, "no \\u0000 in a string");
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return json_scan_fail(scanner, "a high surrogate before this low one");
    scanner->at += 6;
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    bool escape = byte_at(scanner, scanner->at) == '\\' && byte_at(scanner, scanner->at + 1) == 'u';
    long low = escape ? code_unit(scanner, scanner->at + 2) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return json_scan_fail(scanner, "a low surrogate (\\uDC00 to \\uDFFF) after a high one");
    scanner->at += 6;
    return true;
}

static bool check_escape(struct json_scanner *scanner)
{
    unsigned char kind = byte_at(scanner, scanner->at + 1);
    if (kind == 'u')
        return check_unicode_escape(scanner);
    if (!kind || !strchr("\"\\/bfnrt", kind))
        return json_scan_fail(scanner, "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
    scanner->at += 2;
    return true;
}

/*
 * Sixteen bytes at once where the machine can, else eight: how many stand before the end of a string's plain part,
 * which is a quote, a backslash or a control character. Most names and texts are over within the first sixteen.
 */
#ifdef __SSE2__
enum { BLOCK = 16 };

static size_t plain_in_block(const char *at, bool *wide)
{
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
    __m128i special =
        _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    unsigned ends = (unsigned)_mm_movemask_epi8(_mm_or_si128(control, special));
    *wide |= _mm_movemask_epi8(block) != 0;
    return ends ? (size_t)__builtin_ctz(ends) : BLOCK;
}
#else
enum { BLOCK = 8 };

static size_t plain_in_block(const char *at, bool *wide)
{
    uint64_t word = bytes_load(at);
    uint64_t ends = bytes_control(word) | bytes_equal(word, '"') | bytes_equal(word, '\\');
    *wide |= bytes_wide(word) != 0;
    return ends ? bytes_before(ends) : BLOCK;
}
#endif

/* Goes to the next byte that is not plain, or to the last few of the text. True: some byte may be no ASCII. */
static bool skip_plain(struct json_scanner *scanner)
{
    const char *at = scanner->text.ptr + scanner->at;
    const char *end = scanner->text.ptr + scanner->text.len;
    size_t plain = BLOCK;
    bool wide = false;
    for (; plain == BLOCK && end - at >= BLOCK; at += plain)
        plain = plain_in_block(at, &wide);
    scanner->at = (size_t)(at - scanner->text.ptr);
    return wide;
}

/* Goes to the closing quote. `*ret_escapes`: some bytes are escaped; `*ret_wide`: some are no ASCII. */
static bool find_quote(struct json_scanner *scanner, bool *ret_escapes, bool *ret_wide)
{
    unsigned char seen = 0;
    *ret_escapes = false;
    *ret_wide = skip_plain(scanner);
    for (unsigned char c = byte_at(scanner, scanner->at); c != '"'; c = byte_at(scanner, scanner->at)) {
        if (c == '\\') {
            *ret_escapes = true;
            if (!check_escape(scanner))
                return false;
            *ret_wide |= skip_plain(scanner);
        } else if (c < 0x20) {
            bool ended = scanner->at >= (size_t)scanner->text.len;
            return json_scan_fail(scanner, ended ? "the string's closing '\"'" : "no control character in a string");
        } else {
            seen |= c;
            scanner->at++;
        }
    }
    *ret_wide |= seen >= 0x80;
    return true;
}

static size_t put_utf8(char *out, unsigned long point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {[2] = 0xC0, [3] = 0xE0, [4] = 0xF0};
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)(lead[length] | point);
    return length;
}

/* One checked escape at `*at`, which moves behind it. */
static size_t unescape(const struct json_scanner *scanner, size_t *at, char *out)
{
    static const char kinds[] = "bfnrt";
    static const char bytes[] = "\b\f\n\r\t";
    char kind = scanner->text.ptr[*at + 1];
    if (kind != 'u') {
        const char *found = strchr(kinds, kind);
        out[0] = found ? bytes[found - kinds] : kind;
        *at += 2;
        return 1;
    }
    unsigned long point = (unsigned long)code_unit(scanner, *at + 2);
    *at += 6;
    if (point >= 0xD800 && point <= 0xDBFF) {
        point = 0x10000 + ((point - 0xD800) << 10) + ((unsigned long)code_unit(scanner, *at + 2) - 0xDC00);
        *at += 6;
    }
    return put_utf8(out, point);
}

/* Never longer than what stands in the text: the shortest escape of a byte sequence is longer than it. */
static struct str unescape_all(const struct json_scanner *scanner, size_t begin, size_t end)
{
    char *bytes = arena_array(scanner->arena, char, end - begin);
    size_t length = 0;
    for (size_t at = begin; at < end;) {
        if (scanner->text.ptr[at] == '\\')
            length += unescape(scanner, &at, bytes + length);
        else
            bytes[length++] = scanner->text.ptr[at++];
    }
    return (struct str){bytes, (ptrdiff_t)length};
}

bool json_scan_string(struct json_scanner *scanner, struct str *ret)
{
    size_t begin = ++scanner->at;
    bool escapes;
    bool wide;
    if (!find_quote(scanner, &escapes, &wide))
        return false;
    struct str raw = str_slice(scanner->text, (ptrdiff_t)begin, (ptrdiff_t)scanner->at);
    if (wide && !str_is_utf8(raw))
        return json_scan_fail_at(scanner, begin - 1, ERROR_INPUT, "UTF-8 in this string");
    if (escapes)
        *ret = unescape_all(scanner, begin, scanner->at);
    else
        *ret = scanner->kept ? raw : str_copy(scanner->arena, raw);
    scanner->at++;
    return true;
}
