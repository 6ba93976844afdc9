/*
 * request_set.h: sets of requests, of which prove.h says something: every object under `b/p/`, every export of an
 * account, whatever address the request comes from.
 *
 * A set is a list of parts; a part is one principal, with actions and resources as patterns, and what is known of each
 * context key. An action is asked on its own type of resource alone (resource_type.h), so a part falls into forms.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_REQUEST_SET_H
#define EXPORTCHECK_POLICY_PROVE_REQUEST_SET_H

#include "policy/context/known.h"
#include "policy/prove/region.h"

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

/** What is known of a key: the part's row for it, or one that says KEY_UNKNOWN; KEY_ABSENT: there is no such key. */
const struct request_key *request_key_find(const struct request_part *part, struct str name);

#endif
