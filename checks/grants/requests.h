/* requests.h: the requests of a grants check, as a rule writes them and as the prover takes them. */
#ifndef EXPORTCHECK_CHECKS_GRANTS_REQUESTS_H
#define EXPORTCHECK_CHECKS_GRANTS_REQUESTS_H

#include "checks/grants/asked.h"
#include "policy/prove/prove.h"
#include "rule/loader.h"

/** One context key: values, or what is not known of it. */
struct grants_key {
    struct str name;
    enum request_key_kind kind;
    bool literal; /* a wildcard in a fixed value is no wildcard; else it makes the key range */
    struct operand *values;
    size_t value_count;
    struct operand *except;
    size_t except_count;
};

struct grants_request {
    struct operand principal;
    struct operand account; /* that a service acts for; not given: none */
    struct operand resource_account;
    const struct str *actions;
    size_t action_count;
    struct operand *resources;
    size_t resource_count;
    struct grants_key *keys;
    size_t key_count;
    bool one_source;
    bool any_type;
    struct grants_asked *asked; /* what OptScale asks, in place of actions, resources and keys; or NULL */
};

struct grants_requests {
    struct grants_request *items;
    size_t count;
};

/**
 * Reads `"requests": [{"principal", "account", "resource_account", "actions", "resources", "context",
 * "one_source", "any_type"}]`. A context value is a text or a list, `{"is": TEXT}` (no wildcard in it counts), `{"any":
 * PATTERN, "except": …}`, `{"absent": true}` or `{"unknown": true}`. In place of actions, resources and context stands
 * `"optscale": "bucket"` (asked.h). A resource that is one blank alone may stand for a list of them.
 */
bool grants_requests_load(struct loader *loader, const struct json *list, struct grants_requests *ret) MUST_CHECK;

/**
 * Fills in the blanks; a part for each action, since what is known of a request (`told`) depends on it. False, and an
 * unknown judgement, where a fact that a request is made of could not be read, or a blank has no value.
 */
bool grants_requests_fill(const struct grants_requests *requests, const struct judging *judging,
                          const struct request_source *told, struct request_set *ret, struct judgement *judgement);

#endif
