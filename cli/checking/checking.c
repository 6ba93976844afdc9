/* checking.c: see checking.h. */
#include "cli/checking/checking.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/checking/again.h"
#include "cli/checking/exports.h"
#include "cli/costs/costs.h"
#include "cli/fix/folder.h"
#include "cli/target/live.h"
#include "cli/target/show_config.h"
#include "fix/fix.h"
#include "reports/results/stream.h"

static struct str tool_name(struct arena *arena)
{
    return str_format(arena, "exportcheck %s", EXPORTCHECK_VERSION);
}

static bool load_waivers(struct program *program, const struct check_options *options, struct checking_plan *plan,
                         struct error *error)
{
    struct str path = options->waivers;
    struct str text;
    if (path.len == 0)
        return true;
    return file_read(program->arena, str_to_c(program->arena, path), json_limits_default.max_bytes, &text, error) &&
           waivers_load(program->arena, plan->base, path, text, &plan->waivers, error);
}

/* The results of an earlier run, by id: what they have decides nothing any more. */
static bool load_baseline(struct program *program, const struct check_options *options, struct checking_plan *plan,
                          struct error *error)
{
    struct str path = options->baseline;
    struct str text;
    struct results *results = arena_new(program->arena, struct results);
    if (path.len == 0)
        return true;
    if (!file_read(program->arena, str_to_c(program->arena, path), json_limits_snapshot.max_bytes, &text, error) ||
        !results_read(program->arena, path, text, results, error))
        return false;
    struct map *by_id = map_open(program->arena);
    for (size_t i = 0; i < results->count; i++)
        map_set(by_id, results->items[i].id, &results->items[i]);
    plan->baseline = by_id;
    return true;
}

bool checking_plan_load(struct program *program, const struct check_options *options, struct checking_plan *ret,
                        struct error *error)
{
    struct checking_plan plan = {.fail_on = SEVERITY_MEDIUM};
    if (options->fail_on.len && !severity_parse(options->fail_on, &plan.fail_on))
        return error_set(error, ERROR_INPUT, "--fail-on takes low, medium, high or critical");
    if (!rulebase_load(program, &options->rulebase, &plan.base, error) ||
        !load_waivers(program, options, &plan, error) || !load_baseline(program, options, &plan, error))
        return false;
    *ret = plan;
    return true;
}

static bool select_all(struct program *program, const struct check_options *options, const struct checking_plan *plan,
                       struct checking *checking, struct error *error)
{
    struct arena *arena = program->arena;
    const struct scenario *scenario;
    if (!rulebase_scenario(plan->base, json_find_string(checking->source.target, "scenario"), &scenario, error) ||
        !select_rules(arena, plan->base, scenario, options->only.items, options->only.count, options->skip.items,
                      options->skip.count, &checking->selection, error))
        return false;
    if (options->costs)
        select_costs(plan->base, &checking->selection);
    return select_settings(arena, &checking->selection, options->settings.items, options->settings.count, error);
}

/* The sums become part of the target: evaluation stays a function of it, and a snapshot keeps them. */
static bool read_costs(struct program *program, const struct check_options *options, struct checking *checking,
                       struct error *error)
{
    const struct costs_options costs = {.source = options->source};
    const struct json *target = checking->source.target;
    struct source source = checking->source;
    struct costs_run *run = arena_new(program->arena, struct costs_run);
    struct json_builder all = json_build(program->arena, JSON_OBJECT);
    if (!checking->source.live && json_find(target, "costs"))
        return true;
    if (!checking->source.live)
        return error_set(error, ERROR_INPUT, "--costs: the snapshot holds no costs: it was made without --costs");
    source.goes_on = true;
    if (!costs_prepare_live(program, &costs, &source, run, error))
        return false;
    costs_read(program, &costs, run);
    live_after_files(source.live);
    for (size_t i = 0; i < target->count; i++)
        json_build_append(&all, target->members[i].name, target->members[i].value);
    json_build_set(&all, STR("costs"), costs_summary(program->arena, &run->report));
    checking->source.target = json_box(program->arena, json_built(&all));
    return true;
}

