/* variables.c: `${…}` that is read as plain text, or that no request has a value for. */
#include "policy/context/known.h"
#include "policy/lint/report.h"

static void lint_old_version(struct linter *linter, const struct statement *statement, struct str text,
                             struct str place)
{
    if (!statement->policy->has_variables && str_contains(text, STR("${")))
        lint_add(linter, "variable-in-old-version", statement, place,
                 STR("policy variables are literal text before version 2012-10-17"),
                 STR("\"Version\": \"2012-10-17\""));
}

static void lint_pattern(struct linter *linter, const struct statement *statement, const struct policy_pattern *pattern,
                         struct str place)
{
    for (uint32_t i = 0; i < pattern->variable_count; i++) {
        const struct pattern_variable *variable = &pattern->variables[i];
        if (variable->has_fallback || condition_key_possible(variable->key.name))
            continue;
        lint_add(linter, "unknown-variable", statement, place,
                 str_format(linter->arena, "'%.*s' asks for the key %.*s, which no request has: it never matches",
                            STR_ARG(pattern->source), STR_ARG(variable->key.name)),
                 STR("write out what the template's blank stands for"));
        return;
    }
}

static bool compares_text(const struct condition *condition)
{
    enum condition_family family = condition->form.op->family;
    return family == CONDITION_STRING || family == CONDITION_ARN || family == CONDITION_BOOL;
}

static void lint_condition(struct linter *linter, const struct statement *statement, const struct condition *condition)
{
    struct buf place = buf_make(linter->arena, BUF_NO_MAX);
    buf_add_c(&place, "Condition");
    json_pointer_add(&place, condition->operator_text);
    json_pointer_add(&place, condition->key_text);
    for (size_t i = 0; compares_text(condition) && i < condition->value_count; i++) {
        lint_old_version(linter, statement, condition->values[i].text, buf_str(&place));
        lint_pattern(linter, statement, &condition->values[i].pattern, buf_str(&place));
    }
    if (!condition_key_possible(condition->key.name))
        lint_add(linter, "unknown-key", statement, buf_str(&place),
                 str_format(linter->arena, "no request has a key '%.*s'", STR_ARG(condition->key_text)),
                 STR("a key is a prefix and a name, such as aws:SourceAccount"));
}

void lint_variables(struct linter *linter, const struct statement *statement)
{
    for (size_t i = 0; i < statement->resources.count; i++) {
        const struct policy_pattern *pattern = &statement->resources.items[i].pattern;
        struct str place = lint_item_place(linter->arena, "Resource", &statement->resources, i);
        lint_old_version(linter, statement, pattern->source, place);
        lint_pattern(linter, statement, pattern, place);
    }
    for (size_t i = 0; i < statement->condition_count; i++)
        lint_condition(linter, statement, &statement->conditions[i]);
}
