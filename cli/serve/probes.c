/* probes.c: what AWS answers to our own probes, where they are allowed; see view.h. */
#include "cli/serve/view.h"

enum {
    KEYS_MAX = 2,      /* of a user, as AWS allows */
    BUCKETS_MAX = 100, /* buckets.few: those of an account with more are not asked */
};

/* The code that says that a probe was allowed, or an answer with nothing in it. */
static struct answer answer_of(const struct fact_info *info)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    const struct json *codes = json_find(info->source, "allowed");
    if (!json_is(codes, JSON_ARRAY) || codes->count == 0)
        return (struct answer){.value = &nothing, .http_status = 200};
    return (struct answer){
        .code = codes->items[0].string, .message = STR("What the probe asks for does not exist."), .http_status = 400};
}

/* False: it is no probe, or names what only the account tells. */
static bool is_constant_probe(struct arena *arena, const struct fact_info *info)
{
    if (!facts_is_probe(info->name) || !info->operation || !info->parameters)
        return false;
    return str_find_char(str_skip(json_text(arena, info->parameters, 0), 1), '{', 0) < 0;
}

struct adding {
    struct arena *arena;
    const struct snapshot *snapshot;
    struct answered_call *calls;
    size_t count;
};

static void add(struct adding *a, const struct operation *operation, const struct json *parameters,
                struct answer answer)
{
    struct call call = {.operation = operation, .region = STR("us-east-1"), .parameters = parameters};
    if (!snapshot_find(a->snapshot, &call))
        a->calls[a->count++] = (struct answered_call){call, answer};
}

static void add_constant(struct adding *a, const struct fact_declarations *declarations)
{
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct fact_info info = facts_info(declarations, i);
        if (is_constant_probe(a->arena, &info))
            add(a, info.operation, info.parameters, answer_of(&info));
    }
}

static const struct json *object_of(struct arena *arena, const char *name, struct json value)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, str_from(name), value);
    return json_box(arena, json_built(&object));
}

/* What AWS says of a bucket of the account that the snapshot knows by name alone: its region, and that nothing is set.
 */
static struct answer answer_of_bucket(struct arena *arena, const struct fact_info *info, const struct json *bucket)
{
    struct str region = json_find_string(bucket, "BucketRegion");
    if (!str_equal(str_from(info->operation->name), STR("GetBucketLocation")) || region.len == 0)
        return answer_of(info);
    struct json place = str_equal(region, STR("us-east-1")) ? json_null : json_string(region);
    return (struct answer){.value = object_of(arena, "LocationConstraint", place), .http_status = 200};
}

/* The probes that ask each bucket of the account, and the HeadBucket that goes ahead of them. */
static void add_bucket(struct adding *a, const struct fact_declarations *declarations, const struct json *bucket)
{
    const struct json *parameters = object_of(a->arena, "Bucket", json_string(json_find_string(bucket, "Name")));
    struct json region = json_string(json_find_string(bucket, "BucketRegion"));
    add(a, operation_find_call(STR("s3:HeadBucket")), parameters,
        (struct answer){.value = object_of(a->arena, "BucketRegion", region), .http_status = 200});
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct fact_info info = facts_info(declarations, i);
        if (facts_is_probe(info.name) && json_find(info.source, "for_each"))
            add(a, info.operation, parameters, answer_of_bucket(a->arena, &info, bucket));
    }
}

static void add_buckets(struct adding *a, const struct fact_declarations *declarations, const struct json *listed)
{
    for (size_t i = 0; json_is(listed, JSON_ARRAY) && i < listed->count && i < BUCKETS_MAX; i++)
        add_bucket(a, declarations, &listed->items[i]);
}

/* iam:GetAccessKeyLastUsed is asked for the caller's own key: whose keys are whose, the snapshot knows. */
static void add_keys(struct adding *a, const struct json *listed)
{
    const struct operation *operation = operation_find_call(STR("iam:GetAccessKeyLastUsed"));
    for (size_t i = 0; json_is(listed, JSON_ARRAY) && i < listed->count && i < KEYS_MAX; i++) {
        const struct json *id = json_find(&listed->items[i], "AccessKeyId");
        const struct json *user = json_find(&listed->items[i], "UserName");
        if (id && user)
            add(a, operation, object_of(a->arena, "AccessKeyId", *id),
                (struct answer){.value = object_of(a->arena, "UserName", *user), .http_status = 200});
    }
}

static const struct json *listed_buckets(const struct snapshot *snapshot)
{
    const struct operation *operation = operation_find_call(STR("s3:ListBuckets"));
    for (size_t i = 0; i < snapshot->call_count; i++) {
        if (snapshot->calls[i].call.operation == operation)
            return json_find(snapshot->calls[i].answer.value, "Buckets");
    }
    return NULL;
}

bool view_add_probes(struct arena *arena, const struct rule_base *base, const struct snapshot *snapshot,
                     const struct snapshot **ret, struct error *error)
{
    size_t facts = facts_count(base->declarations);
    size_t most = snapshot->call_count * (1 + KEYS_MAX) + facts + BUCKETS_MAX * (1 + facts);
    struct adding a = {arena, snapshot, arena_array(arena, struct answered_call, most), 0};
    for (size_t i = 0; i < snapshot->call_count; i++)
        a.calls[a.count++] = snapshot->calls[i];
    add_constant(&a, base->declarations);
    add_buckets(&a, base->declarations, listed_buckets(snapshot));
    for (size_t i = 0; i < snapshot->call_count; i++)
        add_keys(&a, json_find(snapshot->calls[i].answer.value, "AccessKeyMetadata"));
    struct snapshot parts = *snapshot;
    parts.calls = a.calls;
    parts.call_count = a.count;
    return snapshot_make(arena, &parts, ret, error);
}
