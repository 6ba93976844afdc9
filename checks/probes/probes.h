/*
 * probes.h: what AWS itself says of an action, where the credentials that read the account are the principal's own: a
 * call of that action was answered, or refused. One table says what follows beside what the policies say.
 */
#ifndef EXPORTCHECK_CHECKS_PROBES_PROBES_H
#define EXPORTCHECK_CHECKS_PROBES_PROBES_H

#include "policy/prove/prove.h"
#include "rule/loader.h"

/** A fact whose call tries an action. */
struct probe {
    struct str fact;
    struct str action; /* "s3:GetObject" */
};

struct probes {
    const struct probe *items;
    size_t count;
};

/**
 * Reads `"probes": [FACT, {"fact": FACT, "action": "kms:Decrypt"}]`: a fact with a call, which tries the call's own
 * action unless another is named. They are collected, and no verdict waits for them. NULL: none.
 */
bool probes_load(struct loader *loader, const struct json *list, struct probes *ret) MUST_CHECK;

/** Whether an action is what `pattern` means, which may end in its star, as those of the documentation's templates do.
 */
bool probes_action_fits(struct str pattern, struct str action);

/** Whether the credentials that read the account are the principal's own, so that calls speak for it. */
bool probes_speak(const struct judging *judging);

enum probe_said {
    PROBE_SILENT,  /* not tried: another's credentials, no call, no answer that tells */
    PROBE_ALLOWED, /* every call that tries it was answered */
    PROBE_REFUSED,
    PROBE_SAID_COUNT,
};

struct probe_result {
    enum probe_said said;
    const struct fact *fact; /* that was refused; NULL else */
};

/** What the calls say of an action; of a pattern ("ec2:Describe" and a star), of each that fits. */
struct probe_result probes_ask(const struct probes *probes, const struct judging *judging, struct str action);

/** What follows from policies and calls together. */
enum probes_outcome {
    OUTCOME_POLICIES, /* the calls add nothing: the policies decide */
    OUTCOME_TRIED,    /* the policies could not be read; AWS allows it */
    OUTCOME_REFUSED,  /* the policies could not be read; AWS refuses it */
    OUTCOME_BETWEEN,  /* the policies allow it, and AWS refuses it */
    OUTCOME_NOT_ALL,  /* no policy that was read allows it, and AWS does */
};

/**
 * `missing`: the policies refuse since none of them allows the action on anything, so that an answer contradicts them.
 * A Deny, or another resource, need not have met the call that was tried.
 */
enum probes_outcome probes_outcome(const struct prove_result *policies, bool missing, enum probe_said said);

/** What AWS's words of a refusal say that refuses, as "a permissions boundary"; empty where they do not say it. */
struct str probes_refuser(struct str refusal);

/** "a service control policy stands between", by the words of AWS's refusal. */
struct str probes_between(struct arena *arena, struct str refusal);

/** The facts behind what was said of any action: what a verdict by trial rests on. */
const struct str *probes_evidence(const struct probes *probes, const struct judging *judging, size_t *ret_count);

#endif
