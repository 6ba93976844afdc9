/* zsh.c: completion for zsh: a list of _arguments specifications for each command. */
#include "cli/help/shell.h"

/* In a specification brackets and colons have a meaning; within single quotes a quote is '\''. */
static void print_escaped(FILE *stream, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stream);
        else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
            fprintf(stream, "\\%c", *text);
        else
            fputc(*text, stream);
    }
}

static void print_action(struct program *program, const struct option *option)
{
    FILE *stream = program->output;
    enum value_kind kind = option_value_kind(option);
    if (kind == VALUE_NONE)
        return;
    fputc(':', stream);
    print_escaped(stream, option->argument ? option->argument : "VALUE");
    if (kind != VALUE_CHOICES) {
        fputs(kind == VALUE_FILE ? ":_files" : kind == VALUE_FOLDER ? ":_files -/" : ": ", stream);
        return;
    }
    fputs(":(", stream);
    print_escaped(stream, str_to_c(program->arena, option_words(program->arena, option)));
    fputc(')', stream);
}

/* One name of the option, with what follows it. */
static void print_name(struct program *program, const struct option *option, const char *name, const char *gap)
{
    FILE *stream = program->output;
    fprintf(stream, "        '%s%s%s[", option->kind == OPTION_STRINGS ? "*" : "", name,
            option->kind == OPTION_FLAG ? "" : gap);
    print_escaped(stream, option->help);
    fputc(']', stream);
    print_action(program, option);
    fputs("' \\\n", stream);
}

static void print_option(struct program *program, const struct option *option)
{
    char name[64];
    snprintf(name, sizeof name, "--%s", option->name);
    print_name(program, option, name, "=");
    snprintf(name, sizeof name, "-%c", option->letter);
    if (option->letter)
        print_name(program, option, name, "+");
}

static void print_command(struct program *program, const struct command *command)
{
    FILE *stream = program->output;
    size_t count;
    const struct option_place *places = command_options(program->arena, command, &count);
    struct str words = command_words(program->arena, command);
    fprintf(stream, "    %s) _arguments \\\n", command->name);
    for (size_t i = 0; i < count; i++)
        print_option(program, places[i].option);
    if (words.len)
        fprintf(stream, "        '1:word:(%.*s)' \\\n", STR_ARG(words));
    /* An operand that nobody can complete is an empty list: a mere message would count as a choice beside options. */
    fprintf(stream, "        '*:operand:%s' ;;\n", command_takes_files(command) ? "_files" : "()");
}

void zsh_completion(struct program *program)
{
    FILE *stream = program->output;
    fputs("#compdef exportcheck\n# zsh completion for exportcheck: exportcheck completion zsh\n"
          "_exportcheck() {\n    local -a names\n    names=(\n",
          stream);
    for (size_t i = 0; i < command_count; i++) {
        fprintf(stream, "        '%s:", commands[i]->name);
        print_escaped(stream, commands[i]->summary);
        fputs("'\n", stream);
    }
    fputs("    )\n    if ((CURRENT == 2)); then\n        _describe command names\n        return\n    fi\n"
          "    local command=$words[2]\n    shift words\n    ((CURRENT--))\n    case $command in\n",
          stream);
    for (size_t i = 0; i < command_count; i++)
        print_command(program, commands[i]);
    fputs("    esac\n}\n_exportcheck \"$@\"\n", stream);
}
