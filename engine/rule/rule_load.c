/* rule_load.c: from rule and scenario files to structs; see rule.h. */
#include "rule/rule.h"

#include "account/document/document.h"
#include "base/map.h"

#include <string.h>

static const struct field rule_fields[] = {
    {"known", FIELD_OBJECT, false},      {"id", FIELD_STRING, true},
    {"title", FIELD_STRING, true},       {"severity", FIELD_STRING | FIELD_ARRAY, true},
    {"section", FIELD_STRING, true},     {"place", FIELD_STRING, true},
    {"needs", FIELD_ARRAY, false},       {"when", FIELD_STRING, false},
    {"skip_reason", FIELD_TEXT, false},  {"for_each", FIELD_STRING, false},
    {"subject", FIELD_TEXT, false},      {"check", FIELD_OBJECT, true},
    {"pending", FIELD_OBJECT, false},    {"predicts", FIELD_ARRAY, false},
    {"parameters", FIELD_OBJECT, false}, {"message", FIELD_OBJECT, false},
    {"why", FIELD_TEXT, true},           {"do", FIELD_TEXT, false},
    {"effect", FIELD_TEXT, false},       {"fix", FIELD_OBJECT, true},
    {"reference", FIELD_STRING, false},  {"optscale_errors", FIELD_ARRAY, false},
};

static bool load_severity_word(struct loader *loader, const struct json *word, enum severity *ret)
{
    if (json_is(word, JSON_STRING) && severity_parse(word->string, ret))
        return true;
    return loader_fail(loader, word, "a severity is one of critical, high, medium, low");
}

static bool load_severity_choice(struct loader *loader, const struct json *item, bool last, struct severity_choice *ret)
{
    static const struct field fields[] = {{"when", FIELD_STRING, true}, {"is", FIELD_STRING, true}};
    if (last)
        return load_severity_word(loader, item, &ret->is);
    return loader_fields(loader, item, "a conditional severity", fields, COUNT_OF(fields)) &&
           loader_side_expression(loader, json_find(item, "when"), &ret->when) &&
           load_severity_word(loader, json_find(item, "is"), &ret->is);
}

static bool load_severity(struct loader *loader, const struct json *value, struct rule *rule)
{
    bool list = json_is(value, JSON_ARRAY);
    rule->severity_count = list ? value->count : 1;
    if (rule->severity_count == 0)
        return loader_fail(loader, value, "\"severity\" must end with a word");
    struct severity_choice *choices = arena_array(loader->arena, struct severity_choice, rule->severity_count);
    for (size_t i = 0; i < rule->severity_count; i++) {
        const struct json *item = list ? &value->items[i] : value;
        if (!load_severity_choice(loader, item, i + 1 == rule->severity_count, &choices[i]))
            return false;
    }
    rule->severities = choices;
    return true;
}

static bool load_place(struct loader *loader, const struct json *value, struct str *ret)
{
    enum flow_place place;
    if (!flow_place_parse(value->string, &place))
        return loader_fail(loader, value,
                           "\"place\" is one of account, export, bucket, delivery, user, optscale, linked");
    *ret = value->string;
    return true;
}

