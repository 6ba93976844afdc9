/* model.c: see optscale_model.h. */
#include "checks/optscale/model.h"

#include "base/clock.h"
#include "optscale/discovery/prefix.h"

#include <string.h>

static const struct {
    const char *field;
    const char *otherwise;
} part_table[MODEL_PART_COUNT] = {
    [MODEL_BUCKET] = {"bucket", "bucket.name"},
    [MODEL_LOCATION] = {"location", "bucket.location"},
    [MODEL_PREFIX] = {"prefix", "place.prefix"},
    [MODEL_NAME] = {"export_name", "place.name"},
    [MODEL_TYPE] = {"export_type", "target.export_type"},
    [MODEL_CALLER] = {"caller", "caller.arn"},
    [MODEL_OBJECTS] = {"objects", "listing.objects"},
    [MODEL_PARENT_OBJECTS] = {"parent_objects", "listing.parent_objects"},
    [MODEL_DEFINITIONS] = {"definitions", "exports.told_legacy[].definition"},
    [MODEL_EXPORTS] = {"exports", "exports.told_cur2[].definition"},
    [MODEL_OTHER_BUCKETS] = {"other_buckets", NULL},
};

/* What a rehearsal can do without; of the exports the one that is checked is enough. */
static const char *const rehearsal_parts[MODEL_PART_COUNT] = {
    [MODEL_PREFIX] = "place.prefix",
    [MODEL_NAME] = "place.name",
    [MODEL_CALLER] = "caller.arn",
    [MODEL_LOCATION] = "bucket.location",
    [MODEL_OBJECTS] = "listing.objects",
    [MODEL_PARENT_OBJECTS] = "listing.parent_objects",
    [MODEL_DEFINITIONS] = "configured && [configured.definition]",
    [MODEL_EXPORTS] = "configured && [configured.definition]",
};

static bool is_wanted(enum model_part part, enum model_use use)
{
    return use != MODEL_OF_FILES || (part != MODEL_DEFINITIONS && part != MODEL_EXPORTS);
}

static bool load_part(struct loader *loader, const struct json *definition, enum model_part part, enum model_use use,
                      const struct expression **ret)
{
    const struct json *given = json_find(definition, part_table[part].field);
    bool consulted = use == MODEL_OF_REHEARSAL && rehearsal_parts[part];
    const char *text = consulted ? rehearsal_parts[part] : part_table[part].otherwise;
    if (!given && (!text || !is_wanted(part, use)))
        return true;
    struct json otherwise = json_string(str_from(text));
    otherwise.offset = definition->offset;
    const struct json *value = given ? given : json_box(loader->arena, otherwise);
    return consulted ? loader_consulted_expression(loader, value, ret) : loader_expression(loader, value, ret);
}

/* HeadObject's answers: [{key, class, archive, restore}], of the files whose class leaves it open. */
static const struct str heads_fact = STR_INIT("listing.heads");

bool model_parts_load(struct loader *loader, const struct json *definition, enum model_use use, struct model_parts *ret)
{
    *ret = (struct model_parts){.use = use};
    struct json heads = json_string(heads_fact);
    if (facts_has(loader->declarations, heads_fact) && !loader_consulted_fact(loader, &heads))
        return false;
    for (size_t i = 0; i < MODEL_PART_COUNT; i++) {
        if (!load_part(loader, definition, (enum model_part)i, use, &ret->expressions[i]))
            return false;
    }
    return true;
}

struct modelling {
    const struct judging *judging;
    enum model_use use;
    const struct json *values[MODEL_PART_COUNT]; /* json_null: absent */
};

static struct str text_of(const struct modelling *m, enum model_part part)
{
    return json_is(m->values[part], JSON_STRING) ? m->values[part]->string : STR("");
}

static struct optscale_text setting(const struct modelling *m, enum model_part part)
{
    return (struct optscale_text){json_is(m->values[part], JSON_STRING), text_of(m, part)};
}

static size_t add_objects(const struct json *list, struct optscale_object *objects, size_t count)
{
    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++) {
        const struct json *item = &list->items[i];
        struct str storage = json_find_string(item, "StorageClass");
        int64_t seconds = 0;
        bool dated = clock_parse(json_find_string(item, "LastModified"), &seconds);
        objects[count++] = (struct optscale_object){
            .key = json_find_string(item, "Key"),
            .modified = dated ? seconds * 1000000 : 0,
            .size = json_find_integer(item, "Size", 0),
            .etag = json_find_string(item, "ETag"),
            .storage_class = storage.len ? storage : STR("STANDARD"),
        };
    }
    return count;
}

static bool is_cold(struct str class)
{
    return str_equal(class, STR("GLACIER")) || str_equal(class, STR("DEEP_ARCHIVE"));
}

/* What either of the two says is archived is so, unless a copy was restored. */
static enum optscale_storage storage_of(struct str listed, const struct json *head)
{
    bool archived =
        is_cold(listed) || is_cold(json_find_string(head, "class")) || json_find_string(head, "archive").len > 0;
    bool restored = str_contains(json_find_string(head, "restore"), STR("ongoing-request=\"false\""));
    return archived && !restored ? OPTSCALE_STORAGE_ARCHIVED : OPTSCALE_STORAGE_READABLE;
}

