/*
 * query.h: JMESPath (https://jmespath.org/specification.html), complete, with extensions as
 * functions only; see docs/query.md.
 */
#ifndef EXPORTCHECK_QUERY_QUERY_H
#define EXPORTCHECK_QUERY_QUERY_H

#include "base/error.h"
#include "base/json.h"

struct query;

/**
 * Compiles an expression. On failure the error's code is JMESPath's word for it: "syntax",
 * "invalid-arity", "unknown-function", …, and the text says at which column.
 */
bool query_compile(struct arena *arena, struct str expression, const struct query **ret, struct error *error) MUST_CHECK;

/** What the extension functions see. */
struct query_scope {
    const struct json *root; /* root(); NULL: the value that the query runs on */
    const struct json *item; /* item(); NULL: null */
    int64_t now;             /* for days_since, hours_since; seconds */
};

/** Evaluates; codes "invalid-type", "invalid-value", "invalid-arity", "unknown-function", "limit". */
bool query_evaluate(const struct query *query, const struct json *value, const struct query_scope *scope,
                    struct arena *arena, const struct json **ret, struct error *error) MUST_CHECK;

/** A chain of constant names from the root: `export.bucket`, `root().target.prefix`. */
struct query_chain {
    const struct str *names;
    size_t count;
    bool from_root; /* written root().… */
    bool dynamic;   /* root() followed by anything but a name: lint refuses it */
};
/** Every chain that starts at the root of the tree; names inside filters, projections and pipes' right sides belong to the element. */
const struct query_chain *query_chains(const struct query *query, struct arena *arena, size_t *ret_count);

#endif
