/* cmd_completion.c: `exportcheck completion`: the tables of commands and options as a shell's completion. */
#include "cli/help/shell.h"

static const struct {
    struct str name;
    void (*print)(struct program *program);
} shells[] = {
    {STR_INIT("bash"), bash_completion},
    {STR_INIT("zsh"), zsh_completion},
    {STR_INIT("fish"), fish_completion},
};

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    struct error error;
    (void)options;
    (void)operand_count;
    for (size_t i = 0; i < COUNT_OF(shells); i++) {
        if (str_equal(operands[0], shells[i].name)) {
            shells[i].print(program);
            return EXIT_STATUS_OK;
        }
    }
    error_set(&error, ERROR_INPUT, "completion takes bash, zsh or fish, not '%.*s'", STR_ARG(operands[0]));
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}

const struct command command_completion = {
    .name = "completion",
    .summary = "print a shell's completion for this program",
    .usage = "bash | zsh | fish",
    .description = "Prints what the shell reads to complete commands, options and their values. The Debian package "
                   "installs all three; elsewhere put the output where the shell looks for it.",
    .words = "bash|zsh|fish",
    .examples = "exportcheck completion bash >> ~/.bash_completion\n"
                "exportcheck completion zsh > \"${fpath[1]}/_exportcheck\"\n"
                "exportcheck completion fish > ~/.config/fish/completions/exportcheck.fish",
    .options_size = 0,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
