/*
 * pattern.h: the wildcard patterns of the policy language, compiled once and matched without allocating.
 *
 * `*` stands for any run of characters and `?` for one (IAM User Guide, "IAM JSON policy elements: Resource"). There is
 * no escape but the policy variables `${*}`, `${?}` and `${$}`; `${key}` and `${key, 'default'}` stand for a value of
 * the request's context, taken literally ("IAM policy elements: Variables and tags"). Matching is anchored at both
 * ends.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_PATTERN_H
#define EXPORTCHECK_POLICY_LANGUAGE_PATTERN_H

#include "base/arena.h"
#include "base/str.h"
#include "policy/language/context.h"

enum pattern_step_kind {
    PATTERN_TEXT,        /* `text`, literally */
    PATTERN_ONE,         /* one character */
    PATTERN_RUN,         /* any run of characters */
    PATTERN_ONE_IN_PART, /* one character, but no colon */
    PATTERN_RUN_IN_PART, /* a run without a colon */
    PATTERN_VARIABLE,    /* the value of `variables[variable]` */
};

struct pattern_step {
    enum pattern_step_kind kind;
    uint32_t variable;
    struct str text;
};

/** `${key}` or `${key, 'default'}`. */
struct pattern_variable {
    struct context_key key;
    struct str fallback;
    bool has_fallback;
};

/** How the pattern is matched: the cheapest way that decides it. */
enum pattern_shape {
    PATTERN_NOTHING, /* no text matches: a pattern for ARNs with fewer than six parts */
    PATTERN_ANYTHING,
    PATTERN_EXACT,  /* one text step, or none */
    PATTERN_PREFIX, /* a text and a run */
    PATTERN_GREEDY, /* going back to the last run suffices */
    PATTERN_SETS,   /* runs of both kinds: sets of places */
};

/** How the colons of an ARN confine wildcards. */
enum pattern_parts {
    PATTERN_NO_PARTS,
    /**
     * Resource and NotResource: before the fifth colon a wildcard stays within its part, save a `*` that ends the part:
     * that one may run on over colons. Variables are read after the fifth colon alone.
     */
    PATTERN_RESOURCE,
    /** ArnLike: six parts are compared one by one, so that no wildcard of the first five leaves its part. */
    PATTERN_ARN,
};

/** What the characters of a pattern mean in its place. */
struct pattern_rules {
    enum pattern_parts parts;
    bool fold;      /* ASCII letters match in either case */
    bool wildcards; /* `*` and `?` are wildcards, else literal */
    bool variables; /* `${…}` is read: policies of version 2012-10-17 */
};

struct policy_pattern {
    struct str source; /* as written */
    const struct pattern_step *steps;
    const struct pattern_variable *variables;
    uint32_t count;
    uint32_t variable_count;
    enum pattern_shape shape;
    struct pattern_rules rules;
};

/** The longest text that is matched; requests with longer ones are refused where they are made. */
#define PATTERN_SUBJECT_MAX 8192

/** Compiles `text`, whose bytes are shared. Cannot fail: what is no variable is literal text. */
void policy_pattern_compile(struct arena *arena, struct str text, struct pattern_rules rules,
                            struct policy_pattern *ret);

/**
 * Whether the whole of `subject` (at most PATTERN_SUBJECT_MAX bytes) matches. A variable takes the key's single value;
 * without one its default; with neither the pattern matches nothing. Takes time in proportion to pattern × subject at
 * most, and does not allocate.
 */
bool policy_pattern_match(const struct policy_pattern *pattern, struct str subject, const struct context *context);

/** The text that the variable stands for in this request; false if it has none. */
bool policy_pattern_variable_value(const struct pattern_variable *variable, const struct context *context,
                                   struct str *ret);

#endif
