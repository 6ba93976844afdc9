/* checking.c: see checking.h. */
#include "cli/check/checking.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/check/again.h"

/* The run, as it is put together. */
struct checking {
    struct program *program;
    const struct check_options *options;
    struct rule_base *base;
    struct outputs *outputs;
    struct source source;
    struct selection selection;
    struct waivers waivers;
    enum severity fail_on;
    struct error error;
    enum exit_status status; /* where a step fails */
};

static struct str tool_name(struct arena *arena)
{
    return str_format(arena, "exportcheck %s", EXPORTCHECK_VERSION);
}

static bool load_waivers(struct checking *c)
{
    struct arena *arena = c->program->arena;
    struct str path = c->options->waivers;
    struct str text;
    if (path.len == 0)
        return true;
    return file_read(arena, str_to_c(arena, path), json_limits_default.max_bytes, &text, &c->error) &&
           waivers_load(arena, c->base, path, text, &c->waivers, &c->error);
}

static bool select_all(struct checking *c)
{
    const struct check_options *options = c->options;
    struct arena *arena = c->program->arena;
    const struct scenario *scenario;
    return rulebase_scenario(c->base, json_find_string(c->source.target, "scenario"), &scenario, &c->error) &&
           select_rules(arena, c->base, scenario, options->only.items, options->only.count, options->skip.items,
                        options->skip.count, &c->selection, &c->error) &&
           select_settings(arena, &c->selection, options->settings.items, options->settings.count, &c->error);
}

/* Everything that the user may have got wrong, before anything is called or written. */
static bool prepare(struct checking *c)
{
    const struct check_options *options = c->options;
    c->status = EXIT_STATUS_USAGE;
    c->fail_on = SEVERITY_MEDIUM;
    if (options->fail_on.len && !severity_parse(options->fail_on, &c->fail_on))
        return error_set(&c->error, ERROR_INPUT, "--fail-on takes low, medium, high or critical");
    if (!rulebase_load(c->program, &options->rulebase, &c->base, &c->error) ||
        !outputs_parse(c->program, &options->output, "text", &c->outputs, &c->error) || !load_waivers(c) ||
        !source_open(c->program, &options->source, &c->source, &c->status, &c->error))
        return false;
    c->status = EXIT_STATUS_USAGE;
    if (!select_all(c))
        return false;
    c->status = EXIT_STATUS_FAILURE;
    return outputs_open(c->outputs, &c->error);
}

static bool save_snapshot(struct checking *c, const struct facts *facts)
{
    struct arena *arena = c->program->arena;
    struct str path = c->options->save_snapshot;
    if (path.len == 0)
        return true;
    const struct snapshot *snapshot = snapshot_of_facts(arena, facts, tool_name(arena), c->program->now);
    return snapshot_save(str_to_c(arena, path), snapshot, &c->error);
}

/* Each export that OptScale can import gets the command that checks it. */
static void add_commands(const struct checking *c, struct found_export *exports, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (exports[i].arguments)
            exports[i].command = again_with(c->program, command_find("check"), exports[i].arguments);
    }
}

static struct run_info describe(const struct checking *c, const struct facts *facts, const struct run *run)
{
    struct arena *arena = c->program->arena;
    int64_t created = facts_created(facts);
    struct str time = clock_iso(arena, created ? created : c->program->now);
    return (struct run_info){
        .tool = tool_name(arena),
        .target = c->source.target,
        .account = run->account,
        .caller = run->caller,
        .started = time,
        .finished = time,
        .command_line = again_as_typed(c->program),
        .optscale = run->optscale,
        .entries = run->entries,
        .entry_count = run->entry_count,
        .exports = run->exports,
        .export_count = run->export_count,
        .summary = run->summary,
        .causes = run->causes,
        .cause_count = run->cause_count,
        .fail_on = c->fail_on,
        .exit_status = run_exit_status(run, c->fail_on),
    };
}

/* Nothing says which export is meant, and the scenario has one: `exportcheck check` and no more. */
static bool names_no_export(const struct checking *c)
{
    const struct json *target = c->source.target;
    return c->selection.scenario->exports && c->source.live && !json_find(target, "bucket") &&
           !json_find(target, "export_name") && !str_equal(json_find_string(target, "detect"), STR("auto"));
}

static void print_export(FILE *stream, const struct found_export *found)
{
    fprintf(stream, "\n  %.*s  %.*s  s3://%.*s/%.*s\n    %.*s\n", STR_ARG(found->name), STR_ARG(found->type),
            STR_ARG(found->bucket), STR_ARG(found->prefix),
            STR_ARG(found->command.len ? found->command : STR("OptScale cannot import it.")));
}

static void print_refusals(const struct program *program, const struct facts *facts)
{
    size_t count;
    const struct answered_call *calls = facts_calls(facts, &count);
    for (size_t i = 0; i < count; i++) {
        const struct answer *answer = &calls[i].answer;
        if (answer->code.len > 0)
            fprintf(program->errors, "  %s:%s: %.*s: %.*s\n", calls[i].call.operation->service->id,
                    calls[i].call.operation->name, STR_ARG(answer->code), STR_ARG(answer->message));
    }
}

/* Reads the exports alone and names them: which one to check is the user's to say. */
static enum exit_status list_exports(struct checking *c)
{
    struct program *program = c->program;
    const struct scenario *scenario = c->selection.scenario;
    size_t count;
    const struct facts *facts = source_collect(program, &c->options->source, &c->source, c->base->declarations,
                                               scenario->facts, scenario->fact_count);
    struct found_export *exports = scenario_exports(scenario, facts, program->arena, &count);
    add_commands(c, exports, count);
    error_set(&c->error, ERROR_INPUT,
              count ? "which export? Say it with --export-name, --bucket and --prefix; this account has:"
                    : "which export? Say it with --export-name, --bucket and --prefix; none of this account's could be "
                      "read");
    enum exit_status status = command_fail(program, EXIT_STATUS_USAGE, &c->error);
    for (size_t i = 0; i < count; i++)
        print_export(program->errors, &exports[i]);
    print_refusals(program, facts);
    return status;
}

enum exit_status checking_run(struct program *program, const struct check_options *options)
{
    struct checking c = {.program = program, .options = options};
    if (!prepare(&c))
        return command_fail(program, c.status, &c.error);
    if (names_no_export(&c))
        return list_exports(&c);
    size_t wanted_count;
    const struct str *wanted = selection_facts(&c.selection, program->arena, &wanted_count);
    const struct facts *facts =
        source_collect(program, &options->source, &c.source, c.base->declarations, wanted, wanted_count);
    if (!save_snapshot(&c, facts))
        return command_fail(program, EXIT_STATUS_FAILURE, &c.error);
    struct run run;
    struct run_options run_options = {c.base, &c.selection, facts, &c.waivers, c.fail_on};
    run_rules(program->arena, &run_options, &run);
    add_commands(&c, run.exports, run.export_count);
    struct run_info info = describe(&c, facts, &run);
    if (!outputs_write(c.outputs, &info, run.results, run.result_count, &c.error))
        return command_fail(program, EXIT_STATUS_FAILURE, &c.error);
    return (enum exit_status)info.exit_status;
}
