/*
 * fuzz_rules.c: whatever the bytes, a file of rules is refused with its name and a text, or loads
 * with the program's facts and is judged over an account of which nothing is known: nothing passes
 * that rests on a call.
 */
#include "account/snapshot/snapshot.h"
#include "checks/registry.h"
#include "cli/embedded.h"
#include "rule/run.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char scenario_text[] = "{\"id\": \"fuzz\", \"title\": \"t\", \"section\": \"s\", \"rules\": []}";

/* The facts and policies of the program, the input, and a scenario without rules. */
static size_t gather(struct data_file *files, struct str input)
{
    size_t count = 0;
    for (size_t i = 0; i < embedded_file_count; i++) {
        struct str path = str_from(embedded_files[i].path);
        if (str_starts(path, STR("rules/facts/")) || str_starts(path, STR("rules/policies/")))
            files[count++] = (struct data_file){path, str_span(embedded_files[i].begin, embedded_files[i].end)};
    }
    files[count++] = (struct data_file){STR("rules/scenarios/fuzz.json"), str_from(scenario_text)};
    files[count++] = (struct data_file){STR("fuzz.json"), input};
    return count;
}

static void judge(struct arena *arena, const struct rule_base *base)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    struct snapshot empty = {.created = 1795341600, .target = &nothing};
    const struct snapshot *snapshot = NULL;
    const struct str every = STR("*");
    struct selection selection;
    struct error error;
    struct scenario scenario = *base->scenarios[0];
    scenario.rules = rule_ids(base);
    scenario.rule_count = base->rule_count;
    if (!snapshot_make(arena, &empty, &snapshot, &error))
        abort();
    if (!select_rules(arena, base, &scenario, &every, base->rule_count > 0, NULL, 0, &selection, &error))
        return; /* a file without rules */
    struct transport transport = snapshot_transport(arena, snapshot);
    struct collection collection = {
        .arena = arena, .declarations = base->declarations, .target = &nothing, .transport = &transport};
    collection.wanted = selection_facts(&selection, arena, &collection.wanted_count);
    struct run_options options = {
        .base = base, .selection = &selection, .facts = facts_collect(&collection), .fail_on = SEVERITY_LOW};
    struct run run;
    run_rules(arena, &options, &run);
    for (size_t i = 0; i < run.result_count; i++) {
        if (run.results[i].verdict == VERDICT_PASS && run.results[i].evidence_count > 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct data_file *files = arena_array(arena, struct data_file, embedded_file_count + 2);
    struct str input = {(const char *)data, (ptrdiff_t)size};
    size_t count = gather(files, input);
    struct rule_base *base = NULL;
    struct error error = {.text = ""};
    if (rule_base_load(arena, files, count, count - 1, check_kinds, &base, &error))
        judge(arena, base);
    else if (!str_starts(str_from(error.text), STR("fuzz.json")))
        abort();
    arena_close(arena);
    return 0;
}
