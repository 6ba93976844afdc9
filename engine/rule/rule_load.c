/* rule_load.c: from rule and scenario files to structs; see rule.h. */
#include "rule/rule.h"

#include <string.h>

static const struct field rule_fields[] = {
    {"known", FIELD_OBJECT, false},
    {"id", FIELD_STRING, true},
    {"title", FIELD_STRING, true},
    {"severity", FIELD_STRING | FIELD_ARRAY, true},
    {"section", FIELD_STRING, true},
    {"place", FIELD_STRING, true},
    {"needs", FIELD_ARRAY, false},
    {"when", FIELD_STRING, false},
    {"skip_reason", FIELD_STRING, false},
    {"for_each", FIELD_STRING, false},
    {"subject", FIELD_STRING, false},
    {"check", FIELD_OBJECT, true},
    {"pending", FIELD_OBJECT, false},
    {"parameters", FIELD_OBJECT, false},
    {"message", FIELD_OBJECT, false},
    {"why", FIELD_STRING, true},
    {"fix", FIELD_OBJECT, true},
    {"reference", FIELD_STRING, false},
    {"optscale_errors", FIELD_ARRAY, false},
};

static const struct str places[] = {STR_INIT("account"), STR_INIT("user"),     STR_INIT("bucket"),
                                    STR_INIT("export"),  STR_INIT("delivery"), STR_INIT("optscale")};

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
           loader_expression(loader, json_find(item, "when"), &ret->when) &&
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
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (str_equal(places[i], value->string)) {
            *ret = value->string;
            return true;
        }
    }
    return loader_fail(loader, value, "\"place\" is one of account, user, bucket, export, delivery, optscale");
}

static bool load_messages(struct loader *loader, const struct json *object, struct rule *rule)
{
    for (size_t i = 0; object && i < object->count; i++) {
        enum verdict verdict;
        if (!verdict_parse(object->members[i].name, &verdict))
            return loader_fail(loader, &object->members[i].value,
                               "\"message\" has texts for pass, fail, pending and skip");
        if (!loader_text(loader, &object->members[i].value, false, &rule->messages[verdict]))
            return false;
    }
    return true;
}

static bool load_fix(struct loader *loader, const struct json *object, struct fix_text *ret)
{
    static const struct field fields[] = {
        {"console", FIELD_ARRAY, false}, {"cli", FIELD_STRING, false}, {"note", FIELD_STRING, false}};
    if (!loader_fields(loader, object, "\"fix\"", fields, COUNT_OF(fields)))
        return false;
    const struct json *console = json_find(object, "console");
    ret->console_count = console ? console->count : 0;
    ret->console = arena_array(loader->arena, const struct text *, ret->console_count);
    for (size_t i = 0; i < ret->console_count; i++) {
        if (!loader_text(loader, &console->items[i], false, &ret->console[i]))
            return false;
    }
    return loader_text(loader, json_find(object, "cli"), false, &ret->cli) &&
           loader_text(loader, json_find(object, "note"), false, &ret->note);
}

static bool load_known(struct loader *loader, const struct json *object, struct rule *rule)
{
    static const struct field fields[] = {{"value", FIELD_STRING, true}, {"otherwise", FIELD_STRING, true}};
    if (!object)
        return true;
    return loader_fields(loader, object, "\"known\"", fields, COUNT_OF(fields)) &&
           loader_expression(loader, json_find(object, "value"), &rule->known) &&
           loader_text(loader, json_find(object, "otherwise"), false, &rule->known_otherwise);
}

/* Its condition is looked at only where the check fails: no pass waits for what it mentions. */
static bool load_pending(struct loader *loader, const struct json *object, struct rule *rule)
{
    static const struct field fields[] = {{"when", FIELD_STRING, true}, {"until", FIELD_STRING, true}};
    if (!object)
        return true;
    struct name_list decisive = loader->facts;
    loader->facts = (struct name_list){0};
    bool ok = loader_fields(loader, object, "\"pending\"", fields, COUNT_OF(fields)) &&
              loader_expression(loader, json_find(object, "when"), &rule->pending_when) &&
              loader_text(loader, json_find(object, "until"), false, &rule->pending_until);
    for (size_t i = 0; i < loader->facts.count; i++)
        name_list_add(loader->arena, &loader->consulted, loader->facts.items[i]);
    loader->facts = decisive;
    return ok;
}

