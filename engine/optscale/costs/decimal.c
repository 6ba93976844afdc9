/* decimal.c: see decimal.h. */
#include "optscale/costs/decimal.h"

#include <stdio.h>
#include <string.h>

#define SCALE UINT64_C(1000000000000000000) /* 10^18 */

enum {
    SCALE_DIGITS = 18,
    DIGITS_MAX = 55,    /* 19 before the point, 36 after it */
    EXPONENT_MAX = 999, /* a larger one is too long whatever its digits */
};

static const uint64_t powers[SCALE_DIGITS + 1] = {UINT64_C(1),
                                                  UINT64_C(10),
                                                  UINT64_C(100),
                                                  UINT64_C(1000),
                                                  UINT64_C(10000),
                                                  UINT64_C(100000),
                                                  UINT64_C(1000000),
                                                  UINT64_C(10000000),
                                                  UINT64_C(100000000),
                                                  UINT64_C(1000000000),
                                                  UINT64_C(10000000000),
                                                  UINT64_C(100000000000),
                                                  UINT64_C(1000000000000),
                                                  UINT64_C(10000000000000),
                                                  UINT64_C(100000000000000),
                                                  UINT64_C(1000000000000000),
                                                  UINT64_C(10000000000000000),
                                                  UINT64_C(100000000000000000),
                                                  SCALE};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void negate(struct decimal *value)
{
    value->units = -value->units;
    if (value->rest > 0) {
        value->units--;
        value->rest = SCALE - value->rest;
    }
}

/* The usual: up to 18 digits in all, no exponent. False for the rest. */
static bool read_short(struct str text, struct decimal *ret)
{
    uint64_t digits = 0;
    ptrdiff_t point = -1;
    if (text.len == 0 || text.len > SCALE_DIGITS + 1)
        return false;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_digit(c))
            digits = digits * 10 + (uint64_t)(c - '0');
        else if (c == '.' && point < 0)
            point = i;
        else
            return false;
    }
    ptrdiff_t fraction = point < 0 ? 0 : text.len - point - 1;
    if (text.len - (point >= 0) > SCALE_DIGITS || text.len == (point >= 0))
        return false;
    *ret = (struct decimal){.units = (int128)digits * (int128)powers[SCALE_DIGITS - fraction]};
    return true;
}

/* A number taken apart: its digits without leading zeros, and where the point stands. */
struct digits {
    char text[DIGITS_MAX];
    int count;
    int dropped_zeros; /* after the last digit that is kept */
    int point;         /* how many digits stand after the point; negative: zeros follow */
    bool too_long;
    bool any;
};

static void take_digit(struct digits *digits, char c, bool after_point)
{
    digits->any = true;
    digits->point += after_point;
    if (c == '0') {
        digits->dropped_zeros += digits->count > 0;
        return;
    }
    for (; digits->dropped_zeros > 0 && digits->count < DIGITS_MAX; digits->dropped_zeros--)
        digits->text[digits->count++] = '0';
    if (digits->count == DIGITS_MAX)
        digits->too_long = true;
    else
        digits->text[digits->count++] = c;
}

/* `e-7` at the start of what is left; false where it is none. */
static bool take_exponent(struct str *rest, int *ret)
{
    int value = 0;
    if (rest->len == 0 || (rest->ptr[0] != 'e' && rest->ptr[0] != 'E'))
        return true;
    *rest = str_skip(*rest, 1);
    bool negative = rest->len > 0 && rest->ptr[0] == '-';
    if (rest->len > 0 && (rest->ptr[0] == '-' || rest->ptr[0] == '+'))
        *rest = str_skip(*rest, 1);
    if (rest->len == 0 || !is_digit(rest->ptr[0]))
        return false;
    for (; rest->len > 0 && is_digit(rest->ptr[0]); *rest = str_skip(*rest, 1))
        value = value < EXPONENT_MAX ? value * 10 + (rest->ptr[0] - '0') : value;
    *ret = negative ? -value : value;
    return true;
}

