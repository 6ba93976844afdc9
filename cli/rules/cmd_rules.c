/* cmd_rules.c: `exportcheck rules`: the rule base, to read and to test. */
#include "cli/rules/rules.h"

static const struct rules_subcommand subcommands[] = {
    {STR_INIT("list"), 0, 0, rules_list},
    {STR_INIT("show"), 1, 1, rules_show},
    {STR_INIT("lint"), 0, 1000, rules_lint_command},
    {STR_INIT("test"), 0, 1000, rules_test},
};

static const struct option rules_options[] = {
    {"scenario", 's', OPTION_STRING, offsetof(struct rules_options, scenario), "SCENARIO",
     "List only the rules of this scenario, in its order", NULL},
    {"cases", 0, OPTION_STRING, offsetof(struct rules_options, cases), "DIR",
     "Where the case files are; accounts are beside it (default tests/rules)", NULL},
    {"matrix", 0, OPTION_FLAG, offsetof(struct rules_options, matrix), NULL,
     "Print each change with the rule it must turn, and precision and recall", NULL},
    {"fix", 0, OPTION_STRING, offsetof(struct rules_options, fix), "DIR",
     "Write the corrections of what fails in each case to a folder of its own in DIR, as check --fix does", NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Rules", rulebase_option_rows, offsetof(struct rules_options, rulebase)},
    {"Options", rules_options, 0},
    {.options = NULL},
};

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    struct error error;
    struct str names[COUNT_OF(subcommands)];
    for (size_t i = 0; i < COUNT_OF(subcommands); i++) {
        const struct rules_subcommand *subcommand = &subcommands[i];
        names[i] = subcommand->name;
        if (!str_equal(subcommand->name, operands[0]))
            continue;
        size_t count = operand_count - 1;
        if (count >= subcommand->min_operands && count <= subcommand->max_operands)
            return subcommand->run(program, options, operands + 1, count);
        error_set(&error, ERROR_INPUT, "rules %.*s: %s", STR_ARG(subcommand->name),
                  count < subcommand->min_operands ? "an operand is missing" : "one operand too many");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    struct str nearest = str_nearest(operands[0], names, COUNT_OF(names));
    error_set(&error, ERROR_INPUT, "rules: there is no subcommand '%.*s'%s%.*s%s", STR_ARG(operands[0]),
              nearest.len ? "; did you mean '" : "; 'exportcheck rules --help' lists them", STR_ARG(nearest),
              nearest.len ? "'?" : "");
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}

const struct command command_rules = {
    .name = "rules",
    .summary = "list, show, lint and test the rules",
    .usage = "list | show RULE | lint [FILE…] | test [FILE…]",
    .description =
        "rules list prints a rule a line: id, severity, scenarios and title. rules show RULE explains one: what is asked of AWS, what must hold, what each outcome says, how to put it right. rules "
        "lint reads the rules, and those of FILE, and names each mistake and each rule that no case shows able to pass, "
        "to fail and to be unknown; it warns of expressions that are hard to read. rules test runs the cases of FILE, or of every file in tests/rules: a healthy account, changes to its answers, and "
        "the results that must follow; exit status 1 where one does not.",
    .words = "list|show|lint|test",
    .examples = "exportcheck rules list --scenario linked\n"
                "exportcheck rules show export-overwrites",
    .groups = groups,
    .options_size = sizeof(struct rules_options),
    .min_operands = 1,
    .max_operands = 1001,
    .run = run,
};
