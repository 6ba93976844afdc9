/*
 * decimal.h: exact sums of money. A cost is text in the data (`0.0000104166`, `1.2E-7`), and is added as the decimal
 * number that it is: no floating point, so that parts and total agree to the last digit whatever the order.
 */
#ifndef EXPORTCHECK_OPTSCALE_COSTS_DECIMAL_H
#define EXPORTCHECK_OPTSCALE_COSTS_DECIMAL_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 int128;

/** units / 10^18 + rest / 10^36; 0 ≤ rest < 10^18, also where the number is negative. Zero is all zeros. */
struct decimal {
    int128 units; /* up to 10^20 of the currency */
    uint64_t rest;
};

enum decimal_kind {
    DECIMAL_READ,
    DECIMAL_NO_NUMBER,
    DECIMAL_TOO_LONG, /* more than 36 digits after the point, or 10^19 and more: it cannot be added exactly */
};

/** Reads what Python's float() takes for a finite number: blanks around it, a sign, digits, a point, an exponent. */
enum decimal_kind decimal_read(struct str text, struct decimal *ret);

void decimal_add(struct decimal *sum, const struct decimal *value);
void decimal_subtract(struct decimal *sum, const struct decimal *value);
bool decimal_is_zero(const struct decimal *value);
/** Below, equal, above: negative, 0, positive. */
int decimal_compare(const struct decimal *a, const struct decimal *b);

/** part / whole × 1000, rounded to the nearest; 0 where the whole is 0. For shares that people read. */
int64_t decimal_per_mille(const struct decimal *part, const struct decimal *whole);

#define DECIMAL_TEXT_MAX 80

/** As text: all digits, none that is not needed: "12304.18", "-0.0001", "0". */
struct str decimal_text(struct decimal value, char storage[DECIMAL_TEXT_MAX]);

/** For people: rounded to two digits (half away from zero), thousands with commas: "12,304.18". */
struct str decimal_text_short(struct decimal value, char storage[DECIMAL_TEXT_MAX]);

#endif
