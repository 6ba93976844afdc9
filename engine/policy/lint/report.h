/* report.h: the findings of a lint run while they are collected. For the lint_*.c files alone. */
#ifndef EXPORTCHECK_POLICY_LINT_REPORT_H
#define EXPORTCHECK_POLICY_LINT_REPORT_H

#include "policy/lint/lint.h"
#include "policy/prove/pattern_algebra.h"

struct linter {
    struct arena *arena;
    struct algebra algebra;
    enum policy_type type;
    struct lint_finding *items;
    size_t count;
};

/** Adds a finding; past LINT_FINDINGS_MAX they are dropped. The pointer is the statement's and `/rest`. */
void lint_add(struct linter *linter, const char *code, const struct statement *statement, struct str rest,
              struct str text, struct str suggestion);

/** `Action/2`, or `Action` where it is no list. */
struct str lint_item_place(struct arena *arena, const char *element, const struct policy_element *list, size_t index);

/** Actions and resources of one statement. */
void lint_elements(struct linter *linter, const struct statement *statement);
/** Principals and conditions of one statement. */
void lint_conditions(struct linter *linter, const struct statement *statement);
/** Policy variables, and keys that do not exist. */
void lint_variables(struct linter *linter, const struct statement *statement);

#endif
