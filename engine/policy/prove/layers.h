/*
 * layers.h: AWS's order of evaluation for one cell of requests, as unions of boxes: what each of them must lie in
 * for a request to be allowed, and what denies.
 *
 * With I, B, S for the Allows of identity policies, boundary and session policy, and Rc, Ru, Rr, Ra for those of the
 * resource's policy by whom they name (the caller, its user, its role, its account), evaluate.h's step 3 is
 *   Rc or (Ru and S) or (Rr and B and S) or (I and B and S and (Ra or the resource needs no Allow of its own)),
 * which is brought into the form "in each of these unions", so that each union can be looked at by itself.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_LAYERS_H
#define EXPORTCHECK_POLICY_PROVE_LAYERS_H

#include "policy/prove/prove.h"
#include "policy/prove/request_cell.h"
#include "policy/prove/statement_box.h"

/** A statement's box, and where the statement stands. */
struct layer_box {
    struct statement_box box;
    bool possible; /* it matches something */
    enum policy_type type;
    size_t level;
    enum principal_match match; /* of the resource's policy */
};

/** All statements of an environment, compiled for one part of a set. */
struct layers {
    const struct prove_environment *environment;
    const struct caller_rules *caller;
    const struct principal *principal;
    struct layer_box *boxes;
    size_t count;
    bool allow_unread; /* takes it that what was not read allows; else that it does not */
};

/**
 * Compiles the statements that can bear on the principal. `grants`: Allows may err by too much and Denies by too
 * little, so that whatever is still denied is denied for certain; else the other way round.
 */
struct layers layers_make(struct box_model *model, const struct prove_environment *environment,
                          const struct principal *principal, bool grants);

enum { LAYER_UNIONS_MAX = 48 };

/** What bears on one cell. */
struct cell_rules {
    struct region_union must[LAYER_UNIONS_MAX]; /* a request is allowed if it lies in each … */
    enum policy_type lacking[LAYER_UNIONS_MAX]; /* (whose Allow that is) */
    size_t must_count;
    struct region_union denied;       /* … and not here */
    const struct layer_box **denials; /* one for each box of `denied` */
    bool too_many;                    /* levels: nothing can be said */
    bool unread;                      /* a policy that bears on the cell could not be read */
    enum policy_type unread_type;
};

void cell_rules_make(struct arena *arena, const struct layers *layers, const struct request_cell *cell,
                     struct cell_rules *ret);

#endif
