/*
 * prove.h: statements about all requests of a set: that each is allowed, that none is, that nothing beside them is.
 *
 * The statements of the policies are turned into boxes of requests (statement_box.h), AWS's order of evaluation into
 * unions of them that must cover the set, and the question is decided on the patterns (region.h), not by trying. A
 * refutation comes with a request, which evaluate.h has confirmed. Where a condition lies beyond the reasoning, a key
 * is not known, a policy could not be read, or the budget is used up, the answer is that nothing was decided, and why.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_PROVE_H
#define EXPORTCHECK_POLICY_PROVE_PROVE_H

#include "policy/evaluate/evaluate.h"
#include "policy/prove/request_set.h"

/** The policies that bear on the requests, and whether some of a type could not be read. */
struct prove_environment {
    struct policy_environment policies;
    bool unread[POLICY_TYPE_COUNT]; /* an unread policy may allow or deny anything */
};

enum prove_verdict { PROVE_PROVED, PROVE_REFUTED, PROVE_UNDECIDED };

enum prove_reason {
    PROVE_REASON_NONE,
    PROVE_REASON_CONDITION, /* a condition is beyond the reasoning, or on a key that is not known */
    PROVE_REASON_UNREAD,    /* a policy that could not be read */
    PROVE_REASON_BUDGET,    /* the budget is used up */
    PROVE_REASON_EMPTY,     /* the set holds no request: nothing was said */
};

/** A request that refutes, and what AWS would say to it. */
struct prove_example {
    struct request request;
    const struct json *context; /* as an object */
    struct decision decision;
};

struct prove_result {
    enum prove_verdict verdict;
    struct prove_example example;      /* PROVE_REFUTED */
    enum prove_reason reason;          /* PROVE_UNDECIDED */
    const struct statement *statement; /* that decided, or that the reason is about; NULL: none */
    struct str key;                    /* PROVE_REASON_CONDITION: the context key */
    struct str text;                   /* one sentence without a period */
    uint64_t steps;                    /* of the budget that were taken */
};

/** Whether every request of the set is allowed. What refers to the result lives in `arena`. */
struct prove_result prove_grants(struct arena *arena, const struct prove_environment *environment,
                                 const struct request_set *set);

/** Whether no request of the set is allowed. Refuted by a request that is. */
struct prove_result prove_grants_none(struct arena *arena, const struct prove_environment *environment,
                                      const struct request_set *set);

/** Whether no request of `universe` outside `set` is allowed. A part of `set` counts for its own principal alone. */
struct prove_result prove_grants_only(struct arena *arena, const struct prove_environment *environment,
                                      const struct request_set *universe, const struct request_set *set);

/** "proved", "refuted", "undecided". */
struct str prove_verdict_name(enum prove_verdict verdict);

#endif
