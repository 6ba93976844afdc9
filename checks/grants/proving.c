/* proving.c: see proving.h. */
#include "checks/grants/proving.h"

#include "checks/grants/context.h"
#include "checks/grants/strangers.h"

#include <string.h>

enum { MESSAGE_MAX = 1500, SHOWN_MAX = 20 };

/* What is listed belongs to the bucket's ARN: the prefix says which folder it is about. */
static void add_prefix(struct buf *buf, const struct json *context)
{
    const struct json *prefix = json_find(context, "s3:prefix");
    prefix = json_is(prefix, JSON_ARRAY) && prefix->count ? &prefix->items[0] : prefix;
    if (json_is(prefix, JSON_STRING))
        buf_addf(buf, " with the prefix %.*s", STR_ARG(prefix->string));
}

/* "s3:ListBucket on arn:aws:s3:::b"; where every resource was asked for, the one of the example means nothing. */
static void add_missing(struct proving *p, const struct prove_example *example)
{
    buf_addf(&p->missing, "%s%.*s", p->missing.len ? ", " : "", STR_ARG(example->request.action));
    if (!p->any_resource)
        buf_addf(&p->missing, " on %.*s", STR_ARG(example->request.resource));
    add_prefix(&p->missing, example->context);
}

/* Nobody grants it; a boundary or an organization that does not is told by name. */
static bool is_missing(const struct decision *decision)
{
    return decision->verdict == DECISION_IMPLICITLY_DENIED && decision->reason_count &&
           !decision->reasons[0].statement &&
           (decision->reasons[0].type == POLICY_IDENTITY || decision->reasons[0].type == POLICY_RESOURCE);
}

/* Why a Deny applies is said of the first action that each hits. */
static void add_denied(struct proving *p, const struct prove_result *result)
{
    const struct prove_example *example = &result->example;
    struct str why =
        grants_denial(p->judging->arena, &p->environment.prove.policies, &example->request, &example->decision);
    bool told = why.len == 0 || str_contains(buf_str(&p->denied), why);
    buf_addf(&p->denied, "%s%.*s%s%.*s", p->denied.len ? "; " : "", STR_ARG(result->text), told ? "" : ": ",
             STR_ARG(told ? STR("") : why));
}

/* The same action on the same thing, as for several folders of one bucket: it is told once. */
static bool is_told(const struct proving *p, const struct request *request)
{
    struct json told = json_built(&p->refuted);
    for (size_t i = 0; i < told.count; i++) {
        if (str_equal(json_find_string(&told.items[i], "action"), request->action) &&
            str_equal(json_find_string(&told.items[i], "resource"), request->resource))
            return true;
    }
    return false;
}

static void keep_refusal(struct proving *p, const struct prove_result *result)
{
    if (p->refusal_count == p->refusal_capacity) {
        p->refusal_capacity = p->refusal_capacity ? p->refusal_capacity * 2 : 8;
        struct refusal *larger = arena_array(p->judging->arena, struct refusal, p->refusal_capacity);
        if (p->refusal_count)
            memcpy(larger, p->refusals, p->refusal_count * sizeof *larger);
        p->refusals = larger;
    }
    struct refusal *refusal = &p->refusals[p->refusal_count++];
    refusal->request = result->example.request;
    refusal->decision = result->example.decision;
    refusal->text = result->text;
    if (p->part)
        refusal->part = *p->part;
}

static void note_refuted(struct proving *p, const struct prove_result *result)
{
    keep_refusal(p, result);
    if (p->check->requests.count && is_told(p, &result->example.request))
        return;
    struct arena *arena = p->judging->arena;
    struct json_builder row = json_build(arena, JSON_OBJECT);
    json_build_append(&row, STR("action"), json_string(result->example.request.action));
    json_build_append(&row, STR("resource"), json_string(result->example.request.resource));
    if (result->example.context)
        json_build_append(&row, STR("context"), *result->example.context);
    if (result->statement)
        json_build_append(&row, STR("statement"), json_string(result->statement->pointer));
    json_build_append(&row, STR("because"), json_string(result->text));
    json_build_add(&p->refuted, json_built(&row));
    bool missing = is_missing(&result->example.decision);
    grants_between_add(&p->between, arena, result, missing);
    if (missing && p->near_miss.len == 0 && !p->environment.prove.unread[POLICY_IDENTITY])
        p->near_miss = grants_near_miss(arena, &p->environment.prove.policies, &result->example.request,
                                        result->example.decision.reasons[0].type);
    if (missing && p->missing_count++ < SHOWN_MAX)
        add_missing(p, &result->example);
    /* Two services may be let in by one statement: it is told once. */
    bool told = str_contains(buf_str(&p->denied), result->text);
    if (!missing && !told && p->denied_count++ < SHOWN_MAX)
        add_denied(p, result);
}

