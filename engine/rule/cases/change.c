/* change.c: see case_change.h. */
#include "rule/cases/change.h"

#include "base/json/patch.h"

#include <string.h>

struct changing {
    struct loader *loader;
    struct answered_call *calls; /* with room for one more for each change */
    size_t count;
};

static const struct field change_fields[] = {
    {"call", FIELD_STRING, true},   {"with", FIELD_OBJECT, false},  {"region", FIELD_STRING, false},
    {"patch", FIELD_ARRAY, false},  {"merge", FIELD_ANY, false},    {"answer", FIELD_ANY, false},
    {"error", FIELD_OBJECT, false}, {"drop", FIELD_BOOLEAN, false},
};

static const struct field error_fields[] = {
    {"code", FIELD_STRING, true},
    {"message", FIELD_STRING, false},
    {"http_status", FIELD_NUMBER, false},
    {"bucket_region", FIELD_STRING, false},
};

static bool has_parameters(const struct call *call, const struct json *with)
{
    for (size_t i = 0; with && i < with->count; i++) {
        const struct json *value = json_get(call->parameters, with->members[i].name);
        if (!value || !json_equal(value, &with->members[i].value))
            return false;
    }
    return true;
}

static struct answer error_answer(const struct json *error)
{
    return (struct answer){
        .code = json_find_string(error, "code"),
        .message = json_find_string(error, "message"),
        .http_status = (int)json_find_integer(error, "http_status", 400),
        .bucket_region = json_find_string(error, "bucket_region"),
    };
}

/* A new document in place of the answer. */
static bool change_value(const struct changing *c, const struct json *change, struct answer *answer)
{
    struct arena *arena = c->loader->arena;
    const struct json *patch = json_find(change, "patch");
    const struct json *merge = json_find(change, "merge");
    const struct json *replaced = json_find(change, "answer");
    const struct json *value = answer->value;
    struct error error;
    if (replaced)
        value = replaced;
    else if (!value)
        return loader_fail(c->loader, change, "the call has an error, and no answer to change");
    else if (merge ? !json_merge(arena, value, merge, &value, &error)
                   : !json_patch(arena, value, patch, &value, &error))
        return loader_fail(c->loader, change, "%s", error.text);
    *answer = (struct answer){.value = value, .http_status = 200};
    return true;
}

static bool change_call(const struct changing *c, const struct json *change, struct answered_call *call)
{
    const struct json *error = json_find(change, "error");
    if (error) {
        call->answer = error_answer(error);
        if (!loader_fields(c->loader, error, "an error", error_fields, COUNT_OF(error_fields)))
            return false;
        int64_t status = json_find_integer(error, "http_status", 400);
        return status >= 0 && status <= 599
                   ? true
                   : loader_fail(c->loader, error, "an HTTP status is at most 599; 0: there was no answer");
    }
    return change_value(c, change, &call->answer);
}

static bool add_call(struct changing *c, const struct json *change, const struct operation *operation)
{
    struct str region = json_find_string(change, "region");
    struct answered_call *call = &c->calls[c->count++];
    *call = (struct answered_call){.call = {.operation = operation,
                                            .region = region.len ? region : STR("us-east-1"),
                                            .parameters = json_find(change, "with"),
                                            .decode = DECODE_NONE}};
    return change_call(c, change, call);
}

static bool check_change(const struct changing *c, const struct json *change, const struct operation **ret_operation)
{
    static const char *const actions[] = {"patch", "merge", "answer", "error", "drop"};
    size_t count = 0;
    if (!loader_fields(c->loader, change, "a change", change_fields, COUNT_OF(change_fields)))
        return false;
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        count += json_find(change, actions[i]) != NULL;
    if (count != 1 || (json_find(change, "drop") && !json_find_boolean(change, "drop", false)))
        return loader_fail(c->loader, change, "a change has one of patch, merge, answer, error, drop");
    const struct json *call = json_find(change, "call");
    *ret_operation = operation_find_call(call->string);
    if (*ret_operation)
        return true;
    struct str nearest = operation_nearest(c->loader->arena, call->string);
    return loader_unknown(c->loader, call, "call", call->string, &nearest, nearest.len > 0);
}

static bool apply_change(struct changing *c, const struct json *change)
{
    const struct operation *operation;
    if (!check_change(c, change, &operation))
        return false;
    const struct json *with = json_find(change, "with");
    bool drop = json_find(change, "drop") != NULL;
    size_t kept = 0;
    size_t matched = 0;
    for (size_t i = 0; i < c->count; i++) {
        bool match = c->calls[i].call.operation == operation && has_parameters(&c->calls[i].call, with);
        matched += match;
        if (match && drop)
            continue;
        c->calls[kept] = c->calls[i];
        if (match && !change_call(c, change, &c->calls[kept]))
            return false;
        kept++;
    }
    c->count = kept;
    if (matched)
        return true;
    if (with && (json_find(change, "answer") || json_find(change, "error")))
        return add_call(c, change, operation);
    return loader_fail(c->loader, change, "the account has no such call to change");
}

bool case_change(struct loader *loader, const struct snapshot *snapshot, const struct json *changes,
                 const struct snapshot **ret)
{
    size_t more = changes ? changes->count : 0;
    struct changing c = {loader, arena_array(loader->arena, struct answered_call, snapshot->call_count + more),
                         snapshot->call_count};
    if (snapshot->call_count)
        memcpy(c.calls, snapshot->calls, snapshot->call_count * sizeof *c.calls);
    for (size_t i = 0; i < more; i++) {
        if (!apply_change(&c, &changes->items[i]))
            return false;
    }
    struct snapshot parts = *snapshot;
    parts.calls = c.calls;
    parts.call_count = c.count;
    parts.index = NULL;
    struct error error;
    return snapshot_make(loader->arena, &parts, ret, &error) ? true : loader_fail(loader, changes, "%s", error.text);
}
