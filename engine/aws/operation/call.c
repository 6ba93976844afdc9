/* call.c: the identity of a call, and which error codes mean "not allowed". */
#include "aws/operation/call.h"

#include "base/buf.h"
#include "base/sink.h"

#include <stdlib.h>

/* Parameters come from fact files and answers, both of which json_parse() has limited already. */
#define KEY_MAX_DEPTH 128

static int compare_members(const void *a, const void *b)
{
    const struct json_member *const *left = a;
    const struct json_member *const *right = b;
    return str_compare((*left)->name, (*right)->name);
}

static void write_canonical(struct arena *arena, struct sink *sink, const struct json *value, int depth);

static void write_canonical_object(struct arena *arena, struct sink *sink, const struct json *object, int depth)
{
    const struct json_member **sorted = arena_array(arena, const struct json_member *, object->count);
    for (size_t i = 0; i < object->count; i++)
        sorted[i] = &object->members[i];
    qsort(sorted, object->count, sizeof *sorted, compare_members);
    sink_add_char(sink, '{');
    for (size_t i = 0; i < object->count; i++) {
        if (i > 0)
            sink_add_char(sink, ',');
        json_write_string(sink, sorted[i]->name);
        sink_add_char(sink, ':');
        write_canonical(arena, sink, &sorted[i]->value, depth + 1);
    }
    sink_add_char(sink, '}');
}

/* NOLINTNEXTLINE(misc-no-recursion): KEY_MAX_DEPTH */
static void write_canonical(struct arena *arena, struct sink *sink, const struct json *value, int depth)
{
    if (depth > KEY_MAX_DEPTH)
        return;
    if (value->type == JSON_OBJECT) {
        write_canonical_object(arena, sink, value, depth);
    } else if (value->type == JSON_ARRAY) {
        sink_add_char(sink, '[');
        for (size_t i = 0; i < value->count; i++) {
            if (i > 0)
                sink_add_char(sink, ',');
            write_canonical(arena, sink, &value->items[i], depth + 1);
        }
        sink_add_char(sink, ']');
    } else {
        json_write(sink, value, 0);
    }
}

struct str call_key(struct arena *arena, const struct call *call)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    sink_addf(&sink, "%s:%s %.*s ", call->operation->service->id, call->operation->name, STR_ARG(call->region));
    write_canonical(arena, &sink, call->parameters, 0);
    return buf_str(&buf);
}

/* The codes by which services refuse: match the code, since the HTTP status differs between them. */
static const struct str denied_codes[] = {
    STR_INIT("AccessDenied"),          /* S3, IAM, STS, ELB, CloudWatch */
    STR_INIT("AccessDeniedException"), /* the JSON protocols */
    STR_INIT("UnauthorizedOperation"), /* EC2 */
    STR_INIT("AuthorizationError"),
    STR_INIT("AuthorizationErrorException"),
    STR_INIT("NotAuthorized"),
    STR_INIT("Forbidden"),
    STR_INIT("AllAccessDisabled"),
    STR_INIT("403"),    /* S3's HEAD, which has no body */
    STR_INIT("OE0234"), /* OptScale: Forbidden */
};

bool answer_is_denied(const struct answer *answer)
{
    for (size_t i = 0; i < COUNT_OF(denied_codes); i++) {
        if (str_equal(answer->code, denied_codes[i]))
            return true;
    }
    return false;
}
