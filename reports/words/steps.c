/* steps.c: see steps.h. */
#include "reports/words/steps.h"

#include "reports/words/words.h"

/** A step that is being put together. */
struct draft {
    const struct cause **causes;
    size_t count;
};

static bool is_same_place(const struct cause *a, const struct cause *b)
{
    return a->where.len && str_equal(a->where, b->where) && a->verdict == b->verdict;
}

/** The draft that the cause belongs to, or a new one behind them. */
static struct draft *draft_for(struct draft *drafts, size_t *count, const struct cause *cause)
{
    for (size_t i = 0; i < *count; i++) {
        if (is_same_place(drafts[i].causes[0], cause))
            return &drafts[i];
    }
    return &drafts[(*count)++];
}

const struct step *steps_of(struct arena *arena, const struct run_info *run, bool advice, size_t *ret_count)
{
    struct draft *drafts = arena_array(arena, struct draft, run->cause_count);
    size_t count = 0;
    for (size_t i = 0; i < run->cause_count; i++) {
        const struct cause *cause = &run->causes[i];
        if (cause->advice != advice)
            continue;
        struct draft *draft = draft_for(drafts, &count, cause);
        if (!draft->causes)
            draft->causes = arena_array(arena, const struct cause *, run->cause_count - i);
        draft->causes[draft->count++] = cause;
    }
    struct step *steps = arena_array(arena, struct step, count);
    for (size_t i = 0; i < count; i++) {
        bool several = drafts[i].count > 1;
        steps[i] = (struct step){several ? drafts[i].causes[0]->where : STR(""), drafts[i].causes, drafts[i].count};
    }
    *ret_count = count;
    return steps;
}

size_t steps_to_mend(const struct step *steps, size_t count)
{
    size_t mend = 0;
    for (size_t i = 0; i < count; i++)
        mend += steps[i].causes[0]->verdict == VERDICT_FAIL;
    return mend;
}

struct str steps_effect(struct arena *arena, const struct cause *cause)
{
    if (cause->effect.len)
        return str_join3(arena, STR("Otherwise "), cause->effect, STR("."));
    if (!cause->rule_count)
        return STR("");
    struct str rules = words_plural(arena, cause->rule_count, "rule");
    return str_format(arena, "%.*s %s for it.", STR_ARG(rules), cause->rule_count == 1 ? "waits" : "wait");
}
