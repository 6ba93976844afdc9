/* period.c: the three period patterns and the two file patterns, matched by hand. */
#include "optscale/discovery/period.h"

#include "base/macros.h"

#include <stdio.h>
#include <string.h>

#define CUR2_HEAD "BILLING_PERIOD="
#define ATHENA_HEAD "year="
#define ATHENA_MIDDLE "/month="

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digits(struct str text, ptrdiff_t at, ptrdiff_t count)
{
    if (at < 0 || count > text.len - at) {
        return false;
    }
    for (ptrdiff_t i = at; i < at + count; i++) {
        if (!is_digit(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool has_char(struct str text, ptrdiff_t at, char c)
{
    return at < text.len && text.ptr[at] == c;
}

/* `BILLING_PERIOD=[0-9]{4}-[0-9]{2}/` with `head` at its first byte. */
static ptrdiff_t match_cur2(struct str text, ptrdiff_t head)
{
    ptrdiff_t at = head + (ptrdiff_t)strlen(CUR2_HEAD);
    bool matches = has_digits(text, at, 4) && has_char(text, at + 4, '-') && has_digits(text, at + 5, 2) &&
                   has_char(text, at + 7, '/');
    return matches ? at + 8 - head : 0;
}

static bool find_cur2(struct str text, struct str *ret_match)
{
    for (ptrdiff_t at = str_find(text, STR(CUR2_HEAD), 0); at >= 0; at = str_find(text, STR(CUR2_HEAD), at + 1)) {
        ptrdiff_t length = match_cur2(text, at);
        if (length > 0) {
            *ret_match = str_slice(text, at, at + length);
            return true;
        }
    }
    return false;
}

/* `[0-9]{8}-[0-9]{8}/`: looked for by its dash, of which a match has exactly one. */
static bool find_legacy(struct str text, struct str *ret_match)
{
    for (ptrdiff_t dash = str_find_char(text, '-', 0); dash >= 0; dash = str_find_char(text, '-', dash + 1)) {
        if (has_digits(text, dash - 8, 8) && has_digits(text, dash + 1, 8) && has_char(text, dash + 9, '/')) {
            *ret_match = str_slice(text, dash - 8, dash + 10);
            return true;
        }
    }
    return false;
}

/* `year=[0-9]{4}/month=([1-9]|1[0-2])/` with `head` at its first byte. */
static ptrdiff_t match_athena(struct str text, ptrdiff_t head)
{
    ptrdiff_t at = head + (ptrdiff_t)strlen(ATHENA_HEAD);
    ptrdiff_t month = at + 4 + (ptrdiff_t)strlen(ATHENA_MIDDLE);
    if (!has_digits(text, at, 4) || !str_starts(str_skip(text, at + 4), STR(ATHENA_MIDDLE))) {
        return 0;
    }
    if (has_digits(text, month, 1) && text.ptr[month] != '0' && has_char(text, month + 1, '/')) {
        return month + 2 - head;
    }
    bool two = has_char(text, month, '1') && has_digits(text, month + 1, 1) && text.ptr[month + 1] <= '2' &&
               has_char(text, month + 2, '/');
    return two ? month + 3 - head : 0;
}

static bool find_athena(struct str text, struct str *ret_match)
{
    for (ptrdiff_t at = str_find(text, STR(ATHENA_HEAD), 0); at >= 0; at = str_find(text, STR(ATHENA_HEAD), at + 1)) {
        ptrdiff_t length = match_athena(text, at);
        if (length > 0) {
            *ret_match = str_slice(text, at, at + length);
            return true;
        }
    }
    return false;
}

static const struct layout_row {
    enum optscale_version version;
    struct str example;
    bool (*find)(struct str text, struct str *ret_match);
} layouts[OPTSCALE_LAYOUT_COUNT] = {
    [OPTSCALE_LAYOUT_CUR2] = {OPTSCALE_VERSION_CUR2, STR_INIT("BILLING_PERIOD=2026-01/"), find_cur2},
    [OPTSCALE_LAYOUT_LEGACY] = {OPTSCALE_VERSION_LEGACY, STR_INIT("20260101-20260201/"), find_legacy},
    [OPTSCALE_LAYOUT_ATHENA] = {OPTSCALE_VERSION_LEGACY, STR_INIT("year=2026/month=1/"), find_athena},
};

enum optscale_version optscale_layout_version(enum optscale_layout layout)
{
    return layouts[layout].version;
}

struct str optscale_layout_example(enum optscale_layout layout)
{
    return layouts[layout].example;
}

bool optscale_layout_is_tried(enum optscale_layout layout, enum optscale_version version)
{
    bool decided = version == OPTSCALE_VERSION_LEGACY || version == OPTSCALE_VERSION_CUR2;
    return !decided || layouts[layout].version == version;
}

bool optscale_layout_find(enum optscale_layout layout, struct str text, struct str *ret_match)
{
    return layouts[layout].find(text, ret_match);
}

struct str optscale_layout_remove(struct arena *arena, enum optscale_layout layout, struct str text)
{
    struct str match;
    if (!layouts[layout].find(text, &match)) {
        return text;
    }
    if (match.len == text.len) {
        return STR(""); /* the usual case, without a copy for each key */
    }
    struct buf kept = buf_make(arena, BUF_NO_MAX);
    struct str rest = text;
    while (layouts[layout].find(rest, &match)) {
        buf_add(&kept, str_slice(rest, 0, match.ptr - rest.ptr));
        rest = str_skip(rest, match.ptr - rest.ptr + match.len);
    }
    buf_add(&kept, rest);
    return buf_str(&kept);
}

static int number(struct str digits)
{
    int value = 0;
    for (ptrdiff_t i = 0; i < digits.len; i++) {
        value = value * 10 + (digits.ptr[i] - '0');
    }
    return value;
}

static struct str month_name(int year, int month, char storage[OPTSCALE_PERIOD_MAX])
{
    int next_year = month == 12 ? year + 1 : year;
    int next_month = month == 12 ? 1 : month + 1;
    int length = snprintf(storage, OPTSCALE_PERIOD_MAX, "%d%02d01-%d%02d01", year, month, next_year, next_month);
    return str_span(storage, storage + length);
}

struct str optscale_period_name(enum optscale_layout layout, struct str match, char storage[OPTSCALE_PERIOD_MAX])
{
    switch (layout) {
    case OPTSCALE_LAYOUT_CUR2:
        return month_name(number(str_slice(match, match.len - 8, match.len - 4)),
                          number(str_slice(match, match.len - 3, match.len - 1)), storage);
    case OPTSCALE_LAYOUT_ATHENA:
        return month_name(number(str_slice(match, 5, 9)), number(str_slice(match, 16, match.len - 1)), storage);
    case OPTSCALE_LAYOUT_LEGACY:
    case OPTSCALE_LAYOUT_COUNT: break;
    }
    memcpy(storage, match.ptr, (size_t)match.len - 1);
    return str_span(storage, storage + match.len - 1);
}

/* Cuts one character, which `.` would match, from the end; false for a line feed or nothing. */
static bool cut_any_character(struct str *text)
{
    ptrdiff_t at = text->len - 1;
    while (at > 0 && ((unsigned char)text->ptr[at] & 0xc0) == 0x80) {
        at--;
    }
    if (at < 0 || text->ptr[at] == '\n') {
        return false;
    }
    *text = str_slice(*text, 0, at);
    return true;
}

static bool ends_like(struct str key, struct str head, struct str tail)
{
    if (!str_ends(key, tail)) {
        return false;
    }
    struct str rest = str_slice(key, 0, key.len - tail.len);
    return cut_any_character(&rest) && str_ends(rest, head);
}

bool optscale_format_matches(enum optscale_format format, struct str key)
{
    /* The dots before gz, zip and parquet are unescaped in OptScale's patterns, and `$` lets a last line feed pass. */
    struct str body = str_ends(key, STR("\n")) ? str_slice(key, 0, key.len - 1) : key;
    if (format == OPTSCALE_FORMAT_CSV) {
        return ends_like(body, STR(".csv"), STR("gz")) || ends_like(body, STR(".csv"), STR("zip"));
    }
    return ends_like(body, STR(".snappy"), STR("parquet"));
}

struct str optscale_format_name(enum optscale_format format)
{
    return format == OPTSCALE_FORMAT_CSV ? STR("CSV") : STR("Parquet");
}
