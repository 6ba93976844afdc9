/* protocol.c: what the protocols share: the table of them, paging members, refusals; see protocol.h. */
#include "aws/protocol/protocol.h"

#include "aws/protocol/dispatch.h"
#include "aws/protocol/module.h"
#include "aws/protocol/paging.h"
#include "aws/shape/inflate.h"
#include "base/buf.h"

#include <string.h>

static const struct protocol_module *const modules[] = {
    [PROTOCOL_QUERY] = &protocol_query,         [PROTOCOL_EC2] = &protocol_ec2,
    [PROTOCOL_JSON] = &protocol_json,           [PROTOCOL_REST_XML] = &protocol_rest_xml,
    [PROTOCOL_REST_JSON] = &protocol_rest_json,
};

/* The member by which S3 is asked to percent-encode keys: they may hold what XML 1.0 cannot. */
#define ENCODING_MEMBER "EncodingType"

/* ---------------------------------------------------------------- requests */

static bool check_parameters(const struct operation *operation, const struct json *parameters, struct error *error)
{
    for (size_t i = 0; i < parameters->count; i++) {
        struct str name = parameters->members[i].name;
        if (!shape_member_named(operation->input, name))
            return error_set(error, ERROR_INPUT, "%s has no parameter '%.*s'", operation->name, STR_ARG(name));
        if (paging_is_member(operation, name))
            return error_set(error, ERROR_INPUT, "'%.*s' is about pages, which are joined: no parameter",
                             STR_ARG(name));
    }
    for (size_t i = 0; operation->input && i < operation->input->member_count; i++) {
        const struct shape_member *member = &operation->input->members[i];
        const struct json *value = json_find(parameters, member->name);
        if (member->required && (!value || value->type == JSON_NULL))
            return error_set(error, ERROR_INPUT, "%s needs the parameter '%s'", operation->name, member->name);
    }
    return true;
}

/* The parameters with what asks for a page. */
static struct json with_paging(struct arena *arena, const struct call *call, struct str page_token)
{
    const struct operation *operation = call->operation;
    struct json_builder all = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < call->parameters->count; i++)
        json_build_append(&all, call->parameters->members[i].name, call->parameters->members[i].value);
    if (operation->page_size)
        json_build_append(&all, str_from(operation->limit_key), json_number(operation->page_size));
    if (page_token.len > 0 && operation->input_token)
        json_build_append(&all, str_from(operation->input_token), json_string(page_token));
    if (operation->input_token && shape_member_named(operation->input, STR(ENCODING_MEMBER)))
        json_build_append(&all, STR(ENCODING_MEMBER), json_string(STR("url")));
    if (call->decode == DECODE_CSV_HEADER && !json_find(call->parameters, "Range") &&
        shape_member_named(operation->input, STR("Range")))
        json_build_append(&all, STR("Range"), json_string(STR(WIRE_CSV_RANGE)));
    return json_built(&all);
}

bool protocol_encode_request(struct arena *arena, const struct call *call, struct str page_token,
                             struct wire_request *ret, struct error *error)
{
    if (!check_parameters(call->operation, call->parameters, error))
        return false;
    struct json parameters = with_paging(arena, call, page_token);
    struct wire_request request = {.method = str_from(call->operation->method)};
    if (!modules[call->operation->service->protocol]->encode_request(arena, call, &parameters, &request, error))
        return false;
    *ret = request;
    return true;
}

/* Takes the paging members out of what a client sent, into the fields of `asked`. */
static void take_paging(struct arena *arena, const struct json *all, struct asked *asked)
{
    const struct operation *operation = asked->operation;
    struct json_builder rest = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < all->count; i++) {
        if (!paging_is_member(operation, all->members[i].name))
            json_build_append(&rest, all->members[i].name, all->members[i].value);
    }
    asked->parameters = json_box(arena, json_built(&rest));
    if (!operation->input_token)
        return;
    asked->page_token = json_find_string(all, operation->input_token);
    asked->url_encoded = str_equal(json_find_string(all, ENCODING_MEMBER), STR("url"));
    double limit = operation->limit_key ? json_find_number(all, operation->limit_key, 0) : 0;
    asked->limit = limit >= 1 && limit < 1e9 ? (int64_t)limit : 0;
}

bool protocol_decode_request(struct arena *arena, const struct wire_request *request, struct asked *ret,
                             struct error *error)
{
    *ret = (struct asked){.head = str_equal(request->method, STR("HEAD")), .protocol = PROTOCOL_REST_XML};
    ret->parameters = json_box(arena, json_object(NULL, 0));
    if (!dispatch_request(arena, request, ret))
        return error_set(error, ERROR_INPUT, "%.*s %.*s is no request that reads", STR_ARG(request->method),
                         STR_ARG(request->path));
    const struct json *parameters;
    if (!modules[ret->protocol]->decode_request(arena, ret->operation, request, &parameters, error))
        return false;
    take_paging(arena, parameters, ret);
    return true;
}