static bool load_messages(struct loader *loader, const struct json *object, struct rule *rule)
{
    static const struct field fields[] = {{"pass", FIELD_TEXT, false},
                                          {"fail", FIELD_TEXT, false},
                                          {"pending", FIELD_TEXT, false},
                                          {"skip", FIELD_TEXT, false},
                                          {"unknown", FIELD_TEXT, false}};
    if (object && !loader_fields(loader, object, "\"message\"", fields, COUNT_OF(fields)))
        return false;
    for (size_t i = 0; object && i < object->count; i++) {
        enum verdict verdict;
        if (!verdict_parse(object->members[i].name, &verdict) ||
            !loader_text(loader, &object->members[i].value, false, &rule->messages[verdict]))
            return false;
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_default */
static bool load_merge_texts(struct loader *loader, const struct json *value, struct map *texts)
{
    const struct text *text;
    if (value->type == JSON_STRING && str_find_char(value->string, '{', 0) >= 0) {
        if (!loader_text(loader, value, false, &text))
            return false;
        map_set(texts, value->string, text);
    }
    bool nested = value->type == JSON_ARRAY || value->type == JSON_OBJECT;
    for (size_t i = 0; nested && i < value->count; i++)
        if (!load_merge_texts(loader, value->type == JSON_ARRAY ? &value->items[i] : &value->members[i].value, texts))
            return false;
    return true;
}

static bool load_setting(struct loader *loader, const struct json *object, struct fix_setting *ret)
{
    static const struct field fields[] = {
        {"when", FIELD_STRING, false}, {"document", FIELD_STRING, true}, {"merge", FIELD_OBJECT, true}};
    if (!loader_fields(loader, object, "an item of \"set\"", fields, COUNT_OF(fields)))
        return false;
    const struct json *name = json_find(object, "document");
    const struct document_kind *kind = document_kind_find(name->string);
    if (!kind || !kind->fact)
        return loader_unknown(loader, name, "document", name->string, document_kind_names(loader->arena),
                              DOCUMENT_TYPE_COUNT);
    *ret = (struct fix_setting){
        .document = name->string, .merge = json_find(object, "merge"), .texts = map_open(loader->arena)};
    name_list_add(loader->arena, &loader->text_facts, str_from(kind->fact));
    return loader_side_expression(loader, json_find(object, "when"), &ret->when) &&
           load_merge_texts(loader, ret->merge, ret->texts);
}

static bool load_settings(struct loader *loader, const struct json *list, struct fix_text *ret)
{
    ret->setting_count = list ? list->count : 0;
    struct fix_setting *settings = arena_array(loader->arena, struct fix_setting, ret->setting_count);
    ret->settings = settings;
    for (size_t i = 0; i < ret->setting_count; i++)
        if (!load_setting(loader, &list->items[i], &settings[i]))
            return false;
    return true;
}

/* A check whose facts are no evidence: the rule's verdict does not rest on it. */
static bool load_mend(struct loader *loader, const struct json *definition, const struct check **ret)
{
    struct name_list facts = loader->facts;
    struct name_list checked = loader->checked;
    struct check *check = arena_new(loader->arena, struct check);
    *ret = definition ? check : NULL;
    if (!definition)
        return true;
    loader->checked = (struct name_list){0};
    bool ok = loader_check(loader, definition, check);
    for (size_t i = 0; i < loader->checked.count; i++)
        name_list_add(loader->arena, &loader->text_facts, loader->checked.items[i]);
    loader->facts = facts;
    loader->checked = checked;
    return ok;
}

static bool load_console(struct loader *loader, const struct json *console, struct fix_text *ret)
{
    ret->console_count = console ? console->count : 0;
    ret->console = arena_array(loader->arena, const struct text *, ret->console_count);
    for (size_t i = 0; i < ret->console_count; i++) {
        if (!loader_text(loader, &console->items[i], false, &ret->console[i]))
            return false;
    }
    return true;
}

static bool load_fix(struct loader *loader, const struct json *object, struct fix_text *ret)
{
    static const struct field fields[] = {{"console", FIELD_ARRAY, false}, {"cli", FIELD_TEXT, false},
                                          {"note", FIELD_TEXT, false},     {"set", FIELD_ARRAY, false},
                                          {"mend", FIELD_OBJECT, false},   {"look", FIELD_TEXT, false}};
    return loader_fields(loader, object, "\"fix\"", fields, COUNT_OF(fields)) &&
           load_console(loader, json_find(object, "console"), ret) &&
           load_settings(loader, json_find(object, "set"), ret) &&
           load_mend(loader, json_find(object, "mend"), &ret->mend) &&
           loader_text(loader, json_find(object, "look"), false, &ret->look) &&
           loader_text(loader, json_find(object, "cli"), false, &ret->cli) &&
           loader_text(loader, json_find(object, "note"), false, &ret->note);
}

static bool load_known(struct loader *loader, const struct json *object, struct rule *rule)
{
    static const struct field fields[] = {{"value", FIELD_STRING, true}, {"otherwise", FIELD_TEXT, true}};
    if (!object)
        return true;
    return loader_fields(loader, object, "\"known\"", fields, COUNT_OF(fields)) &&
           loader_expression(loader, json_find(object, "value"), &rule->known) &&
           loader_text(loader, json_find(object, "otherwise"), false, &rule->known_otherwise);
}

static void add_names(struct loader *loader, struct name_list *list, const struct name_list *added)
{
    for (size_t i = 0; i < added->count; i++)
        name_list_add(loader->arena, list, added->items[i]);
}

/* Its condition is looked at only where the check fails: no pass waits for what it mentions. */
static bool load_pending(struct loader *loader, const struct json *object, struct rule *rule)
{
    static const struct field fields[] = {
        {"when", FIELD_STRING, false}, {"until", FIELD_TEXT, false}, {"unless", FIELD_ARRAY, false}};
    if (!object)
        return true;
    const struct json *when = json_find(object, "when");
    if (!when != !json_find(object, "until"))
        return loader_fail(loader, object, "\"when\" and \"until\" of \"pending\" go together");
    return loader_fields(loader, object, "\"pending\"", fields, COUNT_OF(fields)) &&
           loader_strings(loader, json_find(object, "unless"), "unless", &rule->pending_unless,
                          &rule->pending_unless_count) &&
           loader_consulted_expression(loader, when, &rule->pending_when) &&
           loader_text(loader, json_find(object, "until"), false, &rule->pending_until);
}

static bool load_parts(struct loader *loader, const struct json *source, struct rule *rule)
{
    return load_severity(loader, json_find(source, "severity"), rule) &&
           load_place(loader, json_find(source, "place"), &rule->place) &&
           loader_strings(loader, json_find(source, "needs"), "needs", &rule->needs, &rule->need_count) &&
           load_known(loader, json_find(source, "known"), rule) &&
           loader_expression(loader, json_find(source, "when"), &rule->when) &&
           loader_text(loader, json_find(source, "skip_reason"), false, &rule->skip_reason) &&
           loader_expression(loader, json_find(source, "for_each"), &rule->for_each) &&
           loader_text(loader, json_find(source, "subject"), false, &rule->subject) &&
           loader_check(loader, json_find(source, "check"), &rule->check) &&
           load_pending(loader, json_find(source, "pending"), rule) &&
           loader_strings(loader, json_find(source, "predicts"), "predicts", &rule->predicts, &rule->predict_count) &&
           load_messages(loader, json_find(source, "message"), rule) &&
           loader_text(loader, json_find(source, "why"), false, &rule->why) &&
           loader_text(loader, json_find(source, "do"), false, &rule->to_do) &&
           loader_text(loader, json_find(source, "effect"), false, &rule->effect) &&
           load_fix(loader, json_find(source, "fix"), &rule->fix) &&
           loader_strings(loader, json_find(source, "optscale_errors"), "optscale_errors", &rule->optscale_errors,
                          &rule->optscale_error_count);
}

/* Ids are typed on command lines, matched as patterns and cut from `RULE.PARAMETER`. */
static bool check_id(struct loader *loader, const struct json *id)
{
    bool good = id->string.len > 0;
    for (ptrdiff_t i = 0; i < id->string.len; i++) {
        char c = id->string.ptr[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }
    return good ? true : loader_fail(loader, id, "an id has lower-case letters, digits and hyphens");
}

static bool load_rule(struct loader *loader, const struct json *source, struct rule *rule)
{
    loader->rule = json_find_string(source, "id");
    loader->facts = (struct name_list){0};
    loader->consulted = (struct name_list){0};
    loader->checked = (struct name_list){0};
    loader->text_facts = (struct name_list){0};
    if (!loader_fields(loader, source, "a rule", rule_fields, COUNT_OF(rule_fields)) ||
        !check_id(loader, json_find(source, "id")))
        return false;
    rule->id = loader->rule;
    rule->title = json_find_string(source, "title");
    rule->section = json_find_string(source, "section");
    rule->reference = json_find_string(source, "reference");
    rule->file = loader->file;
    rule->line = loader_line(loader, source);
    rule->source = source;
    const struct json *parameters = json_find(source, "parameters");
    rule->parameters = parameters ? parameters : json_box(loader->arena, json_object(NULL, 0));
    if (!load_parts(loader, source, rule))
        return false;
    rule->decisive_fact_count = loader->facts.count;
    add_names(loader, &loader->facts, &loader->consulted);
    rule->own_fact_count = loader->facts.count;
    add_names(loader, &loader->facts, &loader->checked);
    rule->facts = loader->facts.items;
    rule->fact_count = loader->facts.count;
    rule->text_facts = loader->text_facts.items;
    rule->text_fact_count = loader->text_facts.count;
    loader->rule = STR("");
    return true;
}

static bool load_entries(struct loader *loader, const struct json *list, struct scenario *scenario)
{
    static const struct field fields[] = {{"label", FIELD_STRING, true}, {"value", FIELD_TEXT, true}};
    scenario->entry_count = list ? list->count : 0;
    struct scenario_entry *entries = arena_array(loader->arena, struct scenario_entry, scenario->entry_count);
    for (size_t i = 0; i < scenario->entry_count; i++) {
        const struct json *item = &list->items[i];
        if (!loader_fields(loader, item, "an entry", fields, COUNT_OF(fields)) ||
            !loader_text(loader, json_find(item, "value"), true, &entries[i].value))
            return false;
        entries[i].label = json_find_string(item, "label");
    }
    scenario->entries = entries;
    return true;
}

static bool load_scenario(struct loader *loader, const struct json *source, struct scenario *scenario)
{
    static const struct field fields[] = {{"$schema", FIELD_STRING, false}, {"id", FIELD_STRING, true},
                                          {"title", FIELD_STRING, true},    {"section", FIELD_STRING, true},
                                          {"rules", FIELD_ARRAY, true},     {"enter", FIELD_ARRAY, false},
                                          {"exports", FIELD_STRING, false}, {"costs", FIELD_ARRAY, false}};
    loader->facts = (struct name_list){0};
    if (!loader_fields(loader, source, "a scenario", fields, COUNT_OF(fields)) ||
        !check_id(loader, json_find(source, "id")) ||
        !loader_strings(loader, json_find(source, "rules"), "rules", &scenario->rules, &scenario->rule_count) ||
        (json_find(source, "costs") && !loader_strings(loader, json_find(source, "costs"), "costs",
                                                       &scenario->cost_rules, &scenario->cost_rule_count)) ||
        !load_entries(loader, json_find(source, "enter"), scenario) ||
        !loader_expression(loader, json_find(source, "exports"), &scenario->exports))
        return false;
    scenario->id = json_find_string(source, "id");
    scenario->title = json_find_string(source, "title");
    scenario->section = json_find_string(source, "section");
    scenario->facts = loader->facts.items;
    scenario->fact_count = loader->facts.count;
    scenario->file = loader->file;
    scenario->source = source;
    return true;
}

/* A table of pointers with room for one more: itself, or a larger copy. */
static void *with_room(struct arena *arena, const void *items, size_t count, size_t *capacity)
{
    if (count < *capacity)
        return NULL;
    *capacity = *capacity ? *capacity * 2 : 64;
    void *larger = arena_array(arena, void *, *capacity);
    if (count)
        memcpy(larger, items, count * sizeof(void *));
    return larger;
}

static void put_rule(struct rule_base *base, size_t index, const struct rule *rule)
{
    void *larger = with_room(base->arena, base->rules, base->rule_count, &base->rule_capacity);
    if (larger)
        base->rules = larger;
    base->rules[index] = rule;
    base->rule_count += index == base->rule_count;
}

static void put_scenario(struct rule_base *base, size_t index, const struct scenario *scenario)
{
    void *larger = with_room(base->arena, base->scenarios, base->scenario_count, &base->scenario_capacity);
    if (larger)
        base->scenarios = larger;
    base->scenarios[index] = scenario;
    base->scenario_count += index == base->scenario_count;
}

static size_t rule_index(const struct rule_base *base, struct str id)
{
    size_t i = 0;
    while (i < base->rule_count && !str_equal(base->rules[i]->id, id))
        i++;
    return i;
}

static size_t scenario_index(const struct rule_base *base, struct str id)
{
    size_t i = 0;
    while (i < base->scenario_count && !str_equal(base->scenarios[i]->id, id))
        i++;
    return i;
}

/* What the user wrote takes the place of what the program brings; nothing else takes a place. */
static bool may_replace(const struct rule_base *base, size_t first_file, size_t file_index)
{
    return first_file < base->embedded_count && file_index >= base->embedded_count;
}

static bool load_rule_file(struct loader *loader, struct rule_base *base, const struct json *document,
                           size_t file_index)
{
    static const struct field fields[] = {{"$schema", FIELD_STRING, false}, {"rules", FIELD_ARRAY, true}};
    if (!loader_fields(loader, document, "a rule file", fields, COUNT_OF(fields)))
        return false;
    const struct json *list = json_find(document, "rules");
    for (size_t i = 0; i < list->count; i++) {
        struct rule *rule = arena_new(loader->arena, struct rule);
        rule->file_index = file_index;
        if (!load_rule(loader, &list->items[i], rule))
            return false;
        size_t index = rule_index(base, rule->id);
        if (index < base->rule_count && !may_replace(base, base->rules[index]->file_index, file_index))
            return loader_fail(loader, &list->items[i], "the id '%.*s' is used twice, first in %.*s:%d",
                               STR_ARG(rule->id), STR_ARG(base->rules[index]->file), base->rules[index]->line);
        put_rule(base, index, rule);
    }
    return true;
}

static bool load_scenario_file(struct loader *loader, struct rule_base *base, const struct json *document,
                               size_t file_index)
{
    struct scenario *scenario = arena_new(loader->arena, struct scenario);
    scenario->file_index = file_index;
    if (!load_scenario(loader, document, scenario))
        return false;
    size_t index = scenario_index(base, scenario->id);
    if (index < base->scenario_count && !may_replace(base, base->scenarios[index]->file_index, file_index))
        return loader_fail(loader, document, "the scenario '%.*s' is there twice, first in %.*s", STR_ARG(scenario->id),
                           STR_ARG(base->scenarios[index]->file));
    put_scenario(base, index, scenario);
    return true;
}

enum file_role { ROLE_RULES, ROLE_FACTS, ROLE_SCENARIO, ROLE_OTHER };

/*
 * What a file holds, by the folder that it is in; policies are read by the checks that use them. The
 * program's own folders have schemas, message tables and sample accounts beside rules; the user's
 * may have any name.
 */
static enum file_role role_of(const struct rule_base *base, size_t index)
{
    static const struct {
        struct str folder;
        enum file_role role;
        bool only_embedded;
    } roles[] = {
        {STR_INIT("facts"), ROLE_FACTS, false},    {STR_INIT("scenarios"), ROLE_SCENARIO, false},
        {STR_INIT("policies"), ROLE_OTHER, false}, {STR_INIT("schema"), ROLE_OTHER, true},
        {STR_INIT("optscale"), ROLE_OTHER, true},  {STR_INIT("accounts"), ROLE_OTHER, true},
    };
    struct str path = base->files[index].path;
    if (!str_ends(path, STR(".json")))
        return ROLE_OTHER;
    struct str folder = str_slice(path, 0, str_find_last_char(path, '/'));
    folder = str_skip(folder, str_find_last_char(folder, '/') + 1);
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        if (str_equal(roles[i].folder, folder) && (!roles[i].only_embedded || index < base->embedded_count))
            return roles[i].role;
    }
    return ROLE_RULES;
}

static bool load_facts(struct rule_base *base, struct error *error)
{
    for (size_t i = 0; i < base->file_count; i++) {
        const struct data_file *file = &base->files[i];
        if (role_of(base, i) == ROLE_FACTS && !facts_load(base->declarations, file->path, file->text, error))
            return false;
    }
    return facts_link(base->declarations, error);
}

static struct loader loader_of(const struct rule_base *base, size_t file_index, struct error *error)
{
    return (struct loader){
        .arena = base->arena,
        .declarations = base->declarations,
        .kinds = base->kinds,
        .files = base->files,
        .file_count = base->file_count,
        .file = base->files[file_index].path,
        .text = base->files[file_index].text,
        .error = error,
    };
}

static bool load_file(struct rule_base *base, size_t index, struct error *error)
{
    enum file_role role = role_of(base, index);
    struct loader loader = loader_of(base, index, error);
    const struct json *document;
    if (role != ROLE_RULES && role != ROLE_SCENARIO)
        return true;
    if (!json_parse_kept(base->arena, loader.file, loader.text, &json_limits_default, &document, error))
        return false;
    return role == ROLE_SCENARIO ? load_scenario_file(&loader, base, document, index)
                                 : load_rule_file(&loader, base, document, index);
}

/* Every id of a list that is written in `source` is a rule's. */
static bool link_names(struct loader *loader, const struct rule_base *base, const struct json *list)
{
    for (size_t i = 0; list && i < list->count; i++) {
        if (!rule_base_find(base, list->items[i].string))
            return loader_unknown(loader, &list->items[i], "rule", list->items[i].string, rule_ids(base),
                                  base->rule_count);
    }
    return true;
}

static bool link_needs(const struct rule_base *base, struct error *error)
{
    for (size_t i = 0; i < base->rule_count; i++) {
        const struct rule *rule = base->rules[i];
        struct loader loader = loader_of(base, rule->file_index, error);
        loader.rule = rule->id;
        if (!link_names(&loader, base, json_find(rule->source, "needs")))
            return false;
    }
    return true;
}

static bool link_scenarios(const struct rule_base *base, struct error *error)
{
    for (size_t i = 0; i < base->scenario_count; i++) {
        const struct scenario *scenario = base->scenarios[i];
        struct loader loader = loader_of(base, scenario->file_index, error);
        if (!link_names(&loader, base, json_find(scenario->source, "rules")) ||
            !link_names(&loader, base, json_find(scenario->source, "costs")))
            return false;
    }
    return true;
}

/* A walk along `needs`: the depth below each rule, once it is known. */
struct descent {
    const struct rule_base *base;
    int *depths; /* beside the rules; 0: not yet known */
    struct error *error;
};

static bool refuse_needs(const struct descent *descent, const struct rule *rule, const char *why)
{
    struct loader loader = loader_of(descent->base, rule->file_index, descent->error);
    loader.rule = rule->id;
    return loader_fail(&loader, json_find(rule->source, "needs"), "%s", why);
}

/* NOLINTNEXTLINE(misc-no-recursion): RULE_NEEDS_DEPTH_MAX */
static bool descend(struct descent *descent, size_t index, int level)
{
    enum { UNDER_WAY = -1 };
    const struct rule *rule = descent->base->rules[index];
    int below = 0;
    if (descent->depths[index] == UNDER_WAY)
        return refuse_needs(descent, rule, "its \"needs\" lead back to itself");
    if (descent->depths[index])
        return true;
    if (level > RULE_NEEDS_DEPTH_MAX)
        return refuse_needs(descent, rule, "too many rules need each other in a row");
    descent->depths[index] = UNDER_WAY;
    for (size_t i = 0; i < rule->need_count; i++) {
        size_t need = rule_index(descent->base, rule->needs[i]);
        if (!descend(descent, need, level + 1))
            return false;
        below = descent->depths[need] > below ? descent->depths[need] : below;
    }
    if (below >= RULE_NEEDS_DEPTH_MAX)
        return refuse_needs(descent, rule, "too many rules need each other in a row");
    descent->depths[index] = below + 1;
    return true;
}

static bool check_needs(const struct rule_base *base, struct error *error)
{
    struct descent descent = {base, arena_array(base->arena, int, base->rule_count), error};
    for (size_t i = 0; i < base->rule_count; i++) {
        if (!descend(&descent, i, 1))
            return false;
    }
    return true;
}

bool rule_base_load(struct arena *arena, const struct data_file *files, size_t count, size_t embedded_count,
                    const struct check_kind *const *kinds, struct rule_base **ret, struct error *error)
{
    struct rule_base *base = arena_new(arena, struct rule_base);
    *base = (struct rule_base){.arena = arena,
                               .declarations = facts_open(arena),
                               .files = files,
                               .file_count = count,
                               .embedded_count = embedded_count,
                               .kinds = kinds};
    if (!load_facts(base, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!load_file(base, i, error))
            return false;
    }
    if (!link_needs(base, error) || !link_scenarios(base, error) || !check_needs(base, error))
        return false;
    *ret = base;
    return true;
}

const struct rule *rule_base_find(const struct rule_base *base, struct str id)
{
    size_t index = rule_index(base, id);
    return index < base->rule_count ? base->rules[index] : NULL;
}

const struct scenario *rule_base_scenario(const struct rule_base *base, struct str id)
{
    size_t index = scenario_index(base, id);
    return index < base->scenario_count ? base->scenarios[index] : NULL;
}

const struct str *rule_ids(const struct rule_base *base)
{
    struct str *ids = arena_array(base->arena, struct str, base->rule_count);
    for (size_t i = 0; i < base->rule_count; i++)
        ids[i] = base->rules[i]->id;
    return ids;
}

enum severity rule_default_severity(const struct rule *rule)
{
    return rule->severities[rule->severity_count - 1].is;
}
