/*
 * authenticate.h: the requests that authenticate. They are no calls: what they answer is a secret, so
 * they are in a list of their own, are never in a snapshot, and go out by a door of their own.
 */
#ifndef EXPORTCHECK_AWS_HTTP_AUTHENTICATE_H
#define EXPORTCHECK_AWS_HTTP_AUTHENTICATE_H

#include "aws/http/message.h"
#include "base/error.h"

enum authentication {
    AUTHENTICATE_ASSUME_ROLE,
    AUTHENTICATE_WEB_IDENTITY,
    AUTHENTICATE_SSO_TOKEN,
    AUTHENTICATE_SSO_ROLE,
    AUTHENTICATE_LOGIN_TOKEN,
    AUTHENTICATE_CONTAINER,
    AUTHENTICATE_INSTANCE_TOKEN,
    AUTHENTICATE_INSTANCE_ROLE,
    AUTHENTICATE_OPTSCALE,
};

/** One row of the list. */
struct authentication_row {
    const char *name; /* for messages and the ledger: "sts:AssumeRole" */
    const char *method;
    int timeout_ms; /* for all of one try */
    int attempts;   /* after connection errors, timeouts and 5xx */
    bool direct;    /* an address of the machine or its host: never by a proxy */
};

const struct authentication_row *authentication_row(enum authentication kind);

struct authentication_request {
    enum authentication kind;
    struct str url;
    struct http_headers headers;
    struct str body;
    struct str ca_file; /* empty: the system's, or AWS_CA_BUNDLE */
    int timeout_ms;     /* 0: the row's */
    int attempts;       /* 0: the row's */
};

struct http_response {
    int status;
    struct http_headers headers;
    struct str body;
};

/** What sends them: the transport, or a test's script. */
struct authenticator {
    void *self;
    /** The answer, whatever its status, in `arena`; false where none came (code "Unreachable" or "Timeout"). */
    bool (*send)(void *self, struct arena *arena, const struct authentication_request *request,
                 struct http_response *ret, struct error *error);
};

#endif
