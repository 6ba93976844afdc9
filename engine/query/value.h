/* value.h: what JMESPath thinks of JSON values: truth, equality, size, characters. */
#ifndef EXPORTCHECK_QUERY_VALUE_H
#define EXPORTCHECK_QUERY_VALUE_H

#include "base/json/json.h"

enum {
    VALUE_CELL_BYTES = 32,  /* bytes of text that weigh as much as one value */
    VALUE_MAX_DEPTH = 1000, /* levels of a value that an expression may make; files have 128 at most */
};

/** False for null, false, "", [] and {}; true for all else, 0 included. */
bool value_is_true(const struct json *value);

/**
 * Deep equality; the order of members is no matter. Each value looked at takes one from `*budget`;
 * where it is used up, or the values are deeper than VALUE_MAX_DEPTH, the answer is false, and the
 * caller sees `*budget` 0: parts of a value may be shared, so that a small one may be a huge tree.
 */
bool value_equal(const struct json *a, const struct json *b, size_t *budget);

/** Takes the weight of the whole tree from `*budget`: a value is 1, and text by its length. False, and 0, if it is used
 * up. */
bool value_weigh(const struct json *value, size_t *budget);

/** The number of code points; bytes that are no UTF-8 count as best they can. */
size_t value_code_points(struct str s);
/** The length in bytes of the code point at the front of `s`, which is not empty. */
ptrdiff_t value_code_point_length(struct str s);

#endif
