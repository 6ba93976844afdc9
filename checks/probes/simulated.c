/* simulated.c: see simulated.h. */
#include "checks/probes/simulated.h"

bool simulated_load(struct loader *loader, const struct json *list, struct simulated *ret)
{
    *ret = (struct simulated){.count = 0};
    for (size_t i = 0; list && i < list->count; i++) {
        if (!loader_side_fact(loader, &list->items[i]))
            return false;
    }
    return loader_strings(loader, list, "simulated", &ret->facts, &ret->count);
}

static const struct json *rows_of(const struct judging *judging, struct str name)
{
    const struct fact *fact = facts_get(judging->scope.facts, name);
    return fact && fact->state == FACT_PRESENT && json_is(fact->value, JSON_ARRAY) ? fact->value : NULL;
}

static struct simulated_answer refusal(const struct json *row)
{
    struct simulated_answer answer = {.said = PROBE_REFUSED};
    if (!json_find_boolean(row, "organizations", true))
        answer.why = STR("a service control policy of the organization does not allow it");
    else if (!json_find_boolean(row, "boundary", true))
        answer.why = STR("a permissions boundary does not allow it");
    else if (str_equal(json_find_string(row, "decision"), STR("explicitDeny")))
        answer.why = STR("a statement denies it");
    answer.missing = answer.why.len == 0;
    return answer;
}

static enum probe_said said_by(const struct json *row)
{
    const struct json *missing = json_find(row, "missing");
    if (json_is(missing, JSON_ARRAY) && missing->count)
        return PROBE_SILENT;
    return str_equal(json_find_string(row, "decision"), STR("allowed")) ? PROBE_ALLOWED : PROBE_REFUSED;
}

struct simulated_answer simulated_ask(const struct simulated *simulated, const struct judging *judging,
                                      struct str action)
{
    struct simulated_answer answer = {.said = PROBE_SILENT};
    bool silent = false;
    for (size_t i = 0; i < simulated->count; i++) {
        const struct json *rows = rows_of(judging, simulated->facts[i]);
        for (size_t j = 0; rows && j < rows->count; j++) {
            if (!probes_action_fits(action, json_find_string(&rows->items[j], "action")))
                continue;
            enum probe_said said = said_by(&rows->items[j]);
            if (said == PROBE_REFUSED)
                return refusal(&rows->items[j]);
            silent = silent || said == PROBE_SILENT;
            answer.said = said;
        }
    }
    return silent ? (struct simulated_answer){.said = PROBE_SILENT} : answer;
}

struct prove_environment simulated_environment(struct arena *arena, const struct prove_environment *environment)
{
    static const struct str everything = STR_INIT(
        "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}");
    struct prove_environment assumed = *environment;
    const struct policy **items = arena_array(arena, const struct policy *, 1);
    const struct json *document;
    struct policy_options options = {STR("IAM's simulator"), POLICY_IDENTITY, POLICY_LENIENT};
    if (!json_parse(arena, STR("policy"), everything, &json_limits_default, &document, NULL) ||
        !policy_compile(arena, document, options, &items[0], NULL))
        return assumed; /* it is a constant */
    assumed.policies.identity = (struct policy_list){items, 1};
    assumed.policies.boundaries = (struct policy_list){NULL, 0};
    assumed.policies.service_control = (struct policy_levels){NULL, 0};
    assumed.unread[POLICY_IDENTITY] = false;
    assumed.unread[POLICY_BOUNDARY] = false;
    assumed.unread[POLICY_SCP] = false;
    return assumed;
}

const struct str *simulated_evidence(const struct simulated *simulated, const struct judging *judging,
                                     size_t *ret_count)
{
    struct str *names = arena_array(judging->arena, struct str, simulated->count);
    *ret_count = 0;
    for (size_t i = 0; i < simulated->count; i++) {
        const struct json *rows = rows_of(judging, simulated->facts[i]);
        if (rows && rows->count)
            names[(*ret_count)++] = simulated->facts[i];
    }
    return names;
}