static void note_undecided(struct proving *p, const struct prove_result *result)
{
    bool address = str_equal_nocase(result->key, STR("aws:SourceIp"));
    p->undecided = result->text;
    p->waits_for_unread = result->reason == PROVE_REASON_UNREAD;
    if (result->key.len)
        p->undecided_fact = grants_context_unread(p->judging, p->principal, result->key);
    if (address)
        p->undecided = str_format(p->judging->arena, "%.*s; say with --optscale-ip where OptScale's requests come from",
                                  STR_ARG(result->text));
}

void proving_note(struct proving *p, const struct prove_result *result)
{
    if (result->verdict == PROVE_REFUTED) {
        note_refuted(p, result);
    } else if (result->verdict == PROVE_PROVED) {
        p->proved++;
    } else if (p->undecided.len == 0) {
        note_undecided(p, result);
    }
}

static bool is_excepted(const struct grants_check *check, struct str action)
{
    for (size_t i = 0; i < check->template.except_action_count; i++) {
        if (str_equal(check->template.except_actions[i], action))
            return true;
    }
    return false;
}

/* The organization refuses what the simulator says it refuses, whatever the policies here allow. */
static bool refused_by_simulation(struct proving *p, struct str action)
{
    if (!p->environment.simulated)
        return false;
    enum grants_simulation said = grants_simulation_of(&p->environment, action);
    if (said == GRANTS_NOT_SIMULATED)
        p->environment.scp_unread = true;
    if (said != GRANTS_REFUSED)
        return false;
    struct prove_result result = {.example = {.request = {.action = action, .resource = STR("*")}}};
    result.text =
        str_join3(p->judging->arena, action, STR(" is denied by a service control policy of the organization"),
                  STR(", says IAM's simulator"));
    note_refuted(p, &result);
    return true;
}

/* The policies decide alone. */
static void take_policies(struct proving *p, const struct request_part *part, const struct prove_result *policies)
{
    bool unread = policies->verdict == PROVE_UNDECIDED && policies->reason == PROVE_REASON_UNREAD;
    struct prove_result simulated;
    bool decided = unread && trials_simulate(&p->trials, &p->environment.prove, part, &simulated);
    if (unread && !decided)
        trials_open(&p->trials, part->actions[0]);
    proving_note(p, decided ? &simulated : policies);
}

/* Whether no policy that was read allows the action on anything: then an answer of AWS contradicts them. */
static bool is_allowed_nowhere(const struct proving *p, const struct request_part *part,
                               const struct prove_result *policies)
{
    static const struct str anything[] = {STR_INIT("*")};
    if (policies->verdict != PROVE_REFUTED || !is_missing(&policies->example.decision))
        return false;
    struct request_part everywhere = *part;
    everywhere.resources = anything;
    everywhere.resource_count = 1;
    struct request_set set = {&everywhere, 1};
    return prove_grants_none(p->judging->arena, &p->environment.prove, &set).verdict == PROVE_PROVED;
}

/* One action, by what the policies say and by what AWS said when it was called. */
static void weigh(struct proving *p, const struct request_part *part, const struct prove_result *policies)
{
    struct str action = part->actions[0];
    struct probe_result trial = probes_ask(&p->check->probes, p->judging, action);
    bool missing = trial.said == PROBE_ALLOWED && is_allowed_nowhere(p, part, policies);
    enum probes_outcome outcome = probes_outcome(policies, missing, trial.said);
    if (outcome == OUTCOME_POLICIES) {
        take_policies(p, part, policies);
    } else if (outcome == OUTCOME_TRIED) {
        trials_allowed(&p->trials, action);
        p->proved++;
    } else {
        struct prove_result result = trials_contradict(&p->trials, outcome, part, trial.fact);
        proving_note(p, &result);
    }
}

/* Resource by resource, so that each that is refused is named. */
static void prove_each(struct proving *p, const struct request_part *part)
{
    for (size_t i = 0; i < part->resource_count; i++) {
        struct request_part one = *part;
        one.resources = &part->resources[i];
        one.resource_count = 1;
        struct request_set set = {&one, 1};
        struct prove_result result = prove_grants(p->judging->arena, &p->environment.prove, &set);
        p->part = &one;
        if (result.reason != PROVE_REASON_EMPTY)
            proving_note(p, &result);
    }
    p->part = NULL;
}

static void prove_actions(struct proving *p, const struct request_part *part, bool from_template)
{
    p->principal = part->principal;
    p->any_resource = part->resource_count == 1 && str_equal(part->resources[0], STR("*"));
    for (size_t i = 0; i < part->action_count; i++) {
        if ((from_template && is_excepted(p->check, part->actions[i])) || refused_by_simulation(p, part->actions[i]))
            continue;
        struct request_part one = *part;
        one.actions = &part->actions[i];
        one.action_count = 1;
        struct request_set set = {&one, 1};
        struct prove_result result = prove_grants(p->judging->arena, &p->environment.prove, &set);
        p->part = &one;
        if (result.verdict == PROVE_REFUTED && one.resource_count > 1 && !from_template)
            prove_each(p, &one);
        /* A template's statement names resources for several actions at once; a request asks what it says. */
        else if (result.reason != PROVE_REASON_EMPTY || !from_template)
            weigh(p, &one, &result);
    }
    p->part = NULL;
}

