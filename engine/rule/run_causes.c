/* run_causes.c: results grouped by root cause, ordered by what to do first; and what to enter in OptScale. */
#include "rule/run_internal.h"

#include <stdlib.h>
#include <string.h>

struct group {
    struct cause cause;
    struct name_list rules;
    enum severity severity; /* the worst behind it */
    size_t step;            /* of the flow, where it first shows */
    size_t order;           /* of its first result */
};

/* The flow of billing data, by the places of rules. */
static size_t step_of(struct str place)
{
    static const char *const steps[] = {"account", "user", "bucket", "export", "delivery", "optscale"};
    size_t step = 0;
    while (step < COUNT_OF(steps) && !str_equal(place, str_from(steps[step])))
        step++;
    return step;
}

static struct str strip(struct str text, struct str prefix)
{
    return str_starts(text, prefix) ? str_skip(text, prefix.len) : STR("");
}

/* What was found where the rule itself failed, or could not be decided. */
static struct str finding_of(const struct runner *runner, const struct rule *rule)
{
    for (size_t i = 0; i < runner->result_count; i++) {
        const struct result *result = &runner->results[i];
        if (str_equal(result->rule, rule->id) && result->verdict != VERDICT_PASS && result->verdict != VERDICT_SKIP)
            return result->message;
    }
    return rule->title;
}

static struct str caller_of(const struct runner *runner)
{
    const struct fact *caller = facts_get(runner->options->facts, STR("caller"));
    return caller && caller->state == FACT_PRESENT ? json_find_string(caller->value, "arn") : STR("");
}

/* What AWS said to the call, as the evidence of some result has it. */
static struct str error_of(const struct runner *runner, struct str call)
{
    for (size_t i = 0; i < runner->result_count; i++) {
        const struct result *result = &runner->results[i];
        for (size_t j = 0; j < result->evidence_count; j++) {
            const struct evidence *evidence = &result->evidence[j];
            if (evidence->error.len && str_equal(evidence->call, call))
                return evidence->error;
        }
    }
    return STR("no answer");
}

enum { TITLE_MAX = 240 };

/* One line to act on. */
static struct str cause_title(const struct runner *runner, struct str root_cause)
{
    struct arena *arena = runner->arena;
    struct str action = strip(root_cause, STR("permission:"));
    struct str call = strip(root_cause, STR("call:"));
    struct str caller = caller_of(runner);
    if (action.len)
        return str_format(arena, "allow %.*s to %.*s, and run again", STR_ARG(action),
                          STR_ARG(caller.len ? caller : STR("the caller")));
    if (call.len)
        return str_shorten(
            arena, str_format(arena, "%.*s failed: %.*s", STR_ARG(call), STR_ARG(error_of(runner, call))), TITLE_MAX);
    const struct rule *rule = rule_base_find(runner->options->base, root_cause);
    if (!rule)
        return root_cause;
    return str_shorten(arena, str_join3(arena, rule->id, STR(": "), finding_of(runner, rule)), TITLE_MAX);
}

static struct group *find_group(struct group *groups, size_t count, struct str root_cause)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(groups[i].cause.root_cause, root_cause))
            return &groups[i];
    }
    return NULL;
}

/* A failure is its own cause. */
static struct str cause_of(const struct result *result)
{
    if (result->root_cause.len)
        return result->root_cause;
    return result->verdict == VERDICT_FAIL ? result->rule : STR("");
}

/* The worst first; of these what is wrong earlier in the flow, since the later follows from it. */
static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    if (x->rules.count != y->rules.count)
        return x->rules.count > y->rules.count ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void run_causes(struct runner *runner, struct run *ret)
{
    struct group *groups = arena_array(runner->arena, struct group, ret->result_count);
    size_t count = 0;
    for (size_t i = 0; i < ret->result_count; i++) {
        const struct result *result = &ret->results[i];
        struct str root_cause = cause_of(result);
        if (root_cause.len == 0)
            continue;
        struct group *group = find_group(groups, count, root_cause);
        if (!group) {
            group = &groups[count++];
            *group = (struct group){.cause = {.root_cause = root_cause, .title = cause_title(runner, root_cause)},
                                    .severity = result->severity,
                                    .step = step_of(result->place),
                                    .order = i};
        }
        size_t step = step_of(result->place);
        group->step = step < group->step ? step : group->step;
        group->severity = result->severity > group->severity ? result->severity : group->severity;
        if (!str_equal(result->rule, root_cause))
            name_list_add(runner->arena, &group->rules, result->rule);
    }
    qsort(groups, count, sizeof *groups, compare_groups);
    struct cause *causes = arena_array(runner->arena, struct cause, count);
    for (size_t i = 0; i < count; i++) {
        causes[i] = groups[i].cause;
        causes[i].rules = groups[i].rules.items;
        causes[i].rule_count = groups[i].rules.count;
    }
    ret->causes = causes;
    ret->cause_count = count;
}

struct found_export *scenario_exports(const struct scenario *scenario, const struct facts *facts, struct arena *arena,
                                      size_t *ret_count)
{
    const struct scope scope = {.facts = facts};
    *ret_count = 0;
    if (!scenario->exports)
        return NULL;
    struct evaluated list = expression_evaluate(scenario->exports, &scope, arena);
    if (list.state != FACT_PRESENT || !json_is(list.value, JSON_ARRAY))
        return NULL;
    struct found_export *exports = arena_array(arena, struct found_export, list.value->count);
    for (size_t i = 0; i < list.value->count; i++) {
        const struct json *item = &list.value->items[i];
        const struct json *arguments = json_find(item, "arguments");
        exports[i] = (struct found_export){
            .name = json_find_string(item, "name"),
            .type = json_find_string(item, "type"),
            .bucket = json_find_string(item, "bucket"),
            .prefix = json_find_string(item, "prefix"),
            .arguments = json_is(arguments, JSON_OBJECT) ? arguments : NULL,
        };
    }
    *ret_count = list.value->count;
    return exports;
}

void run_entries(struct runner *runner, struct run *ret)
{
    const struct scenario *scenario = runner->options->selection->scenario;
    const struct scope scope = {.facts = runner->options->facts};
    struct entry *entries = arena_array(runner->arena, struct entry, scenario->entry_count);
    size_t count = 0;
    for (size_t i = 0; i < scenario->entry_count; i++) {
        struct evaluated value = text_fill(scenario->entries[i].value, &scope, runner->arena);
        if (value.state == FACT_PRESENT && json_is(value.value, JSON_STRING))
            entries[count++] = (struct entry){scenario->entries[i].label, value.value->string};
    }
    ret->entries = entries;
    ret->entry_count = count;
    ret->exports = scenario_exports(scenario, scope.facts, runner->arena, &ret->export_count);
}
