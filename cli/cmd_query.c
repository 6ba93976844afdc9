/* cmd_query.c: `exportcheck query`: evaluates a JMESPath expression on a JSON file. */
#include "cli/command.h"

#include "base/clock.h"
#include "base/file.h"
#include "query/query.h"

#include <string.h>

struct query_options {
    bool compact;
    bool raw;
    struct str at;
};

static const struct option query_options[] = {
    {"compact", 'c', OPTION_FLAG, offsetof(struct query_options, compact), NULL, "Print the value on one line", NULL},
    {"raw", 'r', OPTION_FLAG, offsetof(struct query_options, raw), NULL, "Print a string without quotes and escapes",
     NULL},
    {"at", 0, OPTION_STRING, offsetof(struct query_options, at), "TIME",
     "The time that days_since() and hours_since() count to (default: now)", NULL},
    {.name = NULL},
};

static const struct option_group query_groups[] = {{"Options", query_options, 0}, {.options = NULL}};

/** The mistake with its name before it: "syntax: column 3: …". */
static enum exit_status fail(const struct program *program, struct error *error)
{
    error_wrap(error, "%s", error->code);
    return command_fail(program, EXIT_STATUS_USAGE, error);
}

static void print_value(const struct program *program, const struct query_options *options, const struct json *value)
{
    struct sink sink = sink_to_stream(program->output);
    if (options->raw && json_is(value, JSON_STRING))
        sink_add(&sink, value->string);
    else
        json_write(&sink, value, options->compact ? 0 : 2);
    sink_add_char(&sink, '\n');
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    const struct query_options *chosen = options;
    struct query_scope scope = {.now = program->now};
    const struct query *query;
    const struct json *document;
    const struct json *value;
    struct error error;
    if (chosen->at.len > 0 && !clock_parse(chosen->at, &scope.now)) {
        error_set(&error, ERROR_INPUT, "--at: '%.*s' is no time", STR_ARG(chosen->at));
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    if (!query_compile(program->arena, operands[0], &query, &error))
        return fail(program, &error);
    const char *path = operand_count > 1 ? str_to_c(program->arena, operands[1]) : "-";
    struct str name = operand_count > 1 && strcmp(path, "-") != 0 ? operands[1] : STR("standard input");
    struct str text;
    if (!file_read(program->arena, path, json_limits_snapshot.max_bytes, &text, &error) ||
        !json_parse(program->arena, name, text, &json_limits_snapshot, &document, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    if (!query_evaluate(query, document, &scope, program->arena, &value, &error))
        return fail(program, &error);
    print_value(program, chosen, value);
    return EXIT_STATUS_OK;
}

const struct command command_query = {
    .name = "query",
    .summary = "evaluate a JMESPath expression on a JSON file",
    .usage = "EXPRESSION [FILE]",
    .description =
        "Prints the value that the JMESPath expression (https://jmespath.org) has for the JSON document in FILE, or "
        "on standard input. The language is the one of facts and rules, with functions of its own beside the standard "
        "ones: root(), item(), parse_arn(), matches(), glob(), days_since(), hours_since(), "
        "add_hours(), nearest(), split(), lower().\n\n"
        "A mistake in the expression, or a value that a function does not take, ends with status 2 and the mistake's "
        "name on standard error: syntax, unknown-function, invalid-arity, invalid-type, invalid-value, limit.",
    .groups = query_groups,
    .options_size = sizeof(struct query_options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
