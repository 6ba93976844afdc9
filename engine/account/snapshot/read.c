/*
 * read.c: reads a snapshot's text, strictly. The document was checked as JSON by
 * json_parse(); here its form is: which members there are, of which type, and that each call is
 * one of the table's.
 */
#include "account/snapshot/snapshot.h"
#include "base/clock.h"
#include "base/map.h"

#include <stdarg.h>

#define MAX_CALLS 1000000

struct reader {
    struct arena *arena;
    struct str name;
    struct str text;
    struct error *error;
};

/* What an object may hold. */
struct field {
    const char *name;
    enum json_type type;
    bool required;
};

static const struct field snapshot_fields[] = {
    {"format", JSON_STRING, true},  {"created", JSON_STRING, true}, {"tool", JSON_STRING, false},
    {"target", JSON_OBJECT, false}, {"caller", JSON_OBJECT, false}, {"calls", JSON_ARRAY, true},
};
static const struct field caller_fields[] = {
    {"access_key_id", JSON_STRING, false},
};
static const struct field call_fields[] = {
    {"service", JSON_STRING, true},    {"operation", JSON_STRING, true},     {"region", JSON_STRING, true},
    {"parameters", JSON_OBJECT, true}, {"answer", JSON_OBJECT, false},       {"error", JSON_OBJECT, false},
    {"started", JSON_STRING, false},   {"milliseconds", JSON_NUMBER, false}, {"request_id", JSON_STRING, false},
};
static const struct field error_fields[] = {
    {"code", JSON_STRING, true},
    {"message", JSON_STRING, false},
    {"http_status", JSON_NUMBER, false},
    {"bucket_region", JSON_STRING, false},
};

/* Members that page a list: one of them in a snapshot would mean that the list was not joined. */
static const struct str paging_names[] = {
    STR_INIT("NextToken"),  STR_INIT("ContinuationToken"), STR_INIT("NextContinuationToken"),
    STR_INIT("Marker"),     STR_INIT("NextMarker"),        STR_INIT("IsTruncated"),
    STR_INIT("KeyCount"),   STR_INIT("MaxKeys"),           STR_INIT("MaxItems"),
    STR_INIT("MaxResults"), STR_INIT("EncodingType"),
};

/* `at` is the value that is wrong, `pointer` its place in words of RFC 6901. */
static bool refuse(const struct reader *reader, const struct json *at, struct str pointer, const char *format, ...)
    FORMATS(4, 5);

static bool refuse(const struct reader *reader, const struct json *at, struct str pointer, const char *format, ...)
{
    struct buf message = buf_make(reader->arena, BUF_NO_MAX);
    va_list values;
    va_start(values, format);
    buf_addv(&message, format, values);
    va_end(values);
    struct json_place place = json_place(reader->text, at);
    struct str text = buf_str(&message);
    return error_set(reader->error, ERROR_INPUT, "%.*s:%d:%d: %.*s: %.*s", STR_ARG(reader->name), place.line,
                     place.column, STR_ARG(pointer), STR_ARG(text));
}

static struct str child(const struct reader *reader, struct str pointer, struct str name)
{
    struct buf buf = buf_make(reader->arena, BUF_NO_MAX);
    buf_add(&buf, pointer);
    json_pointer_add(&buf, name);
    return buf_str(&buf);
}

static struct str nearest_field(const struct reader *reader, struct str name, const struct field *fields, size_t count)
{
    struct str *names = arena_array(reader->arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        names[i] = str_from(fields[i].name);
    return str_nearest(name, names, count);
}

static bool check_member(const struct reader *reader, const struct json_member *member, struct str pointer,
                         const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(member->name, str_from(fields[i].name)))
            continue;
        if (member->value.type == fields[i].type)
            return true;
        return refuse(reader, &member->value, child(reader, pointer, member->name), "expected %s, found %s",
                      json_type_name(fields[i].type), json_type_name(member->value.type));
    }
    struct str nearest = nearest_field(reader, member->name, fields, count);
    return refuse(reader, &member->value, child(reader, pointer, member->name), "unknown member '%.*s'%s%.*s%s",
                  STR_ARG(member->name), nearest.len > 0 ? ": did you mean '" : "", STR_ARG(nearest),
                  nearest.len > 0 ? "'?" : "");
}

