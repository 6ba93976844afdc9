/*
 * condition_value.h: the values that condition operators compare, read from text: numbers, times, booleans, bytes in
 * base64, addresses and ranges of them. None of the readers allocates, since requests are read while they are
 * evaluated.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_CONDITION_VALUE_H
#define EXPORTCHECK_POLICY_LANGUAGE_CONDITION_VALUE_H

#include "base/macros.h"
#include "base/str.h"

/** A point in time, to the nanosecond. */
struct value_moment {
    int64_t seconds;
    int32_t nanoseconds;
};

/** An IPv4 or IPv6 network; a single address is one of full length. */
struct value_network {
    unsigned char bytes[16];
    int size;   /* 4 or 16 bytes */
    int prefix; /* bits that count */
};

/** A decimal number, with sign, fraction and exponent as they come. */
bool value_read_number(struct str text, double *ret) MUST_CHECK;
/** ISO 8601 as in the W3C's note on dates and times, or seconds since 1970; fractions of a second count. */
bool value_read_moment(struct str text, struct value_moment *ret) MUST_CHECK;
/** `true` or `false`, in any case. */
bool value_read_boolean(struct str text, bool *ret) MUST_CHECK;
/** An address alone, or `address/prefix` (RFC 4632, RFC 4291). */
bool value_read_network(struct str text, struct value_network *ret) MUST_CHECK;

/** Less than, equal to or greater than zero, as `a` is before, at or after `b`. */
int value_compare_moments(struct value_moment a, struct value_moment b);
/** Whether the network holds the address; a network of the other family does not. */
bool value_network_holds(const struct value_network *network, const struct value_network *address);

/** Whether the text is base64 (RFC 4648, with its padding). */
bool value_is_base64(struct str text);
/** Whether two base64 texts stand for the same bytes. */
bool value_same_base64(struct str a, struct str b);

#endif
