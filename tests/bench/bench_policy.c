/*
 * bench_policy.c: decisions a second. Reads simulations (JSON Lines, as `policy simulate` does) from the file named,
 * compiles each once, and decides them all over and over for a number of seconds; prints one JSON object.
 *
 *     bench_policy FILE [SECONDS]
 */
#include "../unit/policy/counting.h"

#include "base/clock.h"
#include "base/file.h"
#include "policy/evaluate/simulation.h"

#include <stdio.h>

enum { SIMULATIONS_MAX = 4096 };

struct batch {
    struct simulation items[SIMULATIONS_MAX];
    size_t count;
};

static bool read_batch(struct arena *arena, const char *path, struct batch *ret, struct error *error)
{
    struct str text;
    struct str line;
    if (!file_read(arena, path, (size_t)64 << 20, &text, error))
        return false;
    while (text.len && ret->count < SIMULATIONS_MAX) {
        const struct json *value;
        str_cut(&text, '\n', &line);
        if (!json_parse(arena, STR("line"), line, &json_limits_default, &value, error) ||
            !simulation_read(arena, value, &ret->items[ret->count++], error))
            return false;
    }
    return true;
}

/* Decides the whole batch; the count of what is allowed keeps the work from being optimized away. */
static size_t decide_all(const struct batch *batch)
{
    size_t allowed = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct decision decision;
        policy_evaluate(&batch->items[i].environment, &batch->items[i].request, &decision);
        allowed += decision.verdict == DECISION_ALLOWED;
    }
    return allowed;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open(0);
    struct batch *batch = arena_new(arena, struct batch);
    struct error error;
    int64_t seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 2;
    if (argc < 2 || !read_batch(arena, argv[1], batch, &error)) {
        fprintf(stderr, "bench_policy: %s\n", argc < 2 ? "usage: bench_policy FILE [SECONDS]" : error.text);
        return 2;
    }
    size_t allowed = decide_all(batch); /* warm */
    size_t allocated = allocations;
    size_t decisions = 0;
    int64_t start = clock_milliseconds();
    int64_t passed = 0;
    for (; passed < seconds * 1000; passed = clock_milliseconds() - start) {
        for (int i = 0; i < 100; i++, decisions += batch->count)
            allowed += decide_all(batch);
    }
    allocated = allocations - allocated;
    printf("{\"engine\": \"exportcheck\", \"requests\": %zu, \"decisions\": %zu, \"decisions_per_second\": %.0f, "
           "\"allocations\": %zu, \"allocations_counted\": %s, \"allowed\": %zu}\n",
           batch->count, decisions, (double)decisions * 1000 / (double)passed, allocated,
           COUNTS_ALLOCATIONS ? "true" : "false", allowed);
    arena_close(arena);
    return allocated == 0 ? 0 : 1;
}