/* Whether the object has the required members and no others than the fields, each of its type. */
static bool check_fields(const struct reader *reader, const struct json *object, struct str pointer,
                         const struct field *fields, size_t count)
{
    for (size_t i = 0; i < object->count; i++) {
        if (!check_member(reader, &object->members[i], pointer, fields, count))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].required && !json_find(object, fields[i].name))
            return refuse(reader, object, pointer, "the member '%s' is missing", fields[i].name);
    }
    return true;
}

static bool check_no_paging(const struct reader *reader, const struct json *object, struct str pointer)
{
    for (size_t i = 0; i < COUNT_OF(paging_names); i++) {
        const struct json *found = json_get(object, paging_names[i]);
        if (found)
            return refuse(reader, found, child(reader, pointer, paging_names[i]),
                          "pages are joined in a snapshot: '%.*s' must not be there", STR_ARG(paging_names[i]));
    }
    return true;
}

/* An integer from 0 to `max`, or `otherwise` where the member is missing. */
static bool read_integer(const struct reader *reader, const struct json *object, struct str pointer, const char *name,
                         double max, int64_t *ret)
{
    const struct json *value = json_find(object, name);
    if (!value)
        return true;
    if (!(value->number >= 0 && value->number <= max) || value->number != (double)(int64_t)value->number)
        return refuse(reader, value, child(reader, pointer, str_from(name)), "expected an integer from 0 to %.0f", max);
    *ret = (int64_t)value->number;
    return true;
}

static bool read_error(const struct reader *reader, const struct json *object, struct str pointer,
                       struct answer *answer)
{
    int64_t status = 0;
    if (!check_fields(reader, object, pointer, error_fields, COUNT_OF(error_fields)) ||
        !read_integer(reader, object, pointer, "http_status", 999, &status))
        return false;
    answer->code = json_find_string(object, "code");
    if (answer->code.len == 0)
        return refuse(reader, json_find(object, "code"), child(reader, pointer, STR("code")), "the code is empty");
    if (str_equal(answer->code, STR(ANSWER_NOT_IN_SNAPSHOT)))
        return refuse(reader, object, pointer, "a call that was never made is not in the list");
    answer->message = json_find_string(object, "message");
    answer->bucket_region = json_find_string(object, "bucket_region");
    answer->http_status = (int)status;
    return true;
}

static bool read_operation(const struct reader *reader, const struct json *object, struct str pointer,
                           const struct operation **ret)
{
    struct str service = json_find_string(object, "service");
    struct str name = json_find_string(object, "operation");
    const struct operation *operation = operation_find(service, name);
    if (!operation) {
        struct str typed = str_join3(reader->arena, service, STR(":"), name);
        struct str nearest = operation_nearest(reader->arena, typed);
        return refuse(reader, json_find(object, "operation"), child(reader, pointer, STR("operation")),
                      "unknown operation '%.*s'%s%.*s%s", STR_ARG(typed), nearest.len > 0 ? ": did you mean '" : "",
                      STR_ARG(nearest), nearest.len > 0 ? "'?" : "");
    }
    *ret = operation;
    return true;
}

static bool read_answer(const struct reader *reader, const struct json *object, struct str pointer,
                        struct answer *answer)
{
    const struct json *value = json_find(object, "answer");
    const struct json *error = json_find(object, "error");
    if (!value == !error)
        return refuse(reader, object, pointer, "a call has either 'answer' or 'error'");
    if (error)
        return read_error(reader, error, child(reader, pointer, STR("error")), answer);
    answer->value = value;
    return check_no_paging(reader, value, child(reader, pointer, STR("answer")));
}

