/*
 * document.h: policy documents: their grammar, and their compiled form.
 *
 * A policy is read from JSON once (IAM User Guide, "Grammar of the IAM JSON policy language") into statements whose
 * patterns, principals and conditions are ready to be matched; evaluating them allocates nothing. Everything keeps the
 * order, the spelling and the place that it has in the document, so that explanations can point at it.
 *
 * AWS refuses documents that this reader can make sense of. Each such fault has a row in one table, which says whether
 * POLICY_LENIENT passes over it; POLICY_STRICT passes over none.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_DOCUMENT_H
#define EXPORTCHECK_POLICY_LANGUAGE_DOCUMENT_H

#include "base/error.h"
#include "base/json/json.h"
#include "policy/language/condition.h"
#include "policy/language/principal.h"

/** Where a policy is attached: it decides what the policy may say, and what it can do. */
enum policy_type {
    POLICY_IDENTITY,
    POLICY_BOUNDARY,
    POLICY_SESSION,
    POLICY_SCP,
    POLICY_RCP,
    POLICY_RESOURCE, /* bucket, key, queue … policies */
    POLICY_TRUST,    /* of a role: a resource policy without Resource */
    POLICY_TYPE_COUNT,
};

/** "identity", "permission_boundary", …: as `because` names it. */
struct str policy_type_name(enum policy_type type);

enum policy_tolerance {
    POLICY_STRICT,  /* what AWS would take */
    POLICY_LENIENT, /* also what has but one reading */
};

enum policy_effect { POLICY_ALLOW, POLICY_DENY };

/** One text of Action, NotAction, Resource or NotResource. */
struct policy_item {
    struct policy_pattern pattern;
    uint32_t offset; /* in the document's text, plus 1; 0: from no text */
};

/** Action or NotAction, Resource or NotResource. */
struct policy_element {
    bool present;
    bool negated; /* the Not form */
    bool is_list; /* written as a list: matters for pointers alone */
    const struct policy_item *items;
    size_t count;
};

/** One value of Principal or NotPrincipal. */
struct policy_principal {
    struct principal principal;
    struct str type; /* "AWS", "Service", …; empty where Principal is a text */
    uint32_t offset;
};

struct policy_principals {
    bool present;
    bool negated;
    const struct policy_principal *items;
    size_t count;
};

struct policy;

struct statement {
    const struct policy *policy;
    size_t index;
    struct str sid;     /* may be empty */
    struct str pointer; /* "/Statement/0"; "/Statement" where the document has no list */
    uint32_t offset;
    enum policy_effect effect;
    uint64_t services; /* policy_service_bit() of all services that the actions may mean */
    struct policy_principals principals;
    struct policy_element actions;
    struct policy_element resources;
    const struct condition *conditions; /* all must hold */
    size_t condition_count;
};

struct policy {
    struct str name;
    enum policy_type type;
    struct str version;
    bool has_variables; /* of version 2012-10-17 */
    const struct statement *statements;
    size_t count;
    const struct json *source; /* the document that it was compiled from */
};

/** What is wrong with a document, in the order of the document. */
struct policy_fault {
    const char *code; /* "unknown-operator": for programs */
    bool tolerated;   /* by POLICY_LENIENT */
    struct str pointer;
    uint32_t offset;
    struct str text; /* one sentence without a period */
};

struct policy_faults {
    const struct policy_fault *items;
    size_t count;
};

/** A document has at most this many statements, and a list as many items. */
#define POLICY_ITEMS_MAX 10000

struct policy_options {
    struct str name; /* of the policy, for messages and explanations */
    enum policy_type type;
    enum policy_tolerance tolerance;
};

/**
 * Compiles a document. The JSON value's strings are shared, so it must live as long as the policy. False, code "input":
 * the first fault that is not tolerated, as `name: /Statement/0/Effect: expected …`.
 */
bool policy_compile(struct arena *arena, const struct json *document, struct policy_options options,
                    const struct policy **ret, struct error *error) MUST_CHECK;

/** All faults of a document, tolerated ones too; for linting. */
struct policy_faults policy_check(struct arena *arena, const struct json *document, struct policy_options options);

/** One of 64 bits for a service prefix in lower case: statements are passed over by it before any pattern is matched.
 */
uint64_t policy_service_bit(struct str service);

#endif
