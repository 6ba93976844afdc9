/* requests.c: see grants_requests.h. */
#include "checks/grants/requests.h"

#include <string.h>

static const struct field request_fields[] = {
    {"principal", FIELD_STRING, true},    {"account", FIELD_STRING, false},   {"resource_account", FIELD_STRING, false},
    {"actions", FIELD_ARRAY, true},       {"resources", FIELD_ARRAY, true},   {"context", FIELD_OBJECT, false},
    {"one_source", FIELD_BOOLEAN, false}, {"any_type", FIELD_BOOLEAN, false},
};

static const struct field asked_fields[] = {
    {"principal", FIELD_STRING, true},
    {"resource_account", FIELD_STRING, true},
    {"optscale", FIELD_STRING, true},
    {"scheme", FIELD_STRING, false},
};

static bool load_operands(struct loader *loader, const struct json *value, struct operand **ret, size_t *ret_count)
{
    bool list = json_is(value, JSON_ARRAY);
    *ret_count = !value ? 0 : list ? value->count : 1;
    *ret = arena_array(loader->arena, struct operand, *ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        const struct json *item = list ? &value->items[i] : value;
        if (!json_is(item, JSON_STRING))
            return loader_fail(loader, item, "expected a text, found %s", json_type_name(item->type));
        if (!loader_operand(loader, item, &(*ret)[i]))
            return false;
    }
    return true;
}

static bool load_key(struct loader *loader, const struct json_member *member, struct grants_key *ret)
{
    static const struct field fields[] = {{"is", FIELD_STRING | FIELD_ARRAY, false},
                                          {"any", FIELD_STRING | FIELD_ARRAY, false},
                                          {"except", FIELD_STRING | FIELD_ARRAY, false},
                                          {"absent", FIELD_BOOLEAN, false},
                                          {"unknown", FIELD_BOOLEAN, false}};
    ret->name = member->name;
    ret->kind = KEY_FIXED;
    if (member->value.type != JSON_OBJECT)
        return load_operands(loader, &member->value, &ret->values, &ret->value_count);
    if (!loader_fields(loader, &member->value, "a context key", fields, COUNT_OF(fields)))
        return false;
    const struct json *is = json_find(&member->value, "is");
    ret->literal = is != NULL;
    if (is)
        return load_operands(loader, is, &ret->values, &ret->value_count);
    if (json_find_boolean(&member->value, "absent", false))
        ret->kind = KEY_ABSENT;
    else if (json_find_boolean(&member->value, "unknown", false))
        ret->kind = KEY_UNKNOWN;
    else
        ret->kind = KEY_RANGES;
    return load_operands(loader, json_find(&member->value, "any"), &ret->values, &ret->value_count) &&
           load_operands(loader, json_find(&member->value, "except"), &ret->except, &ret->except_count);
}

static bool load_actions(struct loader *loader, const struct json *list, struct grants_request *ret)
{
    if (list->count == 0)
        return loader_fail(loader, list, "\"actions\" is empty: nothing would be asked");
    return loader_strings(loader, list, "actions", &ret->actions, &ret->action_count);
}

static bool load_optional(struct loader *loader, const struct json *value, struct operand *ret)
{
    return !value || loader_operand(loader, value, ret);
}

static bool load_asked(struct loader *loader, const struct json *source, struct grants_request *ret)
{
    return loader_fields(loader, source, "a request of OptScale's", asked_fields, COUNT_OF(asked_fields)) &&
           loader_operand(loader, json_find(source, "principal"), &ret->principal) &&
           loader_operand(loader, json_find(source, "resource_account"), &ret->resource_account) &&
           grants_asked_load(loader, source, &ret->asked);
}

