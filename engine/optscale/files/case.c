/* case.c: JSON into the model and out of it. */
#include "optscale/files/case.h"

#include "base/clock.h"
#include "base/macros.h"

#include <stdlib.h>

static bool wrong_type(struct error *error, const char *what, const char *wanted)
{
    return error_set(error, ERROR_INPUT, "%s: expected %s", what, wanted);
}

static bool read_text(const struct json *object, const char *name, struct optscale_text *ret, struct error *error)
{
    const struct json *value = json_find(object, name);
    if (!value || value->type == JSON_NULL) {
        *ret = (struct optscale_text){.present = false}; /* OptScale's API refuses null (OE0216) */
        return true;
    }
    if (value->type != JSON_STRING) {
        return wrong_type(error, name, "a string");
    }
    *ret = (struct optscale_text){.present = true, .value = value->string};
    return true;
}

/* Python's truth of a value, and equality with 1 and 2: `true` equals 1. */
static enum optscale_version version_of(const struct json *value)
{
    double number = 0;
    switch (value->type) {
    case JSON_NULL: return OPTSCALE_VERSION_UNSET;
    case JSON_BOOLEAN: number = value->boolean ? 1 : 0; break;
    case JSON_NUMBER: number = value->number; break;
    case JSON_STRING: return value->string.len > 0 ? OPTSCALE_VERSION_OTHER : OPTSCALE_VERSION_UNSET;
    case JSON_ARRAY:
    case JSON_OBJECT: return value->count > 0 ? OPTSCALE_VERSION_OTHER : OPTSCALE_VERSION_UNSET;
    }
    if (number == 0) {
        return OPTSCALE_VERSION_UNSET;
    }
    return number == 1 ? OPTSCALE_VERSION_LEGACY : number == 2 ? OPTSCALE_VERSION_CUR2 : OPTSCALE_VERSION_OTHER;
}

static bool is_truthy(const struct json *value)
{
    return value && version_of(value) != OPTSCALE_VERSION_UNSET;
}

/* The text fields of a config, for reading and for writing. */
static const struct {
    const char *name;
    size_t offset;
    bool billing; /* shown among the fields that a connect stores */
} text_fields[] = {
    {"config_scheme", offsetof(struct optscale_config, scheme), false},
    {"bucket_name", offsetof(struct optscale_config, bucket_name), true},
    {"bucket_prefix", offsetof(struct optscale_config, bucket_prefix), true},
    {"report_name", offsetof(struct optscale_config, report_name), true},
    {"region_name", offsetof(struct optscale_config, region_name), true},
    {"assume_role_account_id", offsetof(struct optscale_config, role_account_id), false},
    {"assume_role_name", offsetof(struct optscale_config, role_name), false},
    {"assume_role_session_name", offsetof(struct optscale_config, role_session_name), false},
};

static bool read_config(const struct json *json, struct optscale_config *ret, struct error *error)
{
    struct optscale_config config = {.version = OPTSCALE_VERSION_UNSET};
    if (!json_is(json, JSON_OBJECT)) {
        return wrong_type(error, "config", "an object");
    }
    for (size_t i = 0; i < COUNT_OF(text_fields); i++) {
        struct optscale_text *target = (struct optscale_text *)(void *)((char *)&config + text_fields[i].offset);
        if (!read_text(json, text_fields[i].name, target, error)) {
            return error_wrap(error, "config");
        }
    }
    const struct json *version = json_find(json, "cur_version");
    if (version) {
        config.version = version_of(version);
        config.version_given = *version;
    }
    config.linked = is_truthy(json_find(json, "linked"));
    *ret = config;
    return true;
}

static bool read_actions(struct arena *arena, const struct json *object, struct optscale_actions *ret,
                         struct error *error)
{
    const struct json *list = json_find(object, "deny");
    if (!list || list->type == JSON_NULL) {
        *ret = (struct optscale_actions){.count = 0};
        return true;
    }
    if (list->type != JSON_ARRAY) {
        return wrong_type(error, "deny", "an array of actions");
    }
    struct str *names = arena_array(arena, struct str, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].type != JSON_STRING) {
            return wrong_type(error, "deny", "an array of actions");
        }
        names[i] = list->items[i].string;
    }
    *ret = (struct optscale_actions){.names = names, .count = list->count};
    return true;
}

