/*
 * str.h: strings as views, pointer and length, passed by value.
 *
 * A view owns nothing and need not end in NUL; its bytes are whatever the input held, so not
 * always UTF-8. Functions that take a view and return one return a part of it, without a copy.
 */
#ifndef EXPORTCHECK_BASE_STR_H
#define EXPORTCHECK_BASE_STR_H

#include "base/arena.h"
#include "base/macros.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *ptr; /* NULL only where len is 0 */
    ptrdiff_t len;   /* bytes, never negative */
};

/** A view of a string literal (or char array). */
#define STR(literal) ((struct str){(literal), (ptrdiff_t)sizeof(literal) - 1})
/** The same as an initializer of a static object. */
#define STR_INIT(literal)                                                                                              \
    {                                                                                                                  \
        (literal), (ptrdiff_t)sizeof(literal) - 1                                                                      \
    }

/** For printf: `"%.*s"` and STR_ARG(view). */
#define STR_ARG(view) ((int)(view).len), ((view).ptr ? (view).ptr : "")

struct str str_from(const char *text); /* NULL gives the empty view */
struct str str_span(const char *begin, const char *end);
char *str_to_c(struct arena *arena, struct str s); /* a NUL-terminated copy; stops at no inner NUL */
struct str str_copy(struct arena *arena, struct str s);
struct str str_concat(struct arena *arena, const struct str *parts, size_t count);
/** `str_join3(arena, a, b, c)`: three views as one new string. */
struct str str_join3(struct arena *arena, struct str a, struct str b, struct str c);
/** Formats into a new string of the arena. */
struct str str_format(struct arena *arena, const char *format, ...) FORMATS(2, 3);

bool str_equal(struct str a, struct str b);
bool str_equal_nocase(struct str a, struct str b); /* ASCII letters alone are folded */
int str_compare(struct str a, struct str b);       /* bytes, as memcmp; the shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);

/** Index of the first `part` in `s` at or after `from`, or -1. */
ptrdiff_t str_find(struct str s, struct str part, ptrdiff_t from);
ptrdiff_t str_find_char(struct str s, char c, ptrdiff_t from);
ptrdiff_t str_find_last_char(struct str s, char c);

/** The bytes [from, to); both are clamped to the view. */
struct str str_slice(struct str s, ptrdiff_t from, ptrdiff_t to);
/** `s` without its first `count` bytes. */
struct str str_skip(struct str s, ptrdiff_t count);
struct str str_trim(struct str s); /* ASCII white space at both ends */

/**
 * Cuts `*rest` at the first `separator`: `*head` gets what stands before it, `*rest` what
 * follows. Without a separator `*head` gets all and `*rest` becomes empty. Returns whether the
 * separator was found.
 */
bool str_cut(struct str *rest, char separator, struct str *head);

struct str str_lower(struct arena *arena, struct str s); /* ASCII */
struct str str_upper(struct arena *arena, struct str s); /* ASCII */

/** A decimal integer that fills the whole view, with an optional sign; false if it is none or too large. */
bool str_to_int64(struct str s, int64_t *ret) MUST_CHECK;
/** A decimal number as JSON writes it; false if the view is anything else. */
bool str_to_double(struct str s, double *ret) MUST_CHECK;

/** Where UTF-8 text can be cut in two so that the first part has at most `max` bytes, and no code point is cut. */
ptrdiff_t str_boundary(struct str s, ptrdiff_t max);

/** At most `max` bytes of `s`, then "…" where something was cut off; no character of UTF-8 is cut in two. */
struct str str_shorten(struct arena *arena, struct str s, ptrdiff_t max);

/** Whether `s` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool str_is_utf8(struct str s);
/** The code points of UTF-8; bytes that are none count as part of the one before. */
size_t str_code_points(struct str s);

/** For qsort over `struct str`. */
int str_compare_qsort(const void *a, const void *b);

/** Percent-decodes (RFC 3986); `+` stays. A `%` without two hex digits stays as it is. */
struct str str_percent_decode(struct arena *arena, struct str s);
/** Decodes `%XX`, and `+` as a blank (HTML 4.01, section 17.13.4.1). */
struct str str_form_decode(struct arena *arena, struct str text);
/** Percent-encodes every byte but `A-Za-z0-9-._~` and those in `keep`; hex upper case. */
struct str str_percent_encode(struct arena *arena, struct str s, const char *keep);

/**
 * The name of `names` that `typed` most likely meant (Damerau-Levenshtein distance of at most a
 * third of its length), or the empty view. For "did you mean".
 */
struct str str_nearest(struct str typed, const struct str *names, size_t count);

#endif
