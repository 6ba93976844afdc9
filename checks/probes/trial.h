/*
 * trial.h: what is learnt of a set's actions beside the policies while one check is judged, and how it is told.
 */
#ifndef EXPORTCHECK_CHECKS_PROBES_TRIAL_H
#define EXPORTCHECK_CHECKS_PROBES_TRIAL_H

#include "base/buf.h"
#include "checks/probes/simulated.h"

/** One judgement's trials; begin with trials_begin(). */
struct trials {
    const struct probes *probes;
    const struct simulated *simulated;
    const struct judging *judging;
    struct buf allowed;     /* what AWS allowed where the policies could not be read: the actions */
    struct buf assumed;     /* what IAM's simulator allows there */
    struct buf open;        /* what could be neither read nor tried */
    size_t count;           /* parts of the set that were proven so, and not by policies */
    bool decided;           /* a refusal was what decided */
    bool simulated_refusal; /* of IAM's simulator */
};

struct trials trials_begin(const struct probes *probes, const struct simulated *simulated,
                           const struct judging *judging);

/** Notes an action that the policies left open: AWS allowed it, or it was not tried. */
void trials_allowed(struct trials *trials, struct str action);
void trials_open(struct trials *trials, struct str action);

/** What follows from a trial that contradicts the policies, or stands in for them; `refusal`: AWS's, or NULL. */
struct prove_result trials_contradict(struct trials *trials, enum probes_outcome outcome,
                                      const struct request_part *part, const struct fact *refusal);

/**
 * What IAM's simulator says of the part's one action, where the principal's policies could not be read: what it refuses
 * is refused; what it allows, the resource's own policy still has to. False: it says nothing that decides.
 */
bool trials_simulate(struct trials *trials, const struct prove_environment *environment,
                     const struct request_part *part, struct prove_result *ret);

/** "tried, and allowed by AWS: …; allowed by IAM's simulator: …; not tried: …"; empty where nothing could be. */
struct str trials_note(const struct trials *trials);

/**
 * A verdict by trial rests on the calls: on them alone where it passes and no policy proved anything (`proved`: how
 * many parts of the set were, in whatever way); what the simulator allowed rests on `resource`, too, the fact that
 * holds the resource's policy, or empty.
 */
void trials_evidence(const struct trials *trials, size_t proved, struct str resource, struct judgement *ret);

#endif
