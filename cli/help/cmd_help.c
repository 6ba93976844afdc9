/* cmd_help.c: `exportcheck help`: what a command does, for a terminal or as a man page. */
#include "cli/help/shell.h"

struct help_options {
    bool man;
};

static const struct option help_rows[] = {
    {"man", 0, OPTION_FLAG, offsetof(struct help_options, man), NULL, "Print a man page in place of plain text", NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Options", help_rows, 0},
    {.options = NULL},
};

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    const struct help_options *chosen = options;
    const char *name = operand_count ? str_to_c(program->arena, operands[0]) : NULL;
    const struct command *command = name ? command_find(name) : NULL;
    if (name && !command)
        return command_unknown(program, name);
    if (chosen->man)
        man_page(program, command);
    else if (command)
        help_print(program, command);
    else
        help_overview(program->output);
    return EXIT_STATUS_OK;
}

const struct command command_help = {
    .name = "help",
    .summary = "what a command does, and its options",
    .usage = "[COMMAND]",
    .description = "Prints what `exportcheck COMMAND --help` prints, or without COMMAND the list of commands. With "
                   "--man it prints a man page: `exportcheck help --man check | man -l -`.",
    .groups = groups,
    .options_size = sizeof(struct help_options),
    .min_operands = 0,
    .max_operands = 1,
    .run = run,
};
