/*
 * merge.h: puts a template's statements into a policy that is there already, so that it grants what the template grants
 * and everything that it granted before.
 *
 * Every other statement stays as it is, in its place. A statement of the same Sid is replaced if it serves the same
 * purpose: all that it allows, and to whom, is allowed by the new one too, for the accounts that both name. If it
 * serves another, the new statement gets a Sid of its own. The result is proven to grant the template; a Deny may stand
 * against it, which is then named: no Deny is ever taken out.
 */
#ifndef EXPORTCHECK_POLICY_TEMPLATE_MERGE_H
#define EXPORTCHECK_POLICY_TEMPLATE_MERGE_H

#include "policy/template/template.h"

enum merge_change_kind {
    MERGE_ADDED,
    MERGE_REPLACED,
    MERGE_RENAMED, /* added under another Sid, since its own was taken */
    MERGE_PRESENT, /* word for word there already */
};

struct merge_change {
    enum merge_change_kind kind;
    struct str sid;    /* that it has now */
    struct str wanted; /* MERGE_RENAMED: the template's */
};

struct merge_result {
    const struct json *policy;
    bool granted_before; /* the policy granted it all along: it is returned as it was, without changes */
    const struct merge_change *changes;
    size_t change_count;
    size_t kept;               /* statements that were there and stay */
    struct prove_result check; /* of the result */
};

/**
 * Merges the filled-in policy of a template into `existing`. False, code "input": `existing` is no policy.
 */
bool policy_merge(struct arena *arena, const struct json *existing, const struct json *wanted, bool on_bucket,
                  const struct template_asker *asker, struct merge_result *ret, struct error *error) MUST_CHECK;

/** Whether a policy by itself grants everything that `wanted` grants. False, code "input": it is no policy. */
bool policy_grants_template(struct arena *arena, const struct json *policy, const struct json *wanted, bool on_bucket,
                            const struct template_asker *asker, struct prove_result *ret,
                            struct error *error) MUST_CHECK;

#endif
