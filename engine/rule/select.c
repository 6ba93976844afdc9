/* select.c: which rules a run is made of; see run.h. */
#include "rule/run.h"

#include "query/pattern.h"

static bool matches_any(const struct str *patterns, size_t count, struct str id)
{
    for (size_t i = 0; i < count; i++) {
        if (pattern_glob(patterns[i], id))
            return true;
    }
    return false;
}

static bool check_patterns(const struct rule_base *base, const char *option, const struct str *patterns, size_t count,
                           struct error *error)
{
    struct str *ids = arena_array(base->arena, struct str, base->rule_count);
    for (size_t i = 0; i < base->rule_count; i++)
        ids[i] = base->rules[i]->id;
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (size_t j = 0; j < base->rule_count && !found; j++)
            found = pattern_glob(patterns[i], ids[j]);
        if (found)
            continue;
        struct str nearest = str_nearest(patterns[i], ids, base->rule_count);
        return error_set(error, ERROR_INPUT, "%s: no rule is called '%.*s'%s%.*s%s", option, STR_ARG(patterns[i]),
                         nearest.len ? "; did you mean '" : "", STR_ARG(nearest), nearest.len ? "'?" : "");
    }
    return true;
}

static bool has_rule(const struct selection *selection, struct str id, size_t *ret)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (str_equal(selection->rules[i]->id, id)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static void add_rule(struct selection *selection, const struct rule *rule, bool reported)
{
    size_t index;
    if (has_rule(selection, rule->id, &index)) {
        selection->reported[index] = selection->reported[index] || reported;
        return;
    }
    selection->rules[selection->count] = rule;
    selection->reported[selection->count++] = reported;
}

static bool is_of(const struct scenario *scenario, struct str id)
{
    for (size_t i = 0; i < scenario->rule_count; i++) {
        if (str_equal(scenario->rules[i], id))
            return true;
    }
    return false;
}

/*
 * A rule of the scenario needs only rules of the scenario: where the export is yet to be made, a
 * rule on the bucket's policy does not wait for an export. What is asked for by name needs all.
 */
static void add_needed(const struct rule_base *base, struct selection *selection)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct rule *rule = selection->rules[i];
        bool own = is_of(selection->scenario, rule->id);
        for (size_t j = 0; j < rule->need_count; j++) {
            if (!own || is_of(selection->scenario, rule->needs[j]))
                add_rule(selection, rule_base_find(base, rule->needs[j]), false);
        }
    }
}

bool select_rules(struct arena *arena, const struct rule_base *base, const struct scenario *scenario,
                  const struct str *only, size_t only_count, const struct str *skip, size_t skip_count,
                  struct selection *ret, struct error *error)
{
    struct selection selection = {
        .scenario = scenario,
        .rules = arena_array(arena, const struct rule *, base->rule_count),
        .reported = arena_array(arena, bool, base->rule_count),
    };
    if (!check_patterns(base, "--rule", only, only_count, error) ||
        !check_patterns(base, "--skip", skip, skip_count, error))
        return false;
    for (size_t i = 0; i < scenario->rule_count; i++) {
        struct str id = scenario->rules[i];
        if ((only_count == 0 || matches_any(only, only_count, id)) && !matches_any(skip, skip_count, id))
            add_rule(&selection, rule_base_find(base, id), true);
    }
    /* A rule of another scenario is run where it is asked for by name. */
    for (size_t i = 0; i < base->rule_count; i++) {
        for (size_t j = 0; j < only_count; j++) {
            if (str_equal(only[j], base->rules[i]->id) && !matches_any(skip, skip_count, only[j]))
                add_rule(&selection, base->rules[i], true);
        }
    }
    if (selection.count == 0)
        return error_set(error, ERROR_INPUT, "no rule is selected: nothing would be checked");
    add_needed(base, &selection);
    *ret = selection;
    return true;
}

static const struct json *default_of(const struct selection *selection, struct str rule, struct str name)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct json *value = json_get(selection->rules[i]->parameters, name);
        if (value && (rule.len == 0 || str_equal(rule, selection->rules[i]->id)))
            return value;
    }
    return NULL;
}

static struct json read_value(struct arena *arena, struct str text)
{
    const struct json *value;
    if (json_parse(arena, STR("value"), text, &json_limits_default, &value, NULL))
        return *value;
    return json_string(text);
}

bool select_settings(struct arena *arena, struct selection *selection, const struct str *texts, size_t count,
                     struct error *error)
{
    struct setting *settings = arena_array(arena, struct setting, count);
    for (size_t i = 0; i < count; i++) {
        struct str value = texts[i];
        struct str name;
        struct str rule = STR("");
        if (!str_cut(&value, '=', &name) || name.len == 0)
            return error_set(error, ERROR_INPUT, "--set takes [RULE.]NAME=VALUE, not '%.*s'", STR_ARG(texts[i]));
        ptrdiff_t dot = str_find_last_char(name, '.');
        if (dot >= 0) {
            rule = str_slice(name, 0, dot);
            name = str_skip(name, dot + 1);
        }
        const struct json *otherwise = default_of(selection, rule, name);
        if (!otherwise)
            return error_set(error, ERROR_INPUT, "--set: no selected rule has the parameter '%.*s'", STR_ARG(texts[i]));
        struct json parsed = read_value(arena, value);
        if (parsed.type != otherwise->type && otherwise->type != JSON_NULL)
            return error_set(error, ERROR_INPUT, "--set: %.*s is %s, not '%.*s'", STR_ARG(name),
                             json_type_name(otherwise->type), STR_ARG(value));
        settings[i] = (struct setting){rule, name, json_box(arena, parsed)};
    }
    selection->settings = settings;
    selection->setting_count = count;
    return true;
}

const struct str *selection_facts(const struct selection *selection, struct arena *arena, size_t *ret_count)
{
    struct name_list names = {0};
    for (size_t i = 0; i < selection->count; i++) {
        for (size_t j = 0; j < selection->rules[i]->fact_count; j++)
            name_list_add(arena, &names, selection->rules[i]->facts[j]);
        for (size_t j = 0; j < selection->rules[i]->text_fact_count; j++)
            name_list_add(arena, &names, selection->rules[i]->text_facts[j]);
    }
    for (size_t i = 0; i < selection->scenario->fact_count; i++)
        name_list_add(arena, &names, selection->scenario->facts[i]);
    *ret_count = names.count;
    return names.items;
}
