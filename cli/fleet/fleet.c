/* fleet.c: see fleet.h. Workers check targets and leave records; when all are done, the records become one run. */
#include "cli/fleet/fleet.h"

#include "base/clock.h"
#include "base/store/spool.h"
#include "cli/checking/again.h"
#include "cli/fleet/organization.h"
#include "cli/fleet/pool.h"
#include "cli/fleet/record.h"
#include "cli/fleet/shard.h"
#include "cli/fleet/unreachable.h"
#include "reports/results/document.h"
#include "reports/results/merge.h"
#include "reports/words/headline.h"
#include "reports/words/words.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_JOBS = 8 };

const struct option fleet_option_rows[] = {
    {"targets", 0, OPTION_STRING, offsetof(struct fleet_options, targets), "FILE",
     "Check every target of FILE: JSON Lines, a target a line with its name, snapshot, profile, region, …", NULL},
    {"organization", 0, OPTION_FLAG, offsetof(struct fleet_options, organization), NULL,
     "Check the payer, whose credentials these are, and every active member account through a role in it", NULL},
    {"member-role", 0, OPTION_STRING, offsetof(struct fleet_options, member_role), "NAME",
     "The role in the member accounts (default " ORGANIZATION_DEFAULT_ROLE ")", NULL},
    {"jobs", 'j', OPTION_INTEGER, offsetof(struct fleet_options, jobs), "N",
     "How many targets are checked side by side (default 8)", NULL},
    {"shard", 0, OPTION_STRING, offsetof(struct fleet_options, shard), "I/N",
     "Check part I of N (from 0) of the targets; a Kubernetes Indexed Job's and a Slurm array's part is taken by itself",
     NULL},
    {.name = NULL},
};

struct fleet {
    struct program *program;
    const struct check_options *options;
    struct checking_plan plan;
    struct outputs *outputs;
    struct fleet_targets targets;
    struct answered_call *known; /* what was asked of an organization with its payer's credentials; */
    size_t known_count;
    size_t known_of_all; /* the first of them would have been answered to a member the same */
    struct pool *pool;
    struct spool *rows;
    struct cause_list causes;
    enum exit_status status; /* where nothing was checked */
    struct run_info run;
    struct error error;
};

/* --- in a worker: one target --- */

static struct check_options options_of(const struct fleet *fleet, const struct fleet_target *target)
{
    struct check_options options = *fleet->options;
    options.source.target = (struct target_options){.scenario = {NULL, 0}}; /* the line, or what was made of it */
    options.source.account = target->account;
    options.source.snapshot = target->snapshot;
    options.source.otherwise = target->target;
    options.source.known = fleet->known;
    options.source.known_count = target->account.assume_role.len ? fleet->known_of_all : fleet->known_count;
    options.source.quiet = true;
    options.source.unattended = true;
    options.save_snapshot = STR("");
    return options;
}

static void write_unreachable(struct arena *arena, const struct fleet *fleet, const struct fleet_target *target,
                              enum verdict verdict, struct str message, FILE *output)
{
    struct result result = unreachable_result(arena, &fleet->targets, target, verdict, message);
    result.advice = result_is_advice(&result, fleet->plan.fail_on);
    struct cause cause = unreachable_cause(arena, &result);
    struct str time = clock_iso(arena, fleet->program->now);
    const struct run_info run = {
        .tool = STR("exportcheck " EXPORTCHECK_VERSION),
        .target = target->target,
        .account = result.account,
        .started = time,
        .finished = time,
        .summary = results_summary(&result, 1),
        .causes = &cause,
        .cause_count = 1,
        .fail_on = fleet->plan.fail_on,
        .exit_status = verdict == VERDICT_FAIL ? EXIT_STATUS_FINDINGS : EXIT_STATUS_UNDECIDED,
    };
    record_write(output, &run, &result, 1);
}

/* What the user can put right fails; what the world did leaves it unknown. */
static enum verdict verdict_of(const struct error *error)
{
    return error_is(error, ERROR_INPUT) || error_is(error, ERROR_LIMIT) ? VERDICT_FAIL : VERDICT_UNKNOWN;
}

static bool check_target(void *context, size_t index, FILE *output)
{
    const struct fleet *fleet = context;
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct program program = *fleet->program;
    struct fleet_target target;
    struct checking checking;
    enum exit_status status;
    struct error error;
    program.arena = arena;
    if (!fleet_target_get(&fleet->targets, index, arena, &target, &error))
        return false; /* and so will its record be missed */
    struct check_options options = options_of(fleet, &target);
    if (checking_open(&program, &options, &fleet->plan, &checking, &status, &error) &&
        checking_evaluate(&checking, &status, &error)) {
        record_write(output, &checking.info, checking.run.results, checking.run.result_count);
        return checking.info.exit_status == 0;
    }
    write_unreachable(arena, fleet, &target, verdict_of(&error), str_from(error.text), output);
    return false;
}

