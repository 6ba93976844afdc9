/* values.c: what values options and operands take, read from how the help calls them; see shell.h. */
#include "cli/help/shell.h"

#include "base/buf.h"
#include "reports/registry.h"

#include <string.h>

/* Whether a word of capitals stands in the text, alone or as a part ("FORMAT[=FILE]"). */
static bool names(const char *text, const char *word)
{
    return text && strstr(text, word) != NULL;
}

enum value_kind option_value_kind(const struct option *option)
{
    if (option->kind == OPTION_FLAG)
        return VALUE_NONE;
    if (option->choices || names(option->argument, "FORMAT"))
        return VALUE_CHOICES;
    if (names(option->argument, "DIR"))
        return VALUE_FOLDER;
    return names(option->argument, "FILE") || names(option->argument, "LOG") ? VALUE_FILE : VALUE_ANY;
}

/* Words separated by blanks, from words separated by bars. */
static struct str spaced(struct arena *arena, const char *choices)
{
    char *words = str_to_c(arena, str_from(choices));
    for (char *c = words; *c; c++)
        *c = *c == '|' ? ' ' : *c;
    return str_from(words);
}

struct str option_words(struct arena *arena, const struct option *option)
{
    if (option->choices)
        return spaced(arena, option->choices);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < report_format_count; i++)
        buf_addf(&buf, "%s%s", i ? " " : "", report_formats[i]->name);
    return buf_str(&buf);
}

struct str command_names(struct arena *arena)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < command_count; i++)
        buf_addf(&buf, "%s%s", i ? " " : "", commands[i]->name);
    return buf_str(&buf);
}

struct str command_words(struct arena *arena, const struct command *command)
{
    if (command == command_find("help"))
        return command_names(arena);
    return command->words ? spaced(arena, command->words) : STR("");
}

bool command_takes_files(const struct command *command)
{
    return names(command->usage, "FILE") || names(command->usage, "SNAPSHOT");
}
