/*
 * simulated.h: what IAM's policy simulator says of an action, where the principal's own policies could not be read and
 * iam:SimulatePrincipalPolicy is allowed. It knows the identity policies, the permissions boundary and the service
 * control policies; not the resource's policy, resource control policies, a session's or a VPC endpoint's
 * (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html).
 */
#ifndef EXPORTCHECK_CHECKS_PROBES_SIMULATED_H
#define EXPORTCHECK_CHECKS_PROBES_SIMULATED_H

#include "checks/probes/probes.h"

/** Facts that hold rows of {action, decision, missing, organizations, boundary}; rules/facts/simulated.json. */
struct simulated {
    const struct str *facts;
    size_t count;
};

/** Reads `"simulated": [FACT, …]`. They are collected, and no verdict waits for them. NULL: none. */
bool simulated_load(struct loader *loader, const struct json *list, struct simulated *ret) MUST_CHECK;

struct simulated_answer {
    enum probe_said said; /* silent, too, where a policy asks for a condition key that the simulator was not given */
    bool missing;         /* it refuses since no policy allows it */
    struct str why;       /* it refuses otherwise: "a permissions boundary does not allow it" */
};

/** What the simulator says of an action; of a pattern, of each that fits. */
struct simulated_answer simulated_ask(const struct simulated *simulated, const struct judging *judging,
                                      struct str action);

/**
 * What is left to prove of an action that the simulator allows: the principal's side counts as allowed, so that the
 * resource's own policy decides.
 */
struct prove_environment simulated_environment(struct arena *arena, const struct prove_environment *environment);

/** The facts behind what was said. */
const struct str *simulated_evidence(const struct simulated *simulated, const struct judging *judging,
                                     size_t *ret_count);

#endif
