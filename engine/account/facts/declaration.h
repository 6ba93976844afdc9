/*
 * declaration.h: what a fact's declaration becomes once it is read and linked. Inside this layer
 * only: rules and commands see facts.h.
 */
#ifndef EXPORTCHECK_ACCOUNT_FACTS_DECLARATION_H
#define EXPORTCHECK_ACCOUNT_FACTS_DECLARATION_H

#include "account/facts/expression.h"
#include "account/facts/facts.h"
#include "base/map.h"

/** Components of a fact's name, and so the depth of the tree that expressions see. */
#define FACT_NAME_MAX_PARTS 8
/** Declared facts, embedded and user files together. */
#define FACTS_MAX 10000

/** A file of declarations, kept for messages. */
struct fact_file {
    struct str name;
    struct str text;
};

/** A list of names in an arena. */
struct names {
    const struct str *items;
    size_t count;
};

/** One source of items of a for_each. */
struct item_source {
    const struct expression *expression;
    struct str fact; /* the name, where the expression is one fact and nothing else: unread entries are handed on */
};

struct declaration {
    struct str name;
    const struct fact_file *file;
    const struct json *json;
    size_t index; /* in the order of declaration */

    const struct operation *operation; /* NULL: derived */
    const struct json *with;           /* as declared; NULL: none */
    enum decode_kind decode;
    const struct json *absent;  /* error codes, an array; NULL: none */
    const struct json *allowed; /* the same, for probes */

    /* From here on filled by facts_link(). */
    const struct expression *when;        /* NULL: always */
    const struct expression *counts_when; /* looked at behind the call; NULL: always */
    const struct expression *value;       /* NULL: the answer itself, `item()`, a text, or first_of */
    const struct text *text;              /* in place of a value; NULL: none */
    bool is_texts;                        /* the value is a list: each of the text's choices that holds */
    struct item_source *sources;          /* for_each */
    size_t source_count;
    bool for_each;
    struct names first_of;
    const struct expression **members; /* beside first_of: the member of that fact that is meant; NULL: the fact */
    size_t refusable_count; /* of first_of: those behind are asked only where what is before was denied (`if_denied`) */
    const struct text *remark; /* what a result that rests on this fact says besides; NULL: nothing */
    struct map *texts;         /* text in `with` → struct text */
    const struct text *region; /* where the operation's row leaves it open; NULL: as the row says */
    struct names call_facts;   /* what `with`, `region` and for_each mention: known before the call */
    struct names value_facts;  /* what `value` and `counts_when` mention */
    struct names mentions;     /* all of them, sorted, each once */
    int urgency;               /* calls of other facts on the longest chain that begins with this one */
};

struct fact_declarations {
    struct arena *arena;
    struct declaration **items;
    size_t count;
    size_t capacity;
    struct map *by_name;
    /** What was compiled in `arena`, by its text: one that stands in many texts is compiled once. */
    struct map *expressions;
    struct map *expressions_for_answer;
    const size_t *remarks; /* indexes of those with a remark, once linked */
    size_t remark_count;
    bool linked;
};

/** The declaration, or NULL. */
const struct declaration *declaration_find(const struct fact_declarations *declarations, struct str name);

/** The expression that `value` and `fields` are together; mistakes are named with their place. */
bool declaration_compose(const struct fact_declarations *declarations, const struct declaration *declaration,
                         struct str *ret, struct error *error) MUST_CHECK;

/** Records "FILE:LINE:COLUMN: fact 'NAME': …" for the value `at`, and returns false. */
bool declaration_refuse(const struct declaration *declaration, const struct json *at, struct error *error,
                        const char *format, ...) FORMATS(4, 5);
/** Puts the same place before an error that is already there. */
bool declaration_wrap(const struct declaration *declaration, const struct json *at, struct error *error);

/** Sorts the names and drops repeated ones; returns how many are left. */
size_t names_unique(struct str *names, size_t count);

#endif
