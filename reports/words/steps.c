/* steps.c: see steps.h. */
#include "reports/words/steps.h"

#include "reports/words/words.h"

/** A step that is being put together. */
struct draft {
    const struct cause **causes;
    size_t count;
};

/** What OptScale's own user may not read is not to be allowed to it: somebody runs the check who may read it. */
static bool is_for_admin(const struct run_info *run, const struct cause *cause)
{
    return run->admin_command.len && str_equal(cause->where, STR(CAUSE_FOR_ADMIN));
}

static bool belong_together(const struct run_info *run, const struct cause *a, const struct cause *b)
{
    if (is_for_admin(run, a) || is_for_admin(run, b))
        return is_for_admin(run, a) && is_for_admin(run, b);
    return a->where.len && str_equal(a->where, b->where) && a->verdict == b->verdict;
}

/** The draft that the cause belongs to, or a new one behind them. */
static struct draft *draft_for(const struct run_info *run, struct draft *drafts, size_t *count,
                               const struct cause *cause)
{
    for (size_t i = 0; i < *count; i++) {
        if (belong_together(run, drafts[i].causes[0], cause))
            return &drafts[i];
    }
    return &drafts[(*count)++];
}

static struct step step_of(struct arena *arena, const struct run_info *run, const struct draft *draft)
{
    struct step step = {.causes = draft->causes, .cause_count = draft->count};
    if (is_for_admin(run, draft->causes[0])) {
        step.lead = STR("Have an admin run the check");
        step.command = run->admin_command;
    } else if (draft->count > 1) {
        step.lead = str_join3(arena, STR("In "), draft->causes[0]->where, STR(""));
    }
    return step;
}

const struct step *steps_of(struct arena *arena, const struct run_info *run, bool advice, size_t *ret_count)
{
    struct draft *drafts = arena_array(arena, struct draft, run->cause_count);
    size_t count = 0;
    for (size_t i = 0; i < run->cause_count; i++) {
        const struct cause *cause = &run->causes[i];
        if (cause->advice != advice)
            continue;
        struct draft *draft = draft_for(run, drafts, &count, cause);
        if (!draft->causes)
            draft->causes = arena_array(arena, const struct cause *, run->cause_count - i);
        draft->causes[draft->count++] = cause;
    }
    struct step *steps = arena_array(arena, struct step, count);
    for (size_t i = 0; i < count; i++)
        steps[i] = step_of(arena, run, &drafts[i]);
    *ret_count = count;
    return steps;
}

struct str steps_sentence(const struct step *step)
{
    return step->command.len ? step->lead : step->causes[0]->title;
}

size_t steps_to_mend(const struct step *steps, size_t count)
{
    size_t mend = 0;
    for (size_t i = 0; i < count; i++)
        mend += steps[i].causes[0]->verdict == VERDICT_FAIL;
    return mend;
}

static struct str effect_of(struct arena *arena, const struct cause *cause)
{
    if (cause->effect.len)
        return str_join3(arena, STR("Otherwise "), cause->effect, STR("."));
    if (!cause->rule_count)
        return STR("");
    struct str rules = words_plural(arena, cause->rule_count, "rule");
    return str_format(arena, "%.*s %s for it.", STR_ARG(rules), cause->rule_count == 1 ? "waits" : "wait");
}

struct str steps_effect(struct arena *arena, const struct cause *cause)
{
    struct str effect = effect_of(arena, cause);
    if (cause->targets < 2)
        return effect;
    struct str targets = words_count(arena, cause->targets);
    return str_format(arena, "%.*s%sIn %.*s targets%s.", STR_ARG(effect), effect.len ? " " : "", STR_ARG(targets),
                      cause->varies ? ", with other names in some of them" : "");
}
