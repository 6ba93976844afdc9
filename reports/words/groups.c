/* groups.c: see groups.h. */
#include "reports/words/groups.h"

#include "base/map.h"
#include "reports/words/words.h"

#include <stdlib.h>

static const struct words_limits limits = {.max_items = 10, .max_bytes = 400};

struct groups {
    struct arena *arena;
    struct arena *scratch;
    struct map *by_key;
    const struct run_info *run;
    struct map *causes; /* the run's root causes */
    bool names;
    struct group **items;
    size_t count;
    size_t capacity;
};

struct groups *groups_open(struct arena *arena, const struct run_info *run, bool names)
{
    struct groups *groups = arena_new(arena, struct groups);
    groups->names = names;
    groups->arena = arena;
    groups->scratch = words_scratch(arena);
    groups->by_key = map_open(arena);
    groups->run = run;
    groups->causes = map_open(arena);
    for (size_t i = 0; i < run->cause_count; i++)
        map_set(groups->causes, run->causes[i].root_cause, &run->causes[i]);
    return groups;
}

static void append(struct groups *groups, struct group *group)
{
    if (groups->count == groups->capacity) {
        size_t capacity = groups->capacity ? groups->capacity * 2 : 64;
        struct group **items = arena_array(groups->arena, struct group *, capacity);
        for (size_t i = 0; i < groups->count; i++)
            items[i] = groups->items[i];
        groups->items = items;
        groups->capacity = capacity;
    }
    group->index = groups->count;
    groups->items[groups->count++] = group;
}

/** The group's name in the map: rule, verdict and cause. */
static struct str group_key(struct arena *arena, const struct result *result)
{
    return str_format(arena, "%.*s %d%d%d %.*s", STR_ARG(result->rule), (int)result->verdict, result->advice,
                      result->old, STR_ARG(result->root_cause));
}

/** The place of the result's cause among the run's. */
static size_t step_of(const struct groups *groups, const struct result *result)
{
    const struct cause *cause = map_get(groups->causes, result->root_cause.len ? result->root_cause : result->rule);
    return cause ? (size_t)(cause - groups->run->causes) : groups->run->cause_count;
}

static struct group *find_group(struct groups *groups, const struct result *result)
{
    struct arena_mark mark = arena_mark(groups->scratch);
    struct str key = group_key(groups->scratch, result);
    const void *known = map_get(groups->by_key, key);
    if (known) {
        arena_rewind(groups->scratch, mark);
        return groups->items[*(const size_t *)known];
    }
    struct group *group = arena_new(groups->arena, struct group);
    group->rule = str_copy(groups->arena, result->rule);
    group->title = str_copy(groups->arena, result->title.len ? result->title : result->rule);
    group->verdict = result->verdict;
    group->advice = result->advice || result->old;
    group->old = result->old;
    group->step = step_of(groups, result);
    group->severity = result->severity;
    group->root_cause = str_copy(groups->arena, result->root_cause);
    group->collapsed = (result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING) &&
                       map_has(groups->causes, result->root_cause);
    append(groups, group);
    map_set(groups->by_key, str_copy(groups->arena, key), &group->index);
    arena_rewind(groups->scratch, mark);
    return group;
}

/** Empty where there is a message: it says what was found. */
static struct str value_copy(struct arena *arena, const struct result *result, const struct json *value)
{
    return value && !result->message.len ? words_value(arena, value, limits) : (struct str){0};
}

/** The evidence that explains an unknown: the first fact that was denied or failed. */
static struct str refused_evidence(struct arena *arena, const struct result *result)
{
    for (size_t i = 0; result->verdict == VERDICT_UNKNOWN && i < result->evidence_count; i++) {
        struct str state = result->evidence[i].state;
        if (!str_equal(state, STR("present")) && !str_equal(state, STR("absent")))
            return words_evidence(arena, &result->evidence[i]);
    }
    return (struct str){0};
}

static struct kept keep(struct arena *arena, const struct result *result)
{
    struct kept kept = {
        .account = str_copy(arena, result->account),
        .subject = str_copy(arena, words_quoted(arena, words_subject(arena, result))),
        .message = str_copy(arena, result->message),
        .found = str_copy(arena, value_copy(arena, result, result->actual)),
        .expected =
            str_copy(arena, result->comparison.len ? result->comparison : value_copy(arena, result, result->expected)),
        .why = str_copy(arena, result->why),
        .console = words_console(arena, &result->fix),
        .cli = str_copy(arena, result->fix.cli),
        .note = str_copy(arena, result->fix.note),
        .evidence = refused_evidence(arena, result),
    };
    if (result->fix.policy)
        kept.policy = json_text(arena, result->fix.policy, 2);
    if (result->verdict == VERDICT_PENDING && result->until.len)
        kept.remark = str_join3(arena, STR("look again at "), words_time(arena, result->until), STR(""));
    if (result->verdict == VERDICT_WAIVED)
        kept.remark = str_copy(arena, words_waiver(arena, result->waiver));
    return kept;
}

static void keep_name(struct groups *groups, struct group *group, const struct result *result)
{
    struct arena_mark mark = arena_mark(groups->scratch);
    struct str subject = words_subject(groups->scratch, result);
    struct str name = subject.len ? subject : result->account;
    if (!group->others.arena)
        group->others = buf_make(groups->arena, BUF_NO_MAX);
    if (group->others.len)
        buf_add(&group->others, STR(", "));
    buf_add(&group->others, words_quoted(groups->scratch, name));
    arena_rewind(groups->scratch, mark);
}

static bool is_listed(const struct group *group)
{
    return group->verdict != VERDICT_PASS && group->verdict != VERDICT_SKIP && !group->collapsed;
}

struct group *groups_add(struct groups *groups, const struct result *result)
{
    struct group *group = find_group(groups, result);
    size_t most = is_listed(group) ? GROUP_KEPT : 1;
    group->count++;
    if (result->severity > group->severity)
        group->severity = result->severity;
    if (!group->kept)
        group->kept = arena_array(groups->arena, struct kept, most);
    if (group->kept_count < most)
        group->kept[group->kept_count++] = keep(groups->arena, result);
    else if (is_listed(group) && groups->names)
        keep_name(groups, group, result);
    return group;
}

/** What is to be done first, in the order of the steps; the rest stays in the scenario's order. */
static size_t rank(const struct group *group)
{
    enum { DECIDES, ADVICE, WAITS, WAIVED, REST };
    if (group_in_detail(group))
        return group->advice ? ADVICE : DECIDES;
    if (group->collapsed)
        return WAITS;
    return group->verdict == VERDICT_WAIVED ? WAIVED : REST;
}

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = *(const struct group *const *)left;
    const struct group *b = *(const struct group *const *)right;
    if (rank(a) != rank(b))
        return rank(a) < rank(b) ? -1 : 1;
    if (group_in_detail(a) && a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

struct group **groups_sorted(struct groups *groups, size_t *ret_count)
{
    /* The map keeps pointers to `index`, so the order of the items is free to change. */
    if (groups->count)
        qsort(groups->items, groups->count, sizeof(struct group *), compare_groups);
    *ret_count = groups->count;
    return groups->items;
}

bool group_in_detail(const struct group *group)
{
    return !group->collapsed &&
           (group->verdict == VERDICT_FAIL || group->verdict == VERDICT_UNKNOWN || group->verdict == VERDICT_PENDING);
}
