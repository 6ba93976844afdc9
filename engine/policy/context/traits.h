/* traits.h: who asks for what, in the terms in which the rows of known_table.inc say whom they are about. */
#ifndef EXPORTCHECK_POLICY_CONTEXT_TRAITS_H
#define EXPORTCHECK_POLICY_CONTEXT_TRAITS_H

#include "policy/context/source.h"
#include "policy/language/principal.h"

enum who {
    SERVICE = 1,
    USER = 2,
    SESSION = 4,
    ROOT = 8,
    ROLE = 16,
    PERSON = USER | SESSION | ROOT | ROLE,
    ANYONE = 31
};

/* What is asked; a row's must all be there. */
enum trait {
    ANYTHING = 0,
    S3 = 1,
    S3_WRITE = 2, /* an object */
    KMS_BY_S3 = 4,
    NO_RESOURCE = 8,
    ONE_REGION = 16,  /* the service answers in us-east-1 alone */
    EACH_REGION = 32, /* OptScale asks in every region */
    BUCKET = 64,      /* on the bucket of the exports, or its objects */
    S3_CREATE = 128,  /* a bucket */
};

/** One of the first five of `enum who`; 0: none that the table knows. */
unsigned request_who(const struct principal *principal);

/** All that hold of the request; the principal is its own. */
unsigned request_traits(struct arena *arena, const struct request_source *source, const struct principal *principal);

#endif
