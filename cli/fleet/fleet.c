/* fleet.c: see fleet.h. Workers check targets and leave records; when all are done, the records become one run. */
#include "cli/fleet/fleet.h"

#include "base/clock.h"
#include "base/map.h"
#include "cli/checking/again.h"
#include "cli/fleet/organization.h"
#include "cli/fleet/pool.h"
#include "cli/fleet/record.h"
#include "cli/fleet/shard.h"
#include "cli/fleet/targets.h"
#include "reports/words/headline.h"
#include "reports/words/words.h"

#include <signal.h>
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
    struct pool *pool;
    enum exit_status status; /* where nothing was checked */
    struct run_info run;
    struct map *causes; /* title and root cause → struct cause */
    struct cause *cause_list;
    size_t cause_capacity;
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
    options.source.quiet = true;
    options.source.unattended = true;
    options.save_snapshot = STR("");
    return options;
}

/* The one result of a target that could not be checked at all. */
static struct result unreachable(struct arena *arena, const struct fleet *fleet, const struct fleet_target *target,
                                 enum verdict verdict, struct str message)
{
    struct result result = {
        .rule = STR("target-reachable"),
        .title = STR("The target can be checked"),
        .severity = SEVERITY_CRITICAL,
        .section = STR("check --targets"),
        .place = STR("account"),
        .verdict = verdict,
        .account = json_find_string(target->target, "account_id"),
        .subject = target->name,
        .message = target->file.len ? str_format(arena, "line %zu: %.*s", target->line, STR_ARG(message)) : message,
        .to_do = target->file.len
                     ? str_format(arena, "Put right the lines of %.*s that cannot be checked", STR_ARG(target->file))
                     : STR("Let the payer read each member account through its role"),
        .fix = {.cli = target->remedy},
        .why = STR("Nothing is known of a target that cannot be read: neither that it is ready, nor that it is not."),
    };
    uint64_t hash = hash_fnv1a(hash_fnv1a(0, result.rule), target->name);
    result.id = str_format(arena, "%016llx", (unsigned long long)hash);
    result.advice = result_is_advice(&result, fleet->plan.fail_on);
    return result;
}

static struct cause cause_of(struct arena *arena, const struct result *result)
{
    struct str *rules = arena_new(arena, struct str);
    *rules = result->rule;
    return (struct cause){.root_cause = result->rule,
                          .title = result->to_do,
                          .effect = STR("nothing is known of these targets"),
                          .verdict = result->verdict,
                          .findings = 1,
                          .rules = rules,
                          .rule_count = 1};
}

static void write_unreachable(struct arena *arena, const struct fleet *fleet, const struct fleet_target *target,
                              enum verdict verdict, struct str message, FILE *output)
{
    struct result result = unreachable(arena, fleet, target, verdict, message);
    struct cause cause = cause_of(arena, &result);
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
    const struct fleet_target *target = &fleet->targets.items[index];
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct program program = *fleet->program;
    struct check_options options = options_of(fleet, target);
    struct checking checking;
    enum exit_status status;
    struct error error;
    program.arena = arena;
    if (checking_open(&program, &options, &fleet->plan, &checking, &status, &error) &&
        checking_evaluate(&checking, &status, &error)) {
        record_write(output, &checking.info, checking.run.results, checking.run.result_count);
        return checking.info.exit_status == 0;
    }
    write_unreachable(arena, fleet, target, verdict_of(&error), str_from(error.text), output);
    return false;
}

/* --- behind the workers: one run of all --- */

static void close_file(void *file)
{
    fclose(file);
}

/* Opens the record of a target. Where its worker was ended, one is made that says so. */
static bool open_record(struct fleet *fleet, size_t index, struct arena *arena, struct record **ret,
                        struct run_info *ret_run)
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
        write_unreachable(arena, fleet, &fleet->targets.items[index], VERDICT_UNKNOWN, message, file);
        begin = 0;
    }
    if (fseek(file, begin, SEEK_SET) != 0)
        return error_set(&fleet->error, ERROR_IO, "a result that was written cannot be read again");
    return record_open(arena, file, ret, ret_run, &fleet->error);
}

static struct cause copy_cause(struct arena *arena, const struct cause *cause)
{
    struct cause copy = *cause;
    struct str *rules = arena_array(arena, struct str, cause->rule_count);
    copy.root_cause = str_copy(arena, cause->root_cause);
    copy.title = str_copy(arena, cause->title);
    copy.effect = str_copy(arena, cause->effect);
    copy.where = str_copy(arena, cause->where);
    copy.place = str_copy(arena, cause->place);
    for (size_t i = 0; i < cause->rule_count; i++)
        rules[i] = str_copy(arena, cause->rules[i]);
    copy.rules = rules;
    return copy;
}

