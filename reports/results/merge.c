/* merge.c: see merge.h. Results are matched by their id, which is stable by contract. */
#include "reports/results/merge.h"

#include "base/clock.h"
#include "base/map.h"
#include "reports/words/words.h"

#include <stdlib.h>
#include <string.h>

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

/** The text if all runs have the same at `offset` of their run_info, else the empty view. */
static struct str common_text(const struct run_info *runs, size_t count, size_t offset)
{
    const struct str *first = (const struct str *)(const void *)((const char *)&runs[0] + offset);
    for (size_t i = 1; i < count; i++) {
        const struct str *other = (const struct str *)(const void *)((const char *)&runs[i] + offset);
        if (!str_equal(*first, *other))
            return (struct str){0};
    }
    return *first;
}

/** The members that every part's target has with the same value. */
static const struct json *common_target(struct arena *arena, const struct run_info *runs, size_t count)
{
    const struct json *first = runs[0].target;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t m = 0; json_is(first, JSON_OBJECT) && m < first->count; m++) {
        bool common = true;
        for (size_t i = 1; i < count && common; i++) {
            const struct json *other = json_get(runs[i].target, first->members[m].name);
            common = other && json_equal(other, &first->members[m].value);
        }
        if (common)
            json_build_append(&object, first->members[m].name, first->members[m].value);
    }
    return json_box(arena, json_built(&object));
}

static const struct json *common_optscale(const struct run_info *runs, size_t count)
{
    const struct json *first = runs[0].optscale;
    for (size_t i = 1; i < count; i++) {
        const struct json *other = runs[i].optscale;
        if (!first || !other || !json_equal(first, other))
            return NULL;
    }
    return first;
}

static int compare_rules(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/** Both lists, each rule once; sorted where many targets are joined, since parts of them may be joined in any order. */
static void join_rules(struct arena *arena, struct cause *into, const struct cause *from, bool many)
{
    struct str *rules = arena_array(arena, struct str, into->rule_count + from->rule_count);
    size_t count = 0;
    while (count < into->rule_count) {
        rules[count] = into->rules[count];
        count++;
    }
    for (size_t i = 0; i < from->rule_count; i++) {
        size_t at = 0;
        while (at < count && !str_equal(rules[at], from->rules[i]))
            at++;
        if (at == count)
            rules[count++] = from->rules[i];
    }
    if (many)
        qsort(rules, count, sizeof *rules, compare_rules);
    into->rules = rules;
    into->rule_count = count;
}

/** In the order of the targets, and of the things to do in each. */
static int compare_causes(const void *left, const void *right)
{
    const struct cause *a = left;
    const struct cause *b = right;
    int order = (a->first > b->first) - (a->first < b->first);
    return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

/** `into` with what `from` has more. Its words are those of the target that comes first. */
static void join_cause(struct arena *arena, struct cause *into, const struct cause *from, bool many)
{
    struct cause joined = many && compare_causes(from, into) < 0 ? *from : *into;
    joined.findings = into->findings + from->findings;
    joined.advice = into->advice && from->advice;
    joined.targets = into->targets + from->targets;
    joined.varies = into->varies || from->varies || !str_equal(into->title, from->title);
    joined.rules = into->rules;
    joined.rule_count = into->rule_count;
    if (from->rule_count) /* a run over many targets joins one that says nothing new thousands of times */
        join_rules(arena, &joined, from, many);
    *into = joined;
}

/** Whether both are one thing to do. Of many targets each names its own bucket and user: there the cause alone counts.
 */
static bool is_same_cause(const struct cause *a, const struct cause *b, bool many)
{
    return str_equal(a->root_cause, b->root_cause) && (many || str_equal(a->title, b->title));
}

void merge_cause(struct arena *arena, struct cause_list *list, const struct cause *cause, bool many)
{
    size_t at = 0;
    while (at < list->count && !is_same_cause(&list->items[at], cause, many))
        at++;
    if (at < list->count) {
        join_cause(arena, &list->items[at], cause, many);
        return;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        struct cause *items = arena_array(arena, struct cause, capacity);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = *cause;
}

/** Whether all are over many targets; a shard may be without any. */
static bool are_many(const struct run_info *runs, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        any = any || runs[i].targets.count;
        if (!runs[i].targets.count && words_total(&runs[i].summary))
            return false;
    }
    return any;
}

static void merge_causes(struct arena *arena, const struct run_info *runs, size_t count, struct run_info *run)
{
    bool many = are_many(runs, count);
    struct cause_list list = {NULL, 0, 0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < runs[i].cause_count; j++)
            merge_cause(arena, &list, &runs[i].causes[j], many);
    }
    if (many && list.count)
        qsort(list.items, list.count, sizeof *list.items, compare_causes);
    run->causes = list.items;
    run->cause_count = list.count;
}

/** What to enter differs by account: only where all runs say the same is it still right. */
static void merge_entries(const struct run_info *runs, size_t count, struct run_info *run)
{
    const struct run_info *first = &runs[0];
    for (size_t i = 1; i < count; i++) {
        const struct run_info *other = &runs[i];
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

static void merge_exports(struct arena *arena, const struct run_info *runs, size_t count, struct run_info *run)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += runs[i].export_count;
    struct found_export *exports = arena_array(arena, struct found_export, total);
    size_t merged = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < runs[i].export_count; j++)
            exports[merged++] = runs[i].exports[j];
    }
    run->exports = exports;
    run->export_count = merged;
}

