/* lint.c: see lint.h. */
#include "rule/cases/lint.h"

#include "rule/cases/readable.h"

#include <string.h>

struct linting {
    struct arena *arena;
    struct lint_finding *findings;
    size_t count;
    size_t capacity;
};

static void add_finding(struct linting *l, struct lint_finding finding)
{
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? l->capacity * 2 : 16;
        struct lint_finding *grown = arena_array(l->arena, struct lint_finding, l->capacity);
        if (l->count)
            memcpy(grown, l->findings, l->count * sizeof *grown);
        l->findings = grown;
    }
    l->findings[l->count++] = finding;
}

static void add(struct linting *l, const struct rule *rule, struct str message)
{
    add_finding(l, (struct lint_finding){rule->file, rule->line, rule->id, message, false});
}

/* Warns of each expression of the source that is hard to read; `place` says whose it is. */
static void lint_readability(struct linting *l, const struct json *source, struct lint_finding place)
{
    size_t count;
    const struct str *hard = readable_find_hard(l->arena, source, &count);
    place.is_warning = true;
    for (size_t i = 0; i < count; i++) {
        place.message = str_format(
            l->arena,
            "an expression of %td characters is hard to read (at most %d, and %d pipes): give its "
            "steps names, as facts: %.*s",
            hard[i].len, READABLE_MAX_CHARACTERS, READABLE_MAX_PIPES, STR_ARG(str_shorten(l->arena, hard[i], 60)));
        add_finding(l, place);
    }
}

/* What every rule has to be shown able to do. */
static const struct {
    enum verdict verdict;
    const char *message;
} wanted[] = {
    {VERDICT_PASS, "no sample account and no case shows it pass"},
    {VERDICT_FAIL, "no case shows it fail: a rule that cannot fail checks nothing"},
    {VERDICT_UNKNOWN, "no case shows it unknown, as it must be where its evidence cannot be read"},
};

static void lint_coverage(struct linting *l, const struct rule *rule, const struct rule_coverage *coverage)
{
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        if (!coverage || !coverage->shown[wanted[i].verdict])
            add(l, rule, str_from(wanted[i].message));
    }
    bool compares = str_equal(str_from(rule->check.kind->name), STR("value"));
    if (coverage && compares && coverage->judged && !coverage->selected)
        add(l, rule, STR("its value is null in every sample account: does the expression select anything?"));
}

static bool has_id(const struct str *ids, size_t count, struct str id)
{
    size_t i = 0;
    while (i < count && !str_equal(ids[i], id))
        i++;
    return i < count;
}

static bool is_in_scenario(const struct rule_base *base, struct str id)
{
    for (size_t i = 0; i < base->scenario_count; i++) {
        const struct scenario *scenario = base->scenarios[i];
        if (has_id(scenario->rules, scenario->rule_count, id) ||
            has_id(scenario->cost_rules, scenario->cost_rule_count, id))
            return true;
    }
    return false;
}

/* A step of "Do this first" is read at a glance. */
static void lint_sentence(struct linting *l, const struct rule *rule, const struct rule_coverage *coverage)
{
    if (!rule->to_do)
        add(l, rule, STR("it has no \"do\": nobody is told in one sentence what to do"));
    size_t length = coverage ? str_code_points(coverage->to_do) : 0;
    if (length > RULE_DO_MAX)
        add(l, rule,
            str_format(l->arena,
                       "its \"do\" is %zu characters long where it is filled in, and has to have at most %d: %.*s",
                       length, RULE_DO_MAX, STR_ARG(coverage->to_do)));
}

static void lint_texts(struct linting *l, const struct rule *rule)
{
    if (rule->fix.console_count == 0 && !rule->fix.cli && !rule->fix.note)
        add(l, rule, STR("its fix says nothing"));
    if (rule->when && !rule->skip_reason)
        add(l, rule, STR("it has \"when\" and no \"skip_reason\": nobody will know why it was skipped"));
    if (rule->for_each && !rule->subject)
        add(l, rule, STR("it has \"for_each\" and no \"subject\": its results cannot be told apart"));
}

/* Facts and scenarios, which no case proves. */
static void lint_others(struct linting *l, const struct rule_base *base)
{
    for (size_t i = 0; i < base->scenario_count; i++) {
        const struct scenario *scenario = base->scenarios[i];
        lint_readability(l, scenario->source, (struct lint_finding){scenario->file, 1, scenario->id, {0}, true});
    }
    for (size_t i = 0; i < facts_count(base->declarations); i++) {
        struct fact_info info = facts_info(base->declarations, i);
        lint_readability(l, info.source, (struct lint_finding){info.file, info.line, info.name, {0}, true});
    }
}

const struct lint_finding *rules_lint(struct arena *arena, const struct rule_base *base,
                                      const struct rule_coverage *coverage, size_t *ret_count)
{
    struct linting l = {.arena = arena};
    for (size_t i = 0; i < base->rule_count; i++) {
        const struct rule *rule = base->rules[i];
        lint_coverage(&l, rule, coverage ? &coverage[i] : NULL);
        lint_texts(&l, rule);
        lint_sentence(&l, rule, coverage ? &coverage[i] : NULL);
        if (!is_in_scenario(base, rule->id))
            add(&l, rule, STR("no scenario has it: it never runs by itself"));
        lint_readability(&l, rule->source, (struct lint_finding){rule->file, rule->line, rule->id, {0}, true});
    }
    lint_others(&l, base);
    *ret_count = l.count;
    return l.findings;
}
