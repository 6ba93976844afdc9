/* json_check.c: a recursive-descent checker that builds nothing; see json_check.h. */
#include "base/json_check.h"

#include <ctype.h>
#include <string.h>

struct checker {
    struct str name;
    struct str text;
    size_t at;
    size_t depth;
    const struct json_limits *limits;
    struct json_offsets *offsets;
    struct error *error;
};

enum { NUMBER_MAX = 60 }; /* characters; cJSON reads no more than 63 */

static void describe_found(char *found, size_t size, struct str text, size_t at)
{
    if (at >= (size_t)text.len)
        snprintf(found, size, "the end");
    else if (isprint((unsigned char)text.ptr[at]))
        snprintf(found, size, "'%c'", text.ptr[at]);
    else
        snprintf(found, size, "byte 0x%02X", (unsigned char)text.ptr[at]);
}

bool json_complain(struct error *error, struct str name, struct str text, size_t at, const char *code,
                   const char *expected)
{
    char found[32];
    describe_found(found, sizeof found, text, at);
    struct json probe = {.offset = (uint32_t)at + 1};
    struct json_place place = json_place(text, &probe);
    return error_set(error, code, "%.*s:%d:%d: expected %s, found %s", STR_ARG(name), place.line, place.column,
                     expected, found);
}

static bool complain(const struct checker *c, const char *expected)
{
    return json_complain(c->error, c->name, c->text, c->at, ERROR_INPUT, expected);
}

static char peek(const struct checker *c)
{
    return c->at < (size_t)c->text.len ? c->text.ptr[c->at] : '\0';
}

static void skip_space(struct checker *c)
{
    while (c->at < (size_t)c->text.len && strchr(" \t\r\n", c->text.ptr[c->at]) && c->text.ptr[c->at])
        c->at++;
}

static void note_offset(struct checker *c)
{
    struct json_offsets *offsets = c->offsets;
    if (offsets->count == offsets->capacity) {
        size_t capacity = offsets->capacity ? offsets->capacity * 2 : 256;
        uint32_t *items = arena_array(offsets->arena, uint32_t, capacity);
        if (offsets->count)
            memcpy(items, offsets->items, offsets->count * sizeof *items);
        offsets->items = items;
        offsets->capacity = capacity;
    }
    offsets->items[offsets->count++] = (uint32_t)c->at;
}

static bool check_word(struct checker *c, const char *word)
{
    struct str rest = str_skip(c->text, (ptrdiff_t)c->at);
    if (!str_starts(rest, str_from(word)))
        return complain(c, "a value");
    c->at += strlen(word);
    return true;
}

static bool check_digits(struct checker *c)
{
    if (!isdigit((unsigned char)peek(c)))
        return complain(c, "a digit");
    while (isdigit((unsigned char)peek(c)))
        c->at++;
    return true;
}

static bool check_number(struct checker *c)
{
    size_t begin = c->at;
    if (peek(c) == '-')
        c->at++;
    if (peek(c) == '0')
        c->at++;
    else if (!check_digits(c))
        return false;
    if (peek(c) == '.') {
        c->at++;
        if (!check_digits(c))
            return false;
    }
    if (peek(c) == 'e' || peek(c) == 'E') {
        c->at++;
        if (peek(c) == '+' || peek(c) == '-')
            c->at++;
        if (!check_digits(c))
            return false;
    }
    if (c->at - begin > NUMBER_MAX)
        return json_complain(c->error, c->name, c->text, begin, ERROR_LIMIT, "a number of at most 60 characters");
    return true;
}

/* Four hex digits after \u; the code unit, or -1. */
static long code_unit(const struct checker *c, size_t at)
{
    long value = 0;
    for (size_t i = at; i < at + 4; i++) {
        if (i >= (size_t)c->text.len || !isxdigit((unsigned char)c->text.ptr[i]))
            return -1;
        int digit = c->text.ptr[i];
        value = value * 16 + (isdigit(digit) ? digit - '0' : tolower(digit) - 'a' + 10);
    }
    return value;
}

