/*
 * trial.h: what is learnt of a set's actions beside the policies while one check is judged, and how it is told.
 */
#ifndef EXPORTCHECK_CHECKS_PROBES_TRIAL_H
#define EXPORTCHECK_CHECKS_PROBES_TRIAL_H

#include "base/buf.h"
#include "checks/probes/probes.h"

/** One judgement's trials; begin with trials_begin(). */
struct trials {
    const struct probes *probes;
    const struct judging *judging;
    struct buf allowed; /* what AWS allowed where the policies could not be read: the actions */
    struct buf open;    /* what could be neither read nor tried */
    size_t count;       /* parts of the set that were proven so, and not by policies */
    bool decided;       /* a refusal was what decided */
};

struct trials trials_begin(const struct probes *probes, const struct judging *judging);

/** Notes an action that the policies left open: AWS allowed it, or it was not tried. */
void trials_allowed(struct trials *trials, struct str action);
void trials_open(struct trials *trials, struct str action);

/** What follows from a trial that contradicts the policies or stands in for them: a sentence. */
struct str trials_tell(const struct trials *trials, enum probes_outcome outcome, struct str action,
                       const struct fact *refusal);

/** "tried, and allowed by AWS: …; not tried: …"; empty where nothing was tried that could have been. */
struct str trials_note(const struct trials *trials);

/**
 * A verdict by trial rests on the calls: on them alone where it passes and no policy proved anything (`proved`: how
 * many parts of the set were, in whatever way).
 */
void trials_evidence(const struct trials *trials, size_t proved, struct judgement *ret);

#endif
