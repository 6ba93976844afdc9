/*
 * proving.h: one judgement of a grants check while it is made: action by action, by the policies and by what AWS said
 * when it was called; and what was refuted, for those who describe it and those who mend it.
 */
#ifndef EXPORTCHECK_CHECKS_GRANTS_PROVING_H
#define EXPORTCHECK_CHECKS_GRANTS_PROVING_H

#include "checks/grants/environment.h"
#include "checks/grants/requests.h"
#include "checks/grants/template.h"
#include "checks/mend/near.h"
#include "checks/probes/trial.h"

#include "base/buf.h"

struct grants_check {
    struct grants_facts facts;
    struct grants_requests requests; /* beside the template's */
    struct grants_requests universe; /* of grants_only */
    struct grants_template template;
    struct probes probes;
    struct simulated simulated;
    struct grants_template paste; /* the policy to paste where requests are not granted; name empty: none */
    struct str inline_name;       /* of the inline policy that is to hold what is missing; empty: none */
};

/** A request that is not decided as it should be. */
struct refusal {
    struct request request;
    struct decision decision; /* no reasons: no policy decided, AWS or its simulator said so */
    struct str text;          /* what was found */
    struct request_part part; /* what was asked, one action; without actions: a template's policy as a whole */
};

/** One judgement while it is made: an action at a time, so that every one that is missing is named. */
struct proving {
    const struct grants_check *check;
    const struct judging *judging;
    struct grants_environment environment;
    struct request_source told; /* of the context of every request */
    struct buf missing;         /* what no statement allows: the actions, and on what */
    size_t missing_count;
    struct refusal *refusals; /* what is not as it should be, request by request */
    size_t refusal_count;
    size_t refusal_capacity;
    const struct request_part *part; /* that is proven now; NULL: a template's policy as a whole */
    struct str near_miss;            /* why the statement that was meant to allow the first of them does not */
    bool any_resource;               /* the request that is proven now asks for every resource */
    struct buf denied;               /* what a statement denies, or any other finding, as text */
    size_t denied_count;
    struct json_builder refuted;
    struct str principal;              /* of the request that is proven now */
    struct str undecided;              /* the first reason */
    const struct fact *undecided_fact; /* that would have told the key it is about */
    bool waits_for_unread;
    size_t asked; /* parts of the set: none, where it stands on an empty list */
    size_t proved;
    struct trials trials;
    struct grants_between between;
};

/** A check with what does not depend on the time. */
struct standing {
    const struct grants_check *check;
    struct grants_environment environment;
    const struct key_names *asked; /* by the environment's policies */
};

/** Opens a judgement at that time. */
struct proving proving_begin(const struct standing *standing, const struct judging *judging, int64_t at);

/** Reads the policies of a check. */
struct standing standing_make(const struct grants_check *check, const struct judging *judging);

/** Notes what was found of one question. */
void proving_note(struct proving *p, const struct prove_result *result);

/** That every request of a set is allowed, or none. */
void proving_grants(struct proving *p, const struct request_set *set, bool from_template);
void proving_grants_none(struct proving *p, const struct request_set *set);

/** The verdict, and what it rests on. */
void proving_conclude(struct proving *p, struct judgement *ret);

#endif
