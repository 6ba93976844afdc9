/*
 * query.h: JMESPath (https://jmespath.org/specification.html), complete, with extensions as
 * functions only; see docs/query.md.
 */
#ifndef EXPORTCHECK_QUERY_QUERY_H
#define EXPORTCHECK_QUERY_QUERY_H

#include "base/error.h"
#include "base/json/json.h"

/** A compiled expression; it never changes, so threads may share it. */
struct query;

/**
 * Compiles an expression, which need not outlive the call; the query lives as long as the arena.
 * On failure the error's code is JMESPath's word for it: "syntax" (the text says at which column),
 * "unknown-function", "invalid-arity", "invalid-type" (a reference where a value must stand, or the
 * reverse), "invalid-value" (a slice's step of 0, a bad constant pattern); or "limit" (too long or
 * too deep: parser.h).
 */
bool query_compile(struct arena *arena, struct str expression, const struct query **ret,
                   struct error *error) MUST_CHECK;

/** Whether `.member` written behind it would be of its last operand alone: `a || b`, `!a`, `a == b`. */
bool query_binds_loosely(const struct query *query);

/** What the extension functions see. */
struct query_scope {
    const struct json *root; /* root(); NULL: the value that the query runs on */
    const struct json *item; /* item(); NULL: null */
    int64_t now;             /* for days_since, hours_since; seconds */
};

/**
 * Evaluates the query on a value. The result may share parts of the value, of the scope and of the
 * query: it lives as long as the shortest of them and the arena. `scope` NULL: nothing set, time 0.
 * Codes "invalid-type", "invalid-value", and "limit" when the expression asks for more work or
 * memory than an evaluation may take (evaluate.h).
 */
bool query_evaluate(const struct query *query, const struct json *value, const struct query_scope *scope,
                    struct arena *arena, const struct json **ret, struct error *error) MUST_CHECK;

/** A chain of constant names from the root: `export.bucket`, `root().target.prefix`. */
struct query_chain {
    const struct str *names;
    size_t count;
    bool from_root; /* written root().… */
    bool dynamic;   /* the whole tree is used: root() followed by anything but a name (lint refuses it), or, where
                       from_root is false, the current value itself at the top: `@`, `[0]`, `*`; count is 0 */
};

/**
 * Every chain that starts at the root of the tree, in the order in which evaluation would come to
 * them; one that is written twice comes twice. Names inside filters, projections and pipes' right
 * sides belong to the element. The members of `a.{x: b, y: c}` are read as `a.b` and `a.c`. The
 * names belong to the query, the array to the arena.
 */
const struct query_chain *query_chains(const struct query *query, struct arena *arena, size_t *ret_count);

#endif
