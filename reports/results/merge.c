/* merge.c: see merge.h. Results are matched by their id, which is stable by contract. */
#include "reports/results/merge.h"

#include "base/clock.h"
#include "base/map.h"

/** The result's id; where a file has none, what an id is made of. */
static struct str result_key(struct arena *arena, const struct result *result)
{
    if (result->id.len && result->target.len)
        return str_join3(arena, result->id, STR(" "), result->target);
    if (result->id.len)
        return result->id;
    return str_format(arena, "%.*s %.*s %.*s", STR_ARG(result->rule), STR_ARG(result->account),
                      STR_ARG(result->subject));
}

/** Compares two times as text says them; one that cannot be read is the earlier. */
static bool is_later(struct str a, struct str b)
{
    int64_t seconds_a = INT64_MIN;
    int64_t seconds_b = INT64_MIN;
    bool read_a = clock_parse(a, &seconds_a);
    bool read_b = clock_parse(b, &seconds_b);
    return read_a && (!read_b || seconds_a > seconds_b);
}

/** A result among the merged ones, and the run that it came from. */
struct origin {
    size_t index;
    struct str finished;
};

static void merge_results(struct arena *arena, const struct results *parts, size_t count, struct results *ret)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i].count;
    struct map *known = map_open(arena);
    struct origin *origins = arena_array(arena, struct origin, total);
    ret->items = arena_array(arena, struct result, total);
    ret->count = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < parts[i].count; j++) {
            const struct result *result = &parts[i].items[j];
            struct str key = result_key(arena, result);
            const struct origin *origin = map_get(known, key);
            if (!origin) {
                origins[ret->count] = (struct origin){ret->count, parts[i].run.finished};
                map_set(known, key, &origins[ret->count]);
                ret->items[ret->count++] = *result;
            } else if (!is_later(origin->finished, parts[i].run.finished)) {
                ret->items[origin->index] = *result;
                origins[origin->index].finished = parts[i].run.finished;
            }
        }
    }
}

/** The text if all parts have the same at `offset` of their run_info, else the empty view. */
static struct str common_text(const struct results *parts, size_t count, size_t offset)
{
    const struct str *first = (const struct str *)(const void *)((const char *)&parts[0].run + offset);
    for (size_t i = 1; i < count; i++) {
        const struct str *other = (const struct str *)(const void *)((const char *)&parts[i].run + offset);
        if (!str_equal(*first, *other))
            return (struct str){0};
    }
    return *first;
}

/** The members that every part's target has with the same value. */
static const struct json *common_target(struct arena *arena, const struct results *parts, size_t count)
{
    const struct json *first = parts[0].run.target;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t m = 0; json_is(first, JSON_OBJECT) && m < first->count; m++) {
        bool common = true;
        for (size_t i = 1; i < count && common; i++) {
            const struct json *other = json_get(parts[i].run.target, first->members[m].name);
            common = other && json_equal(other, &first->members[m].value);
        }
        if (common)
            json_build_append(&object, first->members[m].name, first->members[m].value);
    }
    return json_box(arena, json_built(&object));
}

static const struct json *common_optscale(const struct results *parts, size_t count)
{
    const struct json *first = parts[0].run.optscale;
    for (size_t i = 1; i < count; i++) {
        const struct json *other = parts[i].run.optscale;
        if (!first || !other || !json_equal(first, other))
            return NULL;
    }
    return first;
}

static bool has_rule(const struct str *rules, size_t count, struct str rule)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(rules[i], rule))
            return true;
    }
    return false;
}

/** `into` with the rules of `from` that it lacks. */
static void join_cause(struct arena *arena, struct cause *into, const struct cause *from)
{
    struct str *rules = arena_array(arena, struct str, into->rule_count + from->rule_count);
    size_t count = 0;
    while (count < into->rule_count) {
        rules[count] = into->rules[count];
        count++;
    }
    for (size_t i = 0; i < from->rule_count; i++) {
        if (!has_rule(rules, count, from->rules[i]))
            rules[count++] = from->rules[i];
    }
    into->rules = rules;
    into->rule_count = count;
    into->findings += from->findings;
    into->advice = into->advice && from->advice;
}

static void merge_causes(struct arena *arena, const struct results *parts, size_t count, struct run_info *run)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i].run.cause_count;
    struct cause *causes = arena_array(arena, struct cause, total);
    size_t merged = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < parts[i].run.cause_count; j++) {
            const struct cause *cause = &parts[i].run.causes[j];
            size_t at = 0;
            while (at < merged &&
                   !(str_equal(causes[at].root_cause, cause->root_cause) && str_equal(causes[at].title, cause->title)))
                at++;
            if (at == merged)
                causes[merged++] = *cause;
            else
                join_cause(arena, &causes[at], cause);
        }
    }
    run->causes = causes;
    run->cause_count = merged;
}

/** What to enter differs by account: only where all parts say the same is it still right. */
static void merge_entries(const struct results *parts, size_t count, struct run_info *run)
{
    const struct run_info *first = &parts[0].run;
    for (size_t i = 1; i < count; i++) {
        const struct run_info *other = &parts[i].run;
        if (other->entry_count != first->entry_count)
            return;
        for (size_t j = 0; j < first->entry_count; j++) {
            if (!str_equal(first->entries[j].label, other->entries[j].label) ||
                !str_equal(first->entries[j].value, other->entries[j].value))
                return;
        }
    }
    run->entries = first->entries;
    run->entry_count = first->entry_count;
}