void proving_grants(struct proving *p, const struct request_set *set, bool from_template)
{
    p->asked += set->count;
    for (size_t i = 0; i < set->count; i++)
        prove_actions(p, &set->parts[i], from_template);
}

/* That none is allowed, an action at a time: every one that is gets named. */
static void disprove_actions(struct proving *p, const struct request_part *part)
{
    p->asked++;
    p->principal = part->principal;
    for (size_t i = 0; i < part->action_count; i++) {
        struct request_part one = *part;
        one.actions = &part->actions[i];
        one.action_count = 1;
        struct request_set set = {&one, 1};
        struct prove_result result = prove_grants_none(p->judging->arena, &p->environment.prove, &set);
        if (result.verdict == PROVE_REFUTED)
            result.text = grants_strangers(p->judging->arena, &p->environment.prove, &one, &result);
        p->part = &one;
        proving_note(p, &result);
    }
    p->part = NULL;
}

void proving_grants_none(struct proving *p, const struct request_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        disprove_actions(p, &set->parts[i]);
}

static struct str note_of(const struct proving *p)
{
    struct str trial = trials_note(&p->trials);
    if (trial.len)
        return trial;
    return p->environment.scp_unread ? STR("service control policies could not be read, and are not considered")
                                     : STR("");
}

static struct str and_more(const struct proving *p, struct str list, size_t count)
{
    if (count <= SHOWN_MAX)
        return list;
    return str_format(p->judging->arena, "%.*s and %zu more", STR_ARG(list), count - SHOWN_MAX);
}

/* First what is not allowed at all, in one list, then what a statement denies. */
static struct str describe_refuted(const struct proving *p)
{
    struct str missing = and_more(p, buf_str(&p->missing), p->missing_count);
    struct str denied = and_more(p, buf_str(&p->denied), p->denied_count);
    if (missing.len == 0)
        return denied;
    return str_format(p->judging->arena, "no statement allows %.*s%s%.*s%s%.*s", STR_ARG(missing),
                      p->near_miss.len ? "; " : "", STR_ARG(p->near_miss), denied.len ? "; " : "", STR_ARG(denied));
}

static void conclude_verdict(struct proving *p, struct judgement *ret)
{
    struct arena *arena = p->judging->arena;
    struct str text = p->undecided;
    if (p->refuted.count) {
        *ret = (struct judgement){.verdict = VERDICT_FAIL,
                                  .message = describe_refuted(p),
                                  .to_do = grants_between_sentence(arena, &p->between),
                                  .note = note_of(p),
                                  .actual = json_box(arena, json_built(&p->refuted))};
        return;
    }
    if (text.len == 0 && (p->proved || p->asked == 0)) {
        *ret = (struct judgement){.verdict = VERDICT_PASS, .note = note_of(p)};
        return;
    }
    if (p->waits_for_unread && p->environment.unread && judge_unread_fact(p->judging, p->environment.unread, ret)) {
        ret->note = trials_note(&p->trials);
        return;
    }
    if (p->undecided_fact && judge_unread_fact(p->judging, p->undecided_fact, ret)) {
        ret->message = str_format(arena, "%.*s (%.*s)", STR_ARG(ret->message), STR_ARG(text));
        return;
    }
    if (p->environment.broken.len)
        text = p->environment.broken;
    *ret = (struct judgement){.verdict = VERDICT_UNKNOWN,
                              .message = str_format(arena, "cannot be decided: %.*s",
                                                    STR_ARG(text.len ? text : STR("the set holds no request")))};
}

void proving_conclude(struct proving *p, struct judgement *ret)
{
    conclude_verdict(p, ret);
    grants_context_evidence(p->judging, &p->environment.prove.policies, ret);
    if (p->trials.count || p->trials.decided)
        trials_evidence(&p->trials, p->proved, p->check->facts.resource, ret);
}

struct proving proving_begin(const struct standing *standing, const struct judging *judging, int64_t at)
{
    struct proving p = {.check = standing->check,
                        .judging = judging,
                        .environment = standing->environment,
                        .told = grants_context_source(judging, at),
                        .missing = buf_make(judging->arena, MESSAGE_MAX),
                        .denied = buf_make(judging->arena, MESSAGE_MAX),
                        .trials = trials_begin(&standing->check->probes, &standing->check->simulated, judging),
                        .refuted = json_build(judging->arena, JSON_ARRAY)};
    p.told.asked = standing->asked;
    return p;
}

struct standing standing_make(const struct grants_check *check, const struct judging *judging)
{
    struct standing standing = {.check = check};
    grants_environment_make(&check->facts, judging, &standing.environment);
    standing.asked = grants_context_asked(judging, &standing.environment.prove.policies);
    return standing;
}
