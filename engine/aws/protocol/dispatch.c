/*
 * dispatch.c: which service and operation a request is for, all services on one address: by
 * X-Amz-Target (JSON), by Action and Version (query, EC2), by path (the rest). See protocol.h.
 */
#include "aws/protocol/dispatch.h"

#include "aws/protocol/rest.h"
#include "aws/shape/form.h"

#include <string.h>

static bool name_is(const char *name, struct str text)
{
    return name && str_equal(str_from(name), text);
}

/* "TrentService.DescribeKey". Also CloudWatch's JSON, which the SDKs prefer to the query protocol. */
static bool dispatch_target(struct str target, struct asked *ret)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    ptrdiff_t dot = str_find_last_char(target, '.');
    struct str prefix = str_slice(target, 0, dot < 0 ? 0 : dot);
    ret->protocol = PROTOCOL_JSON;
    for (size_t i = 0; i < count; i++) {
        if (!name_is(rows[i].service->target_prefix, prefix))
            continue;
        ret->service = rows[i].service;
        if (name_is(rows[i].name, str_skip(target, dot + 1)))
            ret->operation = &rows[i];
    }
    return ret->operation != NULL;
}

static bool is_form_protocol(const struct service *service)
{
    return service->protocol == PROTOCOL_QUERY || service->protocol == PROTOCOL_EC2;
}

static bool dispatch_action(struct str action, struct str version, struct asked *ret)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    ret->protocol = PROTOCOL_QUERY;
    for (size_t i = 0; i < count; i++) {
        const struct service *service = rows[i].service;
        if (!is_form_protocol(service) || !name_is(service->api_version, version))
            continue;
        ret->service = service;
        ret->protocol = service->protocol;
        if (name_is(rows[i].name, action))
            ret->operation = &rows[i];
    }
    return ret->operation != NULL;
}

static bool dispatch_path(struct arena *arena, const struct wire_request *request, struct asked *ret)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    int best = -1;
    const char *id = "s3";
    if (str_starts(request->path, STR("/v20180820/")))
        id = "s3control";
    else if (str_starts(request->path, STR("/restapi/")))
        id = "optscale";
    ret->service = service_find(str_from(id));
    ret->protocol = ret->service->protocol;
    for (size_t i = 0; i < count; i++) {
        int score = rows[i].service == ret->service ? rest_match(arena, &rows[i], request) : -1;
        if (score > best) {
            best = score;
            ret->operation = &rows[i];
        }
    }
    return ret->operation != NULL;
}

bool dispatch_request(struct arena *arena, const struct wire_request *request, struct asked *ret)
{
    struct str target = http_header_find(request->headers, STR("X-Amz-Target"));
    struct form form;
    if (target.len > 0)
        return dispatch_target(target, ret);
    struct str text = request->body.len > 0 ? request->body : request->query;
    if (!str_equal(request->path, STR("/")) || !form_parse(arena, text, &form, NULL))
        return dispatch_path(arena, request, ret);
    struct str action = form_find(&form, STR("Action"));
    if (action.len == 0)
        return dispatch_path(arena, request, ret);
    return dispatch_action(action, form_find(&form, STR("Version")), ret);
}
