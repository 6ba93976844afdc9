/* test.c: `exportcheck rules test`: every rule proves that it can fail. */
#include "base/file.h"
#include "cli/rules/rules.h"

static bool read_text(void *context, struct arena *arena, struct str path, struct str *ret_text, struct error *error)
{
    (void)context;
    return file_read(arena, str_to_c(arena, path), json_limits_snapshot.max_bytes, ret_text, error);
}

static bool run_file(struct program *program, const struct rule_base *base, struct str path, struct case_report *report,
                     struct error *error)
{
    struct str text;
    return read_text(NULL, program->arena, path, &text, error) &&
           cases_run(program->arena, base, path, text, read_text, NULL, report, error);
}

/* The files named, or every file of the folder. */
static bool find_files(struct program *program, const struct rules_options *options, const struct str *operands,
                       size_t count, const struct str **ret, size_t *ret_count, struct error *error)
{
    *ret = operands;
    *ret_count = count;
    if (count)
        return true;
    struct str *found;
    const char *folder = options->cases.len ? str_to_c(program->arena, options->cases) : "tests/rules";
    if (!file_list(program->arena, folder, STR(".json"), &found, ret_count, error))
        return error_wrap(error, "rules test");
    if (*ret_count == 0)
        return error_set(error, ERROR_INPUT, "rules test: %s holds no case file (*.json)", folder);
    *ret = found;
    return true;
}

bool rules_run_cases(struct program *program, const struct rules_options *options, const struct rule_base *base,
                     const struct str *operands, size_t count, struct case_report *report, size_t *ret_files,
                     struct error *error)
{
    const struct str *files;
    if (!find_files(program, options, operands, count, &files, ret_files, error))
        return false;
    for (size_t i = 0; i < *ret_files; i++) {
        if (!run_file(program, base, files[i], report, error))
            return false;
    }
    return true;
}

/* Precision: of the rules that a change turned, those that it had to. Recall: of those that it had to, those that it
 * turned. */
static void print_matrix(struct program *program, const struct case_report *report)
{
    size_t met = 0;
    size_t others = 0;
    for (size_t i = 0; i < report->row_count; i++) {
        const struct case_row *row = &report->rows[i];
        met += row->met;
        others += row->other_count;
        fprintf(program->output, "%-34.*s %-8.*s %s  %.*s%s%.*s\n", STR_ARG(row->rule),
                STR_ARG(verdict_name(row->expected)), row->met ? "yes" : "NO ", STR_ARG(row->name),
                row->subject.len ? " on " : "", STR_ARG(row->subject));
        for (size_t j = 0; j < row->other_count; j++)
            fprintf(program->output, "%-34s turned %.*s too\n", "", STR_ARG(row->others[j]));
    }
    fprintf(program->output, "precision %.3f, recall %.3f over %zu expectations\n",
            met + others ? (double)met / (double)(met + others) : 0.0,
            report->row_count ? (double)met / (double)report->row_count : 0.0, report->row_count);
}

void rules_print_cases(struct program *program, const struct case_report *report)
{
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct case_finding *finding = &report->findings[i];
        fprintf(program->output, "%.*s:%d: %.*s: %.*s\n", STR_ARG(finding->file), finding->line, STR_ARG(finding->name),
                STR_ARG(finding->message));
    }
}

enum exit_status rules_test(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count)
{
    struct rule_base *base;
    struct error error;
    size_t file_count;
    struct rules_fixes fixes = {.program = program};
    struct case_report report = {.visit = options->fix.len ? rules_fix_case : NULL, .visit_context = &fixes};
    if (!rulebase_load(program, &options->rulebase, &base, &error) ||
        (options->fix.len && !fix_folder_open(program->arena, options->fix, &fixes.folder, &error)) ||
        !rules_run_cases(program, options, base, operands, count, &report, &file_count, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    if (!rules_fix_end(&fixes, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (options->matrix)
        print_matrix(program, &report);
    rules_print_cases(program, &report);
    fprintf(program->output, "%zu cases in %zu files, %zu findings\n", report.case_count, file_count,
            report.finding_count);
    if (options->fix.len)
        fprintf(program->output, "%zu failures corrected, %zu not, %zu that no document is at fault for\n",
                fixes.corrected, fixes.refused, fixes.no_document);
    return report.finding_count ? EXIT_STATUS_FINDINGS : EXIT_STATUS_OK;
}
