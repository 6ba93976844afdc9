/* list.c: `exportcheck rules list`. */
#include "cli/rules/rules.h"

static bool in_scenario(const struct scenario *scenario, struct str id)
{
    for (size_t i = 0; i < scenario->rule_count; i++) {
        if (str_equal(scenario->rules[i], id))
            return true;
    }
    return false;
}

struct str rules_scenarios_of(struct arena *arena, const struct rule_base *base, struct str id)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < base->scenario_count; i++) {
        if (in_scenario(base->scenarios[i], id))
            buf_addf(&buf, "%s%.*s", buf.len ? ", " : "", STR_ARG(base->scenarios[i]->id));
    }
    return buf_str(&buf);
}

static void print_row(struct program *program, const struct rule_base *base, const struct rule *rule, int width)
{
    fprintf(program->output, "%-*.*s  %-8.*s  %.*s  [%.*s]\n", width, STR_ARG(rule->id),
            STR_ARG(severity_name(rule_default_severity(rule))), STR_ARG(rule->title),
            STR_ARG(rules_scenarios_of(program->arena, base, rule->id)));
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
