/*
 * simulation.h: a request with all policies that bear on it, as one JSON object, and the decision on it as another: the
 * lines of `exportcheck policy simulate`.
 */
#ifndef EXPORTCHECK_POLICY_EVALUATE_SIMULATION_H
#define EXPORTCHECK_POLICY_EVALUATE_SIMULATION_H

#include "policy/evaluate/evaluate.h"

struct simulation {
    const struct json *id; /* json_null where there is none */
    struct request request;
    struct policy_environment environment;
};

/**
 * Reads `{"id"?, "request", "identity_policies"?, "permission_boundaries"?, "service_control_policies"?,
 * "resource_control_policies"?, "session_policy"?, "resource_policy"?}`. Lists hold `{"name", "policy"}`, control
 * policies a list of those for each level; a bare document stands for itself. Absent and null are the same: no such
 * policy. Policies are read leniently. The value must live as long as the simulation. False, code "input": what is
 * wrong, after the key that it is in.
 */
bool simulation_read(struct arena *arena, const struct json *value, struct simulation *ret,
                     struct error *error) MUST_CHECK;

/**
 * The simulation with the keys in its context that follow from the request (known_key_follows()) and that it lacks. A
 * role's session has the role's ARN for aws:PrincipalArn, without the path that the session's own leaves out.
 */
struct simulation simulation_derive(struct arena *arena, const struct simulation *simulation);

/**
 * A condition that decides though the request's context lacks its key, and the key would follow from the request: the
 * statement, and the key in `ret_key`; NULL: there is none.
 */
const struct statement *simulation_undervalued(struct arena *arena, const struct simulation *simulation,
                                               const struct decision *decision, struct str *ret_key);

/** `{"id", "decision", "because"}`. */
struct json simulation_result(struct arena *arena, const struct simulation *simulation,
                              const struct decision *decision);

#endif
