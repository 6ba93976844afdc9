/* probes.c: what AWS answers to our own probes, where they are allowed; see view.h. */
#include "cli/serve/view.h"

/* A probe is a fact of its own kind: rules/facts/probes.json. */
static const struct str probe_prefix = STR_INIT("probe.");

/* The code that says that a probe was allowed, or an answer with nothing in it. */
static struct answer answer_of(const struct fact_info *info)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    const struct json *codes = json_find(info->source, "allowed");
    if (!json_is(codes, JSON_ARRAY) || codes->count == 0)
        return (struct answer){.value = &nothing, .http_status = 200};
    return (struct answer){
        .code = codes->items[0].string, .message = STR("What the probe asks for does not exist."), .http_status = 400};
}

/* False: it is no probe, or names what only the account tells. */
static bool is_constant_probe(struct arena *arena, const struct fact_info *info)
{
    if (!str_starts(info->name, probe_prefix) || !info->operation || !info->parameters)
        return false;
    return str_find_char(str_skip(json_text(arena, info->parameters, 0), 1), '{', 0) < 0;
}

bool view_add_probes(struct arena *arena, const struct rule_base *base, const struct snapshot *snapshot,
                     const struct snapshot **ret, struct error *error)
{
    size_t count = facts_count(base->declarations);
    struct snapshot parts = *snapshot;
    struct answered_call *calls = arena_array(arena, struct answered_call, snapshot->call_count + count);
    for (size_t i = 0; i < snapshot->call_count; i++)
        calls[i] = snapshot->calls[i];
    for (size_t i = 0; i < count; i++) {
        struct fact_info info = facts_info(base->declarations, i);
        if (!is_constant_probe(arena, &info))
            continue;
        struct call call = {.operation = info.operation, .region = STR("us-east-1"), .parameters = info.parameters};
        if (!snapshot_find(snapshot, &call))
            calls[parts.call_count++] = (struct answered_call){call, answer_of(&info)};
    }
    parts.calls = calls;
    return snapshot_make(arena, &parts, ret, error);
}
