/*
 * bench_reports.c: how long reports take: the four of the main job on 80 results, each format on
 * 10,000. Results of tests/golden/reports/faulty.json.
 */
#include "base/clock.h"
#include "base/file.h"
#include "reports/registry.h"
#include "reports/results/stream.h"

#include <stdio.h>
#include <time.h>

#define MIX 80

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void render(const struct report_format *format, const struct results *results, size_t count)
{
    static const struct report_style style = {.color = false, .width = 0};
    struct arena *arena = arena_open(0);
    FILE *stream = fopen("/dev/null", "w");
    struct sink sink = sink_to_stream(stream);
    struct report *report = format->begin(arena, &sink, &results->run, &style);
    for (size_t i = 0; i < count; i++)
        format->result(report, &results->items[i % results->count]);
    format->end(report);
    arena_close(arena);
    fclose(stream);
}

/** Best of several, in microseconds. */
static double measure(const char *const *formats, size_t format_count, const struct results *results, size_t count,
                      int times)
{
    double best = 1e18;
    for (int turn = 0; turn < times; turn++) {
        double start = microseconds();
        for (size_t i = 0; i < format_count; i++)
            render(report_format_find(str_from(formats[i])), results, count);
        double took = microseconds() - start;
        best = took < best ? took : best;
    }
    return best;
}

/** As in an account with some faults: all of the file once, then its passes again. */
static struct result *mix(struct arena *arena, const struct results *results)
{
    struct result *items = arena_array(arena, struct result, MIX);
    for (size_t i = 0; i < MIX; i++)
        items[i] = results->items[i < results->count ? i : i % 4]; /* the first four pass */
    return items;
}

int main(void)
{
    static const char *const four[] = {"text", "json", "junit", "html"};
    const char *path = TEST_SOURCE_DIR "/tests/golden/reports/faulty.json";
    struct arena *arena = arena_open(0);
    struct str text = {0};
    struct results results = {0};
    struct error error = {{0}, {0}};
    if (!file_read(arena, path, (size_t)64 << 20, &text, &error) ||
        !results_read(arena, str_from(path), text, &results, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    results.items = mix(arena, &results);
    results.count = MIX;
    printf("text, json, junit and html, 80 results: %.0f us\n", measure(four, COUNT_OF(four), &results, 80, 200));
    for (size_t i = 0; i < report_format_count; i++) {
        const char *name = report_formats[i]->name;
        printf("%-16s 80 results %6.0f us, 10,000 results %7.0f us\n", name, measure(&name, 1, &results, 80, 100),
               measure(&name, 1, &results, 10000, 3));
    }
    arena_close(arena);
    return 0;
}
