/*
 * readable.h: whether people can read what rules and facts say. An expression says one thing: what
 * takes more is given names, as facts, or a function that says what is meant (docs/facts.md).
 */
#ifndef EXPORTCHECK_RULE_CASES_READABLE_H
#define EXPORTCHECK_RULE_CASES_READABLE_H

#include "base/json/json.h"

enum {
    READABLE_MAX_CHARACTERS = 100,
    READABLE_MAX_PIPES = 2,
};

/** Whether an expression is longer, or has more pipes, than a reader follows. */
bool readable_is_hard(struct str expression);

/**
 * The expressions in a rule's, a scenario's or a fact's source that are hard to read, those in its
 * texts included, in their order.
 */
const struct str *readable_find_hard(struct arena *arena, const struct json *source, size_t *ret_count);

#endif
