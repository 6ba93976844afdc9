/*
 * lint.h: what is wrong with a rule base that loads: rules that nothing proves able to pass, to fail
 * or to be unknown, values that select nothing in any sample account, rules that no scenario has; and it warns of
 * expressions that nobody can read.
 */
#ifndef EXPORTCHECK_RULE_CASES_LINT_H
#define EXPORTCHECK_RULE_CASES_LINT_H

#include "rule/cases/cases.h"

struct lint_finding {
    struct str file;
    int line;
    struct str rule; /* or the scenario, or the fact */
    struct str message;
    bool is_warning; /* it works, and is hard to read */
};

/** `coverage` is what the cases have shown (case_report), beside the base's rules; NULL: there were none. */
const struct lint_finding *rules_lint(struct arena *arena, const struct rule_base *base,
                                      const struct rule_coverage *coverage, size_t *ret_count);

#endif
