/* probes.c: see probes.h. */
#include "checks/probes/probes.h"

/* Whether the credentials that read the account are the principal's own; rules/facts declares it. */
static const struct json own_credentials = {.type = JSON_STRING, .string = STR_INIT("principal_is_caller")};

/* ---- Loading ---- */

static bool load_probe(struct loader *loader, const struct json *entry, struct probe *ret)
{
    static const struct field fields[] = {{"fact", FIELD_STRING, true}, {"action", FIELD_STRING, true}};
    const struct json *fact = entry;
    if (json_is(entry, JSON_OBJECT)) {
        if (!loader_fields(loader, entry, "this probe", fields, COUNT_OF(fields)))
            return false;
        fact = json_find(entry, "fact");
    }
    if (!loader_side_fact(loader, fact))
        return false;
    struct str own = facts_action(loader->declarations, fact->string);
    if (own.len == 0)
        return loader_fail(loader, fact, "%.*s makes no call that tries an action", STR_ARG(fact->string));
    struct str named = json_find_string(entry, "action");
    *ret = (struct probe){fact->string, named.len ? named : own};
    return true;
}

bool probes_load(struct loader *loader, const struct json *list, struct probes *ret)
{
    *ret = (struct probes){.count = 0};
    if (!list)
        return true;
    struct probe *items = arena_array(loader->arena, struct probe, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (!load_probe(loader, &list->items[i], &items[i]))
            return false;
    }
    *ret = (struct probes){items, list->count};
    return loader_side_fact(loader, &own_credentials);
}

/* ---- What was said ---- */

bool probes_action_fits(struct str pattern, struct str action)
{
    if (!str_ends(pattern, STR("*")))
        return str_equal_nocase(pattern, action);
    ptrdiff_t length = pattern.len - 1;
    return action.len >= length && str_equal_nocase(str_slice(pattern, 0, length), str_slice(action, 0, length));
}

bool probes_speak(const struct judging *judging)
{
    const struct fact *own = facts_get(judging->scope.facts, own_credentials.string);
    return own && own->state == FACT_PRESENT && own->value->type == JSON_BOOLEAN && own->value->boolean;
}

/* A fact whose `when` is false made no call, and says nothing. */
static bool was_called(const struct judging *judging, struct str fact)
{
    size_t count;
    const struct fact *const *calls = facts_evidence(judging->scope.facts, judging->arena, fact, &count);
    for (size_t i = 0; i < count; i++)
        if (str_equal(calls[i]->name, fact))
            return true;
    return false;
}

/* S3 says that there is none before it looks whether the caller may ask: that proves nothing. */
static bool says_nothing(const struct fact *fact)
{
    static const struct str codes[] = {STR_INIT("NoSuchBucket"), STR_INIT("NoSuchKey"), STR_INIT("404")};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (fact->state == FACT_ABSENT && str_equal(fact->code, codes[i]))
            return true;
    }
    return false;
}

/* Refused for another action (kms:Decrypt, where an object was asked for) says nothing of this one. */
static enum probe_said said_by(const struct probe *probe, const struct judging *judging)
{
    const struct fact *fact = facts_get(judging->scope.facts, probe->fact);
    if (!was_called(judging, probe->fact) || !str_equal(fact->because.len ? fact->because : fact->name, fact->name))
        return PROBE_SILENT;
    if (says_nothing(fact))
        return PROBE_SILENT;
    if (fact->state == FACT_DENIED)
        return str_equal_nocase(fact->action, probe->action) ? PROBE_REFUSED : PROBE_SILENT;
    return fact->state == FACT_PRESENT || fact->state == FACT_ABSENT ? PROBE_ALLOWED : PROBE_SILENT;
}

struct probe_result probes_ask(const struct probes *probes, const struct judging *judging, struct str action)
{
    struct probe_result result = {PROBE_SILENT, NULL};
    bool silent = false;
    for (size_t i = 0; i < probes->count && probes_speak(judging); i++) {
        if (!probes_action_fits(action, probes->items[i].action))
            continue;
        enum probe_said said = said_by(&probes->items[i], judging);
        if (said == PROBE_REFUSED)
            return (struct probe_result){PROBE_REFUSED, facts_get(judging->scope.facts, probes->items[i].fact)};
        silent = silent || (said == PROBE_SILENT && str_ends(action, STR("*")));
        result.said = said == PROBE_ALLOWED ? PROBE_ALLOWED : result.said;
    }
    return silent ? (struct probe_result){PROBE_SILENT, NULL} : result;
}

const struct str *probes_evidence(const struct probes *probes, const struct judging *judging, size_t *ret_count)
{
    struct str *names = arena_array(judging->arena, struct str, probes->count);
    *ret_count = 0;
    for (size_t i = 0; i < probes->count && probes_speak(judging); i++)
        if (said_by(&probes->items[i], judging) != PROBE_SILENT)
            names[(*ret_count)++] = probes->items[i].fact;
    return names;
}

/* ---- What follows ---- */

/*
 * Only a policy that was not read gives way to a trial. A condition that cannot be decided does not: what AWS answers
 * here and now it need not answer OptScale, from another address.
 */
enum probes_outcome probes_outcome(const struct prove_result *policies, bool missing, enum probe_said said)
{
    enum { PROVED, MISSING, REFUTED, UNREAD, UNDECIDED, POLICIES_SAID_COUNT };
    static const enum probes_outcome outcomes[POLICIES_SAID_COUNT][PROBE_SAID_COUNT] = {
        /*              silent            allowed           refused */
        [PROVED] = {OUTCOME_POLICIES, OUTCOME_POLICIES, OUTCOME_BETWEEN},
        [MISSING] = {OUTCOME_POLICIES, OUTCOME_NOT_ALL, OUTCOME_POLICIES},
        [REFUTED] = {OUTCOME_POLICIES, OUTCOME_POLICIES, OUTCOME_POLICIES},
        [UNREAD] = {OUTCOME_POLICIES, OUTCOME_TRIED, OUTCOME_REFUSED},
        [UNDECIDED] = {OUTCOME_POLICIES, OUTCOME_POLICIES, OUTCOME_POLICIES},
    };
    size_t row = UNDECIDED;
    if (policies->verdict == PROVE_PROVED)
        row = PROVED;
    else if (policies->verdict == PROVE_REFUTED)
        row = missing ? MISSING : REFUTED;
    else if (policies->reason == PROVE_REASON_UNREAD)
        row = UNREAD;
    return outcomes[row][said];
}

struct str probes_refuser(struct str refusal)
{
    static const struct {
        struct str words; /* of AWS's refusal (IAM User Guide, "Troubleshoot access denied error messages") */
        struct str what;
    } kinds[] = {
        {STR_INIT("service control policy"), STR_INIT("a service control policy")},
        {STR_INIT("resource control policy"), STR_INIT("a resource control policy")},
        {STR_INIT("VPC endpoint policy"), STR_INIT("the policy of the VPC endpoint that the call went through")},
        {STR_INIT("session policy"), STR_INIT("the policy of the session")},
        {STR_INIT("permissions boundary"), STR_INIT("a permissions boundary")},
        {STR_INIT("resource-based policy"), STR_INIT("the resource's own policy")},
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_contains(refusal, kinds[i].words))
            return kinds[i].what;
    }
    return STR("");
}

struct str probes_between(struct arena *arena, struct str refusal)
{
    struct str refuser = probes_refuser(refusal);
    if (refuser.len)
        return str_join3(arena, refuser, STR(" stands between"), STR(""));
    return STR("something stands between that these policies do not show: a policy of the organization, of a VPC "
               "endpoint or of the session; of an object also its owner, or its key");
}
