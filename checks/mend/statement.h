/*
 * statement.h: policies with other statements in the place of one. Everything else of the document stays as it is, in
 * its order; so does everything else of a statement.
 */
#ifndef EXPORTCHECK_CHECKS_MEND_STATEMENT_H
#define EXPORTCHECK_CHECKS_MEND_STATEMENT_H

#include "base/json/json.h"

/** A statement as written, by its place in the policy. */
const struct json *policy_statement(const struct json *policy, size_t index);

/** The policy with these statements in place of one; NULL where it would be left without any. */
const struct json *policy_with(struct arena *arena, const struct json *policy, size_t index,
                               const struct json *statements, size_t count);

/** The policy with the statements of another behind its own, each under a Sid that is free. */
const struct json *policy_plus(struct arena *arena, const struct json *policy, const struct json *more);

/** The statement with another value for an element: in place of `old` (may be the same name), else behind the others.
 */
struct json statement_with(struct arena *arena, const struct json *statement, const char *old, const char *name,
                           struct json value);

/** The statement without an element. */
struct json statement_without(struct arena *arena, const struct json *statement, const char *name);

/** The statement with one more value for a key under an operator, beside what its condition asks already. */
struct json statement_asking(struct arena *arena, const struct json *statement, const char *operation, const char *key,
                             struct str value);

/**
 * The statement under its Sid with a number behind it, larger than `*number`, that no statement of the policy has; it
 * stays without a Sid where that is empty.
 */
struct json statement_numbered(struct arena *arena, const struct json *policy, const struct json *statement,
                               struct str sid, int *number);

/** A text or a list of texts, as a list. */
struct json_list {
    const struct json *items;
    size_t count;
};
struct json_list json_listed(const struct json *value);

/** Whether a pattern with `*` and `?` fits the whole text, letters in either case. */
bool pattern_fits(struct arena *arena, struct str pattern, struct str text);

#endif