/* --- behind the workers: one run of all --- */

static void close_file(void *file)
{
    fclose(file);
}

/* Opens the record of a target. Where its worker was ended, one is made that says so. */
static bool open_record(struct fleet *fleet, size_t index, const struct fleet_target *target, struct arena *arena,
                        struct record **ret, struct run_info *ret_run)
{
    FILE *file;
    long begin;
    size_t length;
    int signal_number;
    if (!pool_text(fleet->pool, index, &file, &begin, &length, &signal_number)) {
        struct str message = str_format(arena, "its check was ended (%s) before it was done",
                                        signal_number ? strsignal(signal_number) : "an error of the program");
        file = tmpfile();
        if (!file)
            return error_set(&fleet->error, ERROR_IO, "no temporary file");
        arena_defer(arena, close_file, file);
        write_unreachable(arena, fleet, target, VERDICT_UNKNOWN, message, file);
        begin = 0;
    }
    if (fseek(file, begin, SEEK_SET) != 0)
        return error_set(&fleet->error, ERROR_IO, "a result that was written cannot be read again");
    return record_open(arena, file, ret, ret_run, &fleet->error);
}

/* The rules behind a cause, as the rule base names them, since these stay; sorted, as merge_cause() joins them. */
static const struct str *kept_rules(const struct fleet *fleet, const struct cause *cause)
{
    struct arena *arena = fleet->program->arena;
    struct str *rules = arena_array(arena, struct str, cause->rule_count);
    for (size_t i = 0; i < cause->rule_count; i++) {
        const struct rule *rule = rule_base_find(fleet->plan.base, cause->rules[i]);
        rules[i] = rule ? rule->id : str_copy(arena, cause->rules[i]);
    }
    if (cause->rule_count)
        qsort(rules, cause->rule_count, sizeof *rules, str_compare_qsort);
    return rules;
}

/* The cause that is known already, of any target. */
static const struct cause *known_cause(const struct cause *causes, size_t count, struct str root_cause)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(causes[i].root_cause, root_cause))
            return &causes[i];
    }
    return NULL;
}

static bool has_all_rules(const struct cause *known, const struct cause *cause)
{
    for (size_t i = 0; i < cause->rule_count; i++) {
        size_t at = 0;
        while (at < known->rule_count && !str_equal(known->rules[at], cause->rules[i]))
            at++;
        if (at == known->rule_count)
            return false;
    }
    return true;
}

/* What is to be done for several targets is one thing to do: only what is new of it is kept. */
static void add_cause(struct fleet *fleet, const struct run_info *run, size_t index, size_t number)
{
    struct arena *arena = fleet->program->arena;
    struct cause cause = run->causes[index];
    const struct cause *known = known_cause(fleet->causes.items, fleet->causes.count, cause.root_cause);
    cause.targets = known_cause(run->causes, index, cause.root_cause) == NULL; /* this target is counted once */
    cause.first = number;
    cause.rank = index;
    if (known && has_all_rules(known, &cause))
        cause.rule_count = 0;
    if (!known) {
        cause.root_cause = str_copy(arena, cause.root_cause);
        cause.title = str_copy(arena, cause.title);
        cause.effect = str_copy(arena, cause.effect);
        cause.where = str_copy(arena, cause.where);
        cause.place = str_copy(arena, cause.place);
    }
    cause.rules = kept_rules(fleet, &cause);
    merge_cause(arena, &fleet->causes, &cause, true);
}

/* 4 beats all, then 1, then 3. */
static int worse(int a, int b)
{
    static const int ranks[] = {0, 3, 1, 2, 4};
    return ranks[a & 7] >= ranks[b & 7] ? a : b;
}

static bool add_row(struct fleet *fleet, struct arena *scratch, const struct fleet_target *target,
                    const struct run_info *run)
{
    size_t first = 0;
    while (first < run->cause_count && run->causes[first].advice)
        first++;
    const struct target_row row = {
        .number = target->number,
        .name = target->name,
        .account = run->account,
        .headline = headline_text(scratch, run),
        .to_do = first < run->cause_count ? run->causes[first].title : STR(""),
        .exit_status = run->exit_status,
    };
    struct json document = target_document(scratch, &row);
    return spool_add(fleet->rows, json_text(scratch, &document, 0), &fleet->error);
}

static bool read_row(const void *context, size_t index, struct arena *scratch, struct target_row *ret)
{
    const struct fleet *fleet = context;
    const struct json *item;
    struct str text;
    if (!spool_get(fleet->rows, index, scratch, &text, NULL) ||
        !json_parse_kept(scratch, STR("row"), text, &json_limits_default, &item, NULL))
        return false;
    *ret = results_read_target(item);
    return true;
}

