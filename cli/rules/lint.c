/* lint.c: `exportcheck rules lint`: mistakes in rules, before they judge an account. */
#include "rule/cases/lint.h"

#include "base/file.h"
#include "cli/rules/rules.h"

#include "checks/registry.h"

static bool is_among(const struct data_file *files, size_t count, struct str path)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(files[i].path, path))
            return true;
    }
    return false;
}

/* The rule base, and the files named on top of it; one of a --rules folder is there already. */
static bool load(struct program *program, const struct rules_options *options, const struct str *operands, size_t count,
                 struct rule_base **ret, struct error *error)
{
    const struct data_file *files;
    size_t file_count;
    size_t embedded;
    if (!rulebase_files(program, &options->rulebase, &files, &file_count, &embedded, error))
        return false;
    struct data_file *all = arena_array(program->arena, struct data_file, file_count + count);
    for (size_t i = 0; i < file_count; i++)
        all[i] = files[i];
    size_t total = file_count;
    for (size_t i = 0; i < count; i++) {
        if (is_among(all, total, operands[i]))
            continue;
        all[total].path = operands[i];
        if (!file_read(program->arena, str_to_c(program->arena, operands[i]), json_limits_default.max_bytes,
                       &all[total].text, error))
            return false;
        total++;
    }
    return rule_base_load(program->arena, all, total, embedded, check_kinds, ret, error);
}

static bool is_named(const struct str *operands, size_t count, struct str file)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(operands[i], file))
            return true;
    }
    return count == 0;
}

/* Prints the cases that fail, and what was found in the files named; returns how much of it is more than a warning. */
static size_t print_findings(struct program *program, const struct rule_base *base, const struct case_report *report,
                             const struct str *operands, size_t count)
{
    size_t finding_count;
    size_t shown[2] = {report->finding_count, 0}; /* findings, warnings */
    rules_print_cases(program, report);
    const struct lint_finding *findings = rules_lint(program->arena, base, report->coverage, &finding_count);
    for (size_t i = 0; i < finding_count; i++) {
        const struct lint_finding *finding = &findings[i];
        if (!is_named(operands, count, finding->file))
            continue;
        shown[finding->is_warning]++;
        fprintf(program->output, "%.*s:%d: %s%.*s: %.*s\n", STR_ARG(finding->file), finding->line,
                finding->is_warning ? "warning: " : "", STR_ARG(finding->rule), STR_ARG(finding->message));
    }
    fprintf(program->output, "%zu rules, %zu cases, %zu findings, %zu warnings\n", base->rule_count, report->case_count,
            shown[0], shown[1]);
    return shown[0];
}

enum exit_status rules_lint_command(struct program *program, const struct rules_options *options,
                                    const struct str *operands, size_t count)
{
    struct rule_base *base;
    struct error error;
    struct case_report report = {0};
    size_t file_count;
    if (!load(program, options, operands, count, &base, &error)) {
        /* A mistake in a rule is what lint looks for; a file that cannot be read is not. */
        fprintf(error_is(&error, ERROR_INPUT) ? program->output : program->errors, "%s\n", error.text);
        return error_is(&error, ERROR_INPUT) ? EXIT_STATUS_FINDINGS : EXIT_STATUS_USAGE;
    }
    if (!rules_run_cases(program, options, base, NULL, 0, &report, &file_count, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    return print_findings(program, base, &report, operands, count) ? EXIT_STATUS_FINDINGS : EXIT_STATUS_OK;
}
