/*
 * steps.h: what to do, in the order of doing: the causes of a run, of which those that are mended at one place (one
 * policy, one page of the console) are one step.
 */
#ifndef EXPORTCHECK_REPORTS_WORDS_STEPS_H
#define EXPORTCHECK_REPORTS_WORDS_STEPS_H

#include "rule/results.h"

struct step {
    struct str lead;    /* what the causes have in common: "In IAM › Users › optscale"; empty: it is one cause */
    struct str command; /* what is run for it; empty: what is done is no command */
    const struct cause *const *causes;
    size_t cause_count;
};

/** The steps that decide, or those that are advice. */
const struct step *steps_of(struct arena *arena, const struct run_info *run, bool advice, size_t *ret_count);

/** The step in one sentence, without a period. */
struct str steps_sentence(const struct step *step);

/** How many of the steps mend what failed; the others let something be decided. */
size_t steps_to_mend(const struct step *steps, size_t count);

/**
 * Behind a step: "Otherwise costs arrive by product." or "12 rules wait for it."; then, of many targets, in how many.
 * Empty where nothing is known.
 */
struct str steps_effect(struct arena *arena, const struct cause *cause);

#endif