static bool read_call(const struct reader *reader, const struct json *object, struct str pointer,
                      struct answered_call *ret)
{
    if (object->type != JSON_OBJECT)
        return refuse(reader, object, pointer, "expected an object, found %s", json_type_name(object->type));
    struct answered_call read = {0};
    if (!check_fields(reader, object, pointer, call_fields, COUNT_OF(call_fields)) ||
        !read_operation(reader, object, pointer, &read.call.operation) ||
        !read_answer(reader, object, pointer, &read.answer) ||
        !read_integer(reader, object, pointer, "milliseconds", 1e12, &read.answer.milliseconds))
        return false;
    read.call.region = json_find_string(object, "region");
    read.call.parameters = json_find(object, "parameters");
    read.answer.started = json_find_string(object, "started");
    read.answer.request_id = json_find_string(object, "request_id");
    if (!check_no_paging(reader, read.call.parameters, child(reader, pointer, STR("parameters"))))
        return false;
    *ret = read;
    return true;
}

static struct str call_pointer(const struct reader *reader, size_t number)
{
    struct buf buf = buf_make(reader->arena, BUF_NO_MAX);
    json_pointer_add(&buf, STR("calls"));
    json_pointer_add_index(&buf, number);
    return buf_str(&buf);
}

/* snapshot_make() also looks for duplicates, but knows no places. */
static bool check_unique(const struct reader *reader, const struct json *list, const struct answered_call *calls)
{
    struct map *seen = map_open(reader->arena);
    for (size_t i = 0; i < list->count; i++) {
        struct str key = call_key(reader->arena, &calls[i].call);
        const struct json *earlier = map_get(seen, key);
        if (earlier)
            return refuse(reader, &list->items[i], call_pointer(reader, i), "the same call as in line %d: %.*s",
                          json_place(reader->text, earlier).line, STR_ARG(key));
        map_set(seen, key, &list->items[i]);
    }
    return true;
}

static bool read_calls(const struct reader *reader, const struct json *list, struct snapshot *snapshot)
{
    if (list->count > MAX_CALLS)
        return error_set(reader->error, ERROR_LIMIT, "%.*s: more than %d calls", STR_ARG(reader->name), MAX_CALLS);
    struct answered_call *calls = arena_array(reader->arena, struct answered_call, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (!read_call(reader, &list->items[i], call_pointer(reader, i), &calls[i]))
            return false;
    }
    snapshot->calls = calls;
    snapshot->call_count = list->count;
    return check_unique(reader, list, calls);
}

static bool read_head(const struct reader *reader, const struct json *document, struct snapshot *snapshot)
{
    if (document->type != JSON_OBJECT)
        return refuse(reader, document, STR("/"), "expected a snapshot, an object; found %s",
                      json_type_name(document->type));
    /* The format first: a file of another kind or version should be called that. */
    const struct json *format = json_find(document, "format");
    if (json_is(format, JSON_STRING) && !str_equal(format->string, STR(SNAPSHOT_FORMAT)))
        return refuse(reader, format, STR("/format"), "expected '%s', found '%.*s'", SNAPSHOT_FORMAT,
                      STR_ARG(format->string));
    if (!check_fields(reader, document, STR(""), snapshot_fields, COUNT_OF(snapshot_fields)))
        return false;
    const struct json *caller = json_find(document, "caller");
    if (caller && !check_fields(reader, caller, STR("/caller"), caller_fields, COUNT_OF(caller_fields)))
        return false;
    const struct json *created = json_find(document, "created");
    if (!clock_parse(created->string, &snapshot->created))
        return refuse(reader, created, STR("/created"), "expected a time such as 2026-11-22T10:00:00Z");
    static const struct json no_target = {.type = JSON_OBJECT};
    const struct json *target = json_find(document, "target");
    snapshot->target = target ? target : &no_target;
    snapshot->tool = json_find_string(document, "tool");
    snapshot->access_key_id = json_find_string(caller, "access_key_id");
    return true;
}

bool snapshot_read(struct arena *arena, struct str name, struct str text, const struct snapshot **ret,
                   struct error *error)
{
    struct reader reader = {arena, name, text, error};
    const struct json *document = NULL;
    struct snapshot snapshot = {0};
    if (!json_parse_kept(arena, name, text, &json_limits_snapshot, &document, error) ||
        !read_head(&reader, document, &snapshot) || !read_calls(&reader, json_find(document, "calls"), &snapshot))
        return false;
    return snapshot_make(arena, &snapshot, ret, error);
}
