/*
 * allow.h: an Allow that allows less: for this account alone, or without certain actions. Nothing is added but
 * conditions; who and what is left keeps what it had.
 */
#ifndef EXPORTCHECK_CHECKS_MEND_ALLOW_H
#define EXPORTCHECK_CHECKS_MEND_ALLOW_H

#include "policy/language/document.h"

/**
 * The statement's policy, where its services write for these accounts alone: aws:SourceAccount has to be one of them.
 * Others whom the statement lets in keep it as it is, in a statement of their own. NULL: it names no service.
 */
const struct json *allow_for_accounts(struct arena *arena, const struct statement *statement,
                                      const struct str *accounts, size_t count);

/**
 * The policy of the Allow without what it must not allow: without the actions where it names them, else, in a
 * resource's policy, without the principal (empty: whoever it is), else without the statement. `*ret` NULL: no
 * statement is left. False, and why not: an identity policy that allows them by a pattern.
 */
bool allow_without(struct arena *arena, const struct statement *statement, const struct str *actions, size_t count,
                   struct str principal, const struct json **ret, struct str *ret_why);

#endif