/* Six digits of the fraction behind the seconds, if there is one. */
static int64_t fraction_of(struct str text)
{
    ptrdiff_t dot = str_find_char(text, '.', 0);
    int64_t fraction = 0;
    int64_t unit = 100000;
    for (ptrdiff_t i = dot + 1; dot >= 0 && i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
        fraction += unit * (text.ptr[i] - '0');
        unit /= 10;
    }
    return fraction;
}

static bool read_time(struct str text, int64_t *ret)
{
    int64_t seconds;
    if (!clock_parse(text, &seconds)) {
        return false;
    }
    *ret = seconds * 1000000 + fraction_of(text);
    return true;
}

static bool read_object(struct arena *arena, const struct json *json, struct optscale_object *ret, struct error *error)
{
    const struct json *key = json_find(json, "Key");
    const struct json *modified = json_find(json, "LastModified");
    if (!json_is(key, JSON_STRING)) {
        return wrong_type(error, "Key", "a string");
    }
    *ret = (struct optscale_object){
        .key = key->string,
        .size = json_find_integer(json, "Size", 0),
        .etag = json_find_string(json, "ETag"),
        .storage_class = json_find_string(json, "StorageClass"),
    };
    if (json_is(modified, JSON_STRING) && !read_time(modified->string, &ret->modified)) {
        return error_set(error, ERROR_INPUT, "LastModified of %.*s: %.*s is no time", STR_ARG(ret->key),
                         STR_ARG(modified->string));
    }
    return read_actions(arena, json, &ret->deny, error);
}

bool optscale_objects_read(struct arena *arena, const struct json *json, struct optscale_object **ret,
                           size_t *ret_count, struct error *error)
{
    if (!json) {
        json = &json_null;
    }
    if (json->type != JSON_ARRAY && json->type != JSON_NULL) {
        return wrong_type(error, "objects", "an array");
    }
    size_t count = json->type == JSON_ARRAY ? json->count : 0;
    struct optscale_object *objects = arena_array(arena, struct optscale_object, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_object(arena, &json->items[i], &objects[i], error)) {
            return error_wrap(error, "objects[%zu]", i);
        }
    }
    optscale_objects_sort(objects, count);
    *ret = objects;
    *ret_count = count;
    return true;
}

static bool read_bucket(struct arena *arena, const struct json_member *member, struct optscale_bucket *ret,
                        struct error *error)
{
    struct optscale_object *objects;
    if (member->value.type != JSON_OBJECT) {
        return wrong_type(error, "bucket", "an object");
    }
    *ret = (struct optscale_bucket){
        .name = member->name,
        .location = json_find_string(&member->value, "region"),
        .closed_to_delivery = !json_find_boolean(&member->value, "delivery", true),
    };
    if (!optscale_objects_read(arena, json_find(&member->value, "objects"), &objects, &ret->object_count, error)) {
        return false;
    }
    ret->objects = objects;
    return read_actions(arena, &member->value, &ret->deny, error);
}

static bool read_buckets(struct arena *arena, const struct json *json, struct optscale_account *account,
                         struct error *error)
{
    if (!json) {
        return true;
    }
    if (json->type != JSON_OBJECT) {
        return wrong_type(error, "buckets", "an object");
    }
    struct optscale_bucket *buckets = arena_array(arena, struct optscale_bucket, json->count);
    for (size_t i = 0; i < json->count; i++) {
        if (!read_bucket(arena, &json->members[i], &buckets[i], error)) {
            return error_wrap(error, "bucket %.*s", STR_ARG(json->members[i].name));
        }
    }
    account->buckets = buckets;
    account->bucket_count = json->count;
    return true;
}

static struct json array_of(const struct json *object, const char *name)
{
    const struct json *value = json_find(object, name);
    return json_is(value, JSON_ARRAY) ? *value : json_array(NULL, 0);
}