static bool sum_up_target(struct fleet *fleet, size_t index, struct arena *scratch)
{
    struct fleet_target target;
    struct record *record;
    struct run_info run;
    if (!fleet_target_get(&fleet->targets, index, scratch, &target, &fleet->error) ||
        !open_record(fleet, index, &target, scratch, &record, &run) || !add_row(fleet, scratch, &target, &run))
        return false;
    summary_add(&fleet->run.summary, &run.summary);
    for (size_t i = 0; i < run.cause_count; i++)
        add_cause(fleet, &run, i, target.number);
    fleet->run.exit_status = worse(fleet->run.exit_status, run.exit_status);
    return true;
}

/* The first pass: what is known before the results. */
static bool sum_up(struct fleet *fleet)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    size_t count = fleet_targets_count(&fleet->targets);
    if (!spool_open(fleet->program->arena, &fleet->rows, &fleet->error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        bool ok = sum_up_target(fleet, i, scratch);
        arena_rewind(scratch, mark);
        if (!ok)
            return false;
    }
    fleet->run.causes = fleet->causes.items;
    fleet->run.cause_count = fleet->causes.count;
    fleet->run.targets = (struct target_rows){.count = count, .read = read_row, .context = fleet};
    return spool_flush(fleet->rows, &fleet->error);
}

static bool pass_target_on(struct fleet *fleet, size_t index, struct arena *scratch)
{
    struct fleet_target target;
    struct record *record;
    struct run_info run;
    struct result result;
    bool more = true;
    if (!fleet_target_get(&fleet->targets, index, scratch, &target, &fleet->error) ||
        !open_record(fleet, index, &target, scratch, &record, &run))
        return false;
    while (more) {
        if (!record_next(record, scratch, &result, &more, &fleet->error))
            return false;
        if (!more)
            break;
        result.target = target.name;
        result.advice = result_is_advice(&result, fleet->plan.fail_on);
        outputs_result(fleet->outputs, &result);
    }
    return true;
}

/* The second pass: the results of all, in the file's order. */
static bool pass_on(struct fleet *fleet)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    outputs_begin(fleet->outputs, &fleet->run);
    for (size_t i = 0; i < fleet->run.targets.count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        bool ok = pass_target_on(fleet, i, scratch);
        arena_rewind(scratch, mark);
        if (!ok)
            return false;
    }
    return outputs_end(fleet->outputs, &fleet->error);
}

static void show_progress(void *context, size_t done, size_t running, size_t left, size_t failed)
{
    const struct fleet *fleet = context;
    fprintf(fleet->program->errors, "\rtargets: %zu done, %zu running, %zu left, %zu not ready ", done, running, left,
            failed);
    fflush(fleet->program->errors);
}

/* --- the run --- */

/* With --targets the file says what is checked: an option would be ignored, or overrule every line. */
static bool no_target_is_typed(const struct fleet *fleet, struct error *error)
{
    const struct target_options *target = &fleet->options->source.target;
    for (const struct option *option = target_option_rows; option->name; option++) {
        const struct str *value = (const struct str *)(const void *)((const char *)target + option->offset);
        if (option->kind == OPTION_STRING && value->ptr)
            return error_set(error, ERROR_INPUT, "--%s: with --targets the file says what is checked", option->name);
    }
    if (fleet->options->source.snapshot.len || fleet->options->save_snapshot.len)
        return error_set(error, ERROR_INPUT, "%s: with --targets each line names a snapshot of its own, or none",
                         fleet->options->source.snapshot.len ? "--snapshot" : "--save-snapshot");
    return true;
}

/* What the organization is, AWS answers to each of its accounts alike; who the caller is, and which accounts there are,
 * it does not. */
static bool is_of_all(const struct answered_call *known)
{
    const struct operation *operation = known->call.operation;
    return strcmp(operation->service->id, "organizations") == 0 && strcmp(operation->name, "DescribeOrganization") == 0;
}

static bool read_organization(struct fleet *fleet, struct str role, const struct shard *shard)
{
    const struct facts *facts;
    if (!organization_targets(fleet->program, fleet->options, &fleet->plan, role, shard, &fleet->targets, &facts,
                              &fleet->status, &fleet->error))
        return false;
    const struct answered_call *calls = facts_calls(facts, &fleet->known_count);
    fleet->known = arena_array(fleet->program->arena, struct answered_call, fleet->known_count);
    size_t rest = fleet->known_count;
    for (size_t i = 0; i < fleet->known_count; i++)
        fleet->known[is_of_all(&calls[i]) ? fleet->known_of_all++ : --rest] = calls[i];
    return true;
}

