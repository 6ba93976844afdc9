/*
 * query.c: AWS's query protocol (IAM, STS, ELB, CloudWatch) and EC2's variant of it: a
 * form goes, XML comes. EC2 has no result wrapper, other errors, and lists without `.member`.
 */
#include "aws/protocol/module.h"
#include "aws/shape/form.h"
#include "aws/shape/xml_read.h"
#include "aws/shape/xml_write.h"

#define FORM_TYPE "application/x-www-form-urlencoded; charset=utf-8"

static bool encode_request(struct arena *arena, const struct call *call, const struct json *parameters,
                           struct wire_request *ret, struct error *error)
{
    (void)error;
    struct buf body = buf_make(arena, BUF_NO_MAX);
    buf_addf(&body, "Action=%s&Version=%s", call->operation->name, call->operation->service->api_version);
    form_write(&body, call->operation->input, parameters);
    ret->path = STR("/");
    ret->body = buf_str(&body);
    ret->headers = header_only(arena, "Content-Type", FORM_TYPE);
    return true;
}

static bool decode_request(struct arena *arena, const struct operation *operation, const struct wire_request *request,
                           const struct json **ret, struct error *error)
{
    struct form form;
    struct json value;
    struct str text = request->body.len > 0 ? request->body : request->query; /* GET with a query is allowed, too */
    if (!form_parse(arena, text, &form, error) || !form_read(arena, &form, operation->input, &value, error))
        return false;
    *ret = json_box(arena, value);
    return true;
}

/* The error that the document is; false, and BadAnswer, where it is none. */
static bool decode_error(struct arena *arena, const xmlNode *root, struct answer *ret, struct error *error)
{
    struct xml_error found;
    if (!xml_read_error(arena, root, &found))
        return answer_is_bad(error, "<%s> is neither an answer nor an error", (const char *)root->name);
    ret->code = found.code;
    ret->message = found.message;
    if (found.request_id.len > 0)
        ret->request_id = found.request_id;
    return true;
}

/* The element that holds the output's members: the wrapper inside the root, for EC2 the root itself. */
static const xmlNode *find_result(struct arena *arena, const struct operation *operation, const xmlNode *root)
{
    if (!xml_is_named(root, str_to_c(arena, str_format(arena, "%sResponse", operation->name))))
        return NULL;
    return operation->result_wrapper ? xml_child(root, operation->result_wrapper) : root;
}

static bool decode_answer(struct arena *arena, const struct call *call, const struct wire_answer *wire,
                          struct answer *ret, struct error *error)
{
    CLEANUP(xml_close) struct xml_document document = {.tree = NULL};
    const xmlNode *root = xml_parse(wire->body, &document, error);
    if (!root)
        return false;
    const xmlNode *result = http_is_success(wire->status) ? find_result(arena, call->operation, root) : NULL;
    if (!result)
        return decode_error(arena, root, ret, error);
    struct xml_reading reading = {.arena = arena, .error = error};
    struct json_builder value = json_build(arena, JSON_OBJECT);
    if (!xml_read_members(&reading, result, call->operation->output, &value))
        return false;
    ret->value = json_box(arena, json_built(&value));
    return true;
}

static struct http_headers answer_headers(struct arena *arena, const struct asked *asked)
{
    struct header_list headers = {.arena = arena};
    header_list_add(&headers, STR("Content-Type"), STR("text/xml;charset=UTF-8"));
    header_list_add(&headers, STR("x-amzn-RequestId"), asked->request_id);
    return header_list_view(&headers);
}

static void encode_query_value(struct arena *arena, const struct asked *asked, const struct answer *answer,
                               struct wire_answer *ret)
{
    struct buf body = buf_make(arena, BUF_NO_MAX);
    struct xml_writing writing = {.out = &body};
    const struct operation *operation = asked->operation;
    buf_addf(&body, "<%sResponse xmlns=\"%s\">", operation->name, asked->service->xml_namespace);
    xml_write_open(&body, operation->result_wrapper, NULL);
    xml_write_members(&writing, operation->output, answer->value);
    xml_write_close(&body, operation->result_wrapper);
    buf_add_c(&body, "<ResponseMetadata>");
    xml_write_leaf(&body, "RequestId", asked->request_id);
    buf_addf(&body, "</ResponseMetadata></%sResponse>", operation->name);
    ret->body = buf_str(&body);
    ret->headers = answer_headers(arena, asked);
}

static void encode_query_error(struct arena *arena, const struct asked *asked, const struct answer *answer,
                               struct wire_answer *ret)
{
    struct buf body = buf_make(arena, BUF_NO_MAX);
    xml_write_open(&body, "ErrorResponse", asked->service ? asked->service->xml_namespace : NULL);
    buf_add_c(&body, "<Error>");
    xml_write_leaf(&body, "Type", ret->status < 500 ? STR("Sender") : STR("Receiver"));
    xml_write_leaf(&body, "Code", answer->code);
    xml_write_leaf(&body, "Message", answer->message);
    buf_add_c(&body, "</Error>");
    xml_write_leaf(&body, "RequestId", asked->request_id);
    buf_add_c(&body, "</ErrorResponse>");
    ret->body = buf_str(&body);
    ret->headers = answer_headers(arena, asked);
}

static void encode_ec2_value(struct arena *arena, const struct asked *asked, const struct answer *answer,
                             struct wire_answer *ret)
{
    struct buf body = buf_make(arena, BUF_NO_MAX);
    struct xml_writing writing = {.out = &body};
    buf_addf(&body, XML_DECLARATION "<%sResponse xmlns=\"%s\">", asked->operation->name, asked->service->xml_namespace);
    xml_write_leaf(&body, "requestId", asked->request_id);
    xml_write_members(&writing, asked->operation->output, answer->value);
    buf_addf(&body, "</%sResponse>", asked->operation->name);
    ret->body = buf_str(&body);
    ret->headers = answer_headers(arena, asked);
}

static void encode_ec2_error(struct arena *arena, const struct asked *asked, const struct answer *answer,
                             struct wire_answer *ret)
{
    struct buf body = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&body, XML_DECLARATION "<Response><Errors><Error>");
    xml_write_leaf(&body, "Code", answer->code);
    xml_write_leaf(&body, "Message", answer->message);
    buf_add_c(&body, "</Error></Errors>");
    xml_write_leaf(&body, "RequestID", asked->request_id);
    buf_add_c(&body, "</Response>");
    ret->body = buf_str(&body);
    ret->headers = answer_headers(arena, asked);
}

const struct protocol_module protocol_query = {
    .encode_request = encode_request,
    .decode_request = decode_request,
    .decode_answer = decode_answer,
    .encode_value = encode_query_value,
    .encode_error = encode_query_error,
};

const struct protocol_module protocol_ec2 = {
    .encode_request = encode_request,
    .decode_request = decode_request,
    .decode_answer = decode_answer,
    .encode_value = encode_ec2_value,
    .encode_error = encode_ec2_error,
};
