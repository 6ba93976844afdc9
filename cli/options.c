/* options.c: options as tables: parsing and help from the same rows; see command.h. */
#include "cli/command.h"

#include <string.h>

static const struct option help_option = {"help", 'h', OPTION_FLAG, 0, NULL, "print this help and exit", NULL};

struct parser {
    struct program *program;
    const struct command *command;
    char **arguments;
    int count;
    int at;
    char *target; /* the options struct */
    struct error *error;
};

/* An option of a command and where its value goes. */
struct found {
    const struct option *option;
    void *target;
};

static struct found find(const struct parser *p, struct str name, char letter)
{
    for (const struct option_group *group = p->command->groups; group && group->options; group++) {
        for (const struct option *option = group->options; option->name; option++) {
            if (letter ? option->letter == letter : str_equal(str_from(option->name), name))
                return (struct found){option, p->target + group->offset + option->offset};
        }
    }
    return (struct found){NULL, NULL};
}

static bool unknown_option(const struct parser *p, struct str name)
{
    struct str names[256];
    size_t count = 0;
    names[count++] = str_from(help_option.name);
    for (const struct option_group *group = p->command->groups; group && group->options; group++) {
        for (const struct option *option = group->options; option->name && count < COUNT_OF(names); option++)
            names[count++] = str_from(option->name);
    }
    struct str nearest = str_nearest(name, names, count);
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

static bool parse_long(struct parser *p, struct str argument, bool *ret_help)
{
    struct str value = str_skip(argument, 2);
    struct str name;
    if (!str_cut(&value, '=', &name))
        value = (struct str){NULL, 0};
    if (str_equal(name, STR("help"))) {
        *ret_help = true;
        return true;
    }
    struct found found = find(p, name, 0);
    return found.option ? take(p, found, value) : unknown_option(p, name);
}

static bool parse_short(struct parser *p, struct str argument, bool *ret_help)
{
    if (argument.ptr[1] == 'h') {
        *ret_help = true;
        return true;
    }
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
                   struct str **ret_operands, size_t *ret_operand_count, bool *ret_help, struct error *error)
{
    struct parser p = {program, command, arguments, count, 0, options, error};
    struct str *operands = arena_array(program->arena, struct str, count);
    size_t operand_count = 0;
    bool help = false;
    bool only_operands = false;
    while (p.at < count) {
        struct str argument = str_from(arguments[p.at++]);
        bool is_option = !only_operands && argument.len > 1 && argument.ptr[0] == '-';
        if (!is_option)
            operands[operand_count++] = argument;
        else if (str_equal(argument, STR("--")))
            only_operands = true;
        else if (!(argument.ptr[1] == '-' ? parse_long(&p, argument, &help) : parse_short(&p, argument, &help)))
            return false;
    }
    if (!help && !check_operands(&p, operand_count))
        return false;
    *ret_operands = operands;
    *ret_operand_count = operand_count;
    *ret_help = help;
    return true;
}

enum { HELP_WIDTH = 80, HELP_COLUMN = 30 };

/* Prints words from `column` on, folded at HELP_WIDTH with `margin` blanks before each further line. */
static void print_folded(FILE *stream, const char *text, int column, int margin)
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
    print_folded(stream, option->help, HELP_COLUMN, HELP_COLUMN);
}

void command_help(FILE *stream, const struct command *command)
{
    int column = fprintf(stream, "usage: exportcheck %s", command->name);
    if (*command->usage) {
        fputc(' ', stream);
        print_folded(stream, command->usage, column + 1, column + 1);
    } else {
        fputc('\n', stream);
    }
    fputc('\n', stream);
    print_folded(stream, command->description, 0, 0);
    for (const struct option_group *group = command->groups; group && group->options; group++) {
        if (group->title) /* else it goes on with the group before */
            fprintf(stream, "\n%s:\n", group->title);
        for (const struct option *option = group->options; option->name; option++)
            print_option(stream, option);
    }
    fprintf(stream, "\nOther:\n");
    print_option(stream, &help_option);
}
