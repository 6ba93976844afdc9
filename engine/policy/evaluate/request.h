/*
 * request.h: one request to AWS, as its policies see it: who, what, on which resource, in which context.
 *
 * The context is complete: no key is derived from the rest of the request, and what is not in it is absent.
 */
#ifndef EXPORTCHECK_POLICY_EVALUATE_REQUEST_H
#define EXPORTCHECK_POLICY_EVALUATE_REQUEST_H

#include "base/error.h"
#include "base/json/json.h"
#include "policy/language/context.h"
#include "policy/language/principal.h"

struct request {
    struct principal principal;
    struct str action;        /* as given: "s3:GetObject" */
    struct str action_folded; /* lower case */
    uint64_t service;         /* policy_service_bit() of the action's service */
    struct str resource;      /* an ARN, or `*` for an action that takes no resource */
    struct str account;       /* that owns the resource; empty where nothing tells */
    struct context context;
};

/** The parts of a request, as text. */
struct request_parts {
    struct str principal; /* an ARN, an account's number, a service, or `*`: anonymous */
    struct str action;
    struct str resource;
    struct str resource_account; /* empty: the resource's ARN names it, else it is the principal's */
    const struct json *context; /* an object: key → value or list of values; strings, numbers, booleans. NULL: empty */
};

/**
 * Prepares a request for evaluation; the parts' bytes are shared. False, code "input": a part is missing, a context
 * value is no text, number or boolean, a key is there twice; code "limit": a text is longer than PATTERN_SUBJECT_MAX.
 */
bool request_make(struct arena *arena, struct request_parts parts, struct request *ret, struct error *error) MUST_CHECK;

/** Reads `{"principal", "action", "resource", "resource_account"?, "context"?}`, as `policy simulate` takes it. */
bool request_read(struct arena *arena, const struct json *value, struct request *ret, struct error *error) MUST_CHECK;

#endif
