/*
 * known.h: which context keys a request brings, and with which values: one table, by who asks, for what, and what the
 * account tells. Rules, `serve --as` and `policy simulate --derive-context` all ask here.
 *
 * Sources: IAM User Guide, "AWS global condition context keys" (the section on availability of each key); Service
 * Authorization Reference, keys of S3 and KMS. docs/context.md lists the table.
 */
#ifndef EXPORTCHECK_POLICY_CONTEXT_KNOWN_H
#define EXPORTCHECK_POLICY_CONTEXT_KNOWN_H

#include "policy/context/source.h"
#include "policy/language/context.h"

enum request_key_kind {
    KEY_FIXED, /* the key has these values: one, or several of a multivalued key */
    /**
     * The set holds a request for each value that matches one of the patterns and none of `except`. In a pattern that
     * begins with `arn:` wildcards do not run over colons.
     */
    KEY_RANGES,
    KEY_FREE,    /* the set holds a request for each value, and one without the key */
    KEY_ABSENT,  /* requests of the set never have the key */
    KEY_UNKNOWN, /* nobody knows what the requests bring; where `values` are given, it is one of them */
};

struct request_key {
    struct str name; /* "aws:SourceArn"; an `*` at its end stands for any rest: "aws:PrincipalTag/" and the star */
    enum request_key_kind kind;
    const struct str *values;
    size_t value_count;
    const struct str *except; /* patterns; KEY_RANGES alone */
    size_t except_count;
};

/**
 * Whether any request may ever have a key of this name: `prefix:name`, the prefix `aws`, a service's, or that of an
 * identity provider. The blanks of templates (`bucket_name`, `var.bucket`, `AWS::AccountId`) are no keys: they are
 * absent from every request, and a policy variable of such a name matches nothing (IAM User Guide, "Policy variables
 * with no value").
 */
bool condition_key_possible(struct str name);

/** What every value of a key looks like. */
enum key_form {
    FORM_ANY,
    FORM_ACCOUNT, /* twelve digits */
    FORM_ARN,     /* an ARN whose account is twelve digits */
};
enum key_form key_form_of(struct str key);

/** Whether a key's name, perhaps with a star at its end, means this one. */
bool request_key_means(struct str name, struct str key);

/**
 * The keys that AWS sends by its documentation: for a service that acts for an account, for a user with a long-term
 * key, for a session of a role. `extra` come first and so prevail. Keys that may or may not be sent are KEY_UNKNOWN.
 */
void request_keys(struct arena *arena, const struct request_source *source, const struct request_key *extra,
                  size_t extra_count, const struct request_key **ret_keys, size_t *ret_count);

/** The keys that are certain to be there, with their values, as a request has them. */
struct context known_context(struct arena *arena, const struct request_source *source);

/**
 * Whether the key follows from principal, action and resource alone (aws:PrincipalArn, aws:PrincipalAccount,
 * aws:PrincipalType, aws:username, aws:PrincipalIsAWSService, aws:ResourceAccount, …), so that nobody has to be asked.
 */
bool known_key_follows(struct str key);
/** known_context(), of those keys alone. */
struct context known_context_that_follows(struct arena *arena, const struct request_source *source);

/**
 * What would have to be told before the key is known, for the one who asks: a flag for each; none: nobody can help.
 * Without an action in `source`: for any that it may be.
 */
void known_key_needs(const struct request_source *source, struct str key, bool ret[TOLD_COUNT]);

/** A row of the table, for documentation. */
struct known_row {
    struct str name;
    const char *who;    /* "a service", "a user", … */
    const char *whence; /* "the organization's id", "never sent", … */
};
size_t known_row_count(void);
struct known_row known_row_at(struct arena *arena, size_t index);

#endif
