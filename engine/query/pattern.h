/*
 * pattern.h: text patterns: regular expressions (PCRE2) that cannot run away, and globs.
 */
#ifndef EXPORTCHECK_QUERY_PATTERN_H
#define EXPORTCHECK_QUERY_PATTERN_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum {
    PATTERN_MAX_LENGTH = 4096,     /* bytes of a regular expression */
    PATTERN_MATCH_LIMIT = 1000000, /* PCRE2's count of internal calls for one match */
    PATTERN_DEPTH_LIMIT = 50000,   /* nested backtracking points */
    PATTERN_HEAP_LIMIT = 16384,    /* KiB of memory for one match */
    PATTERN_CELLS = 2048,          /* what compiling one at evaluation costs: 64 KiB */
};

/** A compiled regular expression; it never changes, so threads may share it. */
struct pattern;

/**
 * Compiles a regular expression (PCRE2 10, UTF mode; `\d`, `\w` and case folding without /i are
 * ASCII's). The arena closes it. False, code "invalid-value", with the place of the mistake.
 */
bool pattern_compile(struct arena *arena, struct str source, const struct pattern **ret,
                     struct error *error) MUST_CHECK;

/**
 * Whether the pattern matches anywhere in `text`; bytes that are no UTF-8 match nothing. False, code
 * "invalid-value", when a limit stopped the search: then nothing is known.
 */
bool pattern_match(const struct pattern *pattern, struct str text, bool *ret_matches, struct error *error) MUST_CHECK;

/**
 * Whether the whole of `text` matches a glob: `*` is any characters, `?` is one, all else itself.
 * At most length of text times length of glob comparisons.
 */
bool pattern_glob(struct str glob, struct str text);

#endif
