/*
 * weather_collect_test.c: an account read through bad weather (throttling, failures, broken connections), over real
 * sockets, with seconds that last a hundredth: what is read is what is there, or an error, and nearly always whole.
 *
 * EXPORTCHECK_SEEDS=200 runs as many; a few without it.
 */
#include "account/serve/serve.h"
#include "aws/live/transport.h"
#include "base/clock.h"
#include "base/file.h"
#include "kit.h"

#include <stdlib.h>

#define FOLDER TEST_SOURCE_DIR "/rules/facts"
#define SAMPLE TEST_SOURCE_DIR "/tests/accounts/root-existing-cur2.json"

enum { SEEDS = 8, DEADLINE_MS = 60000, SECOND_MS = 5 };

static const struct fact_declarations *shipped(struct arena *arena)
{
    struct fact_declarations *declarations = facts_open(arena);
    struct str *paths = NULL;
    size_t count = 0;
    struct error error;
    assert_true(file_list(arena, FOLDER, STR(".json"), &paths, &count, &error));
    for (size_t i = 0; i < count; i++) {
        struct str text;
        assert_true(file_read(arena, str_to_c(arena, paths[i]), 1 << 24, &text, &error));
        assert_true(facts_load(declarations, paths[i], text, &error));
    }
    assert_true(facts_link(declarations, &error));
    return declarations;
}

static const struct snapshot *sample(struct arena *arena)
{
    struct str text;
    const struct snapshot *snapshot = NULL;
    assert_true(file_read(arena, SAMPLE, 1 << 24, &text, NULL));
    assert_true(snapshot_read(arena, STR("sample"), text, &snapshot, NULL));
    return snapshot;
}

static struct server *start(struct arena *arena, const struct snapshot *snapshot, uint64_t seed)
{
    struct weather_options weather = {
        .throttle = 0.3, .fail = STR("InternalError"), .fail_share = 0.1, .drop = 0.05, .seed = seed};
    struct playback_options playback = {.snapshot = snapshot};
    struct serve_setup *setup = arena_new(arena, struct serve_setup);
    struct server *server = NULL;
    struct error error;
    *setup = (struct serve_setup){.address = STR("127.0.0.1:0"),
                                  .crowd = crowd_open(arena, playback_open(arena, &playback)),
                                  .weather = weather_open(arena, &weather)};
    if (!serve_start(arena, setup, &server, &error))
        fail_msg("%s", error.text);
    return server;
}

static struct transport *connect_to(struct arena *arena, struct str url, uint64_t seed)
{
    char **environment = arena_array(arena, char *, 4);
    struct settings *settings = arena_new(arena, struct settings);
    struct transport_live *live = NULL;
    struct error error;
    environment[0] = str_to_c(arena, str_format(arena, "AWS_ENDPOINT_URL=%.*s", STR_ARG(url)));
    environment[1] = str_to_c(arena, STR("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"));
    environment[2] = str_to_c(arena, STR("AWS_SECRET_ACCESS_KEY=any"));
    struct settings_options told = {.region = STR("us-east-1")};
    assert_true(settings_load(arena, environment, &told, settings, &error));
    struct transport_live_options options = {.settings = settings,
                                             .now = 1795341600,
                                             .seed = seed,
                                             .second_ms = SECOND_MS,
                                             .deadline_ms = clock_milliseconds() + DEADLINE_MS};
    if (!transport_live_open(arena, &options, &live, &error))
        fail_msg("%s", error.text);
    struct transport *transport = arena_new(arena, struct transport);
    *transport = transport_live_transport(live);
    return transport;
}

static const struct facts *collect(struct arena *arena, const struct snapshot *snapshot, struct transport *transport)
{
    const struct fact_declarations *declarations = shipped(arena);
    struct str *wanted = arena_array(arena, struct str, facts_count(declarations));
    size_t count = 0;
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct str name = facts_info(declarations, i).name;
        if (!str_starts(name, STR("probe.")) && !str_starts(name, STR("optscale")))
            wanted[count++] = name;
    }
    struct collection collection = {.arena = arena,
                                    .declarations = declarations,
                                    .target = snapshot->target,
                                    .transport = transport,
                                    .caller_region = STR("us-east-1"),
                                    .wanted = wanted,
                                    .wanted_count = count};
    return facts_collect(&collection);
}

/* Each answer is that of the sample, or an error that the weather explains. Returns whether all were answered. */
static bool is_whole(const struct snapshot *snapshot, const struct facts *facts)
{
    size_t count = 0;
    size_t missing = 0;
    const struct answered_call *calls = facts_calls(facts, &count);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        const struct answered_call *known = snapshot_find(snapshot, &calls[i].call);
        const struct answer *found = &calls[i].answer;
        bool same = known && str_equal(found->code, known->answer.code);
        if (same && known->answer.value && !json_equal(found->value, known->answer.value))
            fail_msg("%s differs", calls[i].call.operation->name);
        if (!same && known && found->code.len == 0)
            fail_msg("%s is answered, and should not be", calls[i].call.operation->name);
        missing += known && !same;
    }
    return missing == 0;
}

static bool reads_it_whole(uint64_t seed)
{
    struct arena *arena = arena_open(0);
    const struct snapshot *snapshot = sample(arena);
    struct server *server = start(arena, snapshot, seed);
    int64_t begun = clock_milliseconds();
    const struct facts *facts = collect(arena, snapshot, connect_to(arena, serve_url(server), seed));
    assert_true(clock_milliseconds() - begun < DEADLINE_MS + 1000);
    bool whole = is_whole(snapshot, facts);
    serve_stop(server);
    arena_close(arena);
    return whole;
}

static void reads_the_account_whole_through_bad_weather(void **state)
{
    (void)state;
    const char *told = getenv("EXPORTCHECK_SEEDS");
    int seeds = told ? (int)strtol(told, NULL, 10) : SEEDS;
    int whole = 0;
    for (int seed = 1; seed <= seeds; seed++)
        whole += reads_it_whole((uint64_t)seed);
    print_message("%d of %d runs read the account whole\n", whole, seeds);
    assert_true(whole * 10 >= seeds * 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_the_account_whole_through_bad_weather)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
