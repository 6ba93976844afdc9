/* run.c: from options to sums: the same for `costs` and for `check --costs`. */
#include "cli/costs/live.h"
#include "cli/target/live.h"

#include "account/facts/facts.h"
#include "cli/rulebase.h"
#include "optscale/files/listing.h"

static bool prepare_folder(struct program *program, const struct costs_options *options, struct costs_run *ret,
                           struct error *error)
{
    const struct json *target;
    struct optscale_object *objects;
    size_t count;
    return target_read(program, &options->source.target, NULL, &target, error) &&
           costs_context_make(program, options, target, NULL, &ret->context, error) &&
           costs_list_folder(program->arena, options->files, &objects, &count, error) &&
           costs_choose(program->arena, options, &ret->context, objects, count, &ret->report, error);
}

/* A fact without which there is nothing to say. */
static bool need_fact(const struct facts *facts, const char *name, const char *what, struct error *error)
{
    const struct fact *fact = facts_get(facts, str_from(name));
    if (fact->state == FACT_PRESENT)
        return true;
    return error_set(error, ERROR_INPUT, "costs: %s: %.*s%s%.*s%s%.*s", what, STR_ARG(fact_state_name(fact->state)),
                     fact->code.len ? ": " : "", STR_ARG(fact->code), fact->message.len ? ": " : "",
                     STR_ARG(fact->message));
}

static bool collect(struct program *program, const struct source *source, const struct facts **ret, struct error *error)
{
    static const struct str wanted[] = {STR_INIT("caller"),       STR_INIT("connected"),
                                        STR_INIT("accounts"),     STR_INIT("listing.read"),
                                        STR_INIT("bucket.where"), STR_INIT("optscale.data_source"),
                                        STR_INIT("bucket.name"),  STR_INIT("optscale.organization")};
    const struct rulebase_options embedded = {.folders = {NULL, 0, 0}};
    struct rule_base *base;
    const struct facts *facts;
    enum exit_status status; /* told by the error's code, too */
    if (!rulebase_load(program, &embedded, &base, error) ||
        !source_collect(program, source, base->declarations, wanted, COUNT_OF(wanted), &facts, &status, error))
        return false;
    *ret = facts;
    return need_fact(facts, "bucket.name", "the bucket is not known: say --bucket", error) &&
           need_fact(facts, "listing.read", "the export's files cannot be listed", error) &&
           (!json_find(source->target, "optscale_url") ||
            need_fact(facts, "connected", "OptScale's data sources cannot be read", error));
}

static bool list_objects(struct arena *arena, const struct facts *facts, struct optscale_listing *ret,
                         struct error *error)
{
    const struct json *objects = facts_get(facts, STR("listing.read"))->value;
    return optscale_listing_read(arena, STR("listing"), json_text(arena, objects, 0), ret, error);
}

bool costs_prepare_live(struct program *program, const struct costs_options *options, const struct source *source,
                        struct costs_run *ret, struct error *error)
{
    const struct facts *facts;
    struct optscale_listing listing;
    if (!collect(program, source, &facts, error) || !list_objects(program->arena, facts, &listing, error) ||
        !costs_context_make(program, options, source->target, facts, &ret->context, error) ||
        !costs_choose(program->arena, options, &ret->context, listing.objects, listing.count, &ret->report, error))
        return false;
    const struct fact *region = facts_get(facts, STR("bucket.where"));
    ret->live = source->live ? live_for_files(source->live) : NULL;
    ret->bucket = facts_get(facts, STR("bucket.name"))->value->string;
    ret->region = region->state == FACT_PRESENT ? region->value->string : source->region;
    return true;
}

bool costs_prepare(struct program *program, const struct costs_options *options, struct costs_run *ret,
                   enum exit_status *ret_status, struct error *error)
{
    *ret = (struct costs_run){.live = NULL};
    *ret_status = EXIT_STATUS_USAGE;
    if (options->files.len > 0)
        return prepare_folder(program, options, ret, error);
    if (!source_open(program, &options->source, &ret->source, ret_status, error))
        return false;
    ret->source.goes_on = options->print_sql.len == 0;
    *ret_status = EXIT_STATUS_USAGE;
    return costs_prepare_live(program, options, &ret->source, ret, error);
}

static struct live_files *open_live(struct program *program, const struct costs_run *run)
{
    struct str folder = program_getenv(program, "TMPDIR");
    return live_files_open(program->arena, run->live, run->bucket, run->region, folder.len > 0 ? folder : STR("/tmp"));
}

void costs_read(struct program *program, const struct costs_options *options, struct costs_run *run)
{
    struct arena *arena = program->arena;
    struct live_files *live = run->live ? open_live(program, run) : NULL;
    run->report.context = &run->context;
    for (size_t i = 0; i < run->report.count; i++) {
        struct costs_period *period = &run->report.periods[i];
        struct cost_opener opener = costs_folder_opener(arena, options->files, period);
        struct cost_period_options reading = {
            .opener = &opener,
            .names = costs_file_names(arena, period),
            .count = period->count,
            .import = &run->context.import,
            .threads = (int)options->threads,
        };
        if (live)
            live_files_read(live, period, &reading, arena);
        else
            cost_period_read(arena, &reading, &period->statement);
    }
}
