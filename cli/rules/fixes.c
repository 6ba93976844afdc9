/* fixes.c: `exportcheck rules test --fix DIR`: what check --fix would write for every failure of the cases. */
#include "cli/rules/rules.h"
#include "fix/fix.h"
#include "reports/fix/readme.h"

static bool is_expected_to_fail(const struct json *expect, const struct result *result)
{
    static const struct str fail = STR_INIT("fail");
    const struct json *status = json_get(expect, result->rule);
    if (json_is(status, JSON_OBJECT))
        status = json_get(status, result->subject);
    return json_is(status, JSON_STRING) && str_equal(status->string, fail);
}

static void count(struct rules_fixes *fixes, const struct case_seen *seen, const struct fix_plan *plan)
{
    for (size_t i = 0; i < plan->uncorrected_count; i++) {
        const struct uncorrected *one = &plan->uncorrected[i];
        if (!is_expected_to_fail(seen->expect, one->result))
            continue;
        fixes->refused += one->why.len > 0;
        fixes->no_document += one->why.len == 0;
        if (one->why.len)
            fprintf(fixes->program->output, "%.*s: rule '%.*s': not corrected: %.*s\n", STR_ARG(seen->name),
                    STR_ARG(one->result->rule), STR_ARG(one->why));
    }
    for (size_t i = 0; i < plan->correction_count; i++)
        for (size_t k = 0; k < plan->corrections[i].mended_count; k++)
            fixes->corrected += is_expected_to_fail(seen->expect, plan->corrections[i].mended[k]);
}

static bool write_case(struct arena *arena, const struct rules_fixes *fixes, const struct case_seen *seen,
                       const struct fix_plan *plan, struct error *error)
{
    struct run_info info = {.tool = STR("exportcheck"),
                            .account = seen->run->account,
                            .summary = seen->run->summary,
                            .causes = seen->run->causes,
                            .cause_count = seen->run->cause_count};
    struct fix_folder *folder;
    size_t file_count;
    const struct fix_file *files = fix_files(arena, plan, &info, &file_count);
    struct str name = str_format(arena, "case-%zu", fixes->cases);
    return fix_folder_within(arena, fixes->folder, name, &folder, error) &&
           fix_folder_write(arena, folder, files, file_count, error);
}

static bool expects_failure(const struct case_seen *seen)
{
    for (size_t i = 0; i < seen->run->result_count; i++)
        if (is_expected_to_fail(seen->expect, &seen->run->results[i]))
            return true;
    return false;
}

void rules_fix_case(void *context, const struct case_seen *seen)
{
    struct rules_fixes *fixes = context;
    fixes->cases++;
    if (!expects_failure(seen))
        return;
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct fix_options options = {.run = seen->options, .at = seen->at};
    struct fix_plan plan;
    fix_make(arena, &options, seen->run, &plan);
    count(fixes, seen, &plan);
    if (plan.correction_count && !fixes->failed)
        fixes->failed = !write_case(arena, fixes, seen, &plan, &fixes->error);
}

bool rules_fix_end(struct rules_fixes *fixes, struct error *error)
{
    struct arena *arena = fixes->program->arena;
    struct str page = str_format(arena,
                                 "%.*s\n\n# Corrections of rule cases\n\nA folder for each case of which a failure was "
                                 "corrected, in the order of the cases.\n",
                                 STR_ARG(fix_readme_mark));
    struct fix_file file = {STR("README.md"), page};
    if (fixes->failed) {
        *error = fixes->error;
        return false;
    }
    return !fixes->folder || fix_folder_write(arena, fixes->folder, &file, 1, error);
}
