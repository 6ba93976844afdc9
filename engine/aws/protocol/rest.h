/*
 * rest.h: the parts of a request that REST protocols spread over path, query and headers, both
 * ways, by the places that the table names.
 */
#ifndef EXPORTCHECK_AWS_PROTOCOL_REST_H
#define EXPORTCHECK_AWS_PROTOCOL_REST_H

#include "aws/protocol/module.h"

/** Fills in path, query and headers. False, code "input": a part of the path is missing or empty. */
bool rest_encode_request(struct arena *arena, const struct call *call, const struct json *parameters,
                         struct wire_request *ret, struct error *error) MUST_CHECK;

/** The reverse; the request must match (rest_match()). */
bool rest_decode_request(struct arena *arena, const struct operation *operation, const struct wire_request *request,
                         const struct json **ret, struct error *error) MUST_CHECK;

/**
 * How well a request matches an operation: -1 not at all, else the number of fixed query fields
 * (`?policy`) that agree: the largest wins. A query field that the operation does not know is no
 * match, since it makes another operation of it (`?acl` on an object).
 */
int rest_match(struct arena *arena, const struct operation *operation, const struct wire_request *request);

/** Appends the output's members that come in headers; those that are missing or empty are left out. */
bool rest_read_headers(struct arena *arena, const struct shape *shape, struct http_headers headers,
                       struct json_builder *object, struct error *error) MUST_CHECK;
void rest_write_headers(struct arena *arena, const struct shape *shape, const struct json *value,
                        struct header_list *headers);

#endif
