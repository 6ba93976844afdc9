/* cmd_policy.c: `exportcheck policy`: the IAM policy language at work. */
#include "cli/policy/policy.h"

static const struct policy_subcommand subcommands[] = {
    {STR_INIT("simulate"), 0, 1, policy_simulate},
    {STR_INIT("print"), 0, 1, policy_print},
    {STR_INIT("permissions"), 0, 0, policy_permissions},
    {STR_INIT("lint"), 1, 64, policy_lint},
};

static const struct option simulate_options[] = {
    {"explain", 'e', OPTION_FLAG, offsetof(struct policy_command_options, explain), NULL,
     "Say of each Allow that did not apply and of each Deny that did why, and which single change would turn the decision; of permissions: which "
     "calls and rules each is for",
     NULL},
    {"derive-context", 0, OPTION_FLAG, offsetof(struct policy_command_options, derive_context), NULL,
     "Add to the context of simulate's requests the keys that follow from them: aws:PrincipalArn, "
     "aws:PrincipalAccount, aws:PrincipalType, aws:username, aws:PrincipalIsAWSService, aws:ResourceAccount",
     NULL},
    {.name = NULL},
};

static const struct option print_options[] = {
    {"bucket", 0, OPTION_STRING, offsetof(struct policy_command_options, bucket), "NAME", "The bucket", NULL},
    {"account-id", 0, OPTION_STRING, offsetof(struct policy_command_options, account_id), "ID",
     "The account that exports", NULL},
    {"optscale-principal", 0, OPTION_STRING, offsetof(struct policy_command_options, optscale_principal), "ARN",
     "Whom OptScale assumes the role as", NULL},
    {"prefix", 0, OPTION_STRING, offsetof(struct policy_command_options, prefix), "PREFIX",
     "Let objects be read under this prefix alone", NULL},
    {"merge", 0, OPTION_STRING, offsetof(struct policy_command_options, merge), "FILE",
     "Merge into the policy in FILE (- is standard input), keeping its other statements", NULL},
    {.name = NULL},
};

static const struct option permissions_options[] = {
    {"scenario", 's', OPTION_STRING, offsetof(struct policy_command_options, scenario), "SCENARIO",
     "What is to be checked (default root-existing)", NULL},
    {.name = NULL},
};

static const struct option lint_options[] = {
    {"type", 0, OPTION_STRING, offsetof(struct policy_command_options, type), "TYPE",
     "Where the policy is attached; by default told from its Principals",
     "identity|permission_boundary|session|service_control_policy|resource_control_policy|resource|trust"},
    {.name = NULL},
};

static const struct option_group policy_groups[] = {
    {"Options of simulate and permissions", simulate_options, 0},
    {"Options of print and permissions", print_options, 0},
    {"Options of permissions", permissions_options, 0},
    {"Rules", rulebase_option_rows, offsetof(struct policy_command_options, rulebase)},
    {"Options of lint", lint_options, 0},
    {.options = NULL}};

static enum exit_status unknown_subcommand(const struct program *program, struct str name)
{
    struct str names[COUNT_OF(subcommands)];
    for (size_t i = 0; i < COUNT_OF(subcommands); i++)
        names[i] = subcommands[i].name;
    struct str nearest = str_nearest(name, names, COUNT_OF(names));
    struct error error;
    error_set(&error, ERROR_INPUT, "policy: there is no subcommand '%.*s'%s%.*s%s", STR_ARG(name),
              nearest.len ? "; did you mean '" : "; 'exportcheck policy --help' lists them", STR_ARG(nearest),
              nearest.len ? "'?" : "");
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    for (size_t i = 0; i < COUNT_OF(subcommands); i++) {
        const struct policy_subcommand *subcommand = &subcommands[i];
        if (!str_equal(subcommand->name, operands[0]))
            continue;
        size_t count = operand_count - 1;
        if (count >= subcommand->min_operands && count <= subcommand->max_operands)
            return subcommand->run(program, options, operands + 1, count);
        struct error error;
        error_set(&error, ERROR_INPUT, "policy %.*s: %s", STR_ARG(subcommand->name),
                  count < subcommand->min_operands ? "an operand is missing" : "one operand too many");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    return unknown_subcommand(program, operands[0]);
}

const struct command command_policy = {
    .name = "policy",
    .summary = "simulate, print and lint IAM policies; what the checker needs",
    .usage = "simulate [FILE] | print [TEMPLATE] | permissions | lint FILE…",
    .description =
        "policy simulate [FILE] decides requests as AWS would. It reads JSON Lines from FILE or standard input, a "
        "simulation a line: {\"id\", \"request\": {\"principal\", \"action\", \"resource\", \"resource_account\", "
        "\"context\"}, \"identity_policies\", \"permission_boundaries\", \"service_control_policies\", "
        "\"resource_control_policies\", \"session_policy\", \"resource_policy\"}; and writes a line each: {\"id\", "
        "\"decision\": \"Allowed\", \"ExplicitlyDenied\" or \"ImplicitlyDenied\", \"because\"}. A principal is an ARN, a "
        "service, or * (anonymous). Control policies are a list for each level of the organization, from the root "
        "down. A line that cannot be read gives {\"id\", \"line\", \"error\"}, and status 2 at the end. "
        "The context is complete: no key is derived from the request, unless --derive-context asks for it; without it "
        "a warning on standard error names a condition that decides on such a key. "
        "policy print TEMPLATE prints a policy of the documentation, filled in; without TEMPLATE it lists them. With "
        "--merge the policy in FILE is printed with the template's statements in it: every other statement stays as it "
        "is, and whether the result grants what the template grants is proven before it is printed. "
        "policy permissions prints the least policy that the credentials of `exportcheck check` need for a scenario, "
        "from what its rules read; with --explain the calls and the rules behind each permission. Without one of them "
        "these rules are unknown, and the others run. "
        "policy lint FILE says what AWS would reject in a policy and what in it can never match, a finding a line with "
        "file, line and column; exit status 1 for findings.",
    .words = "simulate|print|permissions|lint",
    .examples = "exportcheck policy print bucket-delivery --bucket acme-billing \\\n"
                "    --account-id 123456789012\n"
                "exportcheck policy permissions --scenario root-existing\n"
                "exportcheck policy lint policy.json",
    .groups = policy_groups,
    .options_size = sizeof(struct policy_command_options),
    .min_operands = 1,
    .max_operands = 65,
    .run = run,
};
