/*
 * source_pair.h: two variables of a region that speak of one thing: aws:SourceAccount is the account that aws:SourceArn
 * names. A region knows each variable by itself; this looks for values that go together.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_SOURCE_PAIR_H
#define EXPORTCHECK_POLICY_PROVE_SOURCE_PAIR_H

#include "policy/prove/region.h"

struct source_pair {
    uint32_t account; /* variables that must have a value */
    uint32_t arn;
    bool exhausted;          /* out: some region may hold a pair that was not found */
    struct str account_text; /* out: the pair that was found */
    struct str arn_text;
};

/** For region_question.accept; `user` is a struct source_pair. */
bool source_pair_accept(struct algebra *algebra, const struct region_layer *const *variables, void *user);

#endif
