/*
 * condition.h: the condition operators of the policy language (IAM User Guide, "IAM JSON policy elements: Condition
 * operators"), compiled once and evaluated without allocating.
 *
 * One condition is one operator with one key: the values of a key are alternatives (for a negated operator: none may
 * match), and all conditions of a statement must hold. A key that the request lacks fails a positive operator, meets a
 * negated one, and meets any with IfExists. A key with several values needs ForAllValues or ForAnyValue ("Set operators
 * for multivalued context keys"): without, it meets no operator.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_CONDITION_H
#define EXPORTCHECK_POLICY_LANGUAGE_CONDITION_H

#include "policy/language/condition_value.h"
#include "policy/language/pattern.h"

enum condition_family {
    CONDITION_STRING,
    CONDITION_ARN,
    CONDITION_NUMERIC,
    CONDITION_DATE,
    CONDITION_BOOL,
    CONDITION_BINARY,
    CONDITION_IP,
    CONDITION_NULL,
};

/** How the request's value stands to the policy's. */
enum condition_relation {
    RELATION_EQUAL,
    RELATION_LESS,
    RELATION_LESS_EQUAL,
    RELATION_GREATER,
    RELATION_GREATER_EQUAL,
};

struct condition_operator {
    struct str name;
    enum condition_family family;
    enum condition_relation relation;
    bool negated;               /* holds where the comparison does not */
    struct pattern_rules rules; /* of families that compare text */
};

/** All operators, without prefixes and suffixes. */
extern const struct condition_operator condition_operators[];
extern const size_t condition_operator_count;

enum condition_set { CONDITION_SINGLE, CONDITION_FOR_ALL_VALUES, CONDITION_FOR_ANY_VALUE };

/** What an operator's name says: `ForAnyValue:StringLikeIfExists`. */
struct condition_form {
    const struct condition_operator *op;
    enum condition_set set;
    bool if_exists;
    bool exact; /* written in the documentation's case; AWS has been seen to accept others */
};

/** Reads an operator's name; false if there is none of this name. */
bool condition_form_read(struct str text, struct condition_form *ret) MUST_CHECK;

/** A value that the policy gives, read as its operator reads it. */
struct condition_value {
    struct str text;
    bool readable; /* false: `"NumericEquals": "many"`; it fails the whole condition if the operator is negated */
    union {
        struct policy_pattern pattern; /* STRING, ARN, BOOL */
        double number;
        struct value_moment moment;
        struct value_network network;
        bool null; /* NULL: whether the key must be absent */
    };
};

void condition_value_compile(struct arena *arena, const struct condition_operator *op, struct str text, bool variables,
                             struct condition_value *ret);

struct condition {
    struct condition_form form;
    struct str operator_text; /* as written */
    struct str key_text;
    struct context_key key;
    const struct condition_value *values;
    size_t value_count;
    bool is_list;    /* values are written as a list, not as one scalar */
    uint32_t offset; /* of the key's value in the policy's text, plus 1; 0: from no text */
};

/** Whether the condition holds for a request with this context. */
bool condition_holds(const struct condition *condition, const struct context *context);

/** Whether one value that a request brings meets the operator and the policy's values. */
bool condition_value_meets(const struct condition *condition, struct str value, const struct context *context);

#endif
