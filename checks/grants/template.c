/* template.c: see grants_template.h. */
#include "checks/grants/template.h"

static bool load_blanks(struct loader *loader, const struct json *object, struct grants_template *ret)
{
    ret->blank_count = object ? object->count : 0;
    ret->blanks = arena_array(loader->arena, struct grants_blank, ret->blank_count);
    for (size_t i = 0; i < ret->blank_count; i++) {
        ret->blanks[i].name = object->members[i].name;
        if (!loader_operand(loader, &object->members[i].value, &ret->blanks[i].value))
            return false;
    }
    return true;
}

static bool load_narrowing(struct loader *loader, const struct json_member *member, struct grants_narrowing *ret)
{
    bool list = member->value.type == JSON_ARRAY;
    ret->sid = member->name;
    ret->count = list ? member->value.count : 1;
    ret->resources = arena_array(loader->arena, struct operand, ret->count);
    for (size_t i = 0; i < ret->count; i++) {
        if (!loader_operand(loader, list ? &member->value.items[i] : &member->value, &ret->resources[i]))
            return false;
    }
    return true;
}

static bool load_narrowings(struct loader *loader, const struct json *object, struct grants_template *ret)
{
    ret->narrowing_count = object ? object->count : 0;
    ret->narrowings = arena_array(loader->arena, struct grants_narrowing, ret->narrowing_count);
    for (size_t i = 0; i < ret->narrowing_count; i++) {
        if (!load_narrowing(loader, &object->members[i], &ret->narrowings[i]))
            return false;
    }
    return true;
}

static bool load_optional(struct loader *loader, const struct json *value, struct operand *ret)
{
    return !value || loader_operand(loader, value, ret);
}

/* Sids are part of the file: a wrong one is found when the rule is read. */
static bool check_sids(struct loader *loader, const struct json *at, const struct grants_template *template)
{
    const struct json *selected;
    struct error error;
    if (template->sid_count == 0 || template_select(loader->arena, template->template.policy, template->sids,
                                                    template->sid_count, &selected, &error))
        return true;
    return loader_fail(loader, at, "%s", error.text);
}

static bool unknown_template(struct loader *loader, const struct json *name)
{
    struct name_list names = {0};
    for (size_t i = 0; i < loader->file_count; i++) {
        struct str path = loader->files[i].path;
        ptrdiff_t at = str_find(path, STR("policies/"), 0);
        if (at >= 0 && str_ends(path, STR(".json")))
            name_list_add(loader->arena, &names, str_slice(path, at + STR("policies/").len, path.len - 5));
    }
    return loader_unknown(loader, name, "policy template", name->string, names.items, names.count);
}

bool grants_template_load(struct loader *loader, const struct json *definition, struct grants_template *ret)
{
    const struct json *name = json_find(definition, "template");
    struct error error;
    *ret = (struct grants_template){0};
    if (!name)
        return true;
    struct str path = str_join3(loader->arena, STR("policies/"), name->string, STR(".json"));
    const struct data_file *file = loader_file(loader, path);
    if (!file)
        return unknown_template(loader, name);
    if (!template_read(loader->arena, file->path, file->text, &ret->template, &error))
        return loader_fail(loader, name, "%s", error.text);
    return loader_strings(loader, json_find(definition, "sids"), "sids", &ret->sids, &ret->sid_count) &&
           loader_strings(loader, json_find(definition, "except_actions"), "except_actions", &ret->except_actions,
                          &ret->except_action_count) &&
           load_blanks(loader, json_find(definition, "values"), ret) &&
           load_narrowings(loader, json_find(definition, "resources"), ret) &&
           load_optional(loader, json_find(definition, "principal"), &ret->principal) &&
           load_optional(loader, json_find(definition, "resource_account"), &ret->resource_account) &&
           check_sids(loader, json_find(definition, "sids"), ret);
}

bool grants_template_load_paste(struct loader *loader, const struct json *object, struct grants_template *ret)
{
    static const struct field fields[] = {GRANTS_TEMPLATE_FIELDS};
    if (!object)
        return true;
    struct name_list evidence = loader->facts;
    loader->facts = loader->text_facts;
    bool loaded = loader_fields(loader, object, "\"paste\"", fields, COUNT_OF(fields)) &&
                  grants_template_load(loader, object, ret);
    loader->text_facts = loader->facts;
    loader->facts = evidence;
    return loaded;
}

/* The operand's text; empty where there is no operand. */
static bool fill_text(const struct operand *operand, const struct judging *judging, struct str *ret,
                      struct judgement *judgement)
{
    *ret = STR("");
    if (!operand->literal && !operand->text)
        return true;
    struct evaluated value = operand_evaluate(operand, judging);
    if (judge_unread(judging, &value, judgement))
        return false;
    *ret = json_is(value.value, JSON_STRING) ? value.value->string : STR("");
    return true;
}

static bool unknown_part(struct judgement *judgement, struct arena *arena, const struct error *error)
{
    *judgement = (struct judgement){.verdict = VERDICT_UNKNOWN,
                                    .message = str_format(arena, "cannot be decided: %s", error->text)};
    return false;
}

static bool narrow(const struct grants_narrowing *narrowing, const struct judging *judging, const struct json **policy,
                   struct judgement *judgement)
{
    struct error error;
    struct str *resources = arena_array(judging->arena, struct str, narrowing->count);
    for (size_t i = 0; i < narrowing->count; i++) {
        if (!fill_text(&narrowing->resources[i], judging, &resources[i], judgement))
            return false;
    }
    return template_narrow(judging->arena, *policy, narrowing->sid, resources, narrowing->count, policy, &error) ||
           unknown_part(judgement, judging->arena, &error);
}

bool grants_template_fill(const struct grants_template *template, const struct judging *judging,
                          const struct json **ret_policy, struct template_asker *ret_asker, struct judgement *judgement)
{
    struct arena *arena = judging->arena;
    struct template_value *values = arena_array(arena, struct template_value, template->blank_count);
    struct error error;
    for (size_t i = 0; i < template->blank_count; i++) {
        values[i].name = template->blanks[i].name;
        if (!fill_text(&template->blanks[i].value, judging, &values[i].value, judgement))
            return false;
    }
    *ret_asker = (struct template_asker){0};
    if (!fill_text(&template->principal, judging, &ret_asker->principal, judgement) ||
        !fill_text(&template->resource_account, judging, &ret_asker->resource_account, judgement))
        return false;
    if (!template_fill(arena, &template->template, values, template->blank_count, ret_policy, &error) ||
        (template->sid_count &&
         !template_select(arena, *ret_policy, template->sids, template->sid_count, ret_policy, &error)))
        return unknown_part(judgement, arena, &error);
    for (size_t i = 0; i < template->narrowing_count; i++) {
        if (!narrow(&template->narrowings[i], judging, ret_policy, judgement))
            return false;
    }
    return true;
}
