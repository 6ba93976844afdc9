/* fuzz_listing.c: whatever the bytes, reading a listing ends; what it accepts is sorted and can be predicted. */
#include "optscale/files/listing.h"

#include "optscale/connect/connect.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void predict(struct arena *arena, const struct optscale_listing *listing)
{
    const struct optscale_bucket bucket = {
        .name = STR("b"), .objects = listing->objects, .object_count = listing->count};
    const struct optscale_account account = {.buckets = &bucket, .bucket_count = 1};
    const struct optscale_config config = {
        .scheme = {true, STR("bucket_only")},
        .bucket_name = {true, STR("b")},
        .bucket_prefix = {true, STR("a/e")},
        .report_name = {true, STR("e")},
    };
    struct optscale_connection connection;
    struct optscale_discovery discovery;
    optscale_connect(arena, &account, &config, optscale_build_default, &connection);
    optscale_discover(arena, &account, &config, optscale_build_default, &discovery);
    size_t files = 0;
    for (size_t i = 0; i < discovery.period_count; i++) {
        files += discovery.periods[i].count;
    }
    if (files > listing->count || (discovery.ok && files == 0)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct optscale_listing listing;
    struct error error;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (optscale_listing_read(arena, STR("fuzz"), text, &listing, &error)) {
        for (size_t i = 1; i < listing.count; i++) {
            if (str_compare(listing.objects[i - 1].key, listing.objects[i].key) > 0) {
                abort();
            }
        }
        predict(arena, &listing);
    }
    arena_close(arena);
    return 0;
}
