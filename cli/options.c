/* options.c: the options of a command from its tables, parsed; see command.h. */
#include "cli/command.h"

#include <string.h>

static const struct option common_rows[] = {
    {"help", 'h', OPTION_FLAG, offsetof(struct common_options, help), NULL, "print this help and exit", NULL},
    {"version", 'V', OPTION_FLAG, offsetof(struct common_options, version), NULL, "print the version and exit", NULL},
    {.name = NULL},
};

static size_t count_rows(const struct command *command)
{
    size_t count = COUNT_OF(common_rows) - 1;
    for (const struct option_group *group = command->groups; group && group->options; group++) {
        for (const struct option *option = group->options; option->name; option++)
            count++;
    }
    return count;
}

static void add_rows(struct option_place *places, size_t *count, const char *title, const struct option *rows,
                     size_t offset, bool common)
{
    for (const struct option *option = rows; option->name; option++) {
        places[(*count)++] = (struct option_place){option, title, offset + option->offset, common};
        title = NULL;
    }
}

const struct option_place *command_options(struct arena *arena, const struct command *command, size_t *ret_count)
{
    struct option_place *places = arena_array(arena, struct option_place, count_rows(command));
    size_t count = 0;
    for (const struct option_group *group = command->groups; group && group->options; group++)
        add_rows(places, &count, group->title, group->options, group->offset, false);
    add_rows(places, &count, "Other", common_rows, 0, true);
    *ret_count = count;
    return places;
}

struct parser {
    struct program *program;
    const struct command *command;
    const struct option_place *places;
    size_t place_count;
    char **arguments;
    int count;
    int at;
    char *target; /* the options struct */
    struct common_options *common;
    struct error *error;
};

/* An option of a command and where its value goes. */
struct found {
    const struct option *option;
    void *target;
};

static struct found find(const struct parser *p, struct str name, char letter)
{
    for (size_t i = 0; i < p->place_count; i++) {
        const struct option_place *place = &p->places[i];
        if (letter ? place->option->letter == letter : str_equal(str_from(place->option->name), name))
            return (struct found){place->option, (place->common ? (char *)p->common : p->target) + place->offset};
    }
    return (struct found){NULL, NULL};
}

static bool unknown_option(const struct parser *p, struct str name)
{
    struct str *names = arena_array(p->program->arena, struct str, p->place_count);
    for (size_t i = 0; i < p->place_count; i++)
        names[i] = str_from(p->places[i].option->name);
    struct str nearest = str_nearest(name, names, p->place_count);
    if (nearest.len)
        return error_set(p->error, ERROR_INPUT, "%s: there is no option --%.*s; did you mean --%.*s?", p->command->name,
                         STR_ARG(name), STR_ARG(nearest));
    return error_set(p->error, ERROR_INPUT, "%s: there is no option --%.*s; 'exportcheck %s --help' lists them",
                     p->command->name, STR_ARG(name), p->command->name);
}

static bool is_choice(const struct option *option, struct str value)
{
    struct str rest = str_from(option->choices);
    struct str choice;
    do {
        bool more = str_cut(&rest, '|', &choice);
        if (str_equal(choice, value))
            return true;
        if (!more)
            return false;
    } while (true);
}

static bool check_choice(const struct parser *p, const struct option *option, struct str value)
{
    if (!option->choices || is_choice(option, value))
        return true;
    struct str choices[32];
    size_t count = 0;
    struct str rest = str_from(option->choices);
    while (rest.len && count < COUNT_OF(choices))
        str_cut(&rest, '|', &choices[count++]);
    struct str nearest = str_nearest(value, choices, count);
    return error_set(p->error, ERROR_INPUT, "--%s takes one of %s, not '%.*s'%s%.*s%s", option->name, option->choices,
                     STR_ARG(value), nearest.len ? "; did you mean '" : "", STR_ARG(nearest), nearest.len ? "'?" : "");
}

static void append(struct arena *arena, struct str_list *list, struct str value)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4;
        struct str *items = arena_array(arena, struct str, capacity);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = value;
}

static bool store(const struct parser *p, struct found found, struct str value)
{
    if (!check_choice(p, found.option, value))
        return false;
    switch (found.option->kind) {
    case OPTION_FLAG: *(bool *)found.target = true; return true;
    case OPTION_STRING: *(struct str *)found.target = value; return true;
    case OPTION_STRINGS: append(p->program->arena, found.target, value); return true;
    case OPTION_INTEGER: break;
    }
    if (str_to_int64(value, found.target))
        return true;
    return error_set(p->error, ERROR_INPUT, "--%s takes a whole number, not '%.*s'", found.option->name,
                     STR_ARG(value));
}

/* `value` is what stood after `=` or a letter; ptr NULL: nothing did, so the next argument is taken. */
static bool take(struct parser *p, struct found found, struct str value)
{
    if (found.option->kind == OPTION_FLAG) {
        if (value.ptr)
            return error_set(p->error, ERROR_INPUT, "--%s takes no value", found.option->name);
        return store(p, found, STR(""));
    }
    if (!value.ptr) {
        if (p->at == p->count)
            return error_set(p->error, ERROR_INPUT, "--%s needs a value: %s", found.option->name,
                             found.option->argument ? found.option->argument : "VALUE");
        value = str_from(p->arguments[p->at++]);
    }
    return store(p, found, value);
}

static bool parse_long(struct parser *p, struct str argument)
{
    struct str value = str_skip(argument, 2);
    struct str name;
    if (!str_cut(&value, '=', &name))
        value = (struct str){NULL, 0};
    struct found found = find(p, name, 0);
    return found.option ? take(p, found, value) : unknown_option(p, name);
}

static bool parse_short(struct parser *p, struct str argument)
{
    struct found found = find(p, STR(""), argument.ptr[1]);
    if (!found.option)
        return error_set(p->error, ERROR_INPUT, "%s: there is no option %.*s; 'exportcheck %s --help' lists them",
                         p->command->name, STR_ARG(argument), p->command->name);
    return take(p, found, argument.len > 2 ? str_skip(argument, 2) : (struct str){NULL, 0});
}

static bool check_operands(const struct parser *p, size_t count)
{
    const struct command *command = p->command;
    if (count >= command->min_operands && count <= command->max_operands)
        return true;
    return error_set(p->error, ERROR_INPUT, "%s: %s operand; usage: exportcheck %s %s", command->name,
                     count < command->min_operands ? "missing" : "one too many", command->name, command->usage);
}

bool options_parse(struct program *program, const struct command *command, char **arguments, int count, void *options,
                   struct parsed *ret, struct error *error)
{
    struct parsed parsed = {.operands = arena_array(program->arena, struct str, count)};
    struct parser p = {.program = program,
                       .command = command,
                       .arguments = arguments,
                       .count = count,
                       .target = options,
                       .common = &parsed.common,
                       .error = error};
    p.places = command_options(program->arena, command, &p.place_count);
    bool only_operands = false;
    while (p.at < count) {
        struct str argument = str_from(arguments[p.at++]);
        bool is_option = !only_operands && argument.len > 1 && argument.ptr[0] == '-';
        if (!is_option)
            parsed.operands[parsed.operand_count++] = argument;
        else if (str_equal(argument, STR("--")))
            only_operands = true;
        else if (!(argument.ptr[1] == '-' ? parse_long(&p, argument) : parse_short(&p, argument)))
            return false;
    }
    if (!parsed.common.help && !parsed.common.version && !check_operands(&p, parsed.operand_count))
        return false;
    *ret = parsed;
    return true;
}