static bool check_unicode_escape(struct checker *c)
{
    long unit = code_unit(c, c->at + 2);
    if (unit < 0)
        return complain(c, "four hex digits after \\u");
    if (unit == 0)
        return complain(c, "no \\u0000 in a string");
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return complain(c, "a high surrogate before this low one");
    c->at += 6;
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    long low = peek(c) == '\\' && c->at + 1 < (size_t)c->text.len && c->text.ptr[c->at + 1] == 'u'
                   ? code_unit(c, c->at + 2)
                   : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return complain(c, "a low surrogate (\\uDC00 to \\uDFFF) after a high one");
    c->at += 6;
    return true;
}

static bool check_escape(struct checker *c)
{
    char kind = c->at + 1 < (size_t)c->text.len ? c->text.ptr[c->at + 1] : '\0';
    if (kind == 'u')
        return check_unicode_escape(c);
    if (!kind || !strchr("\"\\/bfnrt", kind))
        return complain(c, "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
    c->at += 2;
    return true;
}

static bool check_string(struct checker *c)
{
    size_t begin = ++c->at;
    while (c->at < (size_t)c->text.len && c->text.ptr[c->at] != '"') {
        if (c->text.ptr[c->at] == '\\') {
            if (!check_escape(c))
                return false;
        } else if ((unsigned char)c->text.ptr[c->at] < 0x20) {
            return complain(c, "no control character in a string");
        } else {
            c->at++;
        }
    }
    if (c->at >= (size_t)c->text.len)
        return complain(c, "the string's closing '\"'");
    if (!str_is_utf8(str_slice(c->text, (ptrdiff_t)begin, (ptrdiff_t)c->at))) {
        c->at = begin - 1;
        return complain(c, "UTF-8 in this string");
    }
    c->at++;
    return true;
}

static bool check_value(struct checker *c);

static bool check_member(struct checker *c)
{
    if (peek(c) != '"')
        return complain(c, "a member's name in double quotes");
    if (!check_string(c))
        return false;
    skip_space(c);
    if (peek(c) != ':')
        return complain(c, "':' after a member's name");
    c->at++;
    return check_value(c);
}

/* An array or object: `open`, parts separated by commas, `close`. The depth is limited by the caller. */
static bool check_list(struct checker *c, char close, bool (*part)(struct checker *), const char *expected)
{
    c->at++;
    skip_space(c);
    if (peek(c) == close) {
        c->at++;
        return true;
    }
    for (;;) {
        skip_space(c);
        if (!part(c))
            return false;
        skip_space(c);
        if (peek(c) == close)
            break;
        if (peek(c) != ',')
            return complain(c, expected);
        c->at++;
    }
    c->at++;
    return true;
}

static bool check_container(struct checker *c)
{
    if (c->depth == c->limits->max_depth)
        return json_complain(c->error, c->name, c->text, c->at, ERROR_LIMIT, "less deep nesting");
    c->depth++;
    bool ok =
        peek(c) == '{' ? check_list(c, '}', check_member, "',' or '}'") : check_list(c, ']', check_value, "',' or ']'");
    c->depth--;
    return ok;
}

static bool check_value(struct checker *c)
{
    skip_space(c);
    note_offset(c);
    switch (peek(c)) {
    case '{':
    case '[': return check_container(c);
    case '"': return check_string(c);
    case 't': return check_word(c, "true");
    case 'f': return check_word(c, "false");
    case 'n': return check_word(c, "null");
    default:
        if (peek(c) == '-' || isdigit((unsigned char)peek(c)))
            return check_number(c);
        return complain(c, "a value");
    }
}

bool json_check(struct str name, struct str text, const struct json_limits *limits, struct json_offsets *offsets,
                struct error *error)
{
    struct checker c = {.name = name, .text = text, .limits = limits, .offsets = offsets, .error = error};
    if ((size_t)text.len > limits->max_bytes)
        return error_set(error, ERROR_LIMIT, "%.*s: larger than %zu bytes", STR_ARG(name), limits->max_bytes);
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        c.at = 3; /* a byte order mark, as Windows editors leave it */
    if (!check_value(&c))
        return false;
    skip_space(&c);
    return c.at == (size_t)text.len || complain(&c, "nothing after the value");
}