/* What HeadObject said adds to the class in the listing. */
static void add_heads(const struct modelling *m, const struct optscale_bucket *bucket, struct optscale_object *objects)
{
    const struct fact *heads = facts_get(m->judging->scope.facts, heads_fact);
    for (size_t i = 0; heads && i < heads->item_count; i++) {
        const struct json *head = heads->items[i].value;
        struct str key = json_find_string(head, "key");
        size_t at = optscale_object_index(bucket, key);
        if (heads->items[i].state != FACT_PRESENT || at >= bucket->object_count || !str_equal(objects[at].key, key))
            continue;
        objects[at].storage = storage_of(objects[at].storage_class, head);
        if (!is_cold(objects[at].storage_class))
            objects[at].storage_class = json_find_string(head, "class");
    }
}

static size_t count_of(const struct json *list)
{
    return json_is(list, JSON_ARRAY) ? list->count : 0;
}

/* The bucket that was told, with the objects of both folders, each once, in the order in which S3 lists them. */
static struct optscale_bucket bucket_told(const struct modelling *m)
{
    struct arena *arena = m->judging->arena;
    const struct json *first = m->values[MODEL_OBJECTS];
    const struct json *second = m->values[MODEL_PARENT_OBJECTS];
    struct optscale_object *objects = arena_array(arena, struct optscale_object, count_of(first) + count_of(second));
    size_t count = add_objects(second, objects, add_objects(first, objects, 0));
    optscale_objects_sort(objects, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !str_equal(objects[kept - 1].key, objects[i].key))
            objects[kept++] = objects[i];
    }
    struct optscale_bucket bucket = {.name = text_of(m, MODEL_BUCKET),
                                     .location = text_of(m, MODEL_LOCATION),
                                     .objects = objects,
                                     .object_count = kept};
    add_heads(m, &bucket, objects);
    return bucket;
}

/* That bucket, where it exists, and the others, of which only their existence is known. */
static void add_buckets(const struct modelling *m, struct optscale_account *account)
{
    const struct json *others = m->values[MODEL_OTHER_BUCKETS];
    struct optscale_bucket *buckets = arena_array(m->judging->arena, struct optscale_bucket, count_of(others) + 1);
    size_t count = 0;
    buckets[count] = bucket_told(m);
    count += m->use == MODEL_OF_REHEARSAL || buckets[count].location.len > 0;
    for (size_t i = 0; i < count_of(others); i++) {
        const struct json *other = &others->items[i];
        buckets[count++] = (struct optscale_bucket){.name = json_find_string(other, "name"),
                                                    .location = json_find_string(other, "location")};
    }
    account->buckets = buckets;
    account->bucket_count = count;
}

static struct json list_of(const struct modelling *m, enum model_part part)
{
    return json_is(m->values[part], JSON_ARRAY) ? *m->values[part] : json_array(NULL, 0);
}

const struct optscale_build *model_build(const struct judging *judging)
{
    const struct json *target = judging->scope.facts ? facts_target(judging->scope.facts) : NULL;
    const struct optscale_build *build = optscale_build_find(json_find_string(target, "optscale_build"));
    return build ? build : optscale_build_default;
}

bool model_make(const struct model_parts *parts, const struct judging *judging, struct optscale_model *ret,
                struct judgement *judgement)
{
    struct modelling m = {.judging = judging, .use = parts->use};
    for (size_t i = 0; i < MODEL_PART_COUNT; i++) {
        m.values[i] = &json_null;
        if (!parts->expressions[i])
            continue;
        struct evaluated value = expression_evaluate(parts->expressions[i], &judging->scope, judging->arena);
        bool read = value.state == FACT_PRESENT || value.state == FACT_ABSENT;
        if (!read && parts->use == MODEL_OF_REHEARSAL && rehearsal_parts[i])
            continue;
        if (judge_unread(judging, &value, judgement))
            return false;
        m.values[i] = value.value;
    }
    bool legacy = str_equal(text_of(&m, MODEL_TYPE), STR("legacy"));
    *ret = (struct optscale_model){
        .config = {.scheme = {true, STR("bucket_only")},
                   .bucket_name = setting(&m, MODEL_BUCKET),
                   .bucket_prefix = {true, text_of(&m, MODEL_PREFIX)},
                   .report_name = setting(&m, MODEL_NAME),
                   .version = legacy ? OPTSCALE_VERSION_LEGACY : OPTSCALE_VERSION_CUR2,
                   .version_given = json_number(legacy ? 1 : 2)},
        .account = {.arn = text_of(&m, MODEL_CALLER),
                    .report_definitions = list_of(&m, MODEL_DEFINITIONS),
                    .exports = list_of(&m, MODEL_EXPORTS)},
        .build = model_build(judging),
        .is_placed = json_is(m.values[MODEL_PREFIX], JSON_STRING) && json_is(m.values[MODEL_NAME], JSON_STRING),
        .folder = optscale_prefix_folder(judging->arena, text_of(&m, MODEL_PREFIX), text_of(&m, MODEL_NAME)),
    };
    add_buckets(&m, &ret->account);
    return true;
}

struct json model_outcome(struct arena *arena, bool ok, const struct optscale_failure *failure)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("ok"), json_boolean(ok));
    json_build_append(&object, STR("error"),
                      ok ? json_null : json_string(str_copy(arena, optscale_failure_reason(arena, failure))));
    return json_built(&object);
}
