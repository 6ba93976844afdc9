/* wire.h: what goes over the wire, as plain data: requests, answers, and a request as a server understands it. */
#ifndef EXPORTCHECK_AWS_PROTOCOL_WIRE_H
#define EXPORTCHECK_AWS_PROTOCOL_WIRE_H

#include "aws/http/message.h"
#include "aws/operation/call.h"

/** A body longer than this is answered with TooLarge: no page of any service comes near it. */
#define WIRE_BODY_MAX ((size_t)64 << 20)

/** How much of an object is asked where only the first row of a CSV file is wanted. */
#define WIRE_CSV_RANGE "bytes=0-65535"

/** A request, before an endpoint and a signature are put to it. */
struct wire_request {
    struct str method;
    struct str path;             /* percent-encoded, begins with "/"; S3 in path style: "/bucket/key" */
    struct str query;            /* percent-encoded, without "?"; may be empty */
    struct http_headers headers; /* those that the operation needs: no Host, no Content-Length, no signature */
    struct str body;
};

/** What came back; or, from protocol_encode_answer(), what to send. */
struct wire_answer {
    int status;
    struct http_headers headers;
    struct str body;
    int64_t blank_body; /* encoding: an object's content that nobody kept, as this many zero bytes; else 0 */
};

/** A request as a server understands it. */
struct asked {
    const struct service *service;     /* NULL: not even that could be told */
    const struct operation *operation; /* NULL: none that reads */
    enum protocol protocol;            /* that of the request: CloudWatch is asked in JSON, too */
    const struct json *parameters;     /* object, without paging members */
    struct str page_token;             /* empty: the first page */
    int64_t limit;                     /* items a page that the client asks; 0: it does not say */
    bool url_encoded;                  /* it asks for encoding-type=url */
    bool head;                         /* answered without a body */
    struct str request_id;             /* put into answers; may be empty */
};

#endif