static bool load_request(struct loader *loader, const struct json *source, struct grants_request *ret)
{
    if (json_find(source, "optscale"))
        return load_asked(loader, source, ret);
    if (!loader_fields(loader, source, "a request", request_fields, COUNT_OF(request_fields)) ||
        !loader_operand(loader, json_find(source, "principal"), &ret->principal) ||
        !load_optional(loader, json_find(source, "account"), &ret->account) ||
        !load_optional(loader, json_find(source, "resource_account"), &ret->resource_account) ||
        !load_actions(loader, json_find(source, "actions"), ret) ||
        !load_operands(loader, json_find(source, "resources"), &ret->resources, &ret->resource_count))
        return false;
    if (ret->resource_count == 0)
        return loader_fail(loader, json_find(source, "resources"), "\"resources\" is empty: nothing would be asked");
    const struct json *context = json_find(source, "context");
    ret->key_count = context ? context->count : 0;
    ret->keys = arena_array(loader->arena, struct grants_key, ret->key_count);
    for (size_t i = 0; i < ret->key_count; i++) {
        if (!load_key(loader, &context->members[i], &ret->keys[i]))
            return false;
    }
    ret->one_source = json_find_boolean(source, "one_source", false);
    ret->any_type = json_find_boolean(source, "any_type", false);
    return true;
}

bool grants_requests_load(struct loader *loader, const struct json *list, struct grants_requests *ret)
{
    ret->count = list->count;
    ret->items = arena_array(loader->arena, struct grants_request, list->count);
    if (list->count == 0)
        return loader_fail(loader, list, "\"requests\" is empty: nothing would be asked");
    for (size_t i = 0; i < list->count; i++) {
        if (!load_request(loader, &list->items[i], &ret->items[i]))
            return false;
    }
    return true;
}

struct filling {
    const struct judging *judging;
    struct judgement *judgement;
    const struct request_source *told;
    struct request_part *parts;
    size_t count;
    size_t capacity;
};

static void add_part(struct filling *f, const struct request_part *part)
{
    if (f->count == f->capacity) {
        f->capacity = f->capacity ? f->capacity * 2 : 16;
        struct request_part *grown = arena_array(f->judging->arena, struct request_part, f->capacity);
        if (f->count)
            memcpy(grown, f->parts, f->count * sizeof(*grown));
        f->parts = grown;
    }
    f->parts[f->count++] = *part;
}

/* The operand's text; a blank without a value is something that was not told. */
static bool fill_text(const struct filling *f, const struct operand *operand, struct str *ret)
{
    *ret = STR("");
    if (!operand->literal && !operand->text)
        return true;
    struct evaluated value = operand_evaluate(operand, f->judging);
    if (judge_unread(f->judging, &value, f->judgement))
        return false;
    if (json_is(value.value, JSON_STRING)) {
        *ret = value.value->string;
        return true;
    }
    *f->judgement = (struct judgement){.verdict = VERDICT_UNKNOWN,
                                       .message = STR("cannot be decided: a part of the request is not known")};
    return false;
}

static bool fill_list(const struct filling *f, const struct operand *operands, size_t count, const struct str **ret)
{
    struct str *items = arena_array(f->judging->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        if (!fill_text(f, &operands[i], &items[i]))
            return false;
    }
    *ret = items;
    return true;
}

/* The resources; a blank may stand for a list of them, the ARNs of all buckets, and for none at all. */
static bool fill_resources(const struct filling *f, const struct grants_request *request, struct request_part *ret)
{
    const struct operand *first = request->resources;
    struct evaluated value = operand_evaluate(first, f->judging);
    if (request->resource_count != 1 || value.state != FACT_PRESENT || !json_is(value.value, JSON_ARRAY)) {
        ret->resource_count = request->resource_count;
        return fill_list(f, request->resources, request->resource_count, &ret->resources);
    }
    struct str *items = arena_array(f->judging->arena, struct str, value.value->count);
    for (size_t i = 0; i < value.value->count; i++)
        if (value.value->items[i].type == JSON_STRING)
            items[ret->resource_count++] = value.value->items[i].string;
    ret->resources = items;
    return true;
}

static bool has_wildcard(const struct str *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_find_char(values[i], '*', 0) >= 0 || str_find_char(values[i], '?', 0) >= 0)
            return true;
    }
    return false;
}

