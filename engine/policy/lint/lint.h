/*
 * lint.h: what AWS would reject in a policy, and what in it can never match: actions that do not exist, resources of
 * another service, type or partition, wildcards in StringEquals, principals that were deleted, condition keys that a
 * service does not send, statements that no request can meet, sizes past AWS's quotas.
 */
#ifndef EXPORTCHECK_POLICY_LINT_LINT_H
#define EXPORTCHECK_POLICY_LINT_LINT_H

#include "policy/language/document.h"

enum lint_severity {
    LINT_ERROR,   /* AWS rejects the policy */
    LINT_WARNING, /* AWS takes it, and it does not do what it seems to */
};

struct lint_finding {
    const char *code; /* for programs: "unknown-action" */
    enum lint_severity severity;
    struct str pointer;    /* RFC 6901, into the document */
    struct str text;       /* one sentence without a period */
    struct str suggestion; /* what to write instead; may be empty */
};

struct lint_findings {
    const struct lint_finding *items;
    size_t count;
};

/** The most findings that are kept. */
enum { LINT_FINDINGS_MAX = 1000 };

/**
 * Looks through a document; `text` is what it was read from, for its size (empty: not checked). A document that cannot
 * be compiled at all gets the findings of its grammar alone.
 */
struct lint_findings policy_lint_document(struct arena *arena, const struct json *document, struct str text,
                                          enum policy_type type);

/** The type that a document looks like: with Principals POLICY_RESOURCE (without Resources: POLICY_TRUST). */
enum policy_type policy_guess_type(const struct json *document);

#endif