static bool read_targets(struct fleet *fleet, const struct shard *shard)
{
    const struct fleet_options *options = &fleet->options->fleet;
    struct str role = options->member_role.len ? options->member_role : STR(ORGANIZATION_DEFAULT_ROLE);
    if (!fleet_targets_open(fleet->program, options->targets, &fleet->options->source.account, &fleet->targets,
                            &fleet->error))
        return false;
    if (options->organization)
        return read_organization(fleet, role, shard);
    return fleet_targets_read(&fleet->targets, shard, &fleet->error);
}

/* A rule or a parameter that no target can have, a time that is none: told at once, and not target by target. */
static bool options_are_good(struct fleet *fleet)
{
    const struct check_options *options = fleet->options;
    int64_t at;
    return source_time(options->source.at, &at, &fleet->error) &&
           select_check(fleet->program->arena, fleet->plan.base, options->only.items, options->only.count,
                        options->skip.items, options->skip.count, options->settings.items, options->settings.count,
                        &fleet->error);
}

/* What cannot go together. */
static bool options_agree(struct fleet *fleet)
{
    const struct fleet_options *options = &fleet->options->fleet;
    if (fleet->options->source.account.ledger.len)
        return error_set(&fleet->error, ERROR_INPUT, "--ledger: it is of one target; give it to a run of that one");
    if (options->organization && options->targets.len)
        return error_set(&fleet->error, ERROR_INPUT, "--organization and --targets each say what is checked: give one");
    if (!options->organization)
        return no_target_is_typed(fleet, &fleet->error);
    if (fleet->options->source.snapshot.len || fleet->options->save_snapshot.len)
        return error_set(&fleet->error, ERROR_INPUT, "--organization reads live accounts: no snapshot");
    return true;
}

static bool prepare(struct fleet *fleet)
{
    const struct check_options *options = fleet->options;
    struct shard shard;
    fleet->status = EXIT_STATUS_USAGE;
    if (options->fleet.jobs < 0 || options->fleet.jobs > POOL_JOBS_MAX)
        return error_set(&fleet->error, ERROR_INPUT, "--jobs takes 1 to %d", POOL_JOBS_MAX);
    if (!options_agree(fleet) || !shard_find(fleet->program, options->fleet.shard, &shard, &fleet->error) ||
        !checking_plan_load(fleet->program, options, &fleet->plan, &fleet->error) ||
        !outputs_parse(fleet->program, &options->output, "text", &fleet->outputs, &fleet->error) ||
        !options_are_good(fleet))
        return false;
    return read_targets(fleet, &shard);
}

static struct run_info describe(const struct fleet *fleet)
{
    struct arena *arena = fleet->program->arena;
    struct json_builder target = json_build(arena, JSON_OBJECT);
    if (fleet->options->fleet.organization)
        json_build_append(&target, STR("organization"), json_boolean(true));
    else
        json_build_append(&target, STR("targets"), json_string(fleet->options->fleet.targets));
    struct str time = clock_iso(arena, fleet->program->now);
    return (struct run_info){
        .tool = STR("exportcheck " EXPORTCHECK_VERSION),
        .target = json_box(arena, json_built(&target)),
        .started = time,
        .finished = time,
        .command_line = again_as_typed(fleet->program),
        .baseline = fleet->plan.baseline != NULL,
        .fail_on = fleet->plan.fail_on,
    };
}

static bool check_all(struct fleet *fleet)
{
    bool watched = fleet->program->errors_is_terminal && !fleet->options->source.quiet;
    const struct pool_work work = {
        .count = fleet_targets_count(&fleet->targets),
        .jobs = fleet->options->fleet.jobs ? (size_t)fleet->options->fleet.jobs : DEFAULT_JOBS,
        .context = fleet,
        .run = check_target,
        .progress = watched ? show_progress : NULL,
    };
    fleet->run = describe(fleet);
    bool ok = pool_run(fleet->program->arena, &work, &fleet->pool, &fleet->error);
    if (watched)
        fprintf(fleet->program->errors, "\r%70s\r", "");
    return ok && sum_up(fleet) && pass_on(fleet);
}

enum exit_status fleet_run(struct program *program, const struct check_options *options)
{
    struct fleet fleet = {.program = program, .options = options};
    if (!prepare(&fleet))
        return command_fail(program, fleet.status, &fleet.error);
    if (!outputs_open(fleet.outputs, &fleet.error) || !check_all(&fleet))
        return command_fail(program, EXIT_STATUS_FAILURE, &fleet.error);
    if (!options->source.quiet)
        outputs_tell(fleet.outputs, &fleet.run);
    return (enum exit_status)fleet.run.exit_status;
}
