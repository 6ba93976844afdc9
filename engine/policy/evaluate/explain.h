/*
 * explain.h: why a decision came out as it did, as JSON: of each Allow that did not apply, what stood in the way, of
 * each Deny that did, why it does (mismatch.h); and the single changes to a policy that would have the request allowed
 * (change.h).
 */
#ifndef EXPORTCHECK_POLICY_EVALUATE_EXPLAIN_H
#define EXPORTCHECK_POLICY_EVALUATE_EXPLAIN_H

#include "policy/evaluate/change.h"
#include "policy/evaluate/mismatch.h"
#include "policy/evaluate/simulation.h"

/** `result` (of simulation_result()) with `explanation`: `{"not_applied": […], "denied": […] (where a Deny decided),
 * "changes": […]}`. */
struct json explain_simulation(struct arena *arena, const struct simulation *simulation,
                               const struct decision *decision, struct json result);

#endif