struct run_info merge_runs(struct arena *arena, const struct run_info *runs, size_t count)
{
    struct run_info run = {
        .tool = runs[0].tool,
        .target = common_target(arena, runs, count),
        .account = common_text(runs, count, offsetof(struct run_info, account)),
        .caller = common_text(runs, count, offsetof(struct run_info, caller)),
        .command_line = common_text(runs, count, offsetof(struct run_info, command_line)),
        .target_file = common_text(runs, count, offsetof(struct run_info, target_file)),
        .started = runs[0].started,
        .finished = runs[0].finished,
        .optscale = common_optscale(runs, count),
        .baseline = runs[0].baseline,
        .fail_on = runs[0].fail_on,
    };
    for (size_t i = 1; i < count; i++) {
        if (is_later(run.started, runs[i].started))
            run.started = runs[i].started;
        if (is_later(runs[i].finished, run.finished))
            run.finished = runs[i].finished;
        if (runs[i].fail_on < run.fail_on)
            run.fail_on = runs[i].fail_on;
        run.baseline = run.baseline || runs[i].baseline;
    }
    merge_causes(arena, runs, count, &run);
    merge_entries(runs, count, &run);
    merge_exports(arena, runs, count, &run);
    return run;
}

/** The row that the merged one is, in its run. */
static bool read_row(const void *context, size_t index, struct arena *scratch, struct target_row *ret)
{
    const struct merge_rows *rows = context;
    const struct merge_place *place = &rows->items[index];
    return run_target(&rows->runs[place->run], place->index, scratch, ret);
}

static int compare_places(const void *left, const void *right)
{
    const struct merge_place *a = left;
    const struct merge_place *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

/** By number where each has one of its own: then they are parts of one whole. */
static void sort_rows(struct merge_rows *rows)
{
    struct merge_place *sorted = arena_array(rows->arena, struct merge_place, rows->count);
    memcpy(sorted, rows->items, rows->count * sizeof *sorted);
    qsort(sorted, rows->count, sizeof *sorted, compare_places);
    for (size_t i = 0; i < rows->count; i++) {
        if (sorted[i].number == 0 || (i && sorted[i].number == sorted[i - 1].number))
            return;
    }
    rows->items = sorted;
}

/** The key of a target in the map: its name's hash. */
static struct str row_key(const uint64_t *hash)
{
    return (struct str){(const char *)hash, sizeof *hash};
}

/** A target that an earlier run has, too, is the one of the later run. */
static void add_row(struct merge_rows *rows, const int64_t *finished, struct merge_place place)
{
    const struct merge_place *known = map_get(rows->places, row_key(&place.name));
    if (!known) {
        rows->items[rows->count] = place;
        map_set(rows->places, row_key(&rows->items[rows->count].name), &rows->items[rows->count]);
        rows->count++;
    } else if (finished[place.run] >= finished[known->run]) {
        rows->items[known - rows->items] = place;
    }
}

static void find_places(struct merge_rows *rows)
{
    rows->places = map_open(rows->arena);
    for (size_t i = 0; i < rows->count; i++)
        map_set(rows->places, row_key(&rows->items[i].name), &rows->items[i]);
}

struct merge_rows merge_rows(struct arena *arena, const struct run_info *runs, const int64_t *finished, size_t count)
{
    struct merge_rows rows = {.arena = arena, .runs = runs, .places = map_open(arena)};
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += runs[i].targets.count;
    if (!are_many(runs, count))
        return rows;
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    rows.items = arena_array(arena, struct merge_place, total);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < runs[i].targets.count; k++) {
            struct target_row row;
            if (run_target(&runs[i], k, scratch, &row))
                add_row(&rows, finished, (struct merge_place){hash_fnv1a(0, row.name), row.number, i, k});
        }
    }
    sort_rows(&rows);
    find_places(&rows);
    return rows;
}

size_t merge_row_of(const struct merge_rows *rows, uint64_t name)
{
    const struct merge_place *place = map_get(rows->places, row_key(&name));
    return place ? (size_t)(place - rows->items) : rows->count;
}

struct target_rows merge_target_rows(const struct merge_rows *rows)
{
    return (struct target_rows){.count = rows->count, .read = read_row, .context = rows};
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