static bool read_account(struct arena *arena, const struct json *json, struct optscale_account *ret,
                         struct error *error)
{
    if (!json_is(json, JSON_OBJECT)) {
        return wrong_type(error, "account", "an object");
    }
    *ret = (struct optscale_account){
        .arn = json_find_string(json_find(json, "caller"), "arn"),
        .report_definitions = array_of(json, "report_definitions"),
        .exports = array_of(json, "exports"),
    };
    return read_buckets(arena, json_find(json, "buckets"), ret, error) && read_actions(arena, json, &ret->deny, error);
}

bool optscale_case_read(struct arena *arena, const struct json *json, struct optscale_case *ret, struct error *error)
{
    const struct json *id = json_find(json, "id");
    struct optscale_case read = {.id = id ? *id : json_null};
    if (!read_config(json_find(json, "config"), &read.config, error) ||
        !read_account(arena, json_find(json, "account"), &read.account, error)) {
        return false;
    }
    *ret = read;
    return true;
}

static void set(struct json_builder *object, const char *name, struct json value)
{
    json_build_append(object, str_from(name), value);
}

static void set_failure(struct json_builder *object, bool ok, const struct optscale_failure *failure, bool details)
{
    set(object, "ok", json_boolean(ok));
    set(object, "error", ok ? json_null : json_string(failure->text));
    if (details) {
        const char *exception = optscale_failure_row(failure->kind)->exception;
        set(object, "error_type", ok ? json_null : json_string(str_from(exception)));
    }
}

static struct json stored_version(const struct optscale_config *config)
{
    switch (config->version) {
    case OPTSCALE_VERSION_LEGACY: return json_number(1);
    case OPTSCALE_VERSION_CUR2: return json_number(2);
    case OPTSCALE_VERSION_UNSET:
    case OPTSCALE_VERSION_OTHER: break;
    }
    return config->version_given;
}

static struct json stored_config(struct arena *arena, const struct optscale_config *config)
{
    struct json_builder stored = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < COUNT_OF(text_fields); i++) {
        const struct optscale_text *text =
            (const struct optscale_text *)(const void *)((const char *)config + text_fields[i].offset);
        if (text_fields[i].billing && text->present) {
            set(&stored, text_fields[i].name, json_string(text->value));
        }
    }
    struct json version = stored_version(config);
    if (version.type != JSON_NULL) {
        set(&stored, "cur_version", version);
    }
    return json_built(&stored);
}

struct json optscale_connection_json(struct arena *arena, const struct optscale_connection *connection, bool details)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    set_failure(&object, connection->ok, &connection->failure, details);
    if (details) {
        bool credentials = connection->stage == OPTSCALE_STAGE_CREDENTIALS;
        struct str stage = credentials ? STR("validate_credentials") : STR("configure_report");
        set(&object, "stage", connection->ok ? json_null : json_string(stage));
        set(&object, "config_updates", connection->ok ? stored_config(arena, &connection->config) : json_null);
    }
    return json_built(&object);
}

static int compare_files(const void *a, const void *b)
{
    const struct optscale_object *left = *(const struct optscale_object *const *)a;
    const struct optscale_object *right = *(const struct optscale_object *const *)b;
    return str_compare(left->key, right->key);
}

static struct json sorted_keys(struct arena *arena, const struct optscale_period *period)
{
    const struct optscale_object **files = arena_array(arena, const struct optscale_object *, period->count);
    struct json *keys = arena_array(arena, struct json, period->count);
    for (size_t i = 0; i < period->count; i++) {
        files[i] = period->files[i];
    }
    qsort(files, period->count, sizeof(const struct optscale_object *), compare_files);
    for (size_t i = 0; i < period->count; i++) {
        keys[i] = json_string(files[i]->key);
    }
    return json_array(keys, period->count);
}

struct json optscale_discovery_json(struct arena *arena, const struct optscale_discovery *discovery, bool details)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct json_builder periods = json_build(arena, JSON_OBJECT);
    const struct optscale_period *newest = optscale_periods_newest_first(arena, discovery);
    set_failure(&object, discovery->ok, &discovery->failure, details);
    for (size_t i = discovery->period_count; i > 0; i--) {
        json_build_append(&periods, newest[i - 1].name, sorted_keys(arena, &newest[i - 1]));
    }
    set(&object, "periods", json_built(&periods));
    return json_built(&object);
}
