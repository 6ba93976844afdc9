/* flow.c: see flow.h. */
#include "reports/words/flow.h"

#include "base/buf.h"

static const struct {
    struct str word;
    struct str mark;
} states[FLOW_STATE_COUNT] = {
    [FLOW_HOLDS] = {STR_INIT("ok"), STR_INIT("✓")},
    [FLOW_ADVICE] = {STR_INIT("advice"), STR_INIT("✓")},
    [FLOW_TO_MEND] = {STR_INIT("to mend"), STR_INIT("✗")},
    [FLOW_FAILS] = {STR_INIT("fails"), STR_INIT("✗")},
    [FLOW_UNKNOWN] = {STR_INIT("unknown"), STR_INIT("?")},
    [FLOW_WAITS] = {STR_INIT("waits"), STR_INIT("…")},
    [FLOW_UNCHECKED] = {STR_INIT("not checked"), STR_INIT("–")},
};

static enum flow_state state_of(const struct place_state *place)
{
    static const enum flow_state by_verdict[VERDICT_COUNT] = {
        [VERDICT_PASS] = FLOW_HOLDS, [VERDICT_WAIVED] = FLOW_HOLDS,    [VERDICT_FAIL] = FLOW_TO_MEND,
        [VERDICT_SKIP] = FLOW_HOLDS, [VERDICT_UNKNOWN] = FLOW_UNKNOWN, [VERDICT_PENDING] = FLOW_WAITS,
    };
    if (!place->judged)
        return FLOW_UNCHECKED;
    return place->advice ? FLOW_ADVICE : by_verdict[place->verdict];
}

/** What is predicted of OptScale: it fails at the first step that fails, and holds where one is known to succeed. */
static enum flow_state predicted(const struct json *optscale, enum flow_state state)
{
    for (size_t i = 0; json_is(optscale, JSON_OBJECT) && i < optscale->count; i++) {
        const struct json *ok = json_find(&optscale->members[i].value, "ok");
        if (!json_is(ok, JSON_BOOLEAN))
            continue;
        if (!ok->boolean)
            return FLOW_FAILS;
        state = state == FLOW_UNCHECKED ? FLOW_HOLDS : state;
    }
    return state;
}

struct flow flow_of(const struct run_info *run)
{
    struct flow flow = {.first = PLACE_COUNT};
    flow.role = str_contains(json_find_string(run->target, "principal"), STR(":role/")) ||
                str_contains(json_find_string(run->target, "principal"), STR(":assumed-role/"));
    for (size_t i = 0; i < PLACE_COUNT; i++)
        flow.states[i] = state_of(&run->summary.places[i]);
    flow.states[PLACE_OPTSCALE] = predicted(run->optscale, flow.states[PLACE_OPTSCALE]);
    flow.stops = flow.states[PLACE_OPTSCALE] == FLOW_FAILS;
    for (size_t i = PLACE_COUNT; i-- > 0;) {
        if (flow.states[i] == FLOW_TO_MEND || flow.states[i] == FLOW_FAILS)
            flow.first = (enum flow_place)i;
    }
    return flow;
}

struct str flow_label(const struct flow *flow, enum flow_place place)
{
    static const struct str labels[PLACE_COUNT] = {
        [PLACE_ACCOUNT] = STR_INIT("account"),
        [PLACE_EXPORT] = STR_INIT("export"),
        [PLACE_BUCKET] = STR_INIT("bucket"),
        [PLACE_DELIVERY] = STR_INIT("files"),
        [PLACE_USER] = STR_INIT("user"),
        [PLACE_OPTSCALE] = STR_INIT("OptScale"),
        [PLACE_LINKED] = STR_INIT("linked accounts"),
    };
    return place == PLACE_USER && flow->role ? STR("role") : labels[place];
}

struct str flow_word(enum flow_state state)
{
    return states[state].word;
}

struct str flow_mark(enum flow_state state)
{
    return states[state].mark;
}

struct str flow_line(struct arena *arena, const struct flow *flow)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        const struct str parts[] = {i ? STR(" → ") : STR(""),
                                    flow_label(flow, (enum flow_place)i),
                                    STR(" "),
                                    flow_mark(flow->states[i]),
                                    STR(" "),
                                    flow_word(flow->states[i])};
        for (size_t j = 0; j < COUNT_OF(parts); j++)
            buf_add(&buf, parts[j]);
    }
    return buf_str(&buf);
}

struct str flow_first(struct arena *arena, const struct flow *flow)
{
    if (flow->first == PLACE_COUNT)
        return STR("");
    return str_join3(arena, flow->stops ? STR("It breaks at: ") : STR("To mend first: "), flow_label(flow, flow->first),
                     STR(""));
}
