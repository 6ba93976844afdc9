/* main.c: reads the process's surroundings once, finds the command and runs it. */
#include "cli/command.h"

#include "base/clock.h"
#include "base/sink.h"
#include "cli/process.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static enum exit_status run_command(struct program *program, const struct command *command, char **arguments, int count)
{
    struct error error;
    struct parsed parsed;
    void *options = arena_alloc(program->arena, 1, command->options_size + 1, _Alignof(max_align_t));
    if (!options_parse(program, command, arguments, count, options, &parsed, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    if (parsed.common.help)
        help_print(program, command);
    else if (parsed.common.version)
        help_version(program);
    else
        return command->run(program, options, parsed.operands, parsed.operand_count);
    return EXIT_STATUS_OK;
}

static bool is_one_of(const char *text, const char *one, const char *other)
{
    return strcmp(text, one) == 0 || strcmp(text, other) == 0;
}

static enum exit_status dispatch(struct program *program, int argc, char **argv)
{
    if (argc < 2)
        return first_steps(program);
    const struct command *command = command_find(argv[1]);
    if (command)
        return run_command(program, command, argv + 2, argc - 2);
    if (is_one_of(argv[1], "--help", "-h"))
        help_overview(program->output);
    else if (is_one_of(argv[1], "--version", "-V"))
        help_version(program);
    else
        return command_unknown(program, argv[1]);
    return EXIT_STATUS_OK;
}

/*
 * What did not reach standard output is a failure, whatever the command found; a reader who had enough is none.
 * Commands leave this to main().
 */
static enum exit_status close_output(const struct program *program, enum exit_status status)
{
    struct sink output = sink_to_stream(program->output);
    struct error error;
    if (sink_ok(&output, &error) || process_reader_left(program->output))
        return status;
    error_wrap(&error, "standard output");
    return command_fail(program, EXIT_STATUS_FAILURE, &error);
}

int main(int argc, char **argv)
{
    process_hold_standard_streams();
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
        .input_is_terminal = isatty(STDIN_FILENO) == 1,
        .output_is_terminal = isatty(STDOUT_FILENO) == 1,
        .errors_is_terminal = isatty(STDERR_FILENO) == 1,
        .log = {stderr, LOG_WARNING},
    };
    enum exit_status status = close_output(&program, dispatch(&program, argc, argv));
    arena_close(arena);
    return (int)status;
}
