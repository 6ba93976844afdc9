/*
 * evaluate.h: an evaluation under way: what it may see, and what it may still spend.
 *
 * A short expression can ask for a huge result (`[@,@]|[@,@]|…` doubles at each step), so the work
 * and the memory of an evaluation are bounded by numbers that no honest expression reaches.
 */
#ifndef EXPORTCHECK_QUERY_EVALUATE_H
#define EXPORTCHECK_QUERY_EVALUATE_H

#include "query/node.h"
#include "query/query.h"

/** What one evaluation may spend. */
struct evaluation_limits {
    size_t steps; /* nodes evaluated, values looked at */
    size_t cells; /* values made; 32 bytes of text count as one */
};

/** Of query_evaluate(): 2^27 steps, 2^24 cells, which is half a gigabyte. */
extern const struct evaluation_limits evaluation_limits_default;

struct pattern;

struct evaluation {
    struct arena *arena; /* for results */
    const struct json *root;
    const struct json *item;
    int64_t now;
    size_t steps;                  /* left */
    size_t cells;                  /* left */
    struct str pattern_source;     /* the last pattern that was not constant, */
    const struct pattern *pattern; /* compiled; NULL: none yet */
    struct error *error;
};

/** query_evaluate() within other limits; for tests. */
bool evaluate_within(const struct query *query, const struct json *value, const struct query_scope *scope,
                     const struct evaluation_limits *limits, struct arena *arena, const struct json **ret,
                     struct error *error) MUST_CHECK;

/** The node's result for `value`; NULL with the error set. The result may share parts of the input and of the query. */
const struct json *evaluate_node(struct evaluation *evaluation, const struct node *node, const struct json *value);

/** Take from what is left; false, code "limit", if that is not enough. */
bool evaluate_spend_steps(struct evaluation *evaluation, size_t steps) MUST_CHECK;
bool evaluate_spend_cells(struct evaluation *evaluation, size_t cells) MUST_CHECK;
/** The same for text of so many bytes. */
bool evaluate_spend_bytes(struct evaluation *evaluation, size_t bytes) MUST_CHECK;

/** value_equal() at the evaluation's cost: 1 or 0, -1 with the error set. */
int evaluate_equal(struct evaluation *evaluation, const struct json *a, const struct json *b);

/** Results of functions, put on the arena. */
const struct json *evaluate_number(struct evaluation *evaluation,
                                   double number); /* "invalid-value" if it is not finite */
const struct json *evaluate_string(struct evaluation *evaluation, struct str text);
const struct json *evaluate_boolean(bool value);
/** Records a failure and returns NULL. */
const struct json *evaluate_fail(struct evaluation *evaluation, const char *code, const char *format, ...)
    FORMATS(3, 4);

#endif
