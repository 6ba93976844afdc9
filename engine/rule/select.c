/* select.c: which rules a run is made of; see run.h. */
#include "rule/run.h"

#include "base/map.h"
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
    const struct str *ids = rule_ids(base);
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

void select_costs(const struct rule_base *base, struct selection *selection)
{
    const struct scenario *scenario = selection->scenario;
    for (size_t i = 0; i < scenario->cost_rule_count; i++)
        add_rule(selection, rule_base_find(base, scenario->cost_rules[i]), true);
    add_needed(base, selection);
}

/* The value as the parameter's default has it: a text stays one also where it looks like a number. */
static struct json read_value(struct arena *arena, struct str text, enum json_type type)
{
    const struct json *value;
    struct error ignored;
    bool is_json = json_parse(arena, STR("value"), text, &json_limits_default, &value, &ignored);
    return is_json && (type != JSON_STRING || value->type == JSON_STRING) ? *value : json_string(text);
}

/* `--set` while it is read: what it says, and what it is for. */
struct assignment {
    struct str text;
    struct str rule; /* empty: every rule that has the parameter */
    struct str name;
    struct str value;
};

static bool parse_assignment(struct str text, struct assignment *ret, struct error *error)
{
    *ret = (struct assignment){.text = text, .rule = STR(""), .value = text};
    if (!str_cut(&ret->value, '=', &ret->name) || ret->name.len == 0)
        return error_set(error, ERROR_INPUT, "--set takes [RULE.]NAME=VALUE, not '%.*s'", STR_ARG(text));
    ptrdiff_t dot = str_find_char(ret->name, '.', 0); /* no rule's id has one */
    if (dot >= 0) {
        ret->rule = str_slice(ret->name, 0, dot);
        ret->name = str_skip(ret->name, dot + 1);
    }
    return true;
}

static bool no_parameter(struct arena *arena, const struct selection *selection, const struct assignment *assignment,
                         struct error *error)
{
    struct name_list names = {0};
    for (size_t i = 0; i < selection->count; i++) {
        const struct rule *rule = selection->rules[i];
        for (size_t j = 0; j < rule->parameters->count; j++) {
            struct str name = rule->parameters->members[j].name;
            name_list_add(arena, &names, assignment->rule.len ? str_join3(arena, rule->id, STR("."), name) : name);
        }
    }
    struct str typed = str_slice(assignment->text, 0, str_find_char(assignment->text, '=', 0));
    struct str nearest = str_nearest(typed, names.items, names.count);
    return error_set(error, ERROR_INPUT, "--set: no selected rule has the parameter '%.*s'%s%.*s%s", STR_ARG(typed),
                     nearest.len ? "; did you mean '" : "", STR_ARG(nearest), nearest.len ? "'?" : "");
}

/* The value, which has to be of the type of every default that it replaces. */
static bool read_setting(struct arena *arena, const struct selection *selection, const struct assignment *assignment,
                         struct setting *ret, struct error *error)
{
    *ret = (struct setting){assignment->rule, assignment->name, NULL};
    for (size_t i = 0; i < selection->count; i++) {
        const struct rule *rule = selection->rules[i];
        const struct json *otherwise = json_get(rule->parameters, assignment->name);
        if (!otherwise || (assignment->rule.len && !str_equal(assignment->rule, rule->id)))
            continue;
        struct json value = read_value(arena, assignment->value, otherwise->type);
        if (value.type != otherwise->type && otherwise->type != JSON_NULL)
            return error_set(error, ERROR_INPUT, "--set: %.*s of '%.*s' is %s, not '%.*s'", STR_ARG(assignment->name),
                             STR_ARG(rule->id), json_type_name(otherwise->type), STR_ARG(assignment->value));
        ret->value = json_box(arena, value);
    }
    return ret->value ? true : no_parameter(arena, selection, assignment, error);
}

bool select_settings(struct arena *arena, struct selection *selection, const struct str *texts, size_t count,
                     struct error *error)
{
    struct setting *settings = arena_array(arena, struct setting, count);
    for (size_t i = 0; i < count; i++) {
        struct assignment assignment;
        if (!parse_assignment(texts[i], &assignment, error) ||
            !read_setting(arena, selection, &assignment, &settings[i], error))
            return false;
    }
    selection->settings = settings;
    selection->setting_count = count;
    return true;
}

bool select_check(struct arena *arena, const struct rule_base *base, const struct str *only, size_t only_count,
                  const struct str *skip, size_t skip_count, const struct str *settings, size_t setting_count,
                  struct error *error)
{
    struct selection all = {.rules = arena_array(arena, const struct rule *, base->rule_count),
                            .reported = arena_array(arena, bool, base->rule_count)};
    for (size_t i = 0; i < base->rule_count; i++)
        add_rule(&all, base->rules[i], true);
    return check_patterns(base, "--rule", only, only_count, error) &&
           check_patterns(base, "--skip", skip, skip_count, error) &&
           select_settings(arena, &all, settings, setting_count, error);
}

/* Names in the order in which they come, each once. */
struct once {
    struct map *seen;
    struct str *items;
    size_t count;
};

static void add_once(struct once *once, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (map_has(once->seen, names[i]))
            continue;
        map_set(once->seen, names[i], once);
        once->items[once->count++] = names[i];
    }
}

const struct str *selection_facts(const struct selection *selection, struct arena *arena, size_t *ret_count)
{
    size_t most = selection->scenario->fact_count;
    for (size_t i = 0; i < selection->count; i++)
        most += selection->rules[i]->fact_count + selection->rules[i]->text_fact_count;
    struct once once = {map_open(arena), arena_array(arena, struct str, most), 0};
    for (size_t i = 0; i < selection->count; i++) {
        add_once(&once, selection->rules[i]->facts, selection->rules[i]->fact_count);
        add_once(&once, selection->rules[i]->text_facts, selection->rules[i]->text_fact_count);
    }
    add_once(&once, selection->scenario->facts, selection->scenario->fact_count);
    *ret_count = once.count;
    return once.items;
}
