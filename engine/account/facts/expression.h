/*
 * expression.h: JMESPath over facts, where the state is decided before the value.
 *
 * If a fact that the expression mentions is denied, failed or not collected, the expression has
 * that state (in this order of precedence) and is not evaluated: no null from an unread fact ever
 * reaches an operator. `absent` reads as null.
 */
#ifndef EXPORTCHECK_ACCOUNT_FACTS_EXPRESSION_H
#define EXPORTCHECK_ACCOUNT_FACTS_EXPRESSION_H

#include "account/facts/facts.h"

struct expression;

/**
 * Compiles `text` and finds the facts it mentions: each chain of names from the root, or from
 * root(), is matched against the declared names, longest first. Names under `target`, `parameter`,
 * `credentials` and `item` are no facts; those of a target are checked all the same. A chain that matches nothing
 * declared is an error ("unknown fact 'bucket.polcy': did you mean 'bucket.policy'?").
 */
bool expression_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                        const struct expression **ret, struct error *error) MUST_CHECK;
/**
 * The same for an expression that runs on an answer: names from the root are the answer's own, and
 * only what is written root().… is a fact.
 */
bool expression_compile_for_answer(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                                   const struct expression **ret, struct error *error) MUST_CHECK;
/** The text as it was written. */
struct str expression_text(const struct expression *expression);
/** If it is nothing but the name of one fact: that name; else the empty view. */
struct str expression_sole_fact(const struct expression *expression);
/** The facts that it mentions, sorted, each once. */
const struct str *expression_facts(const struct expression *expression, size_t *ret_count);

/** The outcome of an evaluation. */
struct evaluated {
    enum fact_state state;      /* present, absent (null), or why it was not evaluated */
    const struct json *value;   /* never NULL; json_null unless present */
    const struct fact *because; /* the fact that keeps it from being evaluated, or NULL */
    struct error error;         /* state failed with because NULL: the expression's own error */
};

/** Values beside the facts: `parameter`, the item of a rule's for_each. */
struct scope {
    const struct facts *facts;
    const struct json *parameters; /* read as `parameter`; NULL: none */
    const struct json *item;       /* item(), also read as `item`; NULL: none */
    const struct json *finding; /* read as `finding`, what a rule found: count, subject, expected, actual; NULL: none */
};

struct evaluated expression_evaluate(const struct expression *expression, const struct scope *scope,
                                     struct arena *arena);
/** The same on an answer, for what expression_compile_for_answer() gave. */
struct evaluated expression_evaluate_answer(const struct expression *expression, const struct json *answer,
                                            const struct scope *scope, struct arena *arena);
/**
 * The worst state among facts, denied before failed before not_collected, and in `ret_because` the
 * first fact that has it; present and absent ones leave present and NULL.
 */
enum fact_state expression_state(const struct str *facts, size_t count, const struct facts *known,
                                 const struct fact **ret_because);

/** A text with `{expression}` in it; `{{` and `}}` are literal braces. */
struct text;
bool text_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                  const struct text **ret, struct error *error) MUST_CHECK;
/**
 * The same for a choice: `[{"when": expression, "is": text}, …, text]`, of which the first that holds is
 * the text; a last one without a condition holds otherwise. A mistake is in `*ret_at`, an item of the list.
 */
bool text_compile_choices(struct arena *arena, const struct fact_declarations *declarations, const struct json *list,
                          const struct text **ret, const struct json **ret_at, struct error *error) MUST_CHECK;
/** The next `{expression}` in a text that compiles, at or behind `*at`, which moves behind it; false: no more. */
bool text_next_expression(struct str text, ptrdiff_t *at, struct str *ret);
const struct str *text_facts(const struct text *text, size_t *ret_count);

/**
 * Fills in: strings as they are, other values as JSON. State and `because` as for an expression;
 * a null, or a choice of which none holds, leaves state absent and the value empty.
 */
struct evaluated text_fill(const struct text *text, const struct scope *scope, struct arena *arena);
/** A list of all texts of the choice that hold, those with a null left out. */
struct evaluated text_fill_each(const struct text *text, const struct scope *scope, struct arena *arena);
/**
 * The value that stands for the text as a parameter of a call: a text that is one expression and
 * nothing else keeps the type of its value (a list, a number); any other gives a string.
 */
struct evaluated text_value(const struct text *text, const struct scope *scope, struct arena *arena);
/**
 * For texts that people read: what could not be read is filled in as `<bucket.policy: denied>`,
 * null as `<none>`; never fails.
 */
struct str text_fill_lenient(const struct text *text, const struct scope *scope, struct arena *arena);

#endif