/* What is to be done for several targets is one thing to do, with all their findings behind it. */
static void add_cause(struct fleet *fleet, const struct cause *cause)
{
    struct arena *arena = fleet->program->arena;
    struct str key = str_join3(arena, cause->root_cause, STR("\n"), cause->title);
    const size_t *known = map_get(fleet->causes, key);
    if (known) {
        struct cause *kept = &fleet->cause_list[*known];
        kept->findings += cause->findings;
        kept->advice = kept->advice && cause->advice;
        return;
    }
    if (fleet->run.cause_count == fleet->cause_capacity) {
        fleet->cause_capacity = fleet->cause_capacity ? fleet->cause_capacity * 2 : 64;
        struct cause *list = arena_array(arena, struct cause, fleet->cause_capacity);
        if (fleet->cause_list)
            memcpy(list, fleet->cause_list, fleet->run.cause_count * sizeof *list);
        fleet->cause_list = list;
    }
    size_t *index = arena_new(arena, size_t);
    *index = fleet->run.cause_count;
    fleet->cause_list[fleet->run.cause_count++] = copy_cause(arena, cause);
    map_set(fleet->causes, key, index);
}

/* 4 beats all, then 1, then 3. */
static int worse(int a, int b)
{
    static const int ranks[] = {0, 3, 1, 2, 4};
    return ranks[a & 7] >= ranks[b & 7] ? a : b;
}

static struct target_row row_of(struct arena *arena, struct arena *scratch, const struct fleet_target *target,
                                const struct run_info *run)
{
    size_t first = 0;
    while (first < run->cause_count && run->causes[first].advice)
        first++;
    return (struct target_row){
        .name = target->name,
        .account = str_copy(arena, run->account),
        .headline = str_copy(arena, headline_text(scratch, run)),
        .to_do = first < run->cause_count ? str_copy(arena, run->causes[first].title) : STR(""),
        .exit_status = run->exit_status,
    };
}

/* The first pass: what is known before the results. */
static bool sum_up(struct fleet *fleet)
{
    struct arena *arena = fleet->program->arena;
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct target_row *rows = arena_array(arena, struct target_row, fleet->targets.count);
    for (size_t i = 0; i < fleet->targets.count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct record *record;
        struct run_info run;
        if (!open_record(fleet, i, scratch, &record, &run))
            return false;
        rows[i] = row_of(arena, scratch, &fleet->targets.items[i], &run);
        summary_add(&fleet->run.summary, &run.summary);
        for (size_t k = 0; k < run.cause_count; k++)
            add_cause(fleet, &run.causes[k]);
        fleet->run.exit_status = worse(fleet->run.exit_status, run.exit_status);
        arena_rewind(scratch, mark);
    }
    fleet->run.causes = fleet->cause_list;
    fleet->run.targets = rows;
    fleet->run.target_count = fleet->targets.count;
    return true;
}

/* The second pass: the results of all, in the file's order. */
static bool pass_on(struct fleet *fleet)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    outputs_begin(fleet->outputs, &fleet->run);
    for (size_t i = 0; i < fleet->targets.count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct record *record;
        struct run_info run;
        struct result result;
        bool more;
        if (!open_record(fleet, i, scratch, &record, &run))
            return false;
        while (record_next(record, scratch, &result, &more, &fleet->error)) {
            if (!more)
                break;
            result.target = fleet->targets.items[i].name;
            result.advice = result_is_advice(&result, fleet->plan.fail_on);
            outputs_result(fleet->outputs, &result);
        }
        if (more)
            return false;
        arena_rewind(scratch, mark);
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

static bool read_targets(struct fleet *fleet)
{
    const struct fleet_options *options = &fleet->options->fleet;
    struct str role = options->member_role.len ? options->member_role : STR(ORGANIZATION_DEFAULT_ROLE);
    if (options->organization)
        return organization_targets(fleet->program, fleet->options, &fleet->plan, role, &fleet->targets, &fleet->status,
                                    &fleet->error);
    return fleet_targets_read(fleet->program, options->targets, &fleet->options->source.account, &fleet->targets,
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
        !read_targets(fleet))
        return false;
    fleet_targets_keep_shard(&fleet->targets, shard.index, shard.count);
    return true;
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
        .count = fleet->targets.count,
        .jobs = fleet->options->fleet.jobs ? (size_t)fleet->options->fleet.jobs : DEFAULT_JOBS,
        .context = fleet,
        .run = check_target,
        .progress = watched ? show_progress : NULL,
    };
    fleet->causes = map_open(fleet->program->arena);
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
