/* simulate.c: `exportcheck policy simulate`: decisions in bulk, a line in, a line out. */
#include "cli/policy/policy.h"

#include "policy/evaluate/explain.h"
#include "policy/evaluate/simulation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The longest line: all policies of a request at their largest take far less. */
static const struct json_limits line_limits = {.max_bytes = (size_t)16 << 20, .max_depth = 64};

struct run {
    struct program *program;
    const struct policy_command_options *options;
    struct arena *arena; /* rewound after each line */
    struct sink sink;
    FILE *input;
    size_t line;
    bool failed; /* a line could not be read */
};

static void write_error(struct run *run, const struct json *id, const struct error *error)
{
    struct json_builder object = json_build(run->arena, JSON_OBJECT);
    json_build_append(&object, STR("id"), id ? *id : json_null);
    json_build_append(&object, STR("line"), json_number((double)run->line));
    json_build_append(&object, STR("error"), json_string(str_from(error->text)));
    struct json line = json_built(&object);
    json_write(&run->sink, &line, 0);
    run->failed = true;
}

/* What AWS would fill in by itself, and a policy asks for. */
static void warn(const struct run *run, const struct simulation *simulation, const struct decision *decision)
{
    struct str key;
    const struct statement *statement =
        run->options->derive_context ? NULL : simulation_undervalued(run->arena, simulation, decision, &key);
    if (!statement)
        return;
    log_line(
        &run->program->log, LOG_WARNING,
        "line %zu: %.*s of %.*s decides on %.*s, which the request's context lacks; --derive-context takes it from "
        "the request",
        run->line, STR_ARG(statement->pointer), STR_ARG(statement->policy->name), STR_ARG(key));
}

static void simulate_line(struct run *run, struct str text)
{
    const struct json *value = NULL;
    struct simulation simulation;
    struct error error;
    if (!json_parse(run->arena, STR("simulation"), text, &line_limits, &value, &error) ||
        !simulation_read(run->arena, value, &simulation, &error)) {
        write_error(run, json_find(value, "id"), &error);
    } else {
        struct decision decision;
        if (run->options->derive_context)
            simulation = simulation_derive(run->arena, &simulation);
        policy_evaluate(&simulation.environment, &simulation.request, &decision);
        warn(run, &simulation, &decision);
        struct json result = simulation_result(run->arena, &simulation, &decision);
        if (run->options->explain)
            result = explain_simulation(run->arena, &simulation, &decision, result);
        json_write(&run->sink, &result, 0);
    }
    sink_add_char(&run->sink, '\n');
}

/* Lines are read one by one, so that a pipe gets its answers as it asks. */
static void simulate_lines(struct run *run)
{
    char *buffer = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&buffer, &capacity, run->input)) >= 0) {
        struct str text = str_trim((struct str){buffer, length});
        run->line++;
        if (!text.len)
            continue;
        struct arena_mark mark = arena_mark(run->arena);
        simulate_line(run, text);
        fflush(run->sink.stream); /* whoever asks line by line waits for it; main() sees a failure */
        arena_rewind(run->arena, mark);
    }
    free(buffer);
}

enum exit_status policy_simulate(struct program *program, const struct policy_command_options *options,
                                 const struct str *operands, size_t operand_count)
{
    const char *path = operand_count > 0 ? str_to_c(program->arena, operands[0]) : "-";
    bool standard = strcmp(path, "-") == 0;
    struct run run = {
        .program = program,
        .options = options,
        .sink = sink_to_stream(program->output),
        .input = standard ? program->input : fopen(path, "re"),
    };
    struct error error;
    if (!run.input) {
        error_set(&error, ERROR_IO, "%s: %s", path, strerror(errno));
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    run.arena = arena_open(0);
    simulate_lines(&run);
    arena_close(run.arena);
    if (!standard)
        fclose(run.input);
    return run.failed ? EXIT_STATUS_USAGE : EXIT_STATUS_OK;
}