static bool load_check(struct loader *loader, const struct json *object, struct rule *rule)
{
    rule->condition_fact_count = loader->facts.count;
    return loader_check(loader, object, &rule->check);
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
           load_check(loader, json_find(source, "check"), rule) &&
           load_pending(loader, json_find(source, "pending"), rule) &&
           load_messages(loader, json_find(source, "message"), rule) &&
           loader_text(loader, json_find(source, "why"), false, &rule->why) &&
           load_fix(loader, json_find(source, "fix"), &rule->fix) &&
           loader_strings(loader, json_find(source, "optscale_errors"), "optscale_errors", &rule->optscale_errors,
                          &rule->optscale_error_count);
}

static bool load_rule(struct loader *loader, const struct json *source, const struct rule **ret)
{
    struct rule *rule = arena_new(loader->arena, struct rule);
    loader->rule = json_find_string(source, "id");
    loader->facts = (struct name_list){0};
    loader->consulted = (struct name_list){0};
    loader->text_facts = (struct name_list){0};
    if (!loader_fields(loader, source, "a rule", rule_fields, COUNT_OF(rule_fields)))
        return false;
    rule->id = loader->rule;
    rule->title = json_find_string(source, "title");
    rule->section = json_find_string(source, "section");
    rule->reference = json_find_string(source, "reference");
    rule->file = loader->file;
    rule->line = json_place(loader->text, source).line;
    rule->source = source;
    const struct json *parameters = json_find(source, "parameters");
    rule->parameters = parameters ? parameters : json_box(loader->arena, json_object(NULL, 0));
    if (!load_parts(loader, source, rule))
        return false;
    rule->decisive_fact_count = loader->facts.count;
    for (size_t i = 0; i < loader->consulted.count; i++)
        name_list_add(loader->arena, &loader->facts, loader->consulted.items[i]);
    rule->facts = loader->facts.items;
    rule->fact_count = loader->facts.count;
    rule->text_facts = loader->text_facts.items;
    rule->text_fact_count = loader->text_facts.count;
    loader->rule = STR("");
    *ret = rule;
    return true;
}

