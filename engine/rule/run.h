/*
 * run.h: a run: which rules, which facts they want, and their results. Evaluation is a pure
 * function of rules, target, facts and time: the same input gives the same output, byte for byte.
 */
#ifndef EXPORTCHECK_RULE_RUN_H
#define EXPORTCHECK_RULE_RUN_H

#include "base/map.h"
#include "rule/rule.h"
#include "rule/waiver.h"

/** A parameter set from outside: `--set RULE.name=value`, or `name=value` for every rule that has it. */
struct setting {
    struct str rule; /* empty: every rule that declares the parameter */
    struct str name;
    const struct json *value;
};

/** The rules of a run, in the scenario's order, and those that they need. */
struct selection {
    const struct scenario *scenario;
    const struct rule **rules;
    bool *reported; /* false: only evaluated because another rule needs it */
    size_t count;
    const struct setting *settings;
    size_t setting_count;
};

/**
 * Selects from a scenario: all its rules, or those that match one of `only` (ids, with `*` and `?`),
 * less those that match one of `skip`. A pattern that matches no rule is an error, with the nearest
 * name; so is a selection that is empty. Rules outside the scenario may be named with `only`.
 */
bool select_rules(struct arena *arena, const struct rule_base *base, const struct scenario *scenario,
                  const struct str *only, size_t only_count, const struct str *skip, size_t skip_count,
                  struct selection *ret, struct error *error) MUST_CHECK;

/** Adds the scenario's rules on costs, where those were read. */
void select_costs(const struct rule_base *base, struct selection *selection);

/**
 * Reads `--set` values: `name=value` or `rule.name=value`; the value is JSON, or else a string. A
 * parameter that no selected rule has is an error, and so is a value of another type than the default's.
 */
bool select_settings(struct arena *arena, struct selection *selection, const struct str *texts, size_t count,
                     struct error *error) MUST_CHECK;

/** Whether the patterns and settings fit the rule base at all: for a run over targets of several scenarios. */
bool select_check(struct arena *arena, const struct rule_base *base, const struct str *only, size_t only_count,
                  const struct str *skip, size_t skip_count, const struct str *settings, size_t setting_count,
                  struct error *error) MUST_CHECK;

/** The names of the facts that the selection wants, for facts_collect(). */
const struct str *selection_facts(const struct selection *selection, struct arena *arena, size_t *ret_count);

/** What a run found. */
struct run {
    const struct result *results;
    size_t result_count;
    struct summary summary;
    const struct cause *causes;
    size_t cause_count;
    const struct entry *entries;
    size_t entry_count;
    struct found_export *exports; /* each without `command`: that is the command line's business */
    size_t export_count;
    struct str account;
    struct str caller;
    const struct json *optscale; /* {"connect": …, "discovery": …}, or NULL */
};

struct run_options {
    const struct rule_base *base;
    const struct selection *selection;
    const struct facts *facts;
    const struct waivers *waivers; /* NULL: none */
    enum severity fail_on;         /* what fails below it is advice */
    const struct map *baseline;    /* result id → struct result of an earlier run; NULL: none */
    const struct json *read_for;   /* the target that the snapshot was collected for; NULL: read live */
};

/** Evaluates. Everything that it returns lives in `arena`. */
void run_rules(struct arena *arena, const struct run_options *options, struct run *ret);

/**
 * How the rule's first failure is mended: by the setting that the rule names, else by its check. `way`: see MEND_WAYS.
 * Nothing is found, and no refusal said, where the rule does not fail.
 */
void run_mend(struct arena *arena, const struct run_options *options, const struct rule *rule,
              const struct result *result, int way, struct mend *ret);

/** The exports that the scenario finds in the account, without `command`; NULL where it looks for none or cannot read
 * them. */
struct found_export *scenario_exports(const struct scenario *scenario, const struct facts *facts, struct arena *arena,
                                      size_t *ret_count);

/** The exit status of `check`: 0, 1 or 3 (design: 1 beats 3). */
int run_exit_status(const struct run *run, enum severity fail_on);

#endif
