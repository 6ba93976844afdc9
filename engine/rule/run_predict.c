/* run_predict.c: what OptScale will do: what its model says, as far as AWS lets it. */
#include "rule/run_internal.h"

/* The verdict of the rules that decide a step, and the first of them that has it. */
struct permission {
    enum verdict verdict; /* pass where none is run */
    const struct rule *rule;
};

static bool predicts(const struct rule *rule, struct str step)
{
    for (size_t i = 0; i < rule->predict_count; i++) {
        if (str_equal(rule->predicts[i], step))
            return true;
    }
    return false;
}

/* A failure that is waived is one all the same: AWS knows no waivers. */
static struct permission permission_for(const struct runner *runner, struct str step)
{
    const struct selection *selection = runner->options->selection;
    struct permission ret = {.verdict = VERDICT_PASS};
    for (size_t i = 0; i < selection->count; i++) {
        enum verdict verdict = runner->outcomes[i].verdict;
        bool refused = verdict == VERDICT_FAIL || verdict == VERDICT_WAIVED;
        bool open = verdict == VERDICT_UNKNOWN || verdict == VERDICT_PENDING;
        if (!predicts(selection->rules[i], step) || (!refused && !open) || ret.verdict == VERDICT_FAIL)
            continue;
        if (refused || ret.verdict == VERDICT_PASS)
            ret = (struct permission){refused ? VERDICT_FAIL : VERDICT_UNKNOWN, selection->rules[i]};
    }
    return ret;
}

static struct json outcome_json(struct arena *arena, struct json ok, struct json error)
{
    struct json_builder outcome = json_build(arena, JSON_OBJECT);
    json_build_append(&outcome, STR("ok"), ok);
    json_build_append(&outcome, STR("error"), error);
    return json_built(&outcome);
}

/* OptScale's message, as the rule knows it. */
static struct json refused(const struct runner *runner, const struct rule *rule)
{
    return outcome_json(runner->arena, json_false,
                        json_string(rule->optscale_error_count ? rule->optscale_errors[0] : rule->title));
}

/* What a check found to stop the step, in OptScale's words, goes before all else. */
static struct json predict(const struct runner *runner, struct str step, struct json expected)
{
    struct json refusals = json_built(&runner->refusals);
    const struct json *found = json_get(&refusals, step);
    struct permission permission = permission_for(runner, step);
    if (found)
        return *found;
    if (permission.verdict == VERDICT_FAIL)
        return refused(runner, permission.rule);
    bool fails = !json_find_boolean(&expected, "ok", true);
    if (permission.verdict == VERDICT_PASS || fails)
        return expected;
    return outcome_json(runner->arena, json_null, json_null);
}

const struct json *run_prediction(const struct runner *runner)
{
    struct json expected = json_built(&runner->optscale);
    struct json_builder steps = json_build(runner->arena, JSON_OBJECT);
    for (size_t i = 0; i < expected.count; i++) {
        struct str step = expected.members[i].name;
        json_build_append(&steps, step, predict(runner, step, expected.members[i].value));
    }
    return expected.count ? json_box(runner->arena, json_built(&steps)) : NULL;
}