bool checking_open(struct program *program, const struct check_options *options, const struct checking_plan *plan,
                   struct checking *ret, enum exit_status *ret_status, struct error *error)
{
    struct checking checking = {.program = program, .options = options, .plan = plan};
    *ret_status = EXIT_STATUS_USAGE;
    if (!source_open(program, &options->source, &checking.source, ret_status, error))
        return false;
    *ret_status = EXIT_STATUS_USAGE;
    if (!select_all(program, options, plan, &checking, error) ||
        (options->costs && !read_costs(program, options, &checking, error)))
        return false;
    *ret = checking;
    return true;
}

static bool save_snapshot(const struct checking *checking, struct error *error)
{
    struct arena *arena = checking->program->arena;
    struct str path = checking->options->save_snapshot;
    if (path.len == 0)
        return true;
    const struct snapshot *snapshot =
        snapshot_of_facts(arena, checking->facts, tool_name(arena), checking->program->now);
    return snapshot_save(str_to_c(arena, path), snapshot, error);
}

/* A path that a repository may have; empty for any other. */
static struct str relative(struct str path)
{
    while (str_starts(path, STR("./")))
        path = str_skip(path, 2);
    return str_starts(path, STR("/")) || str_starts(path, STR("../")) ? STR("") : path;
}

/* The target as options: where a snapshot told it, and no option did. */
static void add_target(const struct json *target, struct json_builder *arguments)
{
    for (size_t i = 0; i < target->count; i++) {
        char name[64];
        const struct json_member *member = &target->members[i];
        if (member->value.type != JSON_STRING)
            continue;
        snprintf(name, sizeof name, "%.*s", STR_ARG(member->name));
        for (char *c = name; *c; c++)
            *c = *c == '_' ? '-' : *c;
        json_build_set(arguments, str_copy(arguments->arena, str_from(name)), member->value);
    }
    json_build_set(arguments, STR("snapshot"), json_null);
}

/* Where the credentials are the principal's own, somebody who may read IAM would see more. */
static struct str admin_command(const struct checking *checking)
{
    struct arena *arena = checking->program->arena;
    const struct fact *own = facts_get(checking->facts, STR("principal_is_caller"));
    const struct fact *principal = facts_get(checking->facts, STR("principal"));
    if (!own || !principal || own->state != FACT_PRESENT || principal->state != FACT_PRESENT ||
        own->value->type != JSON_BOOLEAN || !own->value->boolean)
        return STR("");
    struct json_builder arguments = json_build(arena, JSON_OBJECT);
    if (!checking->source.live)
        add_target(checking->source.target, &arguments);
    json_build_set(&arguments, STR("profile"), json_string(STR("ADMIN")));
    json_build_set(&arguments, STR("assume-role"), json_null); /* as an admin, not as the role once more */
    json_build_set(&arguments, STR("external-id"), json_null);
    json_build_set(&arguments, STR("principal"), json_string(json_find_string(principal->value, "arn")));
    return again_with(checking->program, command_find("check"), json_box(arena, json_built(&arguments)));
}

static struct run_info describe(const struct checking *checking)
{
    struct arena *arena = checking->program->arena;
    const struct run *run = &checking->run;
    int64_t created = facts_created(checking->facts);
    created = created ? created : checking->program->now;
    return (struct run_info){
        .tool = tool_name(arena),
        .target = checking->source.target,
        .account = run->account,
        .caller = run->caller,
        .started = clock_iso(arena, created),
        .finished = clock_iso(arena, created + checking->seconds),
        .command_line = again_as_typed(checking->program),
        .admin_command = admin_command(checking),
        .optscale = run->optscale,
        .entries = run->entries,
        .entry_count = run->entry_count,
        .exports = run->exports,
        .export_count = run->export_count,
        .summary = run->summary,
        .causes = run->causes,
        .cause_count = run->cause_count,
        .target_file = relative(checking->options->source.target.file),
        .baseline = checking->plan->baseline != NULL,
        .fail_on = checking->plan->fail_on,
        .exit_status = run_exit_status(run, checking->plan->fail_on),
    };
}

