/*
 * request_set.h: sets of requests, of which prove.h says something: every object under `b/p/`, every export of an
 * account, whatever address the request comes from.
 *
 * A set is a list of parts; a part is one principal, with actions and resources as patterns, and what is known of each
 * context key. An action is asked on its own type of resource alone (resource_type.h), so a part falls into forms.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_REQUEST_SET_H
#define EXPORTCHECK_POLICY_PROVE_REQUEST_SET_H

#include "policy/prove/region.h"

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

struct request_part {
    struct str principal;      /* an ARN, an account, a service, or `*` */
    const struct str *actions; /* patterns */
    size_t action_count;
    const struct str *resources; /* patterns */
    size_t resource_count;
    struct str resource_account;    /* empty: see request.h */
    const struct request_key *keys; /* the first that fits a name counts; what none fits is KEY_UNKNOWN */
    size_t key_count;
    bool any_type; /* asks every action on every resource given, whatever its type */
    /** Only requests whose aws:SourceArn names the account aws:SourceAccount; both must range. */
    bool one_source;
};

struct request_set {
    const struct request_part *parts;
    size_t count;
};

/** Actions of a part that are asked on one type of resource, and those resources. */
struct request_form {
    struct region_box box;           /* constraints on VARIABLE_ACTION and VARIABLE_RESOURCE alone */
    struct region_preferred actions; /* real actions, in their usual spelling: good examples */
};

/** The variables of a region: the rest are context keys. */
enum { VARIABLE_ACTION, VARIABLE_RESOURCE, VARIABLE_FIRST_KEY };

/**
 * The forms of a part: none if no action is asked on any of its resources. They go to the algebra's arena. False: the
 * budget is used up.
 */
bool request_forms(struct algebra *algebra, const struct request_part *part, const struct request_form **ret_forms,
                   size_t *ret_count) MUST_CHECK;

/** What is known of a key: the part's row for it, or one that says KEY_UNKNOWN. */
const struct request_key *request_key_find(const struct request_part *part, struct str name);

/** What the keys of a request are from its principal alone. */
struct request_source {
    struct str principal;  /* an ARN or a service */
    struct str account;    /* service: for which account it acts; empty: not known */
    struct str source_arn; /* service: pattern of aws:SourceArn, or its value; empty: not known */
    bool source_arn_is_fixed;
    struct str resource_account; /* empty: not known */
};

/**
 * The keys that AWS sends by its documentation: for a service that acts for an account, for a user with a long-term
 * key, for a role's session. `extra` come first and so prevail. Keys that may or may not be sent are KEY_UNKNOWN.
 */
void request_keys(struct arena *arena, const struct request_source *source, const struct request_key *extra,
                  size_t extra_count, const struct request_key **ret_keys, size_t *ret_count);

#endif
