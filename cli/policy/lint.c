/* lint.c: `exportcheck policy lint`: what is wrong with policy files, a finding a line. */
#include "cli/policy/policy.h"

#include "base/file.h"
#include "base/sink.h"
#include "policy/lint/lint.h"

enum { POLICY_MAX = 1 << 20 };

static bool type_from_name(struct str name, enum policy_type *ret)
{
    for (int type = 0; type < POLICY_TYPE_COUNT; type++)
        if (str_equal(policy_type_name((enum policy_type)type), name)) {
            *ret = (enum policy_type)type;
            return true;
        }
    return false;
}

static void write_finding(struct sink *sink, struct str file, struct str text, const struct json *document,
                          const struct lint_finding *finding)
{
    const struct json *value = json_pointer(document, finding->pointer);
    struct json_place place = value ? json_place(text, value) : (struct json_place){0, 0};
    if (place.line)
        sink_addf(sink, "%.*s:%d:%d: ", STR_ARG(file), place.line, place.column);
    else
        sink_addf(sink, "%.*s: ", STR_ARG(file));
    sink_addf(sink, "%s: %.*s", finding->severity == LINT_ERROR ? "error" : "warning", STR_ARG(finding->text));
    if (finding->suggestion.len)
        sink_addf(sink, "; instead: %.*s", STR_ARG(finding->suggestion));
    sink_addf(sink, " [%s]\n", finding->code);
}

static bool lint_file(struct program *program, const struct policy_command_options *options, struct str file,
                      struct sink *sink, size_t *findings, struct error *error)
{
    struct str text;
    const struct json *document;
    if (!file_read(program->arena, str_to_c(program->arena, file), POLICY_MAX, &text, error) ||
        !json_parse(program->arena, file, text, &json_limits_default, &document, error))
        return false;
    enum policy_type type = policy_guess_type(document);
    if (options->type.len && !type_from_name(options->type, &type))
        return error_set(error, ERROR_INPUT, "there is no type '%.*s'", STR_ARG(options->type));
    struct lint_findings found = policy_lint_document(program->arena, document, text, type);
    for (size_t i = 0; i < found.count; i++)
        write_finding(sink, file, text, document, &found.items[i]);
    *findings += found.count;
    return true;
}

enum exit_status policy_lint(struct program *program, const struct policy_command_options *options,
                             const struct str *operands, size_t operand_count)
{
    struct sink sink = sink_to_stream(program->output);
    struct error error;
    size_t findings = 0;
    for (size_t i = 0; i < operand_count; i++)
        if (!lint_file(program, options, operands[i], &sink, &findings, &error))
            return command_fail(program, EXIT_STATUS_USAGE, &error);
    return findings ? EXIT_STATUS_FINDINGS : EXIT_STATUS_OK;
}
