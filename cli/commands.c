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

enum exit_status command_fail(const struct program *program, enum exit_status status, const struct error *error)
{
    fprintf(program->errors, "exportcheck: %s\n", error->text);
    return status;
}
