/* run_mend.c: what a rule that failed would have in place of the documents that are there; see run_mend(). */
#include "rule/run_internal.h"

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_default */
static struct json fill(const struct fix_setting *setting, const struct json *value, const struct judging *judging,
                        bool *ok)
{
    const struct text *text = value->type == JSON_STRING ? map_get(setting->texts, value->string) : NULL;
    if (text) {
        struct evaluated filled = text_value(text, &judging->scope, judging->arena);
        *ok = *ok && filled.state == FACT_PRESENT;
        return *filled.value;
    }
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT)
        return *value;
    struct json_builder built = json_build(judging->arena, value->type);
    for (size_t i = 0; i < value->count; i++) {
        if (value->type == JSON_ARRAY)
            json_build_add(&built, fill(setting, &value->items[i], judging, ok));
        else
            json_build_append(&built, value->members[i].name, fill(setting, &value->members[i].value, judging, ok));
    }
    return json_built(&built);
}

static bool holds(const struct expression *when, const struct judging *judging)
{
    if (!when)
        return true;
    struct evaluated value = expression_evaluate(when, &judging->scope, judging->arena);
    return value.state == FACT_PRESENT && json_is_true(value.value);
}

static bool mend_by_setting(const struct rule *rule, const struct judging *judging, struct mend *ret)
{
    for (size_t i = 0; i < rule->fix.setting_count; i++) {
        const struct fix_setting *setting = &rule->fix.settings[i];
        bool ok = true;
        if (!holds(setting->when, judging))
            continue;
        struct json merge = fill(setting, setting->merge, judging, &ok);
        *ret = (struct mend){.found = ok,
                             .refusal = ok ? STR("") : STR("what it has to be cannot be told from what was read"),
                             .edit = {.kind = setting->document, .merge = json_box(judging->arena, merge)}};
        return ok;
    }
    return false;
}

/* Whether the rule fails on this, as its check says; sets what texts see of it. */
static bool fails(const struct rule *rule, struct judging *judging)
{
    struct judgement judgement;
    check_judge(&rule->check, judging, &judgement);
    return judgement.verdict == VERDICT_FAIL;
}

static void mend_one(const struct rule *rule, struct judging *judging, int way, struct mend *ret)
{
    if (!fails(rule, judging) || (way == 0 && mend_by_setting(rule, judging, ret)))
        return;
    check_mend(rule->fix.mend ? rule->fix.mend : &rule->check, judging, way, ret);
}

static struct json finding_of(struct arena *arena, const struct result *result)
{
    struct json_builder finding = json_build(arena, JSON_OBJECT);
    json_build_append(&finding, STR("count"), json_number(1));
    json_build_append(&finding, STR("subject"), json_string(result->subject));
    json_build_append(&finding, STR("expected"), result->expected ? *result->expected : json_null);
    json_build_append(&finding, STR("actual"), result->actual ? *result->actual : json_null);
    return json_built(&finding);
}

void run_mend(struct arena *arena, const struct run_options *options, const struct rule *rule,
              const struct result *result, int way, struct mend *ret)
{
    const struct runner runner = {.arena = arena, .options = options};
    struct judging judging = {.arena = arena,
                              .scope = {.facts = options->facts,
                                        .parameters = run_parameters(&runner, rule),
                                        .finding = json_box(arena, finding_of(arena, result))}};
    *ret = (struct mend){.found = false};
    struct evaluated items = {.value = &json_null};
    if (rule->for_each)
        items = expression_evaluate(rule->for_each, &judging.scope, arena);
    for (size_t i = 0; json_is(items.value, JSON_ARRAY) && i < items.value->count && !ret->found; i++) {
        judging.scope.item = &items.value->items[i];
        mend_one(rule, &judging, way, ret);
    }
    if (!rule->for_each)
        mend_one(rule, &judging, way, ret);
    if (ret->found && rule->fix.look)
        ret->look = text_fill_lenient(rule->fix.look, &judging.scope, arena);
}
