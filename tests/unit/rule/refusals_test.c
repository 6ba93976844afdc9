/*
 * The property of the design: a refused call never makes a pass. Each call of each sample account is
 * refused in turn, and nothing passes that did not, nor what rested on the call.
 */
#include "rule/kit.h"

#include "base/file.h"
#include "cli/embedded.h"

static struct rule_base *shipped(struct arena *arena)
{
    struct data_file *files = arena_array(arena, struct data_file, embedded_file_count);
    struct rule_base *base;
    struct error error;
    for (size_t i = 0; i < embedded_file_count; i++)
        files[i] = (struct data_file){str_from(embedded_files[i].path),
                                      str_span(embedded_files[i].begin, embedded_files[i].end)};
    if (!rule_base_load(arena, files, embedded_file_count, embedded_file_count, check_kinds, &base, &error))
        fail_msg("%s", error.text);
    return base;
}

static const struct run *judge(struct arena *arena, const struct rule_base *base, const struct snapshot *account)
{
    const struct scenario *scenario = rule_base_scenario(base, json_find_string(account->target, "scenario"));
    struct selection selection;
    struct error error;
    assert_non_null(scenario);
    assert_true(select_rules(arena, base, scenario, NULL, 0, NULL, 0, &selection, &error));
    struct transport transport = snapshot_transport(arena, account);
    struct collection collection = {
        .arena = arena, .declarations = base->declarations, .target = account->target, .transport = &transport};
    collection.wanted = selection_facts(&selection, arena, &collection.wanted_count);
    struct run_options options = {
        .base = base, .selection = &selection, .facts = facts_collect(&collection), .fail_on = SEVERITY_LOW};
    struct run *run = arena_new(arena, struct run);
    run_rules(arena, &options, run);
    return run;
}

static const struct snapshot *refuse(struct arena *arena, const struct snapshot *account, size_t index)
{
    const struct snapshot *refused;
    struct error error;
    struct answered_call *calls = arena_array(arena, struct answered_call, account->call_count);
    memcpy(calls, account->calls, account->call_count * sizeof *calls);
    calls[index].answer = (struct answer){.code = STR("AccessDenied"), .message = STR("no"), .http_status = 403};
    struct snapshot parts = *account;
    parts.calls = calls;
    parts.index = NULL;
    if (!snapshot_make(arena, &parts, &refused, &error))
        fail_msg("%s", error.text);
    return refused;
}

static bool names(const struct result *result, struct str call)
{
    for (size_t i = 0; i < result->evidence_count; i++) {
        if (str_equal(result->evidence[i].call, call))
            return true;
    }
    return false;
}

static const struct result *find(const struct run *run, const struct result *like)
{
    for (size_t i = 0; i < run->result_count; i++) {
        if (str_equal(run->results[i].rule, like->rule) && str_equal(run->results[i].subject, like->subject))
            return &run->results[i];
    }
    return NULL;
}

/* How often the operation is in the account: a pass may name it for another bucket or user. */
static size_t times_called(const struct snapshot *account, const struct operation *operation)
{
    size_t count = 0;
    for (size_t i = 0; i < account->call_count; i++)
        count += account->calls[i].call.operation == operation;
    return count;
}

/*
 * Whether a pass has found another way: it rests on a call that it did not name before. Where a bucket
 * is, and that it is there, HeadBucket tells as well as GetBucketLocation, so both are named.
 */
static bool has_another_way(const struct result *before, const struct result *after, struct str call)
{
    bool found = str_equal(call, STR("s3:GetBucketLocation"));
    for (size_t i = 0; i < after->evidence_count; i++)
        found = found || !names(before, after->evidence[i].call);
    return found;
}

static size_t compare(const char *file, const struct run *before, const struct run *after, struct str call, bool once)
{
    size_t wrong = 0;
    for (size_t i = 0; i < after->result_count; i++) {
        const struct result *now = &after->results[i];
        const struct result *then = find(before, now);
        if (now->verdict != VERDICT_PASS)
            continue;
        bool made = !then || then->verdict != VERDICT_PASS;
        bool kept = once && then && names(then, call) && !has_another_way(then, now, call);
        bool claims = once && names(now, call);
        wrong += made || kept || claims;
        if (made || kept || claims)
            print_error("%s: without %.*s '%.*s' on '%.*s' %s\n", file, STR_ARG(call), STR_ARG(now->rule),
                        STR_ARG(now->subject),
                        made     ? "became a pass"
                        : claims ? "names it and passes"
                                 : "rested on it and passes");
    }
    return wrong;
}

static size_t check_account(const struct rule_base *base, const char *path)
{
    struct arena *arena = arena_open(0);
    const struct snapshot *account = NULL;
    struct str text;
    struct error error;
    size_t wrong = 0;
    if (!file_read(arena, path, json_limits_snapshot.max_bytes, &text, &error) ||
        !snapshot_read(arena, str_from(path), text, &account, &error))
        fail_msg("%s", error.text);
    const struct run *before = judge(arena, base, account);
    assert_true(before->summary.count[VERDICT_PASS] > 0);
    for (size_t i = 0; i < account->call_count; i++) {
        struct arena *scratch = arena_open(0);
        const struct operation *operation = account->calls[i].call.operation;
        struct str call = str_format(scratch, "%s:%s", operation->service->id, operation->name);
        wrong += compare(path, before, judge(scratch, base, refuse(scratch, account, i)), call,
                         times_called(account, operation) == 1);
        arena_close(scratch);
    }
    arena_close(arena);
    return wrong;
}

static void no_refused_call_of_any_sample_account_makes_a_pass(void **state)
{
    struct str *paths;
    size_t count;
    struct error error;
    size_t wrong = 0;
    const struct rule_base *base = shipped(*state);
    assert_true(file_list(*state, TEST_SOURCE_DIR "/tests/accounts", STR(".json"), &paths, &count, &error));
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        wrong += check_account(base, str_to_c(*state, paths[i]));
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(no_refused_call_of_any_sample_account_makes_a_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
