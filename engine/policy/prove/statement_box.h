/*
 * statement_box.h: what a policy statement matches, as a box of requests (region.h), for requests of which some things
 * are fixed and others range.
 *
 * A box is exact where it can be. Where a condition lies beyond the reasoning (a range of addresses against an address
 * that is not known), it is made too large or too small, as the caller asks, and says why.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_STATEMENT_BOX_H
#define EXPORTCHECK_POLICY_PROVE_STATEMENT_BOX_H

#include "policy/language/document.h"
#include "policy/prove/region.h"
#include "policy/prove/request_set.h"

/** The requests that one part of a set speaks of, prepared for compiling statements against it. */
struct box_model {
    struct algebra *algebra; /* boxes go to its arena */
    const struct request_part *part;
    struct context fixed; /* the keys whose values are known */
    /** Treats keys that nobody knows as variables; else a condition on one is beyond the reasoning. */
    bool unknown_as_variable;
    struct str variables[REGION_VARIABLES_MAX]; /* names of the keys, from VARIABLE_FIRST_KEY on */
    size_t variable_count;
};

struct box_model box_model_make(struct algebra *algebra, const struct request_part *part, bool unknown_as_variable);

/** Which way a box may err. */
enum box_error { BOX_NOT_TOO_SMALL, BOX_NOT_TOO_LARGE };

struct statement_box {
    struct region_box box;
    const struct statement *statement;
    bool exact;
    struct str key;                    /* not exact: because of this context key … */
    const struct condition *condition; /* … in this condition; NULL: in the resource's text */
};

/**
 * Compiles one statement, apart from its principals. False: it matches nothing of the part; `ret` then still says
 * whether that is exact, and if not, why.
 */
bool statement_box_make(struct box_model *model, const struct statement *statement, enum box_error error,
                        struct statement_box *ret);

/** `base`, which says what actions and resources are asked for, together with all keys of the part that range. */
struct region_box part_box(struct box_model *model, struct region_box base);

#endif
