/*
 * rest_xml.c: REST with XML: S3 and S3 Control. An output may be spread over headers and a
 * document, or have one member that is the whole body: a document, a root element's text
 * (GetBucketLocation), a policy as JSON (GetBucketPolicy), an object's content (GetObject).
 */
#include "aws/protocol/decode.h"
#include "aws/protocol/rest.h"
#include "aws/shape/scalar.h"
#include "aws/shape/xml_read.h"
#include "aws/shape/xml_write.h"

#include <string.h>

/* An error of HEAD has no body. Where the error is one of ours, serve says so in this header; AWS never sends it. */
#define CODE_HEADER "x-exportcheck-code"

/* ---------------------------------------------------------------- errors */

static bool is_ours(struct str code)
{
    static const char *const ours[] = {ANSWER_UNREACHABLE, ANSWER_TIMEOUT,   ANSWER_OUT_OF_TIME,
                                       ANSWER_BAD,         ANSWER_TOO_LARGE, ANSWER_NOT_IN_SNAPSHOT};
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        if (str_equal(code, str_from(ours[i])))
            return true;
    }
    return false;
}

static bool decode_bodiless_error(struct arena *arena, const struct wire_answer *wire, struct answer *ret)
{
    struct str ours = http_header_find(wire->headers, STR(CODE_HEADER));
    ret->code = is_ours(ours) ? str_copy(arena, ours) : status_code_text(arena, wire->status);
    ret->message = status_phrase(wire->status);
    return true;
}

static bool decode_error_document(struct arena *arena, const xmlNode *root, struct answer *ret, struct error *error)
{
    struct xml_error found;
    if (!xml_read_error(arena, root, &found))
        return answer_is_bad(error, "<%s> is neither an answer nor an error", (const char *)root->name);
    ret->code = found.code;
    ret->message = found.message;
    if (ret->bucket_region.len == 0)
        ret->bucket_region = found.region;
    if (found.request_id.len > 0)
        ret->request_id = found.request_id;
    return true;
}

/* ---------------------------------------------------------------- values */

static const struct shape_member *payload_of(const struct operation *operation)
{
    return operation->payload ? shape_member_named(operation->output, str_from(operation->payload)) : NULL;
}

/* S3's own name for the root; or that of its kin (Ceph, MinIO, moto), which name some after the operation. */
static bool is_expected_root(struct arena *arena, const struct operation *operation, const xmlNode *root)
{
    static const char *const endings[] = {"Result", "Response", "Output"};
    if (xml_is_named(root, operation->result_wrapper))
        return true;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (xml_is_named(root, str_to_c(arena, str_format(arena, "%s%s", operation->name, endings[i]))))
            return true;
    }
    return false;
}

/* Where the output's members are children of the root, or one member is the root. */
static bool decode_document(struct arena *arena, const struct operation *operation, const xmlNode *root,
                            struct json_builder *object, struct error *error)
{
    const struct shape_member *payload = payload_of(operation);
    const xmlNode *encoding = xml_child(root, "EncodingType");
    struct xml_reading reading = {
        .arena = arena,
        .url_encoded = str_equal(str_trim(xml_text(arena, encoding)), STR("url")),
        .error = error,
    };
    struct json value;
    if (!is_expected_root(arena, operation, root))
        return answer_is_bad(error, "the root element is <%s>, not <%s>", (const char *)root->name,
                             operation->result_wrapper);
    if (!payload)
        return xml_read_members(&reading, root, operation->output, object);
    if (!xml_read_value(&reading, root, payload->shape, &value))
        return false;
    json_build_append(object, str_from(payload->name), value);
    return true;
}

static bool decode_policy(struct arena *arena, const struct shape_member *payload, struct str body,
                          struct json_builder *object, struct error *error)
{
    struct json value;
    if (!scalar_read(arena, payload->shape, body, false, &value, error))
        return false;
    json_build_append(object, str_from(payload->name), value);
    return true;
}

