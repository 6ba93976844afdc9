/* run.c: see run.h. */
#include "rule/run.h"

#include "base/map.h"
#include "rule/run_internal.h"

#include <stdlib.h>
#include <string.h>

static struct str string_at(const struct facts *facts, struct str fact, const char *member)
{
    const struct fact *found = facts_get(facts, fact);
    return found && found->state == FACT_PRESENT ? json_find_string(found->value, member) : STR("");
}

/* The account is the caller's; where that is unknown, the one that was named. */
static struct str find_account(const struct facts *facts)
{
    struct str account = string_at(facts, STR("caller"), "account");
    return account.len ? account : json_find_string(facts_target(facts), "account_id");
}

/* The results follow the scenario, whatever the order in which needs made them. */
static void sort_results(struct runner *runner)
{
    struct result *sorted = arena_array(runner->arena, struct result, runner->result_count);
    const struct selection *selection = runner->options->selection;
    size_t count = 0;
    struct map *by_rule = map_open(runner->arena);
    size_t *next = arena_array(runner->arena, size_t, runner->result_count + 1);
    /* The results of a rule stand together: the first of each is enough to find them all. */
    for (size_t i = runner->result_count; i-- > 0;) {
        next[i] = i + 1 < runner->result_count && str_equal(runner->results[i].rule, runner->results[i + 1].rule)
                      ? i + 1
                      : runner->result_count;
        map_set(by_rule, runner->results[i].rule, &runner->results[i]);
    }
    for (size_t i = 0; i < selection->count; i++) {
        const struct result *first = map_get(by_rule, selection->rules[i]->id);
        size_t at = first ? (size_t)(first - runner->results) : runner->result_count;
        for (; at < runner->result_count; at = next[at])
            sorted[count++] = runner->results[at];
    }
    runner->results = sorted;
    runner->result_count = count;
}

/* What ids are made of: whoever is connected to OptScale by now, and what was billed, change no result's name. */
static struct str identity_of(struct arena *arena, const struct json *target)
{
    struct json_builder kept = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < target->count; i++) {
        struct str name = target->members[i].name;
        if (!str_equal(name, STR("connected_accounts")) && !str_equal(name, STR("costs")))
            json_build_append(&kept, target->members[i].name, target->members[i].value);
    }
    struct json built = json_built(&kept);
    return json_text(arena, &built, 0);
}

/* The earlier run said the same: it failed before and fails, or was open and is. A waived failure was known before,
 * too. */
static bool is_old(const struct result *result, const struct result *earlier)
{
    if (!earlier)
        return false;
    bool failed = earlier->verdict == VERDICT_FAIL || earlier->verdict == VERDICT_WAIVED;
    bool was_open = earlier->verdict == VERDICT_UNKNOWN || earlier->verdict == VERDICT_PENDING;
    if (result->verdict == VERDICT_FAIL)
        return failed;
    return was_open && (result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING);
}

void run_rules(struct arena *arena, const struct run_options *options, struct run *ret)
{
    struct runner runner = {
        .arena = arena,
        .options = options,
        .outcomes = arena_array(arena, struct outcome, options->selection->count),
        .account = find_account(options->facts),
        .target_text = identity_of(arena, facts_target(options->facts)),
        .optscale = json_build(arena, JSON_OBJECT),
        .refusals = json_build(arena, JSON_OBJECT),
        .memo = map_open(arena),
    };
    for (size_t i = 0; i < options->selection->count; i++) {
        if (!runner.outcomes[i].evaluated)
            run_rule(&runner, i);
    }
    sort_results(&runner);
    for (size_t i = 0; i < runner.result_count; i++) {
        struct result *result = &runner.results[i];
        result->old = options->baseline && is_old(result, map_get(options->baseline, result->id));
        result->advice = result_is_advice(result, options->fail_on);
    }
    *ret = (struct run){
        .results = runner.results,
        .result_count = runner.result_count,
        .account = runner.account,
        .caller = string_at(options->facts, STR("caller"), "arn"),
        .optscale = run_prediction(&runner),
    };
    ret->summary = results_summary(ret->results, ret->result_count);
    run_causes(&runner, ret);
    run_entries(&runner, ret);
}

int run_exit_status(const struct run *run, enum severity fail_on)
{
    bool undecided = false;
    for (size_t i = 0; i < run->result_count; i++) {
        const struct result *result = &run->results[i];
        if (!result_decides(result, fail_on))
            continue;
        if (result->verdict == VERDICT_FAIL)
            return 1;
        undecided = true;
    }
    return undecided ? 3 : 0;
}
