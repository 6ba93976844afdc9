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
    return result->verdict == VERDICT_FAIL && result->severity < fail_on;
}

/** What came of a rule on an account: the worst of its results. */
struct rule_count {
    enum verdict verdict;
    bool advice;
};

/** How much a result weighs for its rule. Advice weighs less than what is not known. */
static int weight(enum verdict verdict, bool advice)
{
    static const int weights[VERDICT_COUNT] = {
        [VERDICT_SKIP] = 0,    [VERDICT_PASS] = 1,    [VERDICT_WAIVED] = 2,
        [VERDICT_PENDING] = 4, [VERDICT_UNKNOWN] = 5, [VERDICT_FAIL] = 6,
    };
    return advice ? 3 : weights[verdict];
}

static void count_rule(struct summary *summary, const struct rule_count *rule, int step)
{
    size_t *count = rule->advice ? &summary->advice_rules : &summary->rules[rule->verdict];
    *count = step > 0 ? *count + 1 : *count - 1;
}

struct summary results_summary(struct arena *arena, const struct result *results, size_t count)
{
    struct summary summary = {.advice = 0};
    struct map *rules = map_open(arena);
    for (size_t i = 0; i < count; i++) {
        const struct result *result = &results[i];
        summary.count[result->verdict]++;
        summary.advice += result->advice;
        struct str name = str_join3(arena, result->rule, STR(" "), result->account);
        const struct rule_count *known = map_get(rules, name);
        if (known && weight(known->verdict, known->advice) >= weight(result->verdict, result->advice))
            continue;
        if (known)
            count_rule(&summary, known, -1);
        struct rule_count *now = arena_new(arena, struct rule_count);
        *now = (struct rule_count){result->verdict, result->advice};
        count_rule(&summary, now, 1);
        map_set(rules, name, now);
    }
    return summary;
}
