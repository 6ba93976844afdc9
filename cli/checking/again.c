/* again.c: see again.h. */
#include "cli/checking/again.h"

#include "base/buf.h"

#include <string.h>

static void add_word(struct buf *buf, struct str word)
{
    buf_add_char(buf, ' ');
    buf_add_shell_word(buf, word);
}

/* A word of the command line. What a role's owner has agreed on with its user is no business of a report's readers. */
static void add_argument(struct buf *buf, const struct program *program, int index)
{
    static const struct str option = STR_INIT("--external-id");
    struct str word = str_from(program->arguments[index]);
    struct str value = word;
    struct str name;
    bool has_value = str_cut(&value, '=', &name);
    if (str_equal(str_from(program->arguments[index - 1]), option))
        add_word(buf, STR("EXTERNAL_ID"));
    else if (has_value && str_equal(name, option))
        add_word(buf, STR("--external-id=EXTERNAL_ID"));
    else
        add_word(buf, word);
}

struct str again_as_typed(const struct program *program)
{
    struct buf buf = buf_make(program->arena, BUF_NO_MAX);
    buf_add_c(&buf, "exportcheck");
    for (int i = 1; i < program->argument_count; i++)
        add_argument(&buf, program, i);
    return buf_str(&buf);
}

struct walk {
    const struct option_place *places;
    size_t count;
};

/* The option that an argument begins: "--name", "--name=value", "-n", "-nvalue"; NULL: none. */
static const struct option *option_of(const struct walk *walk, struct str argument)
{
    struct str rest = argument;
    struct str name;
    bool is_long = str_starts(argument, STR("--"));
    str_cut(&rest, '=', &name);
    for (size_t i = 0; i < walk->count; i++) {
        const struct option *option = walk->places[i].option;
        if (is_long ? str_equal(str_skip(name, 2), str_from(option->name))
                    : argument.len > 1 && argument.ptr[0] == '-' && argument.ptr[1] == option->letter)
            return option;
    }
    return NULL;
}

/* Whether its value is the argument that follows. */
static bool value_follows(const struct option *option, struct str argument)
{
    if (!option || option->kind == OPTION_FLAG)
        return false;
    return str_starts(argument, STR("--")) ? str_find_char(argument, '=', 0) < 0 : argument.len == 2;
}

static void add_arguments(struct buf *buf, const struct json *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        const struct json_member *argument = &arguments->members[i];
        if (argument->value.type != JSON_STRING)
            continue;
        buf_addf(buf, " --%.*s ", STR_ARG(argument->name));
        buf_add_shell_word(buf, argument->value.string);
    }
}

struct str again_with(const struct program *program, const struct command *command, const struct json *arguments)
{
    struct walk walk;
    struct buf buf = buf_make(program->arena, BUF_NO_MAX);
    walk.places = command_options(program->arena, command, &walk.count);
    buf_addf(&buf, "exportcheck %s", command->name);
    add_arguments(&buf, arguments);
    for (int i = 2; i < program->argument_count; i++) {
        struct str argument = str_from(program->arguments[i]);
        const struct option *option = option_of(&walk, argument);
        bool follows = value_follows(option, argument) && i + 1 < program->argument_count;
        if (!option || !json_find(arguments, option->name)) { /* else told anew */
            add_argument(&buf, program, i);
            if (follows)
                add_argument(&buf, program, i + 1);
        }
        i += follows;
    }
    return buf_str(&buf);
}
