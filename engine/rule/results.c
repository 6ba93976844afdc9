/* results.c: the names of verdicts and severities, as results files write them; and counting. */
#include "rule/results.h"

#include "base/map.h"

static const struct str verdict_names[VERDICT_COUNT] = {
    [VERDICT_PASS] = STR_INIT("pass"),       [VERDICT_FAIL] = STR_INIT("fail"), [VERDICT_UNKNOWN] = STR_INIT("unknown"),
    [VERDICT_PENDING] = STR_INIT("pending"), [VERDICT_SKIP] = STR_INIT("skip"), [VERDICT_WAIVED] = STR_INIT("waived"),
};

static const struct str severity_names[SEVERITY_COUNT] = {
    [SEVERITY_LOW] = STR_INIT("low"),
    [SEVERITY_MEDIUM] = STR_INIT("medium"),
    [SEVERITY_HIGH] = STR_INIT("high"),
    [SEVERITY_CRITICAL] = STR_INIT("critical"),
};

/** The index of `name` in `names`, or `count`. */
static size_t index_of(struct str name, const struct str *names, size_t count)
{
    size_t i = 0;
    while (i < count && !str_equal(names[i], name))
        i++;
    return i;
}

struct str verdict_name(enum verdict verdict)
{
    return verdict < VERDICT_COUNT ? verdict_names[verdict] : STR("unknown");
}

bool verdict_parse(struct str name, enum verdict *ret)
{
    size_t i = index_of(name, verdict_names, VERDICT_COUNT);
    if (i == VERDICT_COUNT)
        return false;
    *ret = (enum verdict)i;
    return true;
}

struct str severity_name(enum severity severity)
{
    return severity < SEVERITY_COUNT ? severity_names[severity] : STR("critical");
}

bool severity_parse(struct str name, enum severity *ret)
{
    size_t i = index_of(name, severity_names, SEVERITY_COUNT);
    if (i == SEVERITY_COUNT)
        return false;
    *ret = (enum severity)i;
    return true;
}

bool result_is_advice(const struct result *result, enum severity fail_on)
{
    return result->verdict == VERDICT_FAIL && !result_decides(result, fail_on);
}

bool result_decides(const struct result *result, enum severity fail_on)
{
    bool asks =
        result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING;
    return asks && result->severity >= fail_on && !result->old;
}

bool result_waits(const struct result *result)
{
    bool open = result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING;
    return open && result->root_cause.len && str_find_char(result->root_cause, ':', 0) < 0;
}

static const struct str place_names[PLACE_COUNT] = {
    [PLACE_ACCOUNT] = STR_INIT("account"), [PLACE_EXPORT] = STR_INIT("export"),
    [PLACE_BUCKET] = STR_INIT("bucket"),   [PLACE_DELIVERY] = STR_INIT("delivery"),
    [PLACE_USER] = STR_INIT("user"),       [PLACE_OPTSCALE] = STR_INIT("optscale"),
    [PLACE_LINKED] = STR_INIT("linked"),
};

struct str flow_place_name(enum flow_place place)
{
    return place_names[place];
}

bool flow_place_parse(struct str name, enum flow_place *ret)
{
    size_t i = index_of(name, place_names, PLACE_COUNT);
    if (i == PLACE_COUNT)
        return false;
    *ret = (enum flow_place)i;
    return true;
}

/** How much a result weighs for its rule. Advice weighs less than what is not known. */
static int weight(enum verdict verdict, bool advice)
{
    static const int weights[VERDICT_COUNT] = {
        [VERDICT_SKIP] = 0,    [VERDICT_PASS] = 1,    [VERDICT_WAIVED] = 2,
        [VERDICT_PENDING] = 4, [VERDICT_UNKNOWN] = 5, [VERDICT_FAIL] = 6,
    };
    return advice ? 3 : weights[verdict];
}

/** The worse of two states of a place. */
static void worsen(struct place_state *into, const struct place_state *from)
{
    if (from->judged && (!into->judged || weight(into->verdict, into->advice) < weight(from->verdict, from->advice)))
        *into = *from;
}

static void mark_place(struct summary *summary, const struct result *result)
{
    enum flow_place place;
    if (!flow_place_parse(result->place, &place) || result->verdict == VERDICT_SKIP || result_waits(result))
        return;
    const struct place_state state = {true, result->verdict, result->advice};
    worsen(&summary->places[place], &state);
}

/* The rule whose results came last is counted: another follows, or none. */
static void close_rule(struct tally *tally)
{
    if (tally->rule && tally->advice)
        tally->summary.advice_rules++;
    else if (tally->rule)
        tally->summary.rules[tally->verdict]++;
}

void tally_add(struct tally *tally, const struct result *result)
{
    uint64_t rule = hash_fnv1a(hash_fnv1a(hash_fnv1a(1, result->rule), result->account), result->target);
    bool same = rule == tally->rule;
    tally->summary.count[result->verdict]++;
    tally->summary.advice += result->advice;
    if (result->verdict == VERDICT_FAIL && !result->advice)
        tally->summary.failed[result->severity]++;
    tally->summary.waiting += result_waits(result);
    mark_place(&tally->summary, result);
    if (!same)
        close_rule(tally);
    if (!same || weight(tally->verdict, tally->advice) < weight(result->verdict, result->advice)) {
        tally->verdict = result->verdict;
        tally->advice = result->advice;
    }
    tally->rule = rule;
}

struct summary tally_end(struct tally *tally)
{
    close_rule(tally);
    tally->rule = 0;
    return tally->summary;
}

bool run_target(const struct run_info *run, size_t index, struct arena *scratch, struct target_row *ret)
{
    return run->targets.read(run->targets.context, index, scratch, ret);
}

struct summary results_summary(const struct result *results, size_t count)
{
    struct tally tally = {.rule = 0};
    for (size_t i = 0; i < count; i++)
        tally_add(&tally, &results[i]);
    return tally_end(&tally);
}

void summary_add(struct summary *into, const struct summary *from)
{
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        into->count[i] += from->count[i];
        into->rules[i] += from->rules[i];
    }
    into->advice += from->advice;
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        into->failed[i] += from->failed[i];
    into->advice_rules += from->advice_rules;
    into->waiting += from->waiting;
    for (size_t i = 0; i < PLACE_COUNT; i++)
        worsen(&into->places[i], &from->places[i]);
}
