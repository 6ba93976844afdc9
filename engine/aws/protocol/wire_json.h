/* wire_json.h: what JSON answers of all services have in common: an object, and errors with a type. */
#ifndef EXPORTCHECK_AWS_PROTOCOL_WIRE_JSON_H
#define EXPORTCHECK_AWS_PROTOCOL_WIRE_JSON_H

#include "aws/http/message.h"
#include "aws/operation/call.h"
#include "base/error.h"

/** The body as an object. False, code BadAnswer: empty, no JSON, no object. */
bool wire_json_parse(struct arena *arena, struct str body, const struct json **ret, struct error *error) MUST_CHECK;

/**
 * Fills in code and message of an error: from `__type` (of which the part after `#` and before `:`
 * counts), `code`, or the header x-amzn-errortype. False, code BadAnswer: there is none of them.
 */
bool wire_json_error(struct arena *arena, const struct json *document, struct http_headers headers, struct answer *ret,
                     struct error *error) MUST_CHECK;

#endif
