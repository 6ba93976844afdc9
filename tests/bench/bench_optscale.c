/*
 * bench_optscale.c: what discovery costs in a bucket of 200,000 keys: the layout that people have, with every
 * run kept, and the one that hurts most, a folder a file.
 */
#include "base/clock.h"
#include "optscale/connect/connect.h"
#include "optscale/files/listing.h"

#include <stdio.h>

enum { KEYS = 200000 };

static struct str listing_text(struct arena *arena, bool many_folders)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    for (int i = 0; i < KEYS; i++) {
        buf_add_c(&text, "2026-01-06 10:11:12       1234 ");
        if (many_folders) {
            buf_addf(&text, "p/exp/%06d/BILLING_PERIOD=2026-01/exp-00001.csv.gz\n", i);
        } else {
            buf_addf(&text, "p/exp/data/BILLING_PERIOD=20%02d-%02d/2026-01-06T10:11:12.123Z-%06d/exp-%05d.csv.gz\n",
                     10 + i % 15, 1 + i % 12, i / 10, i % 10);
        }
    }
    return buf_str(&text);
}

static void measure(const char *name, bool many_folders)
{
    struct arena *arena = arena_open(0);
    struct optscale_listing listing;
    struct error error;
    struct str text = listing_text(arena, many_folders);
    size_t before = arena_used(arena);
    int64_t start = clock_milliseconds();
    if (!optscale_listing_read(arena, STR("bench"), text, &listing, &error)) {
        printf("%s\n", error.text);
        arena_close(arena);
        return;
    }
    int64_t read = clock_milliseconds();
    const struct optscale_bucket bucket = {.name = STR("b"), .objects = listing.objects, .object_count = listing.count};
    const struct optscale_account account = {.buckets = &bucket, .bucket_count = 1};
    const struct optscale_config config = {
        .bucket_name = {true, STR("b")}, .bucket_prefix = {true, STR("p")}, .report_name = {true, STR("exp")}};
    struct optscale_discovery discovery;
    size_t middle = arena_used(arena);
    optscale_discover(arena, &account, &config, optscale_build_default, &discovery);
    int64_t end = clock_milliseconds();
    printf("%-12s %d keys: read %lld ms, %zu MB; discover %lld ms, %zu MB, %zu periods\n", name, KEYS,
           (long long)(read - start), (middle - before) >> 20, (long long)(end - read),
           (arena_used(arena) - middle) >> 20, discovery.period_count);
    arena_close(arena);
}

int main(void)
{
    measure("every run", false);
    measure("folders", true);
    return 0;
}