const struct json *protocol_essential(struct arena *arena, const struct json *parameters)
{
    struct json_builder rest = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < parameters->count; i++) {
        struct str name = parameters->members[i].name;
        if (!str_equal(name, STR("Range")) && !str_equal(name, STR("ChecksumMode")))
            json_build_append(&rest, name, parameters->members[i].value);
    }
    return json_box(arena, json_built(&rest));
}

/* ---------------------------------------------------------------- answers */

static struct str request_id_of(struct http_headers headers)
{
    struct str id = http_header_find(headers, STR("x-amzn-requestid"));
    return id.len > 0 ? id : http_header_find(headers, STR("x-amz-request-id"));
}

/* What a body looks like, for the message. */
static const char *looks_like(struct str body)
{
    struct str text = str_trim(str_slice(body, 0, 512));
    if (text.len == 0)
        return "nothing";
    if (text.ptr[0] == '{' || text.ptr[0] == '[')
        return "JSON";
    if (str_equal_nocase(str_slice(text, 0, 9), STR("<!doctype")) ||
        str_equal_nocase(str_slice(text, 0, 5), STR("<html")))
        return "HTML";
    return text.ptr[0] == '<' ? "XML" : "text";
}

static void make_bad(struct arena *arena, struct answer *answer, const struct wire_answer *wire,
                     const struct error *error)
{
    answer->value = NULL;
    answer->code = STR(ANSWER_BAD);
    answer->message = str_format(arena, "%s (HTTP status %d, %zd bytes of %s)", error->text, wire->status,
                                 wire->body.len, looks_like(wire->body));
}

/*
 * The longest page that AWS documents is 1,000 keys of S3 (1,024 bytes each, percent-encoded: 3 MiB). Manifests list
 * an export's files; OptScale's lists have no pages.
 */
size_t protocol_body_max(const struct call *call)
{
    if (call->decode == DECODE_CSV_HEADER || call->decode == DECODE_PARQUET_FOOTER)
        return (size_t)1 << 20; /* the range that is asked for, from a server that gives somewhat more */
    bool is_open_ended = call->decode == DECODE_JSON || call->operation->auth != AUTH_SIGV4;
    return is_open_ended ? WIRE_BODY_MAX : (size_t)8 << 20;
}

/* An object's own encoding is its reader's business. */
static bool is_packed(const struct call *call, const struct wire_answer *wire)
{
    return call->decode == DECODE_NONE && str_starts(wire->body, STR("\x1f\x8b")) &&
           str_equal_nocase(http_header_find(wire->headers, STR("Content-Encoding")), STR("gzip"));
}

static bool unpack(struct arena *arena, const struct call *call, struct wire_answer *wire, struct error *error)
{
    bool complete;
    struct str body;
    if (!is_packed(call, wire))
        return true;
    if (!inflate_beginning(arena, wire->body, protocol_body_max(call), &body, &complete, error))
        return false;
    wire->body = body;
    return complete || error_set(error, ANSWER_BAD, "a body in gzip that breaks off or is too large");
}

struct answer protocol_decode_answer(struct arena *arena, const struct call *call, const struct wire_answer *wire)
{
    struct answer answer = {.http_status = wire->status};
    answer.request_id = str_copy(arena, request_id_of(wire->headers));
    answer.bucket_region = str_copy(arena, http_header_find(wire->headers, STR("x-amz-bucket-region")));
    if ((size_t)wire->body.len > WIRE_BODY_MAX) {
        answer.code = STR(ANSWER_TOO_LARGE);
        answer.message = str_format(arena, "an answer of more than %zu MiB", WIRE_BODY_MAX >> 20);
        return answer;
    }
    struct error error = {.code = ""};
    struct wire_answer plain = *wire;
    if (!unpack(arena, call, &plain, &error) ||
        !modules[call->operation->service->protocol]->decode_answer(arena, call, &plain, &answer, &error))
        make_bad(arena, &answer, &plain, &error);
    return answer;
}

/* What a service of ours refuses, and errors of our own that a snapshot holds, are the client's fault: none is retried.
 */
#define STATUS_OF_AN_ERROR_WITHOUT 400

struct wire_answer protocol_encode_answer(struct arena *arena, const struct asked *asked, const struct answer *answer)
{
    bool failed = answer->code.len > 0;
    struct wire_answer wire = {.status = answer->http_status};
    if (wire.status == 0)
        wire.status = failed ? STATUS_OF_AN_ERROR_WITHOUT : 200;
    if (failed)
        modules[asked->protocol]->encode_error(arena, asked, answer, &wire);
    else
        modules[asked->protocol]->encode_value(arena, asked, answer, &wire);
    if (asked->head)
        wire.body = STR("");
    return wire;
}
