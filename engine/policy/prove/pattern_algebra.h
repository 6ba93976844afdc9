/*
 * pattern_algebra.h: exact questions about the languages of wildcard patterns: do two meet, does one lie within a
 * union of others, and which string shows that it does not.
 *
 * All of them are one search. A clause is a union of patterns that a string must match, or must not match; the search
 * looks for a string that meets all clauses: the product of the patterns' automata, made deterministic as it is walked,
 * breadth first, so that the string found is a shortest one (after a few natural ones were tried). Inclusion in a union
 * of wildcards takes exponentially many steps at worst, so each search draws on a budget and may answer that it is
 * used up; `*a*a*a*…` itself is cheap, since a run that was reached makes everything before it redundant.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_PATTERN_ALGEBRA_H
#define EXPORTCHECK_POLICY_PROVE_PATTERN_ALGEBRA_H

#include "policy/prove/wildcard.h"

/** A string meets the clause if it matches one of the patterns; if `excluded`, if it matches none. */
struct algebra_clause {
    const struct wildcard *patterns;
    size_t count;
    bool excluded;
};

enum algebra_answer {
    ALGEBRA_NONE,   /* no string meets all clauses */
    ALGEBRA_FOUND,  /* `*ret` is one */
    ALGEBRA_BUDGET, /* not known: the steps or the memory are used up */
};

/** What a chain of searches may use. */
struct algebra {
    struct arena *arena;   /* witnesses go here */
    struct arena *scratch; /* rewound after each search; must not be `arena` */
    uint64_t steps;        /* left; about 100 million are a second */
    size_t bytes;          /* that one search may hold */
};

/** 10 million steps, 16 MiB for a search. */
struct algebra algebra_make(struct arena *arena, struct arena *scratch);

/**
 * A string that meets all clauses. `preferred` strings are tried first, in their order (NULL, 0: none); then the
 * wildcards are filled with everyday words; then the search is exact. `ret` may be NULL where only the answer matters,
 * and is untouched unless the answer is ALGEBRA_FOUND.
 */
enum algebra_answer algebra_find(struct algebra *algebra, const struct algebra_clause *clauses, size_t count,
                                 const struct str *preferred, size_t preferred_count, struct str *ret);

/** Whether some string matches both; it goes to `*ret_common`. */
enum algebra_answer algebra_intersect(struct algebra *algebra, struct wildcard a, struct wildcard b,
                                      struct str *ret_common);
/** A string of `a` that none of `cover` matches: ALGEBRA_NONE means that `a` lies within their union. */
enum algebra_answer algebra_difference(struct algebra *algebra, struct wildcard a, const struct wildcard *cover,
                                       size_t count, struct str *ret_witness);
/** Whether the string matches the pattern. Needs no budget. */
bool algebra_matches(struct algebra *algebra, struct wildcard pattern, struct str text);
/** Whether the string meets the clause. Needs no budget. */
bool algebra_meets(struct algebra *algebra, const struct algebra_clause *clause, struct str text);

#endif
