/* protocol_module.h: what a protocol is to protocol.c: a row of functions. For the files of engine/aws alone. */
#ifndef EXPORTCHECK_AWS_PROTOCOL_MODULE_H
#define EXPORTCHECK_AWS_PROTOCOL_MODULE_H

#include "aws/protocol.h"

/** Values nested deeper than this are no answer of a service. */
#define WIRE_MAX_DEPTH 64

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

/** A growing list of headers. */
struct header_list {
    struct arena *arena;
    struct http_header *items;
    size_t count;
    size_t capacity;
};
void header_list_add(struct header_list *list, struct str name, struct str value);
struct http_headers header_list_view(const struct header_list *list);
/** A list of one, for answers that have but their type. */
struct http_headers header_only(struct arena *arena, const char *name, const char *value);

/** The member of that name in the API, or NULL. */
const struct shape_member *shape_member_named(const struct shape *shape, struct str name);

/** `answer_is_bad(error, format, …)` records that an answer makes no sense and is false. */
#define answer_is_bad(error, ...) error_set((error), ANSWER_BAD, __VA_ARGS__)

/** The code that an error of REST-XML or HEAD without a body has: its status, "404". */
struct str status_code_text(struct arena *arena, int status);
/** "Not Found": the phrase of RFC 9110 for a status, or "Error". */
struct str status_phrase(int status);

#endif