/* Only what an output has in XML needs a document; HEAD, for one, has headers alone. */
static bool has_body(const struct operation *operation)
{
    for (size_t i = 0; i < operation->output->member_count; i++) {
        if (operation->output->members[i].location == LOCATION_BODY)
            return true;
    }
    return false;
}

static bool decode_value(struct arena *arena, const struct call *call, const struct wire_answer *wire,
                         const xmlNode *root, struct answer *ret, struct error *error)
{
    const struct shape_member *payload = payload_of(call->operation);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    if (call->decode != DECODE_NONE)
        return decode_body(arena, call->decode, wire, &ret->value, error);
    if (!rest_read_headers(arena, call->operation->output, wire->headers, &object, error))
        return false;
    if (payload && payload->shape->kind == SHAPE_POLICY) {
        if (!decode_policy(arena, payload, wire->body, &object, error))
            return false;
    } else if (root && !decode_document(arena, call->operation, root, &object, error)) {
        return false;
    }
    ret->value = json_box(arena, json_built(&object));
    return true;
}

/* Whether the body of a success is XML that is to be read. */
static bool wants_document(const struct operation *operation)
{
    const struct shape_member *payload = payload_of(operation);
    if (payload)
        return payload->shape->kind != SHAPE_POLICY && payload->shape->kind != SHAPE_BLOB;
    return has_body(operation);
}

/* Where no body could tell: S3 numbers all its answers, a portal that wants people to sign in sends its page. */
static bool is_page_of_a_portal(const struct http_headers *headers)
{
    struct str type = http_header_find(*headers, STR("Content-Type"));
    return str_equal_nocase(str_slice(type, 0, 9), STR("text/html")) &&
           http_header_find(*headers, STR("x-amz-request-id")).len == 0;
}

static bool decode_answer(struct arena *arena, const struct call *call, const struct wire_answer *wire,
                          struct answer *ret, struct error *error)
{
    bool success = http_is_success(wire->status);
    const xmlNode *root = NULL;
    CLEANUP(xml_close) struct xml_document document = {.tree = NULL};
    if (!success && str_trim(wire->body).len == 0)
        return decode_bodiless_error(arena, wire, ret);
    if (!success || wants_document(call->operation)) {
        root = xml_parse(wire->body, &document, error);
        if (!root)
            return false;
    }
    /* S3 may begin a 200 and then fail: the document is an error all the same. */
    if (root && (!success || xml_is_named(root, "Error")))
        return decode_error_document(arena, root, ret, error);
    if (!root && is_page_of_a_portal(&wire->headers))
        return error_set(error, ANSWER_BAD, "a page of HTML that is not S3's");
    return decode_value(arena, call, wire, root, ret, error);
}

/* ---------------------------------------------------------------- encoding */

static void add_common_headers(const struct asked *asked, const struct answer *answer, struct header_list *headers)
{
    header_list_add(headers, STR("x-amz-request-id"), asked->request_id);
    if (answer->bucket_region.len > 0 &&
        http_header_find(header_list_view(headers), STR("x-amz-bucket-region")).len == 0)
        header_list_add(headers, STR("x-amz-bucket-region"), answer->bucket_region);
}

/* A structure as a root element of that name. */
static void write_root(struct buf *body, const struct asked *asked, const char *name, const struct shape *shape,
                       const struct json *value)
{
    struct xml_writing writing = {.out = body, .url_encoded = asked->url_encoded};
    buf_add_c(body, XML_DECLARATION);
    xml_write_open(body, name, asked->service->xml_namespace);
    if (shape->kind == SHAPE_STRUCTURE)
        xml_write_members(&writing, shape, value);
    else if (value)
        xml_write_text(body, scalar_write(body->arena, shape, value, false));
    if (asked->url_encoded && shape == asked->operation->output)
        xml_write_leaf(body, "EncodingType", STR("url"));
    xml_write_close(body, name);
}

