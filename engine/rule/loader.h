/*
 * loader.h: reads rule files: every mistake is named with file, line and column, and with the
 * nearest right name. Check kinds read their own part through these functions.
 */
#ifndef EXPORTCHECK_RULE_LOADER_H
#define EXPORTCHECK_RULE_LOADER_H

#include "rule/check.h"

/** A file of the rule base: embedded, or read from --rules. */
struct data_file {
    struct str path; /* "rules/policies/read-bucket.json" */
    struct str text;
};

struct name_list {
    struct str *items;
    size_t count;
    size_t capacity;
};

struct loader {
    struct arena *arena;
    const struct fact_declarations *declarations;
    const struct check_kind *const *kinds; /* ends with NULL */
    const struct data_file *files;         /* for checks that use policy templates */
    size_t file_count;
    struct str file; /* the one being read */
    struct str text;
    ptrdiff_t counted;           /* where the last line begins that was counted … */
    int line;                    /* … and its number; 0: none yet */
    struct str rule;             /* the id of the rule being read; empty outside one */
    struct name_list facts;      /* that the rule, or the check being read, rests on; each once */
    struct name_list consulted;  /* that may refute or excuse it: a pass would be one without them */
    struct name_list checked;    /* that any check of the rule mentions */
    struct name_list text_facts; /* that only its texts mention */
    struct error *error;
};

/** Records `file:line:column: rule 'x': …` and returns false. `at` NULL: the file as a whole. */
bool loader_fail(struct loader *loader, const struct json *at, const char *format, ...) FORMATS(3, 4);
/** The line of a value, counted on from the last one that was asked for: rules are read in their order. */
int loader_line(struct loader *loader, const struct json *value);
/** The same for a name that does not exist: `there is no fact "x"; did you mean "y"?`, the nearest of `names`. */
bool loader_unknown(struct loader *loader, const struct json *at, const char *what, struct str name,
                    const struct str *names, size_t count);

enum field_type {
    FIELD_ANY = 0,
    FIELD_STRING = 1,
    FIELD_NUMBER = 2,
    FIELD_BOOLEAN = 4,
    FIELD_ARRAY = 8,
    FIELD_OBJECT = 16,
    FIELD_TEXT = FIELD_STRING | FIELD_ARRAY, /* a text, or a choice of them */
};

/** A member that an object may have. */
struct field {
    const char *name;
    unsigned types; /* of field_type, or'ed; 0: any */
    bool required;
};

/** Checks an object's members against the table; names what is missing, unknown or of a wrong type. */
bool loader_fields(struct loader *loader, const struct json *object, const char *what, const struct field *fields,
                   size_t count) MUST_CHECK;

/** Compiles a JMESPath expression; the facts it mentions are noted. `value` NULL gives NULL. */
bool loader_expression(struct loader *loader, const struct json *value, const struct expression **ret) MUST_CHECK;
/** The same where the verdict does not rest on the facts: they are noted as those of texts are. */
bool loader_side_expression(struct loader *loader, const struct json *value, const struct expression **ret) MUST_CHECK;
/** The same for what is asked only where the rule would fail otherwise: no pass rests on it. */
bool loader_consulted_expression(struct loader *loader, const struct json *value,
                                 const struct expression **ret) MUST_CHECK;
/** Compiles a text with `{expression}` in it, or a choice of texts (text_compile_choices()). `value` NULL gives NULL.
 * `evidence` false: its facts are collected for people to read, and the verdict does not rest on them. */
bool loader_text(struct loader *loader, const struct json *value, bool evidence, const struct text **ret) MUST_CHECK;
/** A list of plain texts; `what` is its name. `list` NULL gives none. */
bool loader_strings(struct loader *loader, const struct json *list, const char *what, const struct str **ret,
                    size_t *ret_count) MUST_CHECK;
/** A check within a check, or a rule's own. */
bool loader_check(struct loader *loader, const struct json *definition, struct check *ret) MUST_CHECK;
/** Notes that the rule rests on a fact, named in full; a name that is not declared is an error with the nearest one. */
bool loader_fact(struct loader *loader, const struct json *name) MUST_CHECK;
/** The same for a fact that may refute the rule where it can be read, and that no pass waits for. */
bool loader_consulted_fact(struct loader *loader, const struct json *name) MUST_CHECK;
/** The same for a fact that is collected, and evidence only where a judgement says so. */
bool loader_side_fact(struct loader *loader, const struct json *name) MUST_CHECK;
/** The embedded or user's file, or NULL. */
const struct data_file *loader_file(const struct loader *loader, struct str path);

/** A value in a rule: a literal, or a text with blanks (which keeps the value's type where it is one blank alone). */
struct operand {
    const struct json *literal; /* NULL: the text */
    const struct text *text;    /* NULL, too: no operand was given */
};
bool loader_operand(struct loader *loader, const struct json *value, struct operand *ret) MUST_CHECK;
/** The value of an operand that was given. */
struct evaluated operand_evaluate(const struct operand *operand, const struct judging *judging);

void name_list_add(struct arena *arena, struct name_list *list, struct str name); /* each once */

#endif
