/* policy.h: the subcommands of `exportcheck policy`: a row each in cmd_policy.c, a file each, cli/policy_<name>.c. */
#ifndef EXPORTCHECK_CLI_POLICY_POLICY_H
#define EXPORTCHECK_CLI_POLICY_POLICY_H

#include "cli/command.h"
#include "cli/rulebase.h"

/** The options of all subcommands together. */
struct policy_command_options {
    bool explain; /* simulate, permissions */
    /* simulate */
    bool derive_context;
    /* print, permissions */
    struct str bucket;
    struct str account_id;
    /* print */
    struct str optscale_principal;
    struct str prefix;
    struct str merge; /* a file */
    /* lint */
    struct str type;
    /* permissions */
    struct str scenario;
    struct rulebase_options rulebase;
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

enum exit_status policy_permissions(struct program *program, const struct policy_command_options *options,
                                    const struct str *operands, size_t operand_count);

/** Whether --bucket, --prefix and --account-id are fit to stand in an ARN. False, code "input". */
bool policy_check_values(const struct policy_command_options *options, struct error *error) MUST_CHECK;

#endif