static bool load_entries(struct loader *loader, const struct json *list, struct scenario *scenario)
{
    static const struct field fields[] = {{"label", FIELD_STRING, true}, {"value", FIELD_STRING, true}};
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

static bool load_scenario(struct loader *loader, const struct json *source, const struct scenario **ret)
{
    static const struct field fields[] = {{"$schema", FIELD_STRING, false}, {"id", FIELD_STRING, true},
                                          {"title", FIELD_STRING, true},    {"section", FIELD_STRING, true},
                                          {"rules", FIELD_ARRAY, true},     {"enter", FIELD_ARRAY, false},
                                          {"exports", FIELD_STRING, false}};
    struct scenario *scenario = arena_new(loader->arena, struct scenario);
    loader->facts = (struct name_list){0};
    if (!loader_fields(loader, source, "a scenario", fields, COUNT_OF(fields)) ||
        !loader_strings(loader, json_find(source, "rules"), "rules", &scenario->rules, &scenario->rule_count) ||
        !load_entries(loader, json_find(source, "enter"), scenario) ||
        !loader_expression(loader, json_find(source, "exports"), &scenario->exports))
        return false;
    scenario->id = json_find_string(source, "id");
    scenario->title = json_find_string(source, "title");
    scenario->section = json_find_string(source, "section");
    scenario->facts = loader->facts.items;
    scenario->fact_count = loader->facts.count;
    scenario->file = loader->file;
    *ret = scenario;
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

static bool load_rule_file(struct loader *loader, struct rule_base *base, const struct json *document, bool replace)
{
    static const struct field fields[] = {{"$schema", FIELD_STRING, false}, {"rules", FIELD_ARRAY, true}};
    if (!loader_fields(loader, document, "a rule file", fields, COUNT_OF(fields)))
        return false;
    const struct json *list = json_find(document, "rules");
    for (size_t i = 0; i < list->count; i++) {
        const struct rule *rule;
        if (!load_rule(loader, &list->items[i], &rule))
            return false;
        size_t index = rule_index(base, rule->id);
        if (index < base->rule_count && !(replace && !str_equal(base->rules[index]->file, loader->file)))
            return loader_fail(loader, &list->items[i], "the id '%.*s' is used twice, first in %.*s:%d",
                               STR_ARG(rule->id), STR_ARG(base->rules[index]->file), base->rules[index]->line);
        put_rule(base, index, rule);
    }
    return true;
}

static bool load_scenario_file(struct loader *loader, struct rule_base *base, const struct json *document)
{
    const struct scenario *scenario;
    if (!load_scenario(loader, document, &scenario))
        return false;
    size_t index = 0;
    while (index < base->scenario_count && !str_equal(base->scenarios[index]->id, scenario->id))
        index++;
    put_scenario(base, index, scenario);
    return true;
}

static bool is_in(struct str path, const char *folder)
{
    return str_contains(path, str_from(folder));
}

/* Policies, schemas, message tables and sample accounts are read by those who use them. */
static bool is_rule_file(struct str path)
{
    return str_ends(path, STR(".json")) && !is_in(path, "/facts/") && !is_in(path, "/policies/") &&
           !is_in(path, "/schema/") && !is_in(path, "/optscale/") && !is_in(path, "accounts/");
}

static bool load_facts(struct rule_base *base, struct error *error)
{
    for (size_t i = 0; i < base->file_count; i++) {
        const struct data_file *file = &base->files[i];
        if (is_in(file->path, "/facts/") && !facts_load(base->declarations, file->path, file->text, error))
            return false;
    }
    return facts_link(base->declarations, error);
}

static bool load_file(struct rule_base *base, const struct data_file *file, bool replace, struct error *error)
{
    struct loader loader = {
        .arena = base->arena,
        .declarations = base->declarations,
        .kinds = base->kinds,
        .files = base->files,
        .file_count = base->file_count,
        .file = file->path,
        .text = file->text,
        .error = error,
    };
    const struct json *document;
    if (!json_parse(base->arena, file->path, file->text, &json_limits_default, &document, error))
        return false;
    return is_in(file->path, "scenarios/") ? load_scenario_file(&loader, base, document)
                                           : load_rule_file(&loader, base, document, replace);
}

static bool unknown_rule(const struct rule_base *base, struct str file, struct str owner, struct str id,
                         struct error *error)
{
    struct str *names = arena_array(base->arena, struct str, base->rule_count);
    for (size_t i = 0; i < base->rule_count; i++)
        names[i] = base->rules[i]->id;
    struct str nearest = str_nearest(id, names, base->rule_count);
    return error_set(error, ERROR_INPUT, "%.*s: '%.*s' names the rule '%.*s', which does not exist%s%.*s%s",
                     STR_ARG(file), STR_ARG(owner), STR_ARG(id), nearest.len ? "; did you mean '" : "",
                     STR_ARG(nearest), nearest.len ? "'?" : "");
}

enum { NEEDS_DEPTH_MAX = 32 };

/* Whether following `needs` from a rule leads back to it, or on without an end. */
static bool has_cycle(const struct rule_base *base, const struct rule *rule, int depth)
{
    if (depth == NEEDS_DEPTH_MAX)
        return true;
    for (size_t i = 0; i < rule->need_count; i++) {
        if (has_cycle(base, rule_base_find(base, rule->needs[i]), depth + 1))
            return true;
    }
    return false;
}

/* Every rule id that is named exists. */
static bool link_rules(const struct rule_base *base, struct error *error)
{
    for (size_t i = 0; i < base->rule_count; i++) {
        const struct rule *rule = base->rules[i];
        for (size_t j = 0; j < rule->need_count; j++) {
            if (!rule_base_find(base, rule->needs[j]))
                return unknown_rule(base, rule->file, rule->id, rule->needs[j], error);
        }
    }
    for (size_t i = 0; i < base->rule_count; i++) {
        const struct rule *rule = base->rules[i];
        if (has_cycle(base, rule, 0))
            return error_set(error, ERROR_INPUT, "%.*s:%d: rule '%.*s': its \"needs\" lead back to itself",
                             STR_ARG(rule->file), rule->line, STR_ARG(rule->id));
    }
    for (size_t i = 0; i < base->scenario_count; i++) {
        const struct scenario *scenario = base->scenarios[i];
        for (size_t j = 0; j < scenario->rule_count; j++) {
            if (!rule_base_find(base, scenario->rules[j]))
                return unknown_rule(base, scenario->file, scenario->id, scenario->rules[j], error);
        }
    }
    return true;
}

bool rule_base_load(struct arena *arena, const struct data_file *files, size_t count, size_t embedded_count,
                    const struct check_kind *const *kinds, struct rule_base **ret, struct error *error)
{
    struct rule_base *base = arena_new(arena, struct rule_base);
    *base = (struct rule_base){
        .arena = arena, .declarations = facts_open(arena), .files = files, .file_count = count, .kinds = kinds};
    if (!load_facts(base, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (is_rule_file(files[i].path) && !load_file(base, &files[i], i >= embedded_count, error))
            return false;
    }
    if (!link_rules(base, error))
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
    for (size_t i = 0; i < base->scenario_count; i++) {
        if (str_equal(base->scenarios[i]->id, id))
            return base->scenarios[i];
    }
    return NULL;
}

enum severity rule_default_severity(const struct rule *rule)
{
    return rule->severities[rule->severity_count - 1].is;
}
