/*
 * json_check.h: the checking pass that comes before cJSON: RFC 8259's grammar, UTF-8, sizes and
 * depths. It also notes where each value begins, in document order, for json_read.c.
 */
#ifndef EXPORTCHECK_BASE_JSON_CHECK_H
#define EXPORTCHECK_BASE_JSON_CHECK_H

#include "base/json.h"

/** Where the values of a text begin, in the order in which they begin. */
struct json_offsets {
    uint32_t *items;
    size_t count;
    size_t capacity;
    struct arena *arena;
};

bool json_check(struct str name, struct str text, const struct json_limits *limits, struct json_offsets *offsets,
                struct error *error) MUST_CHECK;

/** Fails with `name:line:column: expected …, found …`. */
bool json_complain(struct error *error, struct str name, struct str text, size_t at, const char *code,
                   const char *expected);

#endif
