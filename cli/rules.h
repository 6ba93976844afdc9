/* rules.h: the subcommands of `exportcheck rules`, one file each. */
#ifndef EXPORTCHECK_CLI_RULES_H
#define EXPORTCHECK_CLI_RULES_H

#include "cli/rulebase.h"

struct rules_options {
    struct rulebase_options rulebase;
    struct str scenario;
    struct str cases;
    bool matrix;
};

struct rules_subcommand {
    struct str name;
    size_t min_operands;
    size_t max_operands;
    enum exit_status (*run)(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);
};

enum exit_status rules_list(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);
enum exit_status rules_show(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);
enum exit_status rules_test(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);

/** Prints a rule whole: what it says, why, how to fix it, its facts and the calls behind them. */
void rule_print(FILE *stream, const struct rule_base *base, const struct rule *rule, struct arena *arena);

#endif
