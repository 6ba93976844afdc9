/* change.h: the changes of a case, applied to a snapshot's calls. */
#ifndef EXPORTCHECK_RULE_CASES_CHANGE_H
#define EXPORTCHECK_RULE_CASES_CHANGE_H

#include "account/snapshot/snapshot.h"
#include "rule/loader.h"

/**
 * Applies a list of changes, each `{"call": "s3:GetBucketPolicy", "with": {…}, …}` with one of
 * `patch` (RFC 6902), `merge` (RFC 7396), `answer`, `error` or `drop`. A change that matches no call
 * is an error, save that `answer` and `error` with a `with` add the call.
 */
bool case_change(struct loader *loader, const struct snapshot *snapshot, const struct json *changes,
                 const struct snapshot **ret) MUST_CHECK;

#endif
