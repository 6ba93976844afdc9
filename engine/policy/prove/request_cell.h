/*
 * request_cell.h: parts of a set of requests on which AWS's order of evaluation is the same for every request.
 *
 * evaluate.h has rules that depend on the action or the resource alone: keys and roles need an Allow of their own,
 * sts:GetCallerIdentity needs none, RCPs bind some services, the resource's account decides whose policies count. A
 * cell is a part of a form (request_set.h) within which each of those rules holds for all requests or for none.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_REQUEST_CELL_H
#define EXPORTCHECK_POLICY_PROVE_REQUEST_CELL_H

#include "policy/language/principal.h"
#include "policy/prove/request_set.h"

struct request_cell {
    struct region_box base; /* constraints on action and resource */
    struct region_preferred actions;
    struct str service;   /* the actions' prefix in lower case; empty: actions of several services */
    bool always_allowed;  /* needs no permission */
    bool never_allowed;   /* no policy can allow it */
    bool needs_own_allow; /* of the resource's policy */
    bool owner_policy;    /* the owner's root user at the bucket's policy: heeds no Deny of it */
    bool no_rcp;          /* resource control policies do not bind it, whatever its service */
    bool same_account;    /* the resource is in the principal's account */
};

/** The cells of a part. False: the budget is used up. They go to the algebra's arena. */
bool request_cells(struct algebra *algebra, const struct request_part *part, const struct principal *principal,
                   const struct request_cell **ret_cells, size_t *ret_count) MUST_CHECK;

#endif
