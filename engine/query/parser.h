/*
 * parser.h: tokens to a tree, by the operator precedence of
 * https://jmespath.org/specification.html: `|`, `||`, `&&`, comparators, `!`, then `[]`, `.`, `[…]`.
 */
#ifndef EXPORTCHECK_QUERY_PARSER_H
#define EXPORTCHECK_QUERY_PARSER_H

#include "query/node.h"

#include "base/error.h"

enum {
    QUERY_MAX_LENGTH = 32768, /* bytes of an expression */
    QUERY_MAX_DEPTH = 500,    /* levels of a tree: parenthesis in parenthesis, `a.b.c`, `a || b || c` */
};

/**
 * Parses and checks an expression, which need not outlive the call. NULL on failure, code "syntax",
 * "unknown-function", "invalid-arity", "invalid-type" or "invalid-value" (what is wrong for every
 * value: a reference where a value must stand, a step of 0, a bad pattern) or "limit".
 */
const struct node *parser_parse(struct arena *arena, struct str expression, struct error *error);

#endif
