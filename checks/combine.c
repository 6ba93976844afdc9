/* combine.c: the kinds `all`, `any` and `not`: checks made of checks. */
#include "rule/algebra.h"
#include "rule/loader.h"

struct combination {
    struct check *checks;
    size_t count;
    bool conjunction;
};

static bool load_list(struct loader *loader, const struct json *definition, bool conjunction, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true}, {"checks", FIELD_ARRAY, true}};
    if (!loader_fields(loader, definition, "this check", fields, COUNT_OF(fields)))
        return false;
    const struct json *list = json_find(definition, "checks");
    if (list->count == 0)
        return loader_fail(loader, list, "\"checks\" is empty: nothing would be checked");
    struct combination *data = arena_new(loader->arena, struct combination);
    *data = (struct combination){arena_array(loader->arena, struct check, list->count), list->count, conjunction};
    for (size_t i = 0; i < list->count; i++) {
        if (!loader_check(loader, &list->items[i], &data->checks[i]))
            return false;
    }
    *ret = data;
    return true;
}

static bool load_all(struct loader *loader, const struct json *definition, void **ret)
{
    return load_list(loader, definition, true, ret);
}

static bool load_any(struct loader *loader, const struct json *definition, void **ret)
{
    return load_list(loader, definition, false, ret);
}

static void add_facts(struct arena *arena, struct name_list *list, const struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        name_list_add(arena, list, judgement->facts[i]);
}

static bool has_name(const struct name_list *list, struct str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_equal(list->items[i], name))
            return true;
    }
    return false;
}

/* The facts with calls behind a judgement, as facts_evidence() tells them. */
static struct name_list calls_behind(const struct judging *judging, const struct judgement *judgement)
{
    struct name_list names = {0};
    for (size_t i = 0; i < judgement->fact_count; i++) {
        size_t count;
        const struct fact *const *facts =
            facts_evidence(judging->scope.facts, judging->arena, judgement->facts[i], &count);
        for (size_t j = 0; j < count; j++)
            name_list_add(judging->arena, &names, facts[j]->name);
    }
    return names;
}

/* Where each of several checks is enough, the pass rests on what they have in common. */
static void keep_common(const struct judging *judging, struct name_list *common, const struct judgement *passed)
{
    struct name_list names = calls_behind(judging, passed);
    struct name_list both = {0};
    for (size_t i = 0; i < common->count; i++) {
        if (has_name(&names, common->items[i]))
            name_list_add(judging->arena, &both, common->items[i]);
    }
    *common = both;
}

/* Which facts a judgement of the whole list rests on. */
struct rests {
    struct name_list all;
    struct name_list common; /* of those that pass */
    size_t passed;
};

static void note_rests(const struct judging *judging, struct rests *rests, const struct judgement *one)
{
    add_facts(judging->arena, &rests->all, one);
    if (one->verdict != VERDICT_PASS)
        return;
    if (rests->passed++ == 0)
        rests->common = calls_behind(judging, one);
    else
        keep_common(judging, &rests->common, one);
}

/* Whether of two judgements of one verdict the second says more. */
static bool says_more(const struct judgement *first, const struct judgement *second)
{
    return first->verdict == second->verdict && first->is_comparison && !second->is_comparison;
}

/* All checks of a list have to hold: what those of one verdict note is said together. */
static void join_note(struct arena *arena, struct judgement *decisive, const struct judgement *one)
{
    bool told = one->note.len == 0 || str_contains(decisive->note, one->note);
    if (one->verdict == decisive->verdict && !told)
        decisive->note = decisive->note.len ? str_join3(arena, decisive->note, STR("; "), one->note) : one->note;
}

/* The judgement that speaks is the one at which the combined verdict last changed, or one that says more. */
static void judge_list(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct combination *combination = data;
    struct judgement decisive = {.verdict = VERDICT_SKIP};
    struct rests rests = {.passed = 0};
    enum verdict combined = VERDICT_SKIP;
    for (size_t i = 0; i < combination->count; i++) {
        struct judgement one;
        check_judge(&combination->checks[i], judging, &one);
        enum verdict next =
            combination->conjunction ? verdict_and(combined, one.verdict) : verdict_or(combined, one.verdict);
        if (next != combined || i == 0 || says_more(&decisive, &one))
            decisive = one;
        else if (combination->conjunction)
            join_note(judging->arena, &decisive, &one);
        combined = next;
        note_rests(judging, &rests, &one);
    }
    static const struct str none[1];
    bool one_is_enough = !combination->conjunction && combined == VERDICT_PASS;
    const struct name_list *facts = one_is_enough ? &rests.common : &rests.all;
    *ret = decisive;
    ret->verdict = combined;
    ret->facts = facts->items ? facts->items : none;
    ret->fact_count = facts->count;
}

/* The first of those that fail which knows a way. Of a list of which one is enough, none that fails is more at fault.
 */
static void mend_list(const void *data, const struct judging *judging, int way, struct mend *ret)
{
    const struct combination *combination = data;
    *ret = (struct mend){.found = false};
    for (size_t i = 0; i < combination->count && !ret->found; i++) {
        struct judgement judgement;
        struct mend one;
        check_judge(&combination->checks[i], judging, &judgement);
        if (judgement.verdict != VERDICT_FAIL)
            continue;
        check_mend(&combination->checks[i], judging, way, &one);
        if (one.found || !ret->refusal.len)
            *ret = one;
    }
}

static bool load_not(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true}, {"check", FIELD_OBJECT, true}};
    struct check *check = arena_new(loader->arena, struct check);
    if (!loader_fields(loader, definition, "this check", fields, COUNT_OF(fields)) ||
        !loader_check(loader, json_find(definition, "check"), check))
        return false;
    *ret = check;
    return true;
}

static void judge_not(const void *data, const struct judging *judging, struct judgement *ret)
{
    struct judgement inner;
    check_judge(data, judging, &inner);
    *ret = inner;
    ret->verdict = verdict_not(inner.verdict);
    if (ret->verdict == inner.verdict)
        return;
    /* What the inner check says, wants and offers to paste is the opposite of what is wanted here. */
    *ret = (struct judgement){.verdict = ret->verdict,
                              .actual = inner.actual,
                              .optscale = inner.optscale,
                              .facts = inner.facts,
                              .fact_count = inner.fact_count};
}

const struct check_kind check_all = {"all", "each of these holds", load_all, judge_list, mend_list};
const struct check_kind check_any = {"any", "at least one of these holds", load_any, judge_list, mend_list};
const struct check_kind check_not = {"not", "this does not hold", load_not, judge_not, NULL};