static void merge_exports(struct arena *arena, const struct results *parts, size_t count, struct run_info *run)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i].run.export_count;
    struct found_export *exports = arena_array(arena, struct found_export, total);
    size_t merged = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < parts[i].run.export_count; j++)
            exports[merged++] = parts[i].run.exports[j];
    }
    run->exports = exports;
    run->export_count = merged;
}

static struct run_info merge_runs(struct arena *arena, const struct results *parts, size_t count)
{
    struct run_info run = {
        .tool = parts[0].run.tool,
        .target = common_target(arena, parts, count),
        .account = common_text(parts, count, offsetof(struct run_info, account)),
        .caller = common_text(parts, count, offsetof(struct run_info, caller)),
        .command_line = common_text(parts, count, offsetof(struct run_info, command_line)),
        .target_file = common_text(parts, count, offsetof(struct run_info, target_file)),
        .started = parts[0].run.started,
        .finished = parts[0].run.finished,
        .optscale = common_optscale(parts, count),
        .fail_on = parts[0].run.fail_on,
    };
    for (size_t i = 1; i < count; i++) {
        if (is_later(run.started, parts[i].run.started))
            run.started = parts[i].run.started;
        if (is_later(parts[i].run.finished, run.finished))
            run.finished = parts[i].run.finished;
        if (parts[i].run.fail_on < run.fail_on)
            run.fail_on = parts[i].run.fail_on;
    }
    merge_causes(arena, parts, count, &run);
    merge_entries(parts, count, &run);
    merge_exports(arena, parts, count, &run);
    return run;
}

struct results results_merge(struct arena *arena, const struct results *parts, size_t count)
{
    struct results merged = {.run = merge_runs(arena, parts, count)};
    merge_results(arena, parts, count, &merged);
    for (size_t i = 0; i < merged.count; i++)
        merged.items[i].advice = result_is_advice(&merged.items[i], merged.run.fail_on);
    merged.run.summary = results_summary(merged.items, merged.count);
    merged.run.exit_status = results_exit_status(merged.items, merged.count, merged.run.fail_on);
    return merged;
}

static const struct str change_names[CHANGE_COUNT] = {
    [CHANGE_NEW] = STR_INIT("new"),       [CHANGE_UNDECIDED] = STR_INIT("undecided"),
    [CHANGE_ADVICE] = STR_INIT("advice"), [CHANGE_UNCHANGED] = STR_INIT("unchanged"),
    [CHANGE_FIXED] = STR_INIT("fixed"),   [CHANGE_GONE] = STR_INIT("gone"),
};

struct str change_name(enum change_kind kind)
{
    return change_names[kind];
}

static bool fails(const struct result *result)
{
    return result && result->verdict == VERDICT_FAIL;
}

static bool is_open(const struct result *result)
{
    return result && (result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING);
}

/** The kind of change, or CHANGE_COUNT where nothing changed that matters. What was advice and decides now is new. */
static enum change_kind change_kind(const struct result *before, const struct result *after, enum severity fail_on)
{
    bool decides = after && result_decides(after, fail_on);
    if (fails(after) && fails(before) && (!decides || !before->advice))
        return CHANGE_UNCHANGED;
    if (fails(after))
        return decides ? CHANGE_NEW : CHANGE_ADVICE;
    if (is_open(after) && is_open(before))
        return CHANGE_COUNT;
    if (is_open(after))
        return decides ? CHANGE_UNDECIDED : CHANGE_ADVICE;
    if (!fails(before))
        return CHANGE_COUNT;
    return after ? CHANGE_FIXED : CHANGE_GONE;
}

static struct map *by_key(struct arena *arena, const struct results *results)
{
    struct map *map = map_open(arena);
    for (size_t i = 0; i < results->count; i++)
        map_set(map, result_key(arena, &results->items[i]), &results->items[i]);
    return map;
}

/** Every change of one kind, appended. */
static void add_kind(struct comparison *ret, const struct change *all, size_t count, enum change_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].kind != kind)
            continue;
        ret->changes[ret->change_count++] = all[i];
        ret->count[kind]++;
    }
}

struct comparison results_compare(struct arena *arena, const struct results *before, const struct results *after)
{
    struct map *old = by_key(arena, before);
    struct map *now = by_key(arena, after);
    size_t most = before->count + after->count;
    struct change *all = arena_array(arena, struct change, most);
    size_t count = 0;
    for (size_t i = 0; i < after->count; i++) {
        const struct result *result = &after->items[i];
        const struct result *earlier = map_get(old, result_key(arena, result));
        all[count++] = (struct change){change_kind(earlier, result, after->run.fail_on), earlier, result};
    }
    for (size_t i = 0; i < before->count; i++) {
        const struct result *result = &before->items[i];
        if (!map_has(now, result_key(arena, result)))
            all[count++] = (struct change){change_kind(result, NULL, after->run.fail_on), result, NULL};
    }
    struct comparison ret = {.changes = arena_array(arena, struct change, most)};
    for (size_t kind = 0; kind < CHANGE_COUNT; kind++)
        add_kind(&ret, all, count, (enum change_kind)kind);
    return ret;
}

bool comparison_has_findings(const struct comparison *comparison)
{
    return comparison->count[CHANGE_NEW] || comparison->count[CHANGE_UNDECIDED];
}
