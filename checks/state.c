/*
 * state.c: the kind `state`: judges the call itself: present, absent, denied, or an error's code. `skip` is
 * for a part of `all` or `any` that has nothing to say in these states.
 */
#include "rule/loader.h"

/* States and error codes. */
struct words {
    const struct str *items;
    size_t count;
};

struct state_check {
    struct str fact;
    struct words pass;
    struct words fail;
    struct words skip;
};

/* A refused or failed call never makes a pass: what an error code means is for the fact to say (`absent`, `allowed`).
 */
static bool check_pass(struct loader *loader, const struct json *list, const struct words *words)
{
    static const enum fact_state unread[] = {FACT_DENIED, FACT_FAILED, FACT_NOT_COLLECTED};
    for (size_t i = 0; i < words->count; i++) {
        for (size_t j = 0; j < COUNT_OF(unread); j++) {
            if (str_equal(words->items[i], fact_state_name(unread[j])))
                return loader_fail(loader, &list->items[i], "\"pass\" cannot have \"%.*s\": nothing was read",
                                   STR_ARG(words->items[i]));
        }
    }
    return true;
}

static bool has_state(const struct words *words, enum fact_state state)
{
    for (size_t i = 0; i < words->count; i++) {
        if (str_equal(words->items[i], fact_state_name(state)))
            return true;
    }
    return false;
}

/* A call that has nothing to say where it was not read may refute, and no pass rests on it. */
static bool note_fact(struct loader *loader, const struct json *definition, const struct words *skip)
{
    const struct json *fact = json_find(definition, "fact");
    bool dispensable =
        has_state(skip, FACT_DENIED) && has_state(skip, FACT_FAILED) && has_state(skip, FACT_NOT_COLLECTED);
    return dispensable ? loader_consulted_fact(loader, fact) : loader_fact(loader, fact);
}

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true},
                                          {"fact", FIELD_STRING, true},
                                          {"pass", FIELD_ARRAY, true},
                                          {"fail", FIELD_ARRAY, true},
                                          {"skip", FIELD_ARRAY, false}};
    if (!loader_fields(loader, definition, "a check of kind state", fields, COUNT_OF(fields)))
        return false;
    struct state_check *data = arena_new(loader->arena, struct state_check);
    const struct json *pass = json_find(definition, "pass");
    const struct json *fail = json_find(definition, "fail");
    data->fact = json_find_string(definition, "fact");
    *ret = data;
    return loader_strings(loader, pass, "pass", &data->pass.items, &data->pass.count) &&
           loader_strings(loader, fail, "fail", &data->fail.items, &data->fail.count) &&
           loader_strings(loader, json_find(definition, "skip"), "skip", &data->skip.items, &data->skip.count) &&
           check_pass(loader, pass, &data->pass) && note_fact(loader, definition, &data->skip);
}

static bool lists(const struct words *words, const struct fact *fact)
{
    for (size_t i = 0; i < words->count; i++) {
        struct str word = words->items[i];
        if (str_equal(word, fact_state_name(fact->state)) || (fact->code.len && str_equal(word, fact->code)))
            return true;
    }
    return false;
}

static enum verdict decide(const struct state_check *check, const struct fact *fact)
{
    bool read = fact->state == FACT_PRESENT || fact->state == FACT_ABSENT;
    if (lists(&check->fail, fact))
        return VERDICT_FAIL;
    if (lists(&check->skip, fact))
        return VERDICT_SKIP;
    return read && lists(&check->pass, fact) ? VERDICT_PASS : VERDICT_UNKNOWN;
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct state_check *check = data;
    const struct fact *fact = facts_get(judging->scope.facts, check->fact);
    enum verdict verdict = decide(check, fact);
    if (verdict == VERDICT_UNKNOWN && judge_unread_fact(judging, fact, ret))
        return;
    *ret = (struct judgement){.verdict = verdict};
    if (verdict == VERDICT_UNKNOWN)
        ret->message = str_format(judging->arena, "cannot be decided: %.*s is %.*s", STR_ARG(fact->name),
                                  STR_ARG(fact_state_name(fact->state)));
    else if (fact->code.len)
        ret->message = str_format(judging->arena, "%.*s answered %.*s%s%.*s", STR_ARG(fact->call), STR_ARG(fact->code),
                                  fact->message.len ? ": " : "", STR_ARG(fact->message));
}

const struct check_kind check_state = {"state", "a call was answered in one of these ways", load, judge, NULL};
