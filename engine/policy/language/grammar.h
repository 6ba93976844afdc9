/*
 * grammar.h: reading a policy document part by part: the place that is being read, and the faults found there.
 * For document.c alone.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_GRAMMAR_H
#define EXPORTCHECK_POLICY_LANGUAGE_GRAMMAR_H

#include "base/macros.h"
#include "policy/language/document.h"

/** What can be wrong; a table says which of it still leaves a document one reading. */
enum fault {
    FAULT_TYPE,
    FAULT_LIMIT,
    FAULT_UNKNOWN_ELEMENT,
    FAULT_VERSION,
    FAULT_EFFECT,
    FAULT_MISSING,
    FAULT_BOTH_FORMS,
    FAULT_OPERATOR,
    FAULT_PRINCIPAL_TYPE,
    FAULT_NO_RESOURCE,
    FAULT_NO_PRINCIPAL,
    FAULT_ELEMENT_FORBIDDEN,
    FAULT_BARE_PRINCIPAL,
    FAULT_PRINCIPAL,
    FAULT_ALLOW_NOT_PRINCIPAL,
    FAULT_EMPTY,
    FAULT_ACTION,
    FAULT_RESOURCE,
    FAULT_OPERATOR_CASE,
    FAULT_NULL_FORM,
    FAULT_VALUE,
    FAULT_SID,
    FAULT_CHARACTER,
};

/** A place in the document: a chain to its root, so that pointers are made only where they are needed. */
struct place {
    const struct place *parent;
    struct str name; /* of an object's member; NULL: an item of a list */
    size_t index;
    const struct json *value;
};

struct reader {
    struct arena *arena;
    struct policy_options options;
    struct policy *policy;
    struct policy_fault *faults;
    size_t fault_count;
};

/** One value, or a list of them. */
struct list {
    const struct json *items;
    size_t count;
    bool is_list;
};

/** Notes a fault at a place; past a limit they are dropped. */
void reader_fault(struct reader *r, const struct place *place, enum fault fault, const char *format, ...) FORMATS(4, 5);
void reader_wrong_type(struct reader *r, const struct place *place, const char *expected);
/** A member that is none of `names`. */
void reader_unknown(struct reader *r, const struct place *place, const struct str *names, size_t count);

struct str place_pointer(struct arena *arena, const struct place *place);
struct place place_member(const struct place *parent, const struct json_member *member);
struct place place_item(const struct place *parent, const struct list *list, size_t index);

/** The value as a string, or as a list; what is neither is a fault. */
bool read_string(struct reader *r, const struct place *place, struct str *ret) MUST_CHECK;
struct list read_list(struct reader *r, const struct place *place);

#endif
