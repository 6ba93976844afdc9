/*
 * requests.h: the requests that OptScale makes of AWS, one by one, as the model comes to them: what has to be allowed
 * is what was asked (fact sheet 2 and 3.1), and not a list beside the model.
 */
#ifndef EXPORTCHECK_OPTSCALE_MODEL_REQUESTS_H
#define EXPORTCHECK_OPTSCALE_MODEL_REQUESTS_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct optscale_request {
    struct str action;    /* the IAM action that it needs: "s3:ListBucket" */
    struct str bucket;    /* empty: it is about no bucket */
    struct str key;       /* the object's; of s3:ListBucket the prefix; else empty */
    struct str delimiter; /* of s3:ListBucket; empty: not sent */
    int max_keys;         /* of s3:ListBucket; 0: not sent */
    bool is_pattern;      /* `*` and `?` in `key` stand for what is not known yet */
};

/** What was asked so far, in that order. An account that has one (model.h) fills it in. */
struct optscale_requests {
    struct arena *arena;
    struct optscale_request *items;
    size_t count;
    size_t capacity;
};

bool optscale_request_equal(const struct optscale_request *a, const struct optscale_request *b);

/** Adds a request, where it is not the same as one of the first `known`. `requests` may be NULL: nobody listens. */
void optscale_requests_add(struct optscale_requests *requests, struct optscale_request request, size_t known);

/** The same, where no equal one is there. */
void optscale_requests_note(struct optscale_requests *requests, struct optscale_request request);

#endif