static void encode_document(struct arena *arena, const struct asked *asked, const struct json *value,
                            struct wire_answer *ret, struct header_list *headers)
{
    const struct shape_member *payload = payload_of(asked->operation);
    struct buf body = buf_make(arena, BUF_NO_MAX);
    if (payload && payload->shape->kind == SHAPE_POLICY) {
        const struct json *policy = json_find(value, payload->name);
        buf_add(&body, policy ? scalar_write(arena, payload->shape, policy, false) : STR(""));
        header_list_add(headers, STR("Content-Type"), STR("application/json"));
    } else if (wants_document(asked->operation)) {
        const struct shape *shape = payload ? payload->shape : asked->operation->output;
        write_root(&body, asked, asked->operation->result_wrapper, shape,
                   payload ? json_find(value, payload->name) : value);
        header_list_add(headers, STR("Content-Type"), STR("application/xml"));
    }
    ret->body = buf_str(&body);
}

/* An object: the decoded part, encoded again; or, where none was kept, as many blank bytes as it had. */
static void encode_object(struct arena *arena, const struct asked *asked, const struct json *value,
                          struct wire_answer *ret, struct header_list *headers)
{
    struct str key = json_find_string(asked->parameters, "Key");
    ret->blank_body = (int64_t)json_find_number(value, "ContentLength", 0);
    if (!decode_body_encode(arena, value, key, &ret->body))
        return;
    ret->blank_body = 0;
    if (json_find_string(value, "ContentRange").len > 0) {
        ret->status = 206; /* the header is written already */
        return;
    }
    if (json_find_string(asked->parameters, "Range").len > 0 && ret->body.len > 0) {
        ret->status = 206;
        header_list_add(headers, STR("Content-Range"),
                        str_format(arena, "bytes 0-%zd/%zd", ret->body.len - 1, ret->body.len));
    }
}

static void encode_value(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret)
{
    const struct shape_member *payload = payload_of(asked->operation);
    struct header_list headers = {.arena = arena};
    rest_write_headers(arena, asked->operation->output, answer->value, &headers);
    add_common_headers(asked, answer, &headers);
    if ((payload && payload->shape->kind == SHAPE_BLOB) || asked->head)
        encode_object(arena, asked, answer->value, ret, &headers);
    else
        encode_document(arena, asked, answer->value, ret, &headers);
    ret->headers = header_list_view(&headers);
}

static void encode_error(struct arena *arena, const struct asked *asked, const struct answer *answer,
                         struct wire_answer *ret)
{
    struct header_list headers = {.arena = arena};
    struct buf body = buf_make(arena, BUF_NO_MAX);
    bool wrapped = asked->service && strcmp(asked->service->id, "s3control") == 0;
    buf_add_c(&body, wrapped ? XML_DECLARATION "<ErrorResponse>" : XML_DECLARATION);
    buf_add_c(&body, "<Error>");
    xml_write_leaf(&body, "Code", answer->code);
    xml_write_leaf(&body, "Message", answer->message);
    if (answer->bucket_region.len > 0 && str_equal(answer->code, STR("AuthorizationHeaderMalformed")))
        xml_write_leaf(&body, "Region", answer->bucket_region);
    xml_write_leaf(&body, "RequestId", asked->request_id);
    buf_add_c(&body, wrapped ? "</Error></ErrorResponse>" : "</Error>");
    add_common_headers(asked, answer, &headers);
    header_list_add(&headers, STR("Content-Type"), STR("application/xml"));
    if (asked->head && is_ours(answer->code))
        header_list_add(&headers, STR(CODE_HEADER), answer->code);
    ret->body = buf_str(&body);
    ret->headers = header_list_view(&headers);
}

const struct protocol_module protocol_rest_xml = {
    .encode_request = rest_encode_request,
    .decode_request = rest_decode_request,
    .decode_answer = decode_answer,
    .encode_value = encode_value,
    .encode_error = encode_error,
};
