/* check.c: what all kinds share; see check.h. */
#include "rule/check.h"

/* The check's own facts, and those that the judgement names besides. */
static void add_facts(const struct check *check, const struct judging *judging, struct judgement *ret)
{
    size_t own = ret->verdict == VERDICT_PASS ? check->decisive_fact_count : check->fact_count;
    struct str *facts = arena_array(judging->arena, struct str, own + ret->more_fact_count + 1);
    for (size_t i = 0; i < own; i++)
        facts[i] = check->facts[i];
    for (size_t i = 0; i < ret->more_fact_count; i++)
        facts[own + i] = ret->more_facts[i];
    ret->facts = facts;
    ret->fact_count = own + ret->more_fact_count;
}

/* What the facts that decided want said of it: that they were seen in a file, and not in the export itself. */
static struct str remark_of(const struct judging *judging, const struct judgement *judgement)
{
    bool decided = judgement->verdict == VERDICT_PASS || judgement->verdict == VERDICT_FAIL;
    struct str remark = judgement->remark;
    for (size_t i = 0; decided && judging->scope.facts && remark.len == 0 && i < judgement->fact_count; i++)
        remark = facts_remark(judging->scope.facts, judging->arena, judgement->facts[i]);
    return remark;
}

void check_judge(const struct check *check, const struct judging *judging, struct judgement *ret)
{
    *ret = (struct judgement){.verdict = VERDICT_UNKNOWN};
    check->kind->judge(check->data, judging, ret);
    if (ret->verdict < VERDICT_PASS || ret->verdict > VERDICT_SKIP)
        *ret = (struct judgement){.verdict = VERDICT_UNKNOWN, .message = STR("cannot be decided")};
    if (!ret->facts)
        add_facts(check, judging, ret);
    ret->remark = remark_of(judging, ret);
}

void check_mend(const struct check *check, const struct judging *judging, int way, struct mend *ret)
{
    *ret = (struct mend){.found = false};
    if (check->kind->mend)
        check->kind->mend(check->data, judging, way, ret);
}

/* What was asked and refused, or failed; the way out in the same sentence. */
static struct str describe(struct arena *arena, const struct fact *fact)
{
    switch (fact->state) {
    case FACT_DENIED:
        return str_format(arena, "cannot be decided: %.*s was refused%s%.*s; run again as somebody who may call %.*s",
                          STR_ARG(fact->call.len ? fact->call : fact->name), fact->message.len ? ": " : "",
                          STR_ARG(fact->message), STR_ARG(fact->action.len ? fact->action : fact->call));
    case FACT_FAILED:
        return str_format(arena, "cannot be decided: %.*s failed: %.*s%s%.*s; run again once it answers",
                          STR_ARG(fact->call.len ? fact->call : fact->name),
                          STR_ARG(fact->code.len ? fact->code : STR("no answer that makes sense")),
                          fact->message.len ? ": " : "", STR_ARG(fact->message));
    default:
        return str_format(arena, "cannot be decided: %.*s was not collected; collect again with this version",
                          STR_ARG(fact->call.len ? fact->call : fact->name));
    }
}

static struct str cause(struct arena *arena, const struct fact *fact)
{
    if (fact->state == FACT_DENIED && fact->action.len)
        return str_join3(arena, STR("permission:"), fact->action, STR(""));
    return str_join3(arena, STR("call:"), fact->call.len ? fact->call : fact->name, STR(""));
}

static bool is_unread(enum fact_state state)
{
    return state != FACT_PRESENT && state != FACT_ABSENT;
}

/* The fact whose call went wrong, where this one only rests on it. */
static const struct fact *origin(const struct facts *facts, const struct fact *fact)
{
    const struct fact *because = fact->because.len ? facts_get(facts, fact->because) : NULL;
    return because && is_unread(because->state) ? because : fact;
}

bool judge_unread_fact(const struct judging *judging, const struct fact *fact, struct judgement *ret)
{
    if (!is_unread(fact->state))
        return false;
    fact = origin(judging->scope.facts, fact);
    *ret = (struct judgement){
        .verdict = VERDICT_UNKNOWN,
        .message = describe(judging->arena, fact),
        .root_cause = cause(judging->arena, fact),
    };
    return true;
}

bool judge_unread(const struct judging *judging, const struct evaluated *evaluated, struct judgement *ret)
{
    if (!is_unread(evaluated->state))
        return false;
    if (evaluated->because)
        return judge_unread_fact(judging, evaluated->because, ret);
    *ret = (struct judgement){
        .verdict = VERDICT_UNKNOWN,
        .message = str_format(judging->arena, "cannot be decided: %s", evaluated->error.text),
    };
    return true;
}
