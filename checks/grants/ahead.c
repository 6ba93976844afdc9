/* ahead.c: see ahead.h. */
#include "checks/grants/ahead.h"

#include "base/clock.h"
#include "policy/evaluate/mismatch.h"

enum { MOMENTS_MAX = 64, DAY = 86400 };

/* The moments at which conditions turn, in order. */
struct moments {
    int64_t from; /* later than this … */
    int64_t to;   /* … and no later than this */
    int64_t items[MOMENTS_MAX];
    size_t count;
};

static void add_moment(struct moments *moments, int64_t moment)
{
    size_t at = 0;
    if (moment <= moments->from || moment > moments->to || moments->count == MOMENTS_MAX)
        return;
    while (at < moments->count && moments->items[at] < moment)
        at++;
    if (at < moments->count && moments->items[at] == moment)
        return;
    for (size_t i = moments->count++; i > at; i--)
        moments->items[i] = moments->items[i - 1];
    moments->items[at] = moment;
}

static bool moment_of(const struct condition *condition, const struct condition_value *value, int64_t *ret)
{
    enum condition_family family = condition->form.op->family;
    if (!value->readable || (family != CONDITION_DATE && family != CONDITION_NUMERIC))
        return false;
    bool in_range = family == CONDITION_DATE || (value->number > 0 && value->number < 1e15);
    *ret = family == CONDITION_DATE ? value->moment.seconds : in_range ? (int64_t)value->number : 0;
    return in_range;
}

/* A comparison turns at its moment, or right behind it. */
static void add_condition(struct moments *moments, const struct condition *condition)
{
    if (!str_equal_nocase(condition->key_text, STR("aws:CurrentTime")) &&
        !str_equal_nocase(condition->key_text, STR("aws:EpochTime")))
        return;
    for (size_t i = 0; i < condition->value_count; i++) {
        int64_t moment;
        if (!moment_of(condition, &condition->values[i], &moment))
            continue;
        add_moment(moments, moment);
        add_moment(moments, moment + 1);
    }
}

static void add_policy(struct moments *moments, const struct policy *policy)
{
    for (size_t s = 0; s < policy->count; s++)
        for (size_t c = 0; c < policy->statements[s].condition_count; c++)
            add_condition(moments, &policy->statements[s].conditions[c]);
}

static void look_ahead(grants_judge_at *judge, const void *data, const struct judging *judging,
                       const struct moments *moments, struct judgement *ret)
{
    struct arena *arena = judging->arena;
    for (size_t i = 0; i < moments->count; i++) {
        struct judgement then = {.verdict = VERDICT_UNKNOWN};
        judge(data, judging, moments->items[i], &then);
        if (then.verdict == VERDICT_PASS)
            continue;
        struct str when = clock_iso(arena, moments->items[i]);
        ret->note = str_format(arena, "%.*s%sfrom %.*s on it %s: %.*s", STR_ARG(ret->note), ret->note.len ? "; " : "",
                               STR_ARG(when), then.verdict == VERDICT_FAIL ? "fails" : "cannot be decided",
                               STR_ARG(then.message));
        return;
    }
}

void grants_judge_ahead(grants_judge_at *judge, const void *data, const struct judging *judging,
                        const struct policy_environment *policies, struct judgement *ret)
{
    int64_t now = facts_time(judging->scope.facts);
    struct moments moments = {.from = now, .to = now + (int64_t)GRANTS_AHEAD_DAYS * DAY};
    size_t count;
    judge(data, judging, now, ret);
    if (ret->verdict != VERDICT_PASS)
        return;
    struct attached_policy *list = environment_policies(judging->arena, policies, &count);
    for (size_t i = 0; i < count; i++)
        add_policy(&moments, list[i].policy);
    look_ahead(judge, data, judging, &moments, ret);
}
