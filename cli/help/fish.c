/* fish.c: completion for fish: a line for each command, and for each option of each. */
#include "cli/help/shell.h"

/* Within single quotes fish reads \' and \\. */
static void print_quoted(FILE *stream, const char *text)
{
    fputc('\'', stream);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', stream);
        fputc(*text, stream);
    }
    fputc('\'', stream);
}

static void print_option(struct program *program, const struct command *command, const struct option *option)
{
    static const char *const actions[] = {[VALUE_NONE] = "",
                                          [VALUE_ANY] = " -x",
                                          [VALUE_CHOICES] = " -x",
                                          [VALUE_FILE] = " -rF",
                                          [VALUE_FOLDER] = " -x -a '(__fish_complete_directories)'"};
    FILE *stream = program->output;
    enum value_kind kind = option_value_kind(option);
    fprintf(stream, "complete -c exportcheck -n '__fish_seen_subcommand_from %s' -l %s", command->name, option->name);
    if (option->letter)
        fprintf(stream, " -s %c", option->letter);
    fputs(actions[kind], stream);
    if (kind == VALUE_CHOICES)
        fprintf(stream, " -a '%.*s'", STR_ARG(option_words(program->arena, option)));
    fputs(" -d ", stream);
    print_quoted(stream, option->help);
    fputc('\n', stream);
}

static void print_command(struct program *program, const struct command *command)
{
    FILE *stream = program->output;
    size_t count;
    const struct option_place *places = command_options(program->arena, command, &count);
    struct str words = command_words(program->arena, command);
    fprintf(stream, "complete -c exportcheck -n __fish_use_subcommand -a %s -d ", command->name);
    print_quoted(stream, command->summary);
    fputc('\n', stream);
    if (words.len)
        fprintf(stream, "complete -c exportcheck -n '__fish_seen_subcommand_from %s' -a '%.*s'\n", command->name,
                STR_ARG(words));
    if (command_takes_files(command))
        fprintf(stream, "complete -c exportcheck -n '__fish_seen_subcommand_from %s' -F\n", command->name);
    for (size_t i = 0; i < count; i++)
        print_option(program, command, places[i].option);
}

void fish_completion(struct program *program)
{
    fputs("# fish completion for exportcheck: exportcheck completion fish\ncomplete -c exportcheck -f\n",
          program->output);
    for (size_t i = 0; i < command_count; i++)
        print_command(program, commands[i]);
}
