/* lint.c: see lint.h. */
#include "rule/cases/lint.h"

struct linting {
    struct arena *arena;
    struct lint_finding *findings;
    size_t count;
    size_t capacity;
};

static void add(struct linting *l, const struct rule *rule, struct str message)
{
    if (l->count < l->capacity)
        l->findings[l->count++] = (struct lint_finding){rule->file, rule->line, rule->id, message};
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

static bool is_in_scenario(const struct rule_base *base, struct str id)
{
    for (size_t i = 0; i < base->scenario_count; i++) {
        for (size_t j = 0; j < base->scenarios[i]->rule_count; j++) {
            if (str_equal(base->scenarios[i]->rules[j], id))
                return true;
        }
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

const struct lint_finding *rules_lint(struct arena *arena, const struct rule_base *base,
                                      const struct rule_coverage *coverage, size_t *ret_count)
{
    enum { PER_RULE = 8 };
    struct linting l = {.arena = arena, .capacity = base->rule_count * PER_RULE};
    l.findings = arena_array(arena, struct lint_finding, l.capacity);
    for (size_t i = 0; i < base->rule_count; i++) {
        const struct rule *rule = base->rules[i];
        lint_coverage(&l, rule, coverage ? &coverage[i] : NULL);
        lint_texts(&l, rule);
        lint_sentence(&l, rule, coverage ? &coverage[i] : NULL);
        if (!is_in_scenario(base, rule->id))
            add(&l, rule, STR("no scenario has it: it never runs by itself"));
    }
    *ret_count = l.count;
    return l.findings;
}