static bool fill_key(const struct filling *f, const struct grants_key *key, struct request_key *ret)
{
    *ret = (struct request_key){
        .name = key->name, .kind = key->kind, .value_count = key->value_count, .except_count = key->except_count};
    if (!fill_list(f, key->values, key->value_count, &ret->values) ||
        !fill_list(f, key->except, key->except_count, &ret->except))
        return false;
    if (key->kind == KEY_FIXED && !key->literal && has_wildcard(ret->values, ret->value_count))
        ret->kind = KEY_RANGES;
    return true;
}

static const struct request_key *find_key(const struct request_key *keys, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(keys[i].name, str_from(name)))
            return &keys[i];
    }
    return NULL;
}

/* A part for each action. */
static void add_parts(struct filling *f, const struct grants_request *request, struct request_part part,
                      struct request_source *source, const struct request_key *keys)
{
    source->resource = part.resource_count == 1 ? part.resources[0] : STR("");
    for (size_t i = 0; part.resource_count && i < request->action_count; i++) {
        part.actions = &request->actions[i];
        part.action_count = 1;
        source->action = request->actions[i];
        request_keys(f->judging->arena, source, keys, request->key_count, &part.keys, &part.key_count);
        add_part(f, &part);
    }
}

/* What OptScale asks of the bucket: each as a part of its own. */
static bool fill_asked(struct filling *f, const struct grants_request *request)
{
    struct arena *arena = f->judging->arena;
    struct request_source source = *f->told;
    struct asked_set set;
    if (!fill_text(f, &request->principal, &source.principal) ||
        !fill_text(f, &request->resource_account, &source.resource_account) ||
        !grants_asked_fill(request->asked, f->judging, &set, f->judgement))
        return false;
    for (size_t i = 0; i < set.count; i++) {
        const struct asked_request *asked = &set.items[i];
        struct request_part part = {.principal = source.principal,
                                    .actions = &asked->action,
                                    .action_count = 1,
                                    .resources = &asked->resource,
                                    .resource_count = 1,
                                    .resource_account = source.resource_account};
        source.action = asked->action;
        source.resource = asked->resource;
        request_keys(arena, &source, asked->keys, asked->key_count, &part.keys, &part.key_count);
        add_part(f, &part);
    }
    return true;
}

static bool fill_request(struct filling *f, const struct grants_request *request)
{
    if (request->asked)
        return fill_asked(f, request);
    struct arena *arena = f->judging->arena;
    struct request_source source = *f->told;
    struct request_key *keys = arena_array(arena, struct request_key, request->key_count);
    if (!fill_text(f, &request->principal, &source.principal) || !fill_text(f, &request->account, &source.account) ||
        !fill_text(f, &request->resource_account, &source.resource_account))
        return false;
    for (size_t i = 0; i < request->key_count; i++) {
        if (!fill_key(f, &request->keys[i], &keys[i]))
            return false;
    }
    const struct request_key *arn = find_key(keys, request->key_count, "aws:SourceArn");
    if (arn && arn->value_count == 1) {
        source.source_arn = arn->values[0];
        source.source_arn_is_fixed = arn->kind == KEY_FIXED;
    }
    struct request_part part = {.principal = source.principal,
                                .resource_account = source.resource_account,
                                .any_type = request->any_type,
                                .one_source = request->one_source};
    if (!fill_resources(f, request, &part))
        return false;
    add_parts(f, request, part, &source, keys);
    return true;
}

bool grants_requests_fill(const struct grants_requests *requests, const struct judging *judging,
                          const struct request_source *told, struct request_set *ret, struct judgement *judgement)
{
    struct filling f = {.judging = judging, .judgement = judgement, .told = told};
    for (size_t i = 0; i < requests->count; i++) {
        if (!fill_request(&f, &requests->items[i]))
            return false;
    }
    *ret = (struct request_set){f.parts, f.count};
    return true;
}
