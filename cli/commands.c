/* commands.c: the table of commands, from commands.def. */
#include "cli/command.h"

#include <string.h>

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.def"
#undef COMMAND
    NULL,
};
const size_t command_count = COUNT_OF(commands) - 1;

struct str program_getenv(const struct program *program, const char *name)
{
    size_t length = strlen(name);
    for (char **entry = program->environment; entry && *entry; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return str_from(*entry + length + 1);
    }
    return STR("");
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

enum exit_status command_unknown(const struct program *program, const char *name)
{
    struct error error;
    struct str *names = arena_array(program->arena, struct str, command_count);
    for (size_t i = 0; i < command_count; i++)
        names[i] = str_from(commands[i]->name);
    struct str nearest = str_nearest(str_from(name), names, command_count);
    if (nearest.len)
        error_set(&error, ERROR_INPUT, "there is no command '%s'; did you mean '%.*s'?", name, STR_ARG(nearest));
    else
        error_set(&error, ERROR_INPUT, "there is no command '%s'; 'exportcheck --help' lists them", name);
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}

enum exit_status command_fail(const struct program *program, enum exit_status status, const struct error *error)
{
    fprintf(program->errors, "exportcheck: %s\n", error->text);
    return status;
}
