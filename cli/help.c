/* help.c: what `exportcheck --help` and `exportcheck COMMAND --help` print, from the tables of commands and options. */
#include "cli/command.h"

enum { HELP_WIDTH = 80, HELP_COLUMN = 30 };

void help_print_folded(FILE *stream, const char *text, int column, int margin)
{
    struct str rest = str_from(text);
    while (rest.len) {
        struct str line;
        bool more_lines = str_cut(&rest, '\n', &line);
        while (line.len) {
            struct str word;
            str_cut(&line, ' ', &word);
            if (column > margin && column + 1 + (int)word.len > HELP_WIDTH) {
                fprintf(stream, "\n%*s", margin, "");
                column = margin;
            }
            column += fprintf(stream, "%s%.*s", column > margin ? " " : "", STR_ARG(word));
        }
        if (more_lines)
            fprintf(stream, "\n%*s", rest.len ? margin : 0, "");
        column = margin;
    }
    fputc('\n', stream);
}

static void print_option(FILE *stream, const struct option *option)
{
    char left[128];
    const char *argument = option->kind == OPTION_FLAG ? "" : option->argument ? option->argument : "VALUE";
    char letter[8] = "    ";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    int length = snprintf(left, sizeof left, "  %s--%s%s%s", letter, option->name, *argument ? " " : "", argument);
    if (length >= HELP_COLUMN)
        fprintf(stream, "%s\n%*s", left, HELP_COLUMN, "");
    else
        fprintf(stream, "%-*s", HELP_COLUMN, left);
    help_print_folded(stream, option->help, HELP_COLUMN, HELP_COLUMN);
}

static void print_examples(FILE *stream, const char *examples)
{
    struct str rest = str_from(examples);
    struct str line;
    fprintf(stream, "\nExamples:\n");
    while (str_cut(&rest, '\n', &line) || line.len)
        fprintf(stream, "  %.*s\n", STR_ARG(line));
}

void help_print(struct program *program, const struct command *command)
{
    FILE *stream = program->output;
    int column = fprintf(stream, "usage: exportcheck %s", command->name);
    if (*command->usage) {
        fputc(' ', stream);
        help_print_folded(stream, command->usage, column + 1, column + 1);
    } else {
        fputc('\n', stream);
    }
    fputc('\n', stream);
    help_print_folded(stream, command->description, 0, 0);
    size_t count;
    const struct option_place *places = command_options(program->arena, command, &count);
    for (size_t i = 0; i < count; i++) {
        if (places[i].title) /* else it goes on with the group before */
            fprintf(stream, "\n%s:\n", places[i].title);
        print_option(stream, places[i].option);
    }
    if (command->examples)
        print_examples(stream, command->examples);
}

void help_overview(FILE *stream)
{
    fprintf(stream,
            "exportcheck %s: checks whether an AWS account is ready to hand its\n"
            "billing exports to OptScale\n\n"
            "usage: exportcheck COMMAND [OPTION…] [OPERAND…]\n\n",
            EXPORTCHECK_VERSION);
    for (size_t i = 0; i < command_count; i++)
        fprintf(stream, "  %-10s  %s\n", commands[i]->name, commands[i]->summary);
    fprintf(stream, "\n'exportcheck help COMMAND' says more about each;\n'exportcheck demo' shows it at work.\n");
}

void help_version(const struct program *program)
{
    fprintf(program->output, "exportcheck %s\n", EXPORTCHECK_VERSION);
}
