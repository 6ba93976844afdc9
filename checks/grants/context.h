/*
 * context.h: what the account tells of the context of requests (policy/context/known.h), from the facts of
 * rules/facts/context.json. Every grants check takes it from here, and no rule says it again.
 */
#ifndef EXPORTCHECK_CHECKS_GRANTS_CONTEXT_H
#define EXPORTCHECK_CHECKS_GRANTS_CONTEXT_H

#include "policy/context/known.h"
#include "policy/evaluate/evaluate.h"
#include "rule/loader.h"

/** Notes the facts that a check may need, by what it speaks of: they are collected, and no pass waits for them. */
bool grants_context_load(struct loader *loader, const struct json *definition) MUST_CHECK;

/** The fact that tells it; of TOLD_NOTHING, whose account the others speak of. */
struct str grants_context_fact(enum told told);

/** What is told, as the source of requests that are yet to be filled in; `now`: seconds since 1970. */
struct request_source grants_context_source(const struct judging *judging, int64_t now);

/** The context keys that the policies speak of: in conditions, and as policy variables. */
const struct key_names *grants_context_asked(const struct judging *judging, const struct policy_environment *policies);

/** The fact that would tell the key for this principal, where it could not be read; else NULL. */
const struct fact *grants_context_unread(const struct judging *judging, struct str principal, struct str key);

/** Notes which of the facts the policies' conditions really ask for: the judgement rests on them, too. */
void grants_context_evidence(const struct judging *judging, const struct policy_environment *policies,
                             struct judgement *ret);

#endif
