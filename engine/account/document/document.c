/* document.c: see document.h. */
#include "account/document/document.h"

#include "base/json/patch.h"

#include <string.h>

static const struct document_kind kinds[] = {
#define DOCUMENT(type_, name_, call_, pointer_, absent_, fact_, limit_)                                                \
    {DOCUMENT_##type_, STR_INIT(name_), call_, STR_INIT(pointer_), absent_, fact_, limit_},
#include "account/document/documents.def"
};

const struct document_kind *document_kind_find(struct str name)
{
    for (size_t i = 0; i < DOCUMENT_TYPE_COUNT; i++)
        if (str_equal(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

const struct str *document_kind_names(struct arena *arena)
{
    struct str *names = arena_array(arena, struct str, DOCUMENT_TYPE_COUNT);
    for (size_t i = 0; i < DOCUMENT_TYPE_COUNT; i++)
        names[i] = kinds[i].name;
    return names;
}

bool document_same(const struct document *a, const struct document *b)
{
    return a->kind == b->kind && json_equal(a->parameters, b->parameters);
}

/* ---- Where a document stands in its answer ---- */

/* Of the legacy reports, which one call lists, the one of that name; the list's length: there is none. */
static size_t report_index(const struct json *reports, struct str name)
{
    size_t index = 0;
    while (json_is(reports, JSON_ARRAY) && index < reports->count &&
           !str_equal(json_find_string(&reports->items[index], "ReportName"), name))
        index++;
    return index;
}

static struct str place_in(struct arena *arena, const struct document *document, const struct json *answer)
{
    struct str pointer = document->kind->pointer;
    if (document->kind->type != DOCUMENT_REPORT)
        return pointer;
    size_t index = report_index(json_pointer(answer, pointer), json_find_string(document->parameters, "ReportName"));
    return str_format(arena, "%.*s/%zu", STR_ARG(pointer), index);
}

/* What else stands at the same place is none of the document's. */
static const struct json *only(struct arena *arena, const struct json *whole, const char *member)
{
    const struct json *value = json_find(whole, member);
    struct json_builder built = json_build(arena, JSON_OBJECT);
    if (value)
        json_build_append(&built, str_from(member), *value);
    return json_box(arena, json_built(&built));
}

static const struct json *without(struct arena *arena, const struct json *whole, const char *member)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < whole->count; i++)
        if (!str_equal(whole->members[i].name, str_from(member)))
            json_build_append(&built, whole->members[i].name, whole->members[i].value);
    return json_box(arena, json_built(&built));
}

static const struct json *value_in(struct arena *arena, const struct document *document, const struct answer *answer)
{
    const struct json *value = answer->value && !answer->code.len
                                   ? json_pointer(answer->value, place_in(arena, document, answer->value))
                                   : NULL;
    if (!value || value->type != JSON_OBJECT)
        return NULL;
    if (document->kind->type == DOCUMENT_ROLE_SESSION)
        return only(arena, value, "MaxSessionDuration");
    return document->kind->type == DOCUMENT_REPORT ? without(arena, value, "ReportStatus") : value;
}

/* ---- From facts to documents ---- */

static bool reads(const struct document_kind *kind, const struct fact *fact)
{
    return str_equal(fact->call, str_from(kind->call));
}

static const struct answer *answer_to(const struct facts *facts, const struct document *document)
{
    size_t count;
    const struct answered_call *calls = facts_calls(facts, &count);
    const struct operation *operation = operation_find_call(str_from(document->kind->call));
    bool any = document->kind->type == DOCUMENT_REPORT;
    for (size_t i = 0; i < count; i++)
        if (calls[i].call.operation == operation && (any || json_equal(calls[i].call.parameters, document->parameters)))
            return &calls[i].answer;
    return NULL;
}

/* The document that a call with these parameters reads; false where it was not read. */
static bool read_document(const struct facts *facts, struct arena *arena, const struct document_kind *kind,
                          const struct json *parameters, struct document *ret)
{
    struct document document = {.kind = kind, .parameters = parameters};
    const struct answer *answer = parameters ? answer_to(facts, &document) : NULL;
    if (!answer)
        return false;
    document.value = value_in(arena, &document, answer);
    bool absent = kind->absent && str_equal(answer->code, str_from(kind->absent));
    if (!document.value && !absent)
        return false;
    *ret = document;
    return true;
}

bool document_of_fact(const struct facts *facts, struct arena *arena, struct str fact, struct document *ret)
{
    size_t count;
    const struct fact *const *evidence = facts_evidence(facts, arena, fact, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < DOCUMENT_TYPE_COUNT; k++)
            if (kinds[k].limit && reads(&kinds[k], evidence[i]) &&
                read_document(facts, arena, &kinds[k], evidence[i]->parameters, ret))
                return true;
    return false;
}

static const struct json *named(struct arena *arena, const char *member, struct str value)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    json_build_append(&built, str_from(member), json_string(value));
    return json_box(arena, json_built(&built));
}

/* The parameters of the call that reads the export that is checked. */
static const struct json *export_parameters(const struct facts *facts, struct arena *arena, const char *fact_name,
                                            const char *member)
{
    const struct fact *fact = facts_get(facts, str_from(fact_name));
    if (!fact || fact->state != FACT_PRESENT || !json_is(fact->value, JSON_STRING))
        return NULL;
    return named(arena, member, fact->value->string);
}

bool document_of_kind(const struct facts *facts, struct arena *arena, const struct document_kind *kind,
                      struct document *ret)
{
    size_t count;
    if (kind->type == DOCUMENT_EXPORT)
        return read_document(facts, arena, kind, export_parameters(facts, arena, "export.arn", "ExportArn"), ret);
    if (kind->type == DOCUMENT_REPORT)
        return read_document(facts, arena, kind, export_parameters(facts, arena, "export.name", "ReportName"), ret);
    const struct fact *const *evidence =
        kind->fact ? facts_evidence(facts, arena, str_from(kind->fact), &count) : (count = 0, NULL);
    for (size_t i = 0; i < count; i++)
        if (reads(kind, evidence[i]) && read_document(facts, arena, kind, evidence[i]->parameters, ret))
            return true;
    return false;
}

/* ---- Policies in a list ---- */

/* The name that messages call a policy by, as its call or its answer has it. */
static bool bears_name(const struct document *document, const struct fact_item *item, struct str name)
{
    struct str own = document->kind->type == DOCUMENT_MANAGED_POLICY
                         ? json_find_string(item->value, "name")
                         : json_find_string(document->parameters, "PolicyName");
    return str_equal(own, name);
}

static bool find_among(const struct facts *facts, struct arena *arena, const struct fact *fact, struct str name,
                       const struct json *value, struct document *ret)
{
    for (size_t k = 0; k < DOCUMENT_TYPE_COUNT; k++) {
        for (size_t i = 0; reads(&kinds[k], fact) && i < fact->item_count; i++) {
            struct document document;
            if (fact->items[i].state == FACT_PRESENT &&
                read_document(facts, arena, &kinds[k], fact->items[i].parameters, &document) &&
                bears_name(&document, &fact->items[i], name) && json_equal(document.value, value)) {
                *ret = document;
                return true;
            }
        }
    }
    return false;
}

/* Which list of names an inline policy is entered in. */
static const struct {
    enum document_type type;
    const char *call;
    const char *owner;
} name_lists[] = {
    {DOCUMENT_USER_POLICY, "iam:ListUserPolicies", "UserName"},
    {DOCUMENT_ROLE_POLICY, "iam:ListRolePolicies", "RoleName"},
    {DOCUMENT_GROUP_POLICY, "iam:ListGroupPolicies", "GroupName"},
};

/* A policy that is not there yet, of the user or role whose list of names was read. */
static bool new_policy(struct arena *arena, const struct fact *fact, struct str name, struct document *ret)
{
    for (size_t i = 0; i < 2; i++) {
        if (!str_equal(fact->call, str_from(name_lists[i].call)) || fact->state != FACT_PRESENT)
            continue;
        struct json_builder parameters = json_build(arena, JSON_OBJECT);
        struct str owner = json_find_string(fact->parameters, name_lists[i].owner);
        json_build_append(&parameters, str_from(name_lists[i].owner), json_string(owner));
        json_build_append(&parameters, STR("PolicyName"), json_string(name));
        *ret = (struct document){&kinds[name_lists[i].type], json_box(arena, json_built(&parameters)), NULL};
        return true;
    }
    return false;
}

bool document_of_policy(const struct facts *facts, struct arena *arena, struct str list, struct str name,
                        const struct json *value, struct document *ret)
{
    size_t count;
    const struct fact *const *evidence = facts_evidence(facts, arena, list, &count);
    for (size_t i = 0; i < count; i++)
        if (value ? find_among(facts, arena, evidence[i], name, value, ret) : new_policy(arena, evidence[i], name, ret))
            return true;
    return false;
}

/* ---- Another text in its place ---- */

struct putting {
    struct arena *arena;
    struct answered_call *calls;
    size_t count;
    struct error *error;
};

static const struct json *operation_of(struct arena *arena, const char *op, struct str path, const struct json *value)
{
    struct json_builder operation = json_build(arena, JSON_OBJECT);
    struct json_builder operations = json_build(arena, JSON_ARRAY);
    json_build_append(&operation, STR("op"), json_string(str_from(op)));
    json_build_append(&operation, STR("path"), json_string(path));
    json_build_append(&operation, STR("value"), *value);
    json_build_add(&operations, json_built(&operation));
    return json_box(arena, json_built(&operations));
}

static struct answered_call *call_of(const struct putting *p, const char *call, const struct json *parameters)
{
    const struct operation *operation = operation_find_call(str_from(call));
    for (size_t i = 0; i < p->count; i++)
        if (p->calls[i].call.operation == operation &&
            (!parameters || json_equal(p->calls[i].call.parameters, parameters)))
            return &p->calls[i];
    return NULL;
}

static bool put_value(const struct putting *p, const struct document *document, const struct json *value,
                      struct answer *answer)
{
    struct arena *arena = p->arena;
    const struct json *whole =
        answer->value && !answer->code.len ? answer->value : json_box(arena, json_object(NULL, 0));
    struct str place = place_in(arena, document, whole);
    if (document->kind->type == DOCUMENT_ROLE_SESSION) {
        struct json_member member = {STR("Role"), *value};
        if (!json_merge(arena, whole, json_box(arena, json_object(&member, 1)), &whole, p->error))
            return false;
    } else if (place.len == 0) {
        whole = value;
    } else if (!json_patch(arena, whole, operation_of(arena, "add", place, value), &whole, p->error)) {
        return false;
    }
    *answer = (struct answer){.value = whole, .http_status = 200};
    return true;
}

/* A new inline policy stands in the list of names, too; one that is gone does not. */
static bool enter_name(const struct putting *p, const struct document *document, bool add)
{
    struct arena *arena = p->arena;
    for (size_t i = 0; i < COUNT_OF(name_lists); i++) {
        if (document->kind->type != name_lists[i].type)
            continue;
        struct str name = json_find_string(document->parameters, "PolicyName");
        struct str owner = json_find_string(document->parameters, name_lists[i].owner);
        struct answered_call *list = call_of(p, name_lists[i].call, named(arena, name_lists[i].owner, owner));
        const struct json *names = list ? json_find(list->answer.value, "PolicyNames") : NULL;
        struct json_builder changed = json_build(arena, JSON_ARRAY);
        for (size_t k = 0; names && k < names->count; k++)
            if (!str_equal(names->items[k].string, name))
                json_build_add(&changed, names->items[k]);
        if (add)
            json_build_add(&changed, json_string(name));
        const struct json *built = json_box(arena, json_built(&changed));
        return list && json_patch(arena, list->answer.value, operation_of(arena, "add", STR("/PolicyNames"), built),
                                  &list->answer.value, p->error);
    }
    return true;
}

size_t document_beside(struct arena *arena, const struct snapshot *snapshot, const struct document *document)
{
    const struct operation *operation = operation_find_call(str_from(document->kind->call));
    size_t length = 0;
    for (size_t i = 0; i < COUNT_OF(name_lists); i++) {
        struct str owner = json_find_string(document->parameters, name_lists[i].owner);
        for (size_t k = 0; document->kind->type == name_lists[i].type && k < snapshot->call_count; k++) {
            const struct answered_call *call = &snapshot->calls[k];
            const struct json *policy = json_find(call->answer.value, "PolicyDocument");
            bool other = call->call.operation == operation && !json_equal(call->call.parameters, document->parameters);
            if (policy && other && str_equal(json_find_string(call->call.parameters, name_lists[i].owner), owner))
                length += (size_t)json_text(arena, policy, 0).len;
        }
    }
    return length;
}

static bool add_policy(struct putting *p, const struct document *document, const struct json *value)
{
    struct json_builder answer = json_build(p->arena, JSON_OBJECT);
    const struct json *parameters = document->parameters;
    for (size_t i = 0; i < parameters->count; i++)
        json_build_append(&answer, parameters->members[i].name, parameters->members[i].value);
    json_build_append(&answer, STR("PolicyDocument"), *value);
    p->calls[p->count++] = (struct answered_call){
        .call = {operation_find_call(str_from(document->kind->call)), STR("us-east-1"), parameters, DECODE_NONE, 0},
        .answer = {.value = json_box(p->arena, json_built(&answer)), .http_status = 200}};
    return enter_name(p, document, true);
}

static bool put(struct putting *p, const struct document *document, const struct json *value)
{
    bool any = document->kind->type == DOCUMENT_REPORT;
    struct answered_call *call = call_of(p, document->kind->call, any ? NULL : document->parameters);
    if (value)
        return call ? put_value(p, document, value, &call->answer) : add_policy(p, document, value);
    if (!call || !document->kind->absent)
        return error_set(p->error, ERROR_INPUT, "the document cannot be taken away");
    call->answer = (struct answer){.code = str_from(document->kind->absent), .http_status = 404};
    return enter_name(p, document, false);
}

bool document_put(struct arena *arena, const struct snapshot *snapshot, const struct document *document,
                  const struct json *value, const struct snapshot **ret, struct error *error)
{
    struct putting p = {arena, arena_array(arena, struct answered_call, snapshot->call_count + 1), snapshot->call_count,
                        error};
    memcpy(p.calls, snapshot->calls, snapshot->call_count * sizeof *p.calls);
    if (!put(&p, document, value))
        return false;
    struct snapshot parts = *snapshot;
    parts.calls = p.calls;
    parts.call_count = p.count;
    parts.index = NULL;
    return snapshot_make(arena, &parts, ret, error);
}