/* The digits as units and rest; false where they do not fit. */
static bool place_digits(const struct digits *digits, struct decimal *ret)
{
    int last = digits->point - digits->dropped_zeros; /* the last digit's place after the point */
    int first = last - digits->count + 1;
    *ret = (struct decimal){.units = 0};
    if (digits->too_long || last > 2 * SCALE_DIGITS || first < -SCALE_DIGITS)
        return digits->count == 0;
    for (int i = 0; i < digits->count; i++) {
        int place = first + i;
        uint64_t digit = (uint64_t)(digits->text[i] - '0');
        if (place > SCALE_DIGITS)
            ret->rest += digit * powers[2 * SCALE_DIGITS - place];
        else if (place >= 0)
            ret->units += (int128)(digit * powers[SCALE_DIGITS - place]);
        else
            ret->units += (int128)(digit * powers[-place]) * (int128)SCALE;
    }
    return true;
}

static enum decimal_kind read_long(struct str text, struct decimal *ret)
{
    struct digits digits = {.count = 0};
    bool after_point = false;
    int exponent = 0;
    for (; text.len > 0; text = str_skip(text, 1)) {
        char c = text.ptr[0];
        if (is_digit(c))
            take_digit(&digits, c, after_point);
        else if (c == '.' && !after_point)
            after_point = true;
        else
            break;
    }
    if (!digits.any || !take_exponent(&text, &exponent) || text.len > 0)
        return DECIMAL_NO_NUMBER;
    digits.point -= exponent;
    return place_digits(&digits, ret) ? DECIMAL_READ : DECIMAL_TOO_LONG;
}

enum decimal_kind decimal_read(struct str text, struct decimal *ret)
{
    if (text.len > 0 && ((unsigned char)text.ptr[0] <= ' ' || (unsigned char)text.ptr[text.len - 1] <= ' '))
        text = str_trim(text);
    bool negative = text.len > 0 && text.ptr[0] == '-';
    if (negative || (text.len > 0 && text.ptr[0] == '+'))
        text = str_skip(text, 1);
    enum decimal_kind kind = read_short(text, ret) ? DECIMAL_READ : read_long(text, ret);
    if (kind == DECIMAL_READ && negative)
        negate(ret);
    return kind;
}

void decimal_add(struct decimal *sum, const struct decimal *value)
{
    sum->units += value->units;
    sum->rest += value->rest;
    if (sum->rest >= SCALE) {
        sum->rest -= SCALE;
        sum->units++;
    }
}

void decimal_subtract(struct decimal *sum, const struct decimal *value)
{
    struct decimal negative = *value;
    negate(&negative);
    decimal_add(sum, &negative);
}

bool decimal_is_zero(const struct decimal *value)
{
    return value->units == 0 && value->rest == 0;
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    if (a->units != b->units)
        return a->units < b->units ? -1 : 1;
    return (a->rest > b->rest) - (a->rest < b->rest);
}

int64_t decimal_per_mille(const struct decimal *part, const struct decimal *whole)
{
    if (whole->units == 0)
        return 0;
    long double share = (long double)part->units * 1000 / (long double)whole->units;
    return (int64_t)(share < 0 ? share - 0.5L : share + 0.5L);
}

static char *write_backwards(char *end, int128 value, int digits)
{
    for (int i = 0; i < digits || value > 0; i++) {
        *--end = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    return end;
}

struct str decimal_text(struct decimal value, char storage[DECIMAL_TEXT_MAX])
{
    bool negative = value.units < 0;
    if (negative)
        negate(&value);
    char *end = storage + DECIMAL_TEXT_MAX;
    char *begin = write_backwards(end, (int128)value.rest, SCALE_DIGITS);
    begin = write_backwards(begin, value.units % (int128)SCALE, SCALE_DIGITS);
    while (end > begin && end[-1] == '0')
        end--;
    if (end > begin)
        *--begin = '.';
    begin = write_backwards(begin, value.units / (int128)SCALE, 1);
    if (negative)
        *--begin = '-';
    return str_span(begin, end);
}

struct str decimal_text_short(struct decimal value, char storage[DECIMAL_TEXT_MAX])
{
    bool negative = value.units < 0;
    if (negative)
        negate(&value);
    int128 cent = (int128)(SCALE / 100);
    int128 cents = (value.units + cent / 2) / cent;
    char *end = storage + DECIMAL_TEXT_MAX;
    char *begin = write_backwards(end, cents % 100, 2);
    *--begin = '.';
    int128 whole = cents / 100;
    for (; whole >= 1000; whole /= 1000) {
        begin = write_backwards(begin, whole % 1000, 3);
        *--begin = ',';
    }
    begin = write_backwards(begin, whole, 1);
    if (negative && cents > 0)
        *--begin = '-';
    return str_span(begin, end);
}
