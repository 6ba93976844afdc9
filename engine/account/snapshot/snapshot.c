/* snapshot.c: a snapshot in memory: its index, what makes two of them equal, and the transport that plays one back. */
#include "account/snapshot/snapshot.h"

#include "base/map.h"

#include <stdlib.h>

/* One call under the two names by which it is looked for. */
struct keyed_call {
    struct str key;   /* with its region */
    struct str loose; /* without */
    const struct answered_call *answered;
};

/* The calls that differ in region alone. */
struct regions {
    const struct answered_call *first;
    size_t count;
};

struct snapshot_index {
    struct map *by_key;         /* key → struct answered_call */
    struct map *by_loose;       /* loose key → struct regions */
    struct keyed_call *ordered; /* all calls, by loose key, then by key */
};

/* No region's name holds a star, so a loose key never equals a key. */
static struct str loose_key(struct arena *arena, const struct call *call)
{
    struct call anywhere = *call;
    anywhere.region = STR("*");
    return call_key(arena, &anywhere);
}

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed_call *left = a;
    const struct keyed_call *right = b;
    int order = str_compare(left->loose, right->loose);
    return order != 0 ? order : str_compare(left->key, right->key);
}

static void index_add(struct arena *arena, struct snapshot_index *index, const struct keyed_call *keyed)
{
    map_set(index->by_key, keyed->key, keyed->answered);
    const struct regions *known = map_get(index->by_loose, keyed->loose);
    struct regions *regions = arena_new(arena, struct regions);
    *regions = (struct regions){known ? known->first : keyed->answered, known ? known->count + 1 : 1};
    map_set(index->by_loose, keyed->loose, regions);
}

bool snapshot_make(struct arena *arena, const struct snapshot *parts, const struct snapshot **ret, struct error *error)
{
    struct snapshot_index *index = arena_new(arena, struct snapshot_index);
    index->by_key = map_open(arena);
    index->by_loose = map_open(arena);
    index->ordered = arena_array(arena, struct keyed_call, parts->call_count);
    for (size_t i = 0; i < parts->call_count; i++) {
        const struct answered_call *answered = &parts->calls[i];
        struct keyed_call keyed = {call_key(arena, &answered->call), loose_key(arena, &answered->call), answered};
        if (map_has(index->by_key, keyed.key))
            return error_set(error, ERROR_INPUT, "the call '%.*s' is there twice", STR_ARG(keyed.key));
        index_add(arena, index, &keyed);
        index->ordered[i] = keyed;
    }
    qsort(index->ordered, parts->call_count, sizeof *index->ordered, compare_keyed);
    struct snapshot *snapshot = arena_new(arena, struct snapshot);
    *snapshot = *parts;
    snapshot->index = index;
    *ret = snapshot;
    return true;
}

const struct snapshot *snapshot_of_facts(struct arena *arena, const struct facts *facts, struct str tool,
                                         int64_t fallback_time)
{
    struct snapshot parts = {.created = facts_created(facts),
                             .tool = tool,
                             .target = facts_target(facts),
                             .access_key_id = facts_access_key_id(facts)};
    if (parts.created == 0)
        parts.created = fallback_time;
    parts.calls = facts_calls(facts, &parts.call_count);
    const struct snapshot *snapshot = NULL;
    if (!snapshot_make(arena, &parts, &snapshot, NULL))
        return NULL; /* cannot be: a collection makes no call twice */
    return snapshot;
}

const struct answered_call *snapshot_find(const struct snapshot *snapshot, const struct call *call)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    const struct answered_call *exact = map_get(snapshot->index->by_key, call_key(scratch, call));
    if (exact)
        return exact;
    const struct regions *regions = map_get(snapshot->index->by_loose, loose_key(scratch, call));
    return regions && regions->count == 1 ? regions->first : NULL;
}

const struct answered_call *snapshot_ordered(const struct snapshot *snapshot, size_t position)
{
    return snapshot->index->ordered[position].answered;
}

