/*
 * node.h: a compiled expression as a tree.
 *
 * Every node maps the current value to a result. Nodes are made by parser.c, read by evaluate.c
 * and chains.c, and never change after the compilation, so that a query may be evaluated by
 * several threads.
 */
#ifndef EXPORTCHECK_QUERY_NODE_H
#define EXPORTCHECK_QUERY_NODE_H

#include "base/json/json.h"

struct function;

enum node_kind {
    NODE_CURRENT,          /* @, and what stands where nothing is written: the left of `[0]` */
    NODE_LITERAL,          /* `json`, 'raw' */
    NODE_FIELD,            /* name */
    NODE_SUBEXPRESSION,    /* left.right */
    NODE_PIPE,             /* left | right; also stops projections, which the tree's shape says */
    NODE_INDEX,            /* left[3] */
    NODE_SLICE,            /* left[1:2:3]; always the left of a projection */
    NODE_FLATTEN,          /* left[]; always the left of a projection */
    NODE_PROJECTION,       /* right, for each item of left */
    NODE_VALUE_PROJECTION, /* right, for each member's value of left */
    NODE_FILTER,           /* right, for each item of left where condition holds */
    NODE_OR,               /* left || right */
    NODE_AND,              /* left && right */
    NODE_NOT,              /* !left */
    NODE_COMPARE,          /* left == right, … */
    NODE_LIST,             /* [a, b] */
    NODE_HASH,             /* {x: a, y: b} */
    NODE_CALL,             /* f(a, &b) */
    NODE_REFERENCE,        /* &left; only as an argument */
    NODE_KIND_COUNT,
};

enum comparator {
    COMPARE_EQ,
    COMPARE_NE,
    COMPARE_LT,
    COMPARE_LE,
    COMPARE_GT,
    COMPARE_GE,
};

/** `[start:stop:step]`, as Python's; what is not written depends on the sign of `step`. */
struct slice {
    int64_t start;
    int64_t stop;
    int64_t step; /* never 0 */
    bool has_start;
    bool has_stop;
};

/** A member of a multi-select hash. */
struct node_key {
    struct str name;
    size_t slot; /* its place among the distinct names; a name that is written twice has one place */
};

struct node {
    enum node_kind kind;
    unsigned depth; /* levels below, itself included: bounds the recursion of all that walk the tree */
    const struct node *left;
    const struct node *right;
    const struct node *condition;
    const struct node *const *parts; /* of a list, hash or call */
    size_t part_count;
    union {
        const struct json *literal;
        struct str name;
        int64_t index;
        struct slice slice;
        enum comparator comparator;
        struct {
            const struct node_key *keys; /* one a part */
            size_t distinct;
        } hash;
        struct {
            const struct function *function;
            const void *prepared; /* what the function made of constant arguments, or NULL */
        } call;
    };
};

/** A compiled query. */
struct query {
    const struct node *node;
};

#endif
