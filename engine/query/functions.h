/*
 * functions.h: the functions of expressions, as one table; a row says what a function takes.
 *
 * Standard ones: https://jmespath.org/specification.html#built-in-functions; extensions:
 * docs/query.md. What can be known before any value is seen (names, number of arguments,
 * references, constant patterns) is checked when the expression is compiled.
 */
#ifndef EXPORTCHECK_QUERY_FUNCTIONS_H
#define EXPORTCHECK_QUERY_FUNCTIONS_H

#include "query/evaluate.h"
#include "query/node.h"

#include "base/error.h"

enum { FUNCTION_MAX_PARAMETERS = 3, FUNCTION_VARIADIC = 255 };

/** What an argument may be; a parameter allows one or several. */
enum argument_type {
    TYPE_NULL = 1 << 0,
    TYPE_BOOLEAN = 1 << 1,
    TYPE_NUMBER = 1 << 2,
    TYPE_STRING = 1 << 3,
    TYPE_ARRAY = 1 << 4,
    TYPE_OBJECT = 1 << 5,
    TYPE_NUMBERS = 1 << 6,   /* an array of numbers alone; the empty array too */
    TYPE_STRINGS = 1 << 7,   /* an array of strings alone; the empty array too */
    TYPE_REFERENCE = 1 << 8, /* &expression; a parameter that allows it allows nothing else */
    TYPE_ANY = TYPE_NULL | TYPE_BOOLEAN | TYPE_NUMBER | TYPE_STRING | TYPE_ARRAY | TYPE_OBJECT,
};

/** What a function works on; the arguments fit its row, and stay as long as the evaluation. */
struct invocation {
    const struct node *node;          /* the call: what its references refer to, and what was prepared */
    const struct json *const *values; /* NULL where the argument is a reference */
    size_t count;
};

/** One function. */
struct function {
    struct str name;
    unsigned char min;  /* arguments */
    unsigned char max;  /* FUNCTION_VARIADIC: any number */
    bool null_for_null; /* a null argument gives null (extensions); else null is a type like others */
    uint16_t
        types[FUNCTION_MAX_PARAMETERS]; /* of each argument: enum argument_type, or'ed; the last holds for the rest */
    /** The result, or NULL with the evaluation's error set. */
    const struct json *(*apply)(struct evaluation *evaluation, const struct invocation *invocation);
    /** Where not NULL: makes something lasting of constant arguments; `*ret` stays NULL where they are not. */
    bool (*prepare)(struct arena *arena, const struct node *call, const void **ret, struct error *error);
};

/** The table, and its length; for tests and completions. */
extern const struct function functions[];
extern const size_t function_count;

/**
 * Finds the function of a call whose arguments are parsed, checks them as far as it can, and
 * completes the node. False, code "unknown-function", "invalid-arity", "invalid-type" or
 * "invalid-value".
 */
bool functions_bind(struct arena *arena, struct str name, struct node *call, struct error *error) MUST_CHECK;

/** Evaluates the arguments, checks them and calls the function. NULL on failure. */
const struct json *functions_call(struct evaluation *evaluation, const struct node *call, const struct json *current);

#endif
