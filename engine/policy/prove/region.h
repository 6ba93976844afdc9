/*
 * region.h: sets of requests as boxes, and the search for a request that lies in one set and outside others.
 *
 * A request is a value for each of a few variables (the action, the resource, each context key that matters); a key may
 * also be absent. A box is a conjunction of constraints, each on one variable: what a policy statement matches is a
 * box, and so is each part of a set of requests. The search subtracts boxes one at a time, splitting what is left along
 * the first constraint that fails: exact, exponential at worst, and bounded by the algebra's budget.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_REGION_H
#define EXPORTCHECK_POLICY_PROVE_REGION_H

#include "policy/prove/pattern_algebra.h"

/** The most variables that one search may speak of. */
enum { REGION_VARIABLES_MAX = 48 };

/** What one variable must be: a value that meets the clause, or, if `absent`, no value at all. */
struct region_constraint {
    uint32_t variable;
    bool absent;
    struct algebra_clause clause;
};

struct region_box {
    const struct region_constraint *constraints;
    size_t count;
};

/** A union of boxes. */
struct region_union {
    const struct region_box *boxes;
    size_t count;
};

struct region_value {
    bool absent;
    struct str text;
};

/** How the constraints on one variable stand: a stack of them, newest first. */
struct region_layer {
    const struct region_layer *below;
    struct algebra_clause clause;
    bool absent;      /* whether no value at all meets all of them */
    bool has_witness; /* whether `witness` meets all of them */
    struct str witness;
};

/** A question: which request lies within `base`, in one box of each of `within`, and in none of `outside`? */
struct region_question {
    struct region_box base;
    size_t variable_count;
    const struct region_union *within;
    size_t within_count;
    struct region_union outside;
    /** Strings to try first for a variable's value; NULL for none. One list for each variable. */
    const struct region_preferred *preferred;
    /**
     * Looks at a region in which every request is an answer, and may put the values together: true ends the search.
     * NULL takes the first. `user` is passed on.
     */
    bool (*accept)(struct algebra *algebra, const struct region_layer *const *variables, void *user);
    void *user;
};

struct region_preferred {
    const struct str *values;
    size_t count;
};

/**
 * Answers the question. ALGEBRA_FOUND fills `ret_values` (one for each variable; may be NULL) with the request;
 * ALGEBRA_BUDGET: not known. A variable without any constraint is absent.
 */
enum algebra_answer region_search(struct algebra *algebra, const struct region_question *question,
                                  struct region_value *ret_values);

/** A value of the variable that meets its constraints and `extra` (may be NULL). */
enum algebra_answer region_value(struct algebra *algebra, const struct region_layer *layer,
                                 const struct algebra_clause *extra, struct region_preferred preferred,
                                 struct str *ret);

#endif
