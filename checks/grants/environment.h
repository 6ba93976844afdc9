/* environment.h: from the facts that hold policies to what the prover reasons on. */
#ifndef EXPORTCHECK_CHECKS_GRANTS_ENVIRONMENT_H
#define EXPORTCHECK_CHECKS_GRANTS_ENVIRONMENT_H

#include "policy/prove/prove.h"
#include "rule/loader.h"

/** Which facts hold the policies that bear on the requests; an empty view: no such policies. */
struct grants_facts {
    struct str identity;   /* a for_each, or a list: {name, policy} each */
    struct str boundary;   /* {name, policy} */
    struct str resource;   /* a document */
    struct str scp_levels; /* ids, from the root down */
    struct str scp;        /* a for_each, or a list: {level, name, policy} each */
    struct str simulation; /* [{action, allowed}]: stands in where the SCPs cannot be read */
};

/** Reads `"policies": {"identity": FACT, …}`; the facts are noted. */
bool grants_facts_load(struct loader *loader, const struct json *object, struct grants_facts *ret) MUST_CHECK;

/** How a document is called in messages: "bucket.policy" is the bucket's policy. */
struct str grants_spoken_name(struct arena *arena, struct str fact);

struct grants_environment {
    struct prove_environment prove;
    const struct fact *unread;    /* the first fact with a policy that could not be read, or NULL */
    struct str broken;            /* a policy that is no policy: what is wrong with it, or empty */
    bool scp_unread;              /* the SCPs are not in it: nobody would show them */
    const struct json *simulated; /* what stands in for them, or NULL */
};

/** Compiles the policies. A document that cannot be understood counts as unread. */
void grants_environment_make(const struct grants_facts *facts, const struct judging *judging,
                             struct grants_environment *ret);

enum grants_simulation { GRANTS_NOT_SIMULATED, GRANTS_REFUSED, GRANTS_NOT_REFUSED };

/** What the stand-in for the SCPs says of an action; of a pattern, of each action that it was asked of and that fits.
 */
enum grants_simulation grants_simulation_of(const struct grants_environment *environment, struct str action);

#endif
