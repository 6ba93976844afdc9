/*
 * waiver.h: failures that somebody has accepted, with a reason and a last day. A waiver that is
 * past its day, or whose file cannot be understood, waives nothing: the file is refused whole.
 *
 *     {"waivers": [{"rule": "bucket-policy-only-this-account", "subject": "acme-billing",
 *                   "reason": "shared billing bucket, ticket 4711", "owner": "finops", "expires": "2027-01-31"}]}
 */
#ifndef EXPORTCHECK_RULE_WAIVER_H
#define EXPORTCHECK_RULE_WAIVER_H

#include "rule/rule.h"

struct waiver {
    struct str rule;
    struct str subject; /* empty: every subject */
    int64_t expires;    /* seconds: the end of that day, UTC */
    const struct json *source;
};

struct waivers {
    const struct waiver *items;
    size_t count;
};

/** Reads a waiver file; a rule that does not exist, a missing reason or a bad date is an error with its place. */
bool waivers_load(struct arena *arena, const struct rule_base *base, struct str file, struct str text,
                  struct waivers *ret, struct error *error) MUST_CHECK;

/** The waiver for a failure, in force at `now`; NULL: none. */
const struct waiver *waivers_find(const struct waivers *waivers, struct str rule, struct str subject, int64_t now);

#endif
