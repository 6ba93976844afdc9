/* trial.c: see trial.h. */
#include "fix/trial.h"

#include "base/map.h"

void trial_run(struct arena *arena, const struct run_options *options, int64_t at, const struct snapshot *snapshot,
               struct trial *ret)
{
    struct transport transport = snapshot_transport(arena, snapshot);
    struct transport *kept = arena_new(arena, struct transport);
    *kept = transport;
    struct collection collection = {.arena = arena,
                                    .declarations = options->base->declarations,
                                    .target = facts_target(options->facts),
                                    .transport = kept,
                                    .at = at};
    collection.wanted = selection_facts(options->selection, arena, &collection.wanted_count);
    *ret = (struct trial){.snapshot = snapshot, .options = *options};
    ret->options.facts = facts_collect(&collection);
    run_rules(arena, &ret->options, &ret->run);
}

const struct result *trial_failure(const struct trial *trial, struct str rule)
{
    for (size_t i = 0; i < trial->run.result_count; i++)
        if (trial->run.results[i].verdict == VERDICT_FAIL && str_equal(trial->run.results[i].rule, rule))
            return &trial->run.results[i];
    return NULL;
}

static bool holds(const struct result *result)
{
    return result->verdict == VERDICT_PASS || result->verdict == VERDICT_SKIP;
}

bool trial_holds(const struct trial *trial, struct str rule)
{
    for (size_t i = 0; i < trial->run.result_count; i++)
        if (str_equal(trial->run.results[i].rule, rule) && !holds(&trial->run.results[i]))
            return false;
    return true;
}

/* Whether all results of the rule passed; a subject that is new is held against that. */
static bool rule_held(const struct trial *trial, struct str rule)
{
    bool any = false;
    for (size_t i = 0; i < trial->run.result_count; i++) {
        if (!str_equal(trial->run.results[i].rule, rule))
            continue;
        if (trial->run.results[i].verdict != VERDICT_PASS)
            return false;
        any = true;
    }
    return any;
}

static struct map *results_by_id(struct arena *arena, const struct trial *trial)
{
    struct map *by_id = map_open(arena);
    for (size_t i = 0; i < trial->run.result_count; i++)
        map_set(by_id, trial->run.results[i].id, &trial->run.results[i]);
    return by_id;
}

const struct result *trial_objection(struct arena *arena, const struct trial *before, const struct trial *after,
                                     struct str rule)
{
    struct map *then = results_by_id(arena, before);
    for (size_t i = 0; i < after->run.result_count; i++) {
        const struct result *now = &after->run.results[i];
        const struct result *old = map_get(then, now->id);
        bool held = old ? old->verdict == VERDICT_PASS : rule_held(before, now->rule);
        if (!holds(now) && (held || str_equal(now->rule, rule)))
            return now;
    }
    return NULL;
}
