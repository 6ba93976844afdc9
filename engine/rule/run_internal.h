/* run_internal.h: what the files of a run share. Not for other layers. */
#ifndef EXPORTCHECK_RULE_RUN_INTERNAL_H
#define EXPORTCHECK_RULE_RUN_INTERNAL_H

#include "rule/run.h"

/** What came of a rule as a whole: what the rules that need it go by. */
struct outcome {
    bool evaluated;
    enum verdict verdict;
    struct str root_cause; /* where not pass: its own id, or what it waits for */
    struct str until;
};

struct runner {
    struct arena *arena;
    const struct run_options *options;
    struct outcome *outcomes; /* beside selection->rules */
    struct str account;
    struct str target_text; /* for result ids */
    struct result *results;
    size_t result_count;
    size_t result_capacity;
    struct json_builder optscale; /* what OptScale will do where it may, by step */
    struct json_builder refusals; /* what AWS keeps it from, by step: OptScale's own words */
    struct map *memo;             /* of the checks */
};

/** Makes the results of one rule; its needs were evaluated before. */
void run_rule(struct runner *runner, size_t index);
/** The rule's parameters: its defaults, and what was set. */
const struct json *run_parameters(const struct runner *runner, const struct rule *rule);
/**
 * A text about what a rule found (`do`, `effect`), filled in: `finding` in it is `result`, and how many there are.
 * Empty where there is no text.
 */
struct str run_sentence(const struct text *text, struct scope scope, const struct result *result, size_t count,
                        struct arena *arena);
/** What OptScale will do, where rules that were run found out: their verdicts on its permissions included. */
const struct json *run_prediction(const struct runner *runner);
/** Groups the results by root cause: what to do first. */
void run_causes(struct runner *runner, struct run *ret);
/** "Enter in OptScale", and the exports found where the target names none. */
void run_entries(struct runner *runner, struct run *ret);

#endif
