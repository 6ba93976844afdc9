/*
 * json.c: JSON 1.1 (CUR, BCM Data Exports, Organizations, KMS): the operation's name in
 * X-Amz-Target, an object each way, errors by `__type`.
 */
#include "aws/protocol/module.h"
#include "aws/protocol/wire_json.h"
#include "aws/shape/json_shape.h"
#include "base/clock.h"

#define CONTENT_TYPE "application/x-amz-json-1.1"

static bool encode_request(struct arena *arena, const struct call *call, const struct json *parameters,
                           struct wire_request *ret, struct error *error)
{
    (void)error;
    struct header_list headers = {.arena = arena};
    header_list_add(&headers, STR("Content-Type"), STR(CONTENT_TYPE));
    header_list_add(&headers, STR("X-Amz-Target"),
                    str_format(arena, "%s.%s", call->operation->service->target_prefix, call->operation->name));
    ret->path = STR("/");
    ret->body = json_text(arena, parameters, 0);
    ret->headers = header_list_view(&headers);
    return true;
}

/*
 * CloudWatch's SDKs speak JSON, where times are epoch seconds, and we its query protocol, where they
 * are ISO 8601: what is asked is the same. Its times stand at the top.
 */
static struct json with_times_as_text(struct arena *arena, const struct shape *shape, const struct json *parameters)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < parameters->count; i++) {
        struct json_member member = parameters->members[i];
        const struct shape_member *known = shape_member_named(shape, member.name);
        if (known && known->shape->kind == SHAPE_TIMESTAMP && member.value.type == JSON_NUMBER)
            member.value = json_string(clock_iso(arena, (int64_t)member.value.number));
        json_build_append(&object, member.name, member.value);
    }
    return json_built(&object);
}

static bool decode_request(struct arena *arena, const struct operation *operation, const struct wire_request *request,
                           const struct json **ret, struct error *error)
{
    const struct json *value;
    struct json parameters = json_object(NULL, 0);
    *ret = json_box(arena, parameters);
    if (request->body.len == 0 || !operation->input)
        return true;
    if (!json_parse(arena, STR("request"), request->body, &json_limits_default, &value, error) ||
        !json_from_wire(arena, operation->input, value, &parameters, error))
        return false;
    if (operation->service->protocol != PROTOCOL_JSON)
        parameters = with_times_as_text(arena, operation->input, &parameters);
    if (parameters.type == JSON_OBJECT)
        *ret = json_box(arena, parameters);
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
        return wire_json_error(arena, document, wire->headers, ret, error);
    if (!json_from_wire(arena, call->operation->output, document, &value, error))
        return false;
    ret->value = json_box(arena, value);
    return true;
}

static struct http_headers answer_headers(struct arena *arena, const struct asked *asked)
{
    struct header_list headers = {.arena = arena};
    header_list_add(&headers, STR("Content-Type"), STR(CONTENT_TYPE));
    header_list_add(&headers, STR("x-amzn-RequestId"), asked->request_id);
    return header_list_view(&headers);
}

static void encode_value(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret)
{
    struct json value = json_to_wire(arena, asked->operation->output, answer->value);
    ret->body = json_text(arena, &value, 0);
    ret->headers = answer_headers(arena, asked);
}

static void encode_error(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret)
{
    struct json_builder body = json_build(arena, JSON_OBJECT);
    json_build_append(&body, STR("__type"), json_string(answer->code));
    json_build_append(&body, STR("message"), json_string(answer->message));
    struct json value = json_built(&body);
    ret->body = json_text(arena, &value, 0);
    ret->headers = answer_headers(arena, asked);
}

const struct protocol_module protocol_json = {
    .encode_request = encode_request,
    .decode_request = decode_request,
    .decode_answer = decode_answer,
    .encode_value = encode_value,
    .encode_error = encode_error,
};