bool checking_evaluate(struct checking *checking, enum exit_status *ret_status, struct error *error)
{
    struct arena *arena = checking->program->arena;
    const struct checking_plan *plan = checking->plan;
    size_t wanted_count;
    const struct str *wanted = selection_facts(&checking->selection, arena, &wanted_count);
    int64_t begun = clock_milliseconds();
    if (!source_collect(checking->program, &checking->source, plan->base->declarations, wanted, wanted_count,
                        &checking->facts, ret_status, error))
        return false;
    *ret_status = EXIT_STATUS_FAILURE;
    if (checking->source.live) /* a snapshot was read when it was */
        checking->seconds = (clock_milliseconds() - begun + 500) / 1000;
    if (!save_snapshot(checking, error))
        return false;
    checking->run_options = (struct run_options){.base = plan->base,
                                                 .selection = &checking->selection,
                                                 .facts = checking->facts,
                                                 .waivers = &plan->waivers,
                                                 .fail_on = plan->fail_on,
                                                 .baseline = plan->baseline,
                                                 .read_for = checking->source.read_for};
    run_rules(arena, &checking->run_options, &checking->run);
    exports_add_commands(checking->program, checking->run.exports, checking->run.export_count);
    checking->info = describe(checking);
    return true;
}

/* Nothing says which export is meant, and the scenario has one: `exportcheck check` and no more. */
static bool names_no_export(const struct checking *checking)
{
    const struct json *target = checking->source.target;
    return checking->selection.scenario->exports && checking->source.live && !json_find(target, "bucket") &&
           !json_find(target, "export_name") && !str_equal(json_find_string(target, "detect"), STR("auto"));
}

/* Names the exports of the account: which one to check is the user's to say. */
static enum exit_status list_exports(const struct checking *checking)
{
    struct program *program = checking->program;
    struct account_exports found;
    struct error error;
    enum exit_status status;
    if (!exports_read(program, &checking->source, checking->plan->base, checking->selection.scenario, &found, &status,
                      &error))
        return command_fail(program, status, &error);
    error_set(&error, ERROR_INPUT, "which export? Say it with --export-name, --bucket and --prefix; %s",
              found.count ? "this account has:"
              : exports_trouble(&found)
                  ? "none of this account's could be read:"
                  : "this account has none: `exportcheck check --scenario root-new` says how to begin");
    status = command_fail(program, EXIT_STATUS_USAGE, &error);
    exports_print(program, &found);
    return status;
}

/* The corrections go to their folder, and what became of them is said in a line. */
static bool write_fixes(const struct checking *checking, const struct fix_folder *folder, struct error *error)
{
    struct arena *arena = checking->program->arena;
    struct fix_options options = {.run = &checking->run_options, .at = checking->source.at};
    struct fix_plan plan;
    size_t count;
    fix_make(arena, &options, &checking->run, &plan);
    const struct fix_file *files = fix_files(arena, &plan, &checking->info, &count);
    if (!fix_folder_write(arena, folder, files, count, error))
        return false;
    size_t at_fault = 0;
    for (size_t i = 0; i < plan.uncorrected_count; i++)
        at_fault += plan.uncorrected[i].why.len > 0;
    if (!checking->options->source.quiet)
        fprintf(checking->program->errors,
                "%zu %s proven, %zu not corrected, %zu by hand \xe2\x86\x92 %.*s/README.md\n", plan.correction_count,
                plan.correction_count == 1 ? "correction" : "corrections", at_fault, plan.uncorrected_count - at_fault,
                STR_ARG(checking->options->fix));
    return true;
}

enum exit_status checking_run(struct program *program, const struct check_options *options)
{
    struct checking_plan plan;
    struct checking checking;
    struct outputs *outputs = NULL;
    struct fix_folder *folder = NULL;
    struct error error;
    enum exit_status status = EXIT_STATUS_USAGE;
    if (options->source.account.show_config)
        return show_config(program, &options->source);
    if (!checking_plan_load(program, options, &plan, &error) ||
        !outputs_parse(program, &options->output, "text", &outputs, &error) ||
        !checking_open(program, options, &plan, &checking, &status, &error) ||
        (options->fix.len && !fix_folder_open(program->arena, options->fix, &folder, &error)))
        return command_fail(program, status, &error);
    if (names_no_export(&checking))
        return list_exports(&checking);
    status = EXIT_STATUS_FAILURE;
    if (!outputs_open(outputs, &error) || !file_has_place(program->arena, options->save_snapshot, &error) ||
        !checking_evaluate(&checking, &status, &error) || (folder && !write_fixes(&checking, folder, &error)) ||
        !outputs_write(outputs, &checking.info, checking.run.results, checking.run.result_count, &error))
        return command_fail(program, status, &error);
    if (!options->source.quiet)
        outputs_tell(outputs, &checking.info);
    return (enum exit_status)checking.info.exit_status;
}
