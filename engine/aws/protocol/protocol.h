/*
 * protocol.h: the wire, both ways and without I/O: a call as an HTTP request, an HTTP answer as a
 * JSON document; and the reverse, which `exportcheck serve` and our own tests use.
 *
 * Five protocols (AWS's query and EC2's variant of it, JSON 1.1, REST-XML, REST-JSON), each one
 * module behind one table. What a value looks like is in the table of operations; nothing here
 * knows a service's business. A decoded answer has the form of a snapshot: the API's own field
 * names, times as sent, booleans and numbers typed, an empty element null, an XML list always an
 * array (a flattened list without items is absent), policy documents as objects.
 */
#ifndef EXPORTCHECK_AWS_PROTOCOL_PROTOCOL_H
#define EXPORTCHECK_AWS_PROTOCOL_PROTOCOL_H

#include "aws/protocol/wire.h"
#include "base/error.h"

/**
 * The request that makes a call. `page_token` is empty for the first page. What is made lives in
 * the arena. False, code "input": a parameter that the operation does not have or does not allow,
 * or one missing.
 */
bool protocol_encode_request(struct arena *arena, const struct call *call, struct str page_token,
                             struct wire_request *ret, struct error *error) MUST_CHECK;

/** How many bytes of body the call's answer has at most: what is longer is none of that operation. */
size_t protocol_body_max(const struct call *call);

/**
 * One page of an answer, with the paging members still in it (paging.h removes them), or the error
 * that it is. What makes no sense (HTML, a document that breaks off, a wrong root, a number that is
 * none) is code BadAnswer; a body in gzip that nobody asked for is read all the same; a 200 of S3 whose document is an
 * error is that error; an error of HEAD has its status as code.
 */
struct answer protocol_decode_answer(struct arena *arena, const struct call *call, const struct wire_answer *wire);

/**
 * The reverse of protocol_encode_request(), for any client's request. The headers must be those
 * received. False, code "input", where the request is no operation of the table; service and
 * protocol are set as far as they could be told, so that the refusal can be in its form.
 */
bool protocol_decode_request(struct arena *arena, const struct wire_request *request, struct asked *ret,
                             struct error *error) MUST_CHECK;

/** The answer, a value or an error, as the service would send it. A status of 0 becomes 200 or 400. */
struct wire_answer protocol_encode_answer(struct arena *arena, const struct asked *asked, const struct answer *answer);

/**
 * The parameters without those that say only how an object is sent (Range, and the
 * `x-amz-checksum-mode` that SDKs add by themselves): what is asked is the same.
 */
const struct json *protocol_essential(struct arena *arena, const struct json *parameters);

#endif
