/*
 * rest_json.c: REST with JSON, as OptScale speaks it. Errors are OptScale's
 * `{"error": {"status_code", "error_code", "reason"}}`, or AWS's by type.
 */
#include "aws/protocol/rest.h"
#include "aws/protocol/wire_json.h"
#include "aws/shape/json_shape.h"

#define CONTENT_TYPE "application/json; charset=UTF-8"

static bool decode_error(struct arena *arena, const struct json *document, const struct wire_answer *wire,
                         struct answer *ret, struct error *error)
{
    const struct json *own = json_find(document, "error");
    struct str code = json_find_string(own, "error_code");
    if (code.len == 0)
        return wire_json_error(arena, document, wire->headers, ret, error);
    ret->code = str_copy(arena, code);
    ret->message = str_copy(arena, json_find_string(own, "reason"));
    return true;
}

static bool decode_answer(struct arena *arena, const struct call *call, const struct wire_answer *wire,
                          struct answer *ret, struct error *error)
{
    const struct json *document;
    struct json value;
    if (!wire_json_parse(arena, wire->body, &document, error))
        return false;
    if (!http_is_success(wire->status))
        return decode_error(arena, document, wire, ret, error);
    if (!json_from_wire(arena, call->operation->output, document, &value, error))
        return false;
    ret->value = json_box(arena, value);
    return true;
}

static void encode_value(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret)
{
    struct json value = json_to_wire(arena, asked->operation->output, answer->value);
    ret->body = json_text(arena, &value, 0);
    ret->headers = header_only(arena, "Content-Type", CONTENT_TYPE);
}

static void encode_error(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret)
{
    (void)asked;
    struct json_builder error = json_build(arena, JSON_OBJECT);
    json_build_append(&error, STR("status_code"), json_number(ret->status));
    json_build_append(&error, STR("error_code"), json_string(answer->code));
    json_build_append(&error, STR("reason"), json_string(answer->message));
    json_build_append(&error, STR("params"), json_array(NULL, 0));
    struct json_builder body = json_build(arena, JSON_OBJECT);
    json_build_append(&body, STR("error"), json_built(&error));
    struct json value = json_built(&body);
    ret->body = json_text(arena, &value, 0);
    ret->headers = header_only(arena, "Content-Type", CONTENT_TYPE);
}

const struct protocol_module protocol_rest_json = {
    .encode_request = rest_encode_request,
    .decode_request = rest_decode_request,
    .decode_answer = decode_answer,
    .encode_value = encode_value,
    .encode_error = encode_error,
};
