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

/* Whether of two judgements of one verdict the second says more. */
static bool says_more(const struct judgement *first, const struct judgement *second)
{
    return first->verdict == second->verdict && first->is_comparison && !second->is_comparison;
}

/* The judgement that speaks is the one at which the combined verdict last changed, or one that says more. */
static void judge_list(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct combination *combination = data;
    struct judgement decisive = {.verdict = VERDICT_SKIP};
    enum verdict combined = VERDICT_SKIP;
    for (size_t i = 0; i < combination->count; i++) {
        struct judgement one;
        check_judge(&combination->checks[i], judging, &one);
        enum verdict next =
            combination->conjunction ? verdict_and(combined, one.verdict) : verdict_or(combined, one.verdict);
        if (next != combined || i == 0 || says_more(&decisive, &one)) {
            decisive = one;
            decisive.rests_on = one.rests_on ? one.rests_on : &combination->checks[i];
        }
        combined = next;
    }
    *ret = decisive;
    ret->verdict = combined;
    if (combination->conjunction)
        ret->rests_on = NULL;
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
    *ret = (struct judgement){.verdict = ret->verdict, .actual = inner.actual, .optscale = inner.optscale};
}

const struct check_kind check_all = {"all", "every check of a list holds", load_all, judge_list};
const struct check_kind check_any = {"any", "at least one check of a list holds", load_any, judge_list};
const struct check_kind check_not = {"not", "a check does not hold", load_not, judge_not};
