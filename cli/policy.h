/* policy.h: the subcommands of `exportcheck policy`: a row each in cmd_policy.c, a file each, cli/policy_<name>.c. */
#ifndef EXPORTCHECK_CLI_POLICY_H
#define EXPORTCHECK_CLI_POLICY_H

#include "cli/command.h"

/** The options of all subcommands together. */
struct policy_command_options {
    bool explain; /* simulate */
    /* print */
    struct str bucket;
    struct str account_id;
    struct str prefix;
    struct str merge; /* a file */
    /* lint */
    struct str type;
};

struct policy_subcommand {
    struct str name;
    size_t min_operands; /* after the subcommand's name */
    size_t max_operands;
    enum exit_status (*run)(struct program *program, const struct policy_command_options *options,
                            const struct str *operands, size_t operand_count);
};

enum exit_status policy_simulate(struct program *program, const struct policy_command_options *options,
                                 const struct str *operands, size_t operand_count);

enum exit_status policy_print(struct program *program, const struct policy_command_options *options,
                              const struct str *operands, size_t operand_count);

enum exit_status policy_lint(struct program *program, const struct policy_command_options *options,
                             const struct str *operands, size_t operand_count);

#endif
