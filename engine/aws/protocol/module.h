/* module.h: what a protocol is to protocol.c: a row of functions. For the files of engine/aws alone. */
#ifndef EXPORTCHECK_AWS_PROTOCOL_MODULE_H
#define EXPORTCHECK_AWS_PROTOCOL_MODULE_H

#include "aws/protocol/wire.h"

struct protocol_module {
    /** The request for `parameters`, which hold the paging members, too. */
    bool (*encode_request)(struct arena *arena, const struct call *call, const struct json *parameters,
                           struct wire_request *ret, struct error *error);
    /** The parameters of a request for `operation`. */
    bool (*decode_request)(struct arena *arena, const struct operation *operation, const struct wire_request *request,
                           const struct json **ret, struct error *error);
    /** Fills in `value`, or `code` and `message`; false where the answer makes no sense. */
    bool (*decode_answer)(struct arena *arena, const struct call *call, const struct wire_answer *wire,
                          struct answer *ret, struct error *error);
    /** Fills in body and headers for `answer->value`. */
    void (*encode_value)(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret);
    /** Fills in body and headers for the error. */
    void (*encode_error)(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret);
};

extern const struct protocol_module protocol_query;
extern const struct protocol_module protocol_ec2;
extern const struct protocol_module protocol_json;
extern const struct protocol_module protocol_rest_xml;
extern const struct protocol_module protocol_rest_json;

#endif
