/* state.c: the kind `state`: judges the call itself: present, absent, denied, or an error's code. */
#include "rule/loader.h"

struct state_check {
    struct str fact;
    const struct json *pass; /* lists of states and error codes */
    const struct json *fail;
};

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true},
                                          {"fact", FIELD_STRING, true},
                                          {"pass", FIELD_ARRAY, true},
                                          {"fail", FIELD_ARRAY, true}};
    if (!loader_fields(loader, definition, "a check of kind state", fields, COUNT_OF(fields)) ||
        !loader_fact(loader, json_find(definition, "fact")))
        return false;
    struct state_check *data = arena_new(loader->arena, struct state_check);
    *data = (struct state_check){json_find_string(definition, "fact"), json_find(definition, "pass"),
                                 json_find(definition, "fail")};
    *ret = data;
    return true;
}

static bool lists(const struct json *list, const struct fact *fact)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!json_is(&list->items[i], JSON_STRING))
            continue;
        struct str word = list->items[i].string;
        if (str_equal(word, fact_state_name(fact->state)) || (fact->code.len && str_equal(word, fact->code)))
            return true;
    }
    return false;
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct state_check *check = data;
    const struct fact *fact = facts_get(judging->scope.facts, check->fact);
    bool fails = lists(check->fail, fact);
    if (!fails && !lists(check->pass, fact)) {
        if (!judge_unread_fact(judging, fact, ret))
            *ret =
                (struct judgement){.verdict = VERDICT_UNKNOWN,
                                   .message = str_format(judging->arena, "cannot be decided: %.*s is %.*s",
                                                         STR_ARG(fact->name), STR_ARG(fact_state_name(fact->state)))};
        return;
    }
    *ret = (struct judgement){.verdict = fails ? VERDICT_FAIL : VERDICT_PASS};
    if (fact->code.len)
        ret->message = str_format(judging->arena, "%.*s answered %.*s%s%.*s", STR_ARG(fact->call), STR_ARG(fact->code),
                                  fact->message.len ? ": " : "", STR_ARG(fact->message));
}

const struct check_kind check_state = {"state", "a call was answered in one of these ways", load, judge};
