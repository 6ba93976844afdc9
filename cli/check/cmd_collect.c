/* cmd_collect.c: `exportcheck collect`: reads what a scenario's rules want, and writes it as a snapshot. */
#include "base/file.h"
#include "cli/rulebase.h"
#include "cli/target/show_config.h"
#include "rule/run.h"

struct collect_options {
    struct source_options source;
    struct rulebase_options rulebase;
    struct str output;
    bool all;
};

static const struct option collect_options[] = {
    {"output", 'o', OPTION_STRING, offsetof(struct collect_options, output), "FILE",
     "Write the snapshot to FILE (default: standard output)", NULL},
    {"all-facts", 0, OPTION_FLAG, offsetof(struct collect_options, all), NULL,
     "Read every declared fact, whatever the scenario's rules want", NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Options", collect_options, 0},
    {"Target", target_option_rows, offsetof(struct collect_options, source.target)},
    {"Account", account_option_rows, offsetof(struct collect_options, source.account)},
    {"Source", source_option_rows, offsetof(struct collect_options, source)},
    {"OptScale", optscale_option_rows, offsetof(struct collect_options, source)},
    {"Rules", rulebase_option_rows, offsetof(struct collect_options, rulebase)},
    {.options = NULL},
};

static const struct str *every_fact(const struct rule_base *base, size_t *ret_count)
{
    *ret_count = facts_count(base->declarations);
    struct str *names = arena_array(base->arena, struct str, *ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        names[i] = facts_info(base->declarations, i).name;
    return names;
}

/* What is wanted: the facts of the scenario's rules and of what it says at its end, or every fact. */
static bool find_wanted(const struct collect_options *options, const struct rule_base *base, const struct json *target,
                        const struct str **ret, size_t *ret_count, struct error *error)
{
    const struct scenario *scenario = NULL;
    struct selection selection;
    if (!rulebase_scenario(base, json_find_string(target, "scenario"), &scenario, error) ||
        !select_rules(base->arena, base, scenario, NULL, 0, NULL, 0, &selection, error))
        return false;
    if (options->all)
        *ret = every_fact(base, ret_count);
    else
        *ret = selection_facts(&selection, base->arena, ret_count);
    return true;
}

/* One line for each call that was not answered as hoped: they are in the snapshot, as errors. */
static void tell_errors(const struct program *program, const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->call_count; i++) {
        const struct answered_call *answered = snapshot_ordered(snapshot, i);
        const struct answer *answer = &answered->answer;
        if (answer->code.len > 0)
            log_line(&program->log, answer_is_denied(answer) ? LOG_WARNING : LOG_INFO, "%s:%s: %.*s: %.*s",
                     answered->call.operation->service->id, answered->call.operation->name, STR_ARG(answer->code),
                     STR_ARG(answer->message));
    }
}

static void say_what_was_read(const struct program *program, struct str path, const struct snapshot *snapshot)
{
    size_t refused = 0;
    for (size_t i = 0; i < snapshot->call_count; i++)
        refused += answer_is_denied(&snapshot->calls[i].answer);
    fprintf(program->errors, "%.*s: %zu calls, %zu refused\n", STR_ARG(path), snapshot->call_count, refused);
}

static enum exit_status write_snapshot(struct program *program, const struct collect_options *options,
                                       const struct snapshot *snapshot)
{
    struct error error;
    tell_errors(program, snapshot);
    if (options->output.len == 0 || str_equal(options->output, STR("-"))) {
        struct sink sink = sink_to_stream(program->output);
        snapshot_write(&sink, snapshot);
        return EXIT_STATUS_OK; /* main() looks whether it was written */
    }
    if (!snapshot_save(str_to_c(program->arena, options->output), snapshot, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (!options->source.quiet)
        say_what_was_read(program, options->output, snapshot);
    return EXIT_STATUS_OK;
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    const struct collect_options *chosen = options;
    struct rule_base *base = NULL;
    struct source source;
    struct error error;
    const struct str *wanted;
    size_t wanted_count;
    enum exit_status status = EXIT_STATUS_USAGE;
    (void)operands;
    (void)operand_count;
    if (chosen->source.account.show_config)
        return show_config(program, &chosen->source);
    if (!str_equal(chosen->output, STR("-")) && !file_has_place(program->arena, chosen->output, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (!rulebase_load(program, &chosen->rulebase, &base, &error) ||
        !source_open(program, &chosen->source, &source, &status, &error))
        return command_fail(program, status, &error);
    if (!find_wanted(chosen, base, source.target, &wanted, &wanted_count, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    const struct facts *facts;
    if (!source_collect(program, &source, base->declarations, wanted, wanted_count, &facts, &status, &error))
        return command_fail(program, status, &error);
    return write_snapshot(
        program, chosen,
        snapshot_of_facts(program->arena, facts, STR("exportcheck " EXPORTCHECK_VERSION), program->now));
}

const struct command command_collect = {
    .name = "collect",
    .summary = "read the account, write a snapshot",
    .usage = "[OPTION…] --output FILE",
    .description =
        "Makes the read-only calls that the scenario's rules want, and writes them with their answers as one JSON "
        "file, readable by its owner alone: for check --snapshot, for serve, for somebody who helps. No secret key, no "
        "token and no row of billing data is in it; policies, names and account ids are.\n\n"
        "Calls that are refused are recorded as refused. The exit status is 0 once the snapshot is written, 2 where "
        "the command line, a file or the credentials are wrong, 4 where it could not be written.",
    .examples = "exportcheck collect --bucket acme-billing --export-name optscale \\\n"
                "    --prefix cur2 --principal optscale -o snapshot.json\n"
                "exportcheck check --snapshot snapshot.json",
    .groups = groups,
    .options_size = sizeof(struct collect_options),
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
