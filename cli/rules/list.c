/* list.c: `exportcheck rules list` and `rules show`. */
#include "cli/rules/rules.h"

static bool in_scenario(const struct scenario *scenario, struct str id)
{
    for (size_t i = 0; i < scenario->rule_count; i++) {
        if (str_equal(scenario->rules[i], id))
            return true;
    }
    return false;
}

static struct str scenarios_of(struct arena *arena, const struct rule_base *base, struct str id)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < base->scenario_count; i++) {
        if (in_scenario(base->scenarios[i], id))
            buf_addf(&buf, "%s%.*s", buf.len ? "," : "", STR_ARG(base->scenarios[i]->id));
    }
    return buf_str(&buf);
}

static void print_row(struct program *program, const struct rule_base *base, const struct rule *rule, int width)
{
    fprintf(program->output, "%-*.*s  %-8.*s  %.*s  [%.*s]\n", width, STR_ARG(rule->id),
            STR_ARG(severity_name(rule_default_severity(rule))), STR_ARG(rule->title),
            STR_ARG(scenarios_of(program->arena, base, rule->id)));
}

enum exit_status rules_list(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count)
{
    (void)operands;
    (void)count;
    struct rule_base *base;
    struct error error;
    const struct scenario *scenario = NULL;
    if (!rulebase_load(program, &options->rulebase, &base, &error) ||
        (options->scenario.len && !rulebase_scenario(base, options->scenario, &scenario, &error)))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    int width = 0;
    for (size_t i = 0; i < base->rule_count; i++)
        width = (int)base->rules[i]->id.len > width ? (int)base->rules[i]->id.len : width;
    for (size_t i = 0; scenario && i < scenario->rule_count; i++)
        print_row(program, base, rule_base_find(base, scenario->rules[i]), width);
    for (size_t i = 0; !scenario && i < base->rule_count; i++)
        print_row(program, base, base->rules[i], width);
    return EXIT_STATUS_OK;
}

static void print_text(FILE *stream, const char *label, struct str text)
{
    if (text.len)
        fprintf(stream, "%-12s %.*s\n", label, STR_ARG(text));
}

static void print_list(FILE *stream, const char *label, const struct str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%-12s %.*s\n", i ? "" : label, STR_ARG(items[i]));
}

static const struct fact_info *find_info(const struct rule_base *base, struct str name, struct fact_info *ret)
{
    for (size_t i = 0; i < facts_count(base->declarations); i++) {
        *ret = facts_info(base->declarations, i);
        if (str_equal(ret->name, name))
            return ret;
    }
    return NULL;
}

/* The calls behind the rule's facts, with the permission that each needs. */
static void print_calls(FILE *stream, const struct rule_base *base, const struct rule *rule, struct arena *arena)
{
    struct name_list calls = {0};
    for (size_t i = 0; i < rule->fact_count; i++) {
        size_t count;
        const struct str *names = facts_closure(base->declarations, arena, rule->facts[i], &count);
        for (size_t j = 0; j < count; j++) {
            struct fact_info info;
            if (find_info(base, names[j], &info) && info.operation)
                name_list_add(
                    arena, &calls,
                    str_format(arena, "%.*s (permission %s)", STR_ARG(info.call), info.operation->iam_action));
        }
    }
    print_list(stream, "calls", calls.items, calls.count);
}

void rule_print(FILE *stream, const struct rule_base *base, const struct rule *rule, struct arena *arena)
{
    const struct json *fix = json_find(rule->source, "fix");
    const struct json *console = json_find(fix, "console");
    fprintf(stream, "%.*s: %.*s\n\n", STR_ARG(rule->id), STR_ARG(rule->title));
    print_text(stream, "severity", json_text(arena, json_find(rule->source, "severity"), 0));
    print_text(stream, "scenarios", scenarios_of(arena, base, rule->id));
    print_text(stream, "section", rule->section);
    print_text(stream, "place", rule->place);
    print_list(stream, "needs", rule->needs, rule->need_count);
    print_text(stream, "when", json_find_string(rule->source, "when"));
    print_text(stream, "check", json_text(arena, json_find(rule->source, "check"), 0));
    if (rule->parameters->count)
        print_text(stream, "parameters", json_text(arena, rule->parameters, 0));
    print_list(stream, "facts", rule->facts, rule->fact_count);
    print_calls(stream, base, rule, arena);
    print_list(stream, "explains", rule->optscale_errors, rule->optscale_error_count);
    print_text(stream, "reference", rule->reference);
    fprintf(stream, "%-12s %.*s:%d\n", "file", STR_ARG(rule->file), rule->line);
    fprintf(stream, "\nWhy\n  %.*s\n", STR_ARG(json_find_string(rule->source, "why")));
    fprintf(stream, "\nFix\n");
    for (size_t i = 0; console && i < console->count; i++)
        fprintf(stream, "  %zu. %.*s\n", i + 1, STR_ARG(console->items[i].string));
    if (json_find_string(fix, "cli").len)
        fprintf(stream, "  $ %.*s\n", STR_ARG(json_find_string(fix, "cli")));
    if (json_find_string(fix, "note").len)
        fprintf(stream, "  %.*s\n", STR_ARG(json_find_string(fix, "note")));
}

enum exit_status rules_show(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count)
{
    (void)count;
    struct rule_base *base;
    struct error error;
    if (!rulebase_load(program, &options->rulebase, &base, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    const struct rule *rule = rule_base_find(base, operands[0]);
    if (rule) {
        rule_print(program->output, base, rule, program->arena);
        return EXIT_STATUS_OK;
    }
    struct str *ids = arena_array(program->arena, struct str, base->rule_count);
    for (size_t i = 0; i < base->rule_count; i++)
        ids[i] = base->rules[i]->id;
    struct str nearest = str_nearest(operands[0], ids, base->rule_count);
    error_set(&error, ERROR_INPUT, "there is no rule '%.*s'%s%.*s%s", STR_ARG(operands[0]),
              nearest.len ? "; did you mean '" : "", STR_ARG(nearest), nearest.len ? "'?" : "");
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}
