/*
 * expression.h: JMESPath over facts, where the state is decided before the value.
 *
 * If a fact that the expression mentions is denied, failed or not collected, the expression has
 * that state (in this order of precedence) and is not evaluated: no null from an unread fact ever
 * reaches an operator. `absent` reads as null.
 */
#ifndef EXPORTCHECK_ACCOUNT_EXPRESSION_H
#define EXPORTCHECK_ACCOUNT_EXPRESSION_H

#include "account/facts.h"

struct expression;

/**
 * Compiles `text` and finds the facts it mentions: each chain of names from the root, or from
 * root(), is matched against the declared names, longest first. Names under `target`, `parameter`,
 * `credentials` and the `locals` given at evaluation are no facts. A chain that matches nothing
 * declared is an error ("unknown fact 'bucket.polcy': did you mean 'bucket.policy'?").
 */
bool expression_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                        const struct expression **ret, struct error *error) MUST_CHECK;
/** The facts that it mentions. */
const struct str *expression_facts(const struct expression *expression, size_t *ret_count);

/** The outcome of an evaluation. */
struct evaluated {
    enum fact_state state;     /* present, absent (null), or why it was not evaluated */
    const struct json *value;  /* never NULL; json_null unless present */
    const struct fact *because; /* the fact that keeps it from being evaluated, or NULL */
    struct error error;        /* state failed with because NULL: the expression's own error */
};

/** Values beside the facts: `parameter`, the item of a rule's for_each. */
struct scope {
    const struct facts *facts;
    const struct json *parameters; /* read as `parameter`; NULL: none */
    const struct json *item;       /* item(); NULL: none */
};

struct evaluated expression_evaluate(const struct expression *expression, const struct scope *scope, struct arena *arena);

/** A text with `{expression}` in it; `{{` and `}}` are literal braces. */
struct template_text;
bool template_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                      const struct template_text **ret, struct error *error) MUST_CHECK;
const struct str *template_facts(const struct template_text *text, size_t *ret_count);

/**
 * Fills in: strings as they are, other values as JSON. State and `because` as for an expression;
 * a null leaves state absent and the value empty.
 */
struct evaluated template_fill(const struct template_text *text, const struct scope *scope, struct arena *arena);
/**
 * For texts that people read: what could not be read is filled in as `<bucket.policy: denied>`,
 * null as `<none>`; never fails.
 */
struct str template_fill_lenient(const struct template_text *text, const struct scope *scope, struct arena *arena);

#endif
