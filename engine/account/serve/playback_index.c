/* playback_index.c: see playback_index.h. */
#include "account/serve/playback_index.h"

#include "aws/protocol/protocol.h"
#include "base/map.h"

#include <string.h>

/* Calls that look alike to a client: in other regions, or of other ranges of an object. */
struct entry {
    const struct answered_call *call;
    const struct entry *next;
};

struct playback_index {
    struct map *exact;     /* operation and parameters → struct entry */
    struct map *essential; /* the same without how it is sent */
    struct map *buckets;   /* name → struct str, the region */
    struct str *bucket_names;
    size_t bucket_count;
};

static struct str key_of(struct arena *arena, const struct operation *operation, const struct json *parameters)
{
    struct call call = {.operation = operation, .parameters = parameters};
    return call_key(arena, &call);
}

/* A call's parameters as a server sees them: through the wire and back, so that `"5"` and 5 are one where the wire says
 * so. */
static const struct json *on_the_wire(struct arena *arena, const struct call *recorded)
{
    struct call call = *recorded;
    struct wire_request request;
    struct asked asked;
    call.decode = DECODE_NONE;
    if (!protocol_encode_request(arena, &call, STR(""), &request, NULL) ||
        !protocol_decode_request(arena, &request, &asked, NULL) || asked.operation != call.operation)
        return recorded->parameters;
    return asked.parameters;
}

/* The caller goes backwards, so that the first of the snapshot is the first that is found. */
static void add_entry(struct arena *arena, struct map *map, struct str key, const struct answered_call *call)
{
    struct entry *entry = arena_new(arena, struct entry);
    *entry = (struct entry){call, map_get(map, key)};
    map_set(map, key, entry);
}

static void add_bucket(struct arena *arena, struct playback_index *index, const struct answered_call *call)
{
    struct str bucket = json_find_string(call->call.parameters, "Bucket");
    struct str region = call->call.region;
    bool is_head = strcmp(call->call.operation->name, "HeadBucket") == 0;
    if (bucket.len == 0 || (region.len == 0 && !is_head))
        return;
    if (is_head) { /* asked anywhere, it says where the bucket is */
        struct str told = json_find_string(call->answer.value, "BucketRegion");
        region = told.len > 0 ? told : call->answer.bucket_region;
    }
    const struct str *known = map_get(index->buckets, bucket);
    if (!known)
        index->bucket_names[index->bucket_count++] = bucket;
    if (known && (known->len > 0 && !(is_head && region.len > 0)))
        return;
    struct str *value = arena_new(arena, struct str);
    *value = region;
    map_set(index->buckets, bucket, value);
}

const struct playback_index *playback_index_open(struct arena *arena, const struct snapshot *snapshot)
{
    struct playback_index *index = arena_new(arena, struct playback_index);
    *index = (struct playback_index){
        .exact = map_open(arena),
        .essential = map_open(arena),
        .buckets = map_open(arena),
        .bucket_names = arena_array(arena, struct str, snapshot->call_count),
    };
    for (size_t i = snapshot->call_count; i-- > 0;) {
        const struct answered_call *call = &snapshot->calls[i];
        const struct json *parameters = on_the_wire(arena, &call->call);
        const struct json *essential = protocol_essential(arena, parameters);
        add_entry(arena, index->exact, key_of(arena, call->call.operation, parameters), call);
        add_entry(arena, index->essential, key_of(arena, call->call.operation, essential), call);
    }
    for (size_t i = 0; i < snapshot->call_count; i++) {
        if (strcmp(snapshot->calls[i].call.operation->service->id, "s3") == 0)
            add_bucket(arena, index, &snapshot->calls[i]);
    }
    return index;
}

static const struct answered_call *choose(const struct entry *entry, struct str region)
{
    const struct entry *first = entry;
    for (; entry; entry = entry->next) {
        if (str_equal(entry->call->call.region, region))
            return entry->call;
    }
    return first ? first->call : NULL;
}

const struct answered_call *playback_find(const struct playback_index *index, struct arena *arena,
                                          const struct operation *operation, struct str region,
                                          const struct json *parameters)
{
    const struct answered_call *call = choose(map_get(index->exact, key_of(arena, operation, parameters)), region);
    if (call)
        return call;
    parameters = protocol_essential(arena, parameters);
    return choose(map_get(index->essential, key_of(arena, operation, parameters)), region);
}

struct str playback_bucket_region(const struct playback_index *index, struct str bucket)
{
    const struct str *region = map_get(index->buckets, bucket);
    return region ? *region : STR("");
}

struct str playback_bucket_of_host(const struct playback_index *index, struct str host)
{
    struct str longest = STR("");
    for (size_t i = 0; i < index->bucket_count; i++) {
        struct str name = index->bucket_names[i];
        if (name.len > longest.len && str_starts(host, name) && host.len > name.len && host.ptr[name.len] == '.')
            longest = name;
    }
    return longest;
}
