/* bash.c: completion for bash: one function, with a branch for each command and for each option that takes a value. */
#include "cli/help/shell.h"

/* "--fail-on|-f" as a pattern of `case`. */
static void print_pattern(FILE *stream, const struct option *option)
{
    fprintf(stream, "        --%s", option->name);
    if (option->letter)
        fprintf(stream, "|-%c", option->letter);
    fputs(") ", stream);
}

static void print_value(struct program *program, const struct option *option)
{
    static const char *const actions[] = {
        [VALUE_ANY] = "return",
        [VALUE_FILE] = "COMPREPLY=($(compgen -f -- \"$current\")); return",
        [VALUE_FOLDER] = "COMPREPLY=($(compgen -d -- \"$current\")); return",
    };
    enum value_kind kind = option_value_kind(option);
    if (kind == VALUE_NONE)
        return;
    print_pattern(program->output, option);
    if (kind == VALUE_CHOICES)
        fprintf(program->output, "COMPREPLY=($(compgen -W \"%.*s\" -- \"$current\")); return ;;\n",
                STR_ARG(option_words(program->arena, option)));
    else
        fprintf(program->output, "%s ;;\n", actions[kind]);
}

static void print_command(struct program *program, const struct command *command)
{
    FILE *stream = program->output;
    size_t count;
    const struct option_place *places = command_options(program->arena, command, &count);
    fprintf(stream, "    %s)\n        case $previous in\n", command->name);
    for (size_t i = 0; i < count; i++)
        print_value(program, places[i].option);
    fputs("        esac\n        options=\"", stream);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s--%s", i ? " " : "", places[i].option->name);
    fprintf(stream, "\"\n        words=\"%.*s\"\n        files=%d ;;\n",
            STR_ARG(command_words(program->arena, command)), command_takes_files(command));
}

void bash_completion(struct program *program)
{
    FILE *stream = program->output;
    fputs("# bash completion for exportcheck: exportcheck completion bash\n"
          "_exportcheck() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} options= words= files=0\n"
          "    COMPREPLY=()\n"
          "    if ((COMP_CWORD == 1)); then\n",
          stream);
    fprintf(stream,
            "        COMPREPLY=($(compgen -W \"%.*s --help --version\" -- \"$current\"))\n        return\n    fi\n",
            STR_ARG(command_names(program->arena)));
    fputs("    case ${COMP_WORDS[1]} in\n", stream);
    for (size_t i = 0; i < command_count; i++)
        print_command(program, commands[i]);
    fputs("    esac\n"
          "    if [[ $current == -* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
          "    elif [[ -n $words ]] && ((COMP_CWORD == 2)); then\n"
          "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "    elif ((files)); then\n"
          "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
          "    fi\n"
          "}\n"
          "complete -o filenames -F _exportcheck exportcheck\n",
          stream);
}
