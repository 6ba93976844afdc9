/* main.c: reads the process's surroundings once, finds the command and runs it. */
#include "cli/command.h"

#include "base/clock.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static void print_overview(FILE *stream)
{
    fprintf(stream,
            "exportcheck %s: checks whether an AWS account is ready to hand its\n"
            "billing exports to OptScale\n\n"
            "usage: exportcheck COMMAND [OPTION…] [OPERAND…]\n\n",
            EXPORTCHECK_VERSION);
    for (size_t i = 0; i < command_count; i++)
        fprintf(stream, "  %-9s  %s\n", commands[i]->name, commands[i]->summary);
    fprintf(stream, "\n'exportcheck COMMAND --help' says more about each;\n'exportcheck demo' shows it at work.\n");
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static enum exit_status unknown_command(const struct program *program, const char *name)
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

static enum exit_status run_command(struct program *program, const struct command *command, char **arguments, int count)
{
    struct error error;
    struct str *operands;
    size_t operand_count;
    bool help = false;
    void *options = arena_alloc(program->arena, 1, command->options_size + 1, _Alignof(max_align_t));
    if (!options_parse(program, command, arguments, count, options, &operands, &operand_count, &help, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    if (help) {
        command_help(program->output, command);
        return EXIT_STATUS_OK;
    }
    return command->run(program, options, operands, operand_count);
}

static enum exit_status dispatch(struct program *program, int argc, char **argv)
{
    if (argc < 2) {
        print_overview(program->errors);
        return EXIT_STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_overview(program->output);
        return EXIT_STATUS_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        fprintf(program->output, "exportcheck %s\n", EXPORTCHECK_VERSION);
        return EXIT_STATUS_OK;
    }
    const struct command *command = find_command(argv[1]);
    return command ? run_command(program, command, argv + 2, argc - 2) : unknown_command(program, argv[1]);
}

/* Output that did not reach its place is a failure, whatever the command found. */
static enum exit_status close_output(const struct program *program, enum exit_status status)
{
    if (fflush(program->output) == 0 && !ferror(program->output))
        return status;
    struct error error;
    error_set(&error, ERROR_IO, "standard output could not be written");
    return command_fail(program, EXIT_STATUS_FAILURE, &error);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like another */
    struct arena *arena = arena_open(0);
    struct program program = {
        .arena = arena,
        .now = clock_now(),
        .environment = environ,
        .arguments = argv,
        .argument_count = argc,
        .input = stdin,
        .output = stdout,
        .errors = stderr,
        .output_is_terminal = isatty(STDOUT_FILENO) == 1,
        .errors_is_terminal = isatty(STDERR_FILENO) == 1,
        .log = {stderr, LOG_WARNING},
    };
    enum exit_status status = close_output(&program, dispatch(&program, argc, argv));
    arena_close(arena);
    return (int)status;
}
