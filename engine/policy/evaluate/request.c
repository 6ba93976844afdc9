/* request.c: preparing requests for evaluation; see request.h. */
#include "policy/evaluate/request.h"

#include "policy/language/document.h"
#include "policy/language/pattern.h"

enum { ACCOUNT_DIGITS = 12, ARN_ACCOUNT = 4 };

/* The account in an ARN's fifth part; empty if the text is no ARN or names none. */
static struct str account_of(struct str resource)
{
    struct str part = {0};
    if (!str_starts(resource, STR("arn:")))
        return part;
    for (int i = 0; i <= ARN_ACCOUNT; i++) {
        if (!str_cut(&resource, ':', &part))
            return (struct str){0};
    }
    return part.len == ACCOUNT_DIGITS ? part : (struct str){0};
}

static bool check_length(struct str text, const char *what, struct error *error)
{
    if (text.len <= PATTERN_SUBJECT_MAX)
        return true;
    return error_set(error, ERROR_LIMIT, "%s is longer than %d bytes", what, PATTERN_SUBJECT_MAX);
}

static bool value_text(struct arena *arena, const struct json *value, struct str *ret)
{
    switch (value->type) {
    case JSON_STRING: *ret = value->string; return true;
    case JSON_BOOLEAN: *ret = value->boolean ? STR("true") : STR("false"); return true;
    case JSON_NUMBER: *ret = json_text(arena, value, 0); return true;
    default: return false;
    }
}

static bool read_entry(struct arena *arena, const struct json_member *member, struct context_entry *ret,
                       struct error *error)
{
    bool list = member->value.type == JSON_ARRAY;
    const struct json *items = list ? member->value.items : &member->value;
    size_t count = list ? member->value.count : 1;
    struct str *values = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        if (!value_text(arena, &items[i], &values[i]))
            return error_set(error, ERROR_INPUT, "context: %.*s: expected a string, number or boolean, found %s",
                             STR_ARG(member->name), json_type_name(items[i].type));
        if (!check_length(values[i], "a context value", error))
            return false;
    }
    *ret = (struct context_entry){
        .key = context_key(arena, member->name),
        .name = member->name,
        .values = values,
        .count = count,
    };
    return true;
}

static bool read_context(struct arena *arena, const struct json *object, struct context *ret, struct error *error)
{
    if (!object || object->type == JSON_NULL)
        return true;
    if (object->type != JSON_OBJECT)
        return error_set(error, ERROR_INPUT, "context: expected an object, found %s", json_type_name(object->type));
    struct context_entry *entries = arena_array(arena, struct context_entry, object->count);
    struct context context = {.entries = entries};
    for (size_t i = 0; i < object->count; i++) {
        struct context_entry entry;
        if (!read_entry(arena, &object->members[i], &entry, error))
            return false;
        if (context_find(&context, &entry.key))
            return error_set(error, ERROR_INPUT, "context: %.*s is there twice: keys ignore case", STR_ARG(entry.name));
        if (entry.count)
            entries[context.count++] = entry;
    }
    *ret = context;
    return true;
}

static struct str resource_account(const struct request_parts *parts, const struct principal *principal)
{
    if (parts->resource_account.len)
        return parts->resource_account;
    struct str named = account_of(parts->resource);
    return named.len ? named : principal->account;
}

bool request_make(struct arena *arena, struct request_parts parts, struct request *ret, struct error *error)
{
    const struct {
        const char *name;
        struct str text;
    } needed[] = {{"principal", parts.principal}, {"action", parts.action}, {"resource", parts.resource}};
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        if (!needed[i].text.len)
            return error_set(error, ERROR_INPUT, "the request has no %s", needed[i].name);
        if (!check_length(needed[i].text, needed[i].name, error))
            return false;
    }
    struct context context = {0};
    if (!read_context(arena, parts.context, &context, error))
        return false;
    struct request request = {
        .principal = principal_read(parts.principal),
        .action = parts.action,
        .action_folded = str_lower(arena, parts.action),
        .resource = parts.resource,
        .context = context,
    };
    struct str rest = request.action_folded;
    struct str service;
    if (!str_cut(&rest, ':', &service))
        return error_set(error, ERROR_INPUT, "'%.*s' is no action: expected service:Name", STR_ARG(parts.action));
    request.service = policy_service_bit(service);
    request.account = resource_account(&parts, &request.principal);
    *ret = request;
    return true;
}

bool request_read(struct arena *arena, const struct json *value, struct request *ret, struct error *error)
{
    if (!json_is(value, JSON_OBJECT))
        return error_set(error, ERROR_INPUT, "expected a request, an object");
    struct request_parts parts = {
        .principal = json_find_string(value, "principal"),
        .action = json_find_string(value, "action"),
        .resource = json_find_string(value, "resource"),
        .resource_account = json_find_string(value, "resource_account"),
        .context = json_find(value, "context"),
    };
    return request_make(arena, parts, ret, error);
}
