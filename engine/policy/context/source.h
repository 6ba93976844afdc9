/* source.h: a request as the table of what is certain looks at it: who asks, for what, and what the account tells. */
#ifndef EXPORTCHECK_POLICY_CONTEXT_SOURCE_H
#define EXPORTCHECK_POLICY_CONTEXT_SOURCE_H

#include "base/str.h"

/** What only the account can tell, or whoever connects. */
enum told {
    TOLD_NOTHING,           /* the key follows from the request itself */
    TOLD_ORGANIZATION,      /* the id of the account's organization */
    TOLD_ORGANIZATION_PATH, /* "o-…/r-…/ou-…/", of the account */
    TOLD_PRINCIPAL_ID,      /* AIDA…, AROA… */
    TOLD_PRINCIPAL_TAGS,    /* of the user or role: name, value, name, value, … */
    TOLD_BUCKET,            /* the ARN of the bucket that the exports lie in */
    TOLD_BUCKET_REGION,
    TOLD_BUCKET_KEY, /* "true": its objects share a KMS bucket key; "false": each has a key of its own */
    TOLD_BUCKET_TAGS, /* where they decide about access: name, value, name, value, …; none, though known: they do not */
    TOLD_KEY_TAGS,    /* of KMS keys: a key's ARN with two empty texts, then the ARN, name and value of each tag; … */
    TOLD_ADDRESS,     /* of whoever connects: an address or a network, "203.0.113.0/24" */
    TOLD_COUNT,
};

struct told_value {
    bool known;              /* else nobody could tell */
    const struct str *texts; /* none, though known: there is no such thing: the account is in no organization */
    size_t count;
};

/** Names of context keys. */
struct key_names {
    const struct str *items;
    size_t count;
};

/** A request, or a set of them that differ in nothing that matters here. */
struct request_source {
    struct str principal;  /* an ARN or a service */
    struct str account;    /* service: for which account it acts; empty: not known */
    struct str source_arn; /* service: pattern of aws:SourceArn, or its value; empty: not known */
    bool source_arn_is_fixed;
    struct str resource_account; /* that owns the resource; empty: not known */
    struct str action;           /* may be a pattern; empty: not known */
    struct str resource;         /* a pattern; empty: not known */
    struct str home;             /* the account that `told` speaks of; empty: none */
    struct told_value told[TOLD_COUNT];
    int64_t now; /* seconds since 1970; 0: not known */
    /** All keys that the policies speak of, so that no other need be worked out; NULL: any may be asked for. */
    const struct key_names *asked;
};

#endif
