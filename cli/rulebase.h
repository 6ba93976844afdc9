/* rulebase.h: the rule base of a command: the embedded files, and those of --rules folders over them. */
#ifndef EXPORTCHECK_CLI_RULEBASE_H
#define EXPORTCHECK_CLI_RULEBASE_H

#include "cli/command.h"
#include "rule/rule.h"

struct rulebase_options {
    struct str_list folders; /* --rules, repeatable: a later one prevails */
};
extern const struct option rulebase_option_rows[];

/**
 * Reads the embedded rule files, then the JSON files of DIR, `DIR/facts`, `DIR/scenarios` and `DIR/policies` of
 * each folder. False: a mistake in one of them, with its place (exit status 2).
 */
bool rulebase_load(struct program *program, const struct rulebase_options *options, struct rule_base **ret,
                   struct error *error) MUST_CHECK;

/** The embedded and the folders' files as a table. */
bool rulebase_files(struct program *program, const struct rulebase_options *options, const struct data_file **ret,
                    size_t *ret_count, size_t *ret_embedded, struct error *error) MUST_CHECK;

/** The scenario of that id; the nearest is named where there is none. */
bool rulebase_scenario(const struct rule_base *base, struct str id, const struct scenario **ret,
                       struct error *error) MUST_CHECK;

#endif