/* Whether two answers to one call are the same: by value, or by error code. */
static bool answers_equal(const struct answer *a, const struct answer *b)
{
    if (a->code.len > 0 || b->code.len > 0)
        return str_equal(a->code, b->code);
    return json_equal(a->value, b->value);
}

/* Whether each call of `a` that has the same loose key as a->ordered[from] has its equal in `b`. */
static bool group_is_within(const struct snapshot *a, size_t from, size_t to, const struct snapshot *b, size_t b_from,
                            size_t b_to)
{
    for (size_t i = from; i < to; i++) {
        bool found = false;
        for (size_t j = b_from; j < b_to && !found; j++)
            found = answers_equal(&a->index->ordered[i].answered->answer, &b->index->ordered[j].answered->answer);
        if (!found)
            return false;
    }
    return true;
}

static size_t group_end(const struct snapshot *snapshot, size_t from)
{
    size_t end = from;
    while (end < snapshot->call_count &&
           str_equal(snapshot->index->ordered[end].loose, snapshot->index->ordered[from].loose))
        end++;
    return end;
}

static bool only_in(struct error *difference, const char *which, struct str key)
{
    return error_set(difference, "differs", "only the %s has %.*s", which, STR_ARG(key));
}

bool snapshot_equal(const struct snapshot *a, const struct snapshot *b, struct error *difference)
{
    size_t i = 0;
    size_t j = 0;
    while (i < a->call_count || j < b->call_count) {
        if (j == b->call_count)
            return only_in(difference, "first", a->index->ordered[i].loose);
        if (i == a->call_count)
            return only_in(difference, "second", b->index->ordered[j].loose);
        int order = str_compare(a->index->ordered[i].loose, b->index->ordered[j].loose);
        if (order != 0)
            return only_in(difference, order < 0 ? "first" : "second",
                           order < 0 ? a->index->ordered[i].loose : b->index->ordered[j].loose);
        size_t i_end = group_end(a, i);
        size_t j_end = group_end(b, j);
        if (!group_is_within(a, i, i_end, b, j, j_end) || !group_is_within(b, j, j_end, a, i, i_end))
            return error_set(difference, "differs", "the answers differ to %.*s", STR_ARG(a->index->ordered[i].loose));
        i = i_end;
        j = j_end;
    }
    return true;
}

/* --- the transport --- */

struct queued {
    struct call call;
    answer_handler handler;
    void *context;
    struct queued *next;
};

struct player {
    struct arena *arena;
    const struct snapshot *snapshot;
    struct queued *first;
    struct queued **last;
};

static void player_submit(void *self, const struct call *call, answer_handler handler, void *context)
{
    struct player *player = self;
    struct queued *queued = arena_new(player->arena, struct queued);
    *queued = (struct queued){*call, handler, context, NULL};
    *player->last = queued;
    player->last = &queued->next;
}

static void player_run(void *self)
{
    static const struct answer missing = {.code = STR_INIT(ANSWER_NOT_IN_SNAPSHOT),
                                          .message = STR_INIT("the snapshot lacks this call")};
    struct player *player = self;
    while (player->first) {
        struct queued *queued = player->first;
        player->first = queued->next;
        if (!player->first)
            player->last = &player->first;
        const struct answered_call *answered = snapshot_find(player->snapshot, &queued->call);
        /* The call as it was made then, which may have been in another region. */
        queued->handler(queued->context, answered ? &answered->call : &queued->call,
                        answered ? &answered->answer : &missing);
    }
}

static int64_t player_time(void *self)
{
    const struct player *player = self;
    return player->snapshot->created;
}

static struct str player_access_key_id(void *self)
{
    const struct player *player = self;
    return player->snapshot->access_key_id;
}

struct transport snapshot_transport(struct arena *arena, const struct snapshot *snapshot)
{
    struct player *player = arena_new(arena, struct player);
    *player = (struct player){.arena = arena, .snapshot = snapshot};
    player->last = &player->first;
    return (struct transport){player, player_submit, player_run, player_time, player_access_key_id};
}
