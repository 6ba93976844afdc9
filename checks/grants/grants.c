/*
 * grants.c: the kinds `grants`, `grants_only` and `grants_none`: what all requests of a set may do, proven on the
 * policies themselves (policy/prove/prove.h). The set is a list of requests, or a template of the documentation.
 */
#include "checks/grants/ahead.h"
#include "checks/grants/context.h"
#include "checks/grants/mending.h"
#include "checks/grants/proving.h"
#include "checks/mend/paste.h"

/* That AWS answers a call proves that something is allowed, and never that something is not. */
static bool load_probes(struct loader *loader, const struct json *definition, struct grants_check *check)
{
    const struct json *probes = json_find(definition, "probes");
    const struct json *simulated = json_find(definition, "simulated");
    const struct json *either = probes ? probes : simulated;
    if (either && !str_equal(json_find_string(definition, "kind"), STR("grants")))
        return loader_fail(loader, either, "\"probes\" and \"simulated\" go with grants");
    return probes_load(loader, probes, &check->probes) && simulated_load(loader, simulated, &check->simulated);
}

static bool load(struct loader *loader, const struct json *definition, bool only, void **ret)
{
    static const struct field fields[] = {
        {"kind", FIELD_STRING, true},      {"policies", FIELD_OBJECT, true}, {"requests", FIELD_ARRAY, false},
        {"universe", FIELD_ARRAY, false},  {"paste", FIELD_OBJECT, false},   {"probes", FIELD_ARRAY, false},
        {"simulated", FIELD_ARRAY, false}, {"inline", FIELD_STRING, false},  GRANTS_TEMPLATE_FIELDS};
    struct grants_check *check = arena_new(loader->arena, struct grants_check);
    if (!loader_fields(loader, definition, "this check", fields, COUNT_OF(fields)) ||
        !grants_facts_load(loader, json_find(definition, "policies"), &check->facts) ||
        !grants_context_load(loader, definition) || !grants_template_load(loader, definition, &check->template) ||
        !grants_template_load_paste(loader, json_find(definition, "paste"), &check->paste) ||
        !load_probes(loader, definition, check))
        return false;
    const struct json *inline_name = json_find(definition, "inline");
    if (inline_name && !str_equal(json_find_string(definition, "kind"), STR("grants")))
        return loader_fail(loader, inline_name, "\"inline\" goes with grants");
    check->inline_name = json_find_string(definition, "inline");
    const struct json *requests = json_find(definition, "requests");
    const struct json *universe = json_find(definition, "universe");
    if (!requests && !check->template.template.name.len)
        return loader_fail(loader, definition, "a grants check has \"requests\" or a \"template\"");
    if (only != (universe != NULL))
        return loader_fail(loader, definition, "\"universe\" goes with grants_only");
    if ((requests && !grants_requests_load(loader, requests, &check->requests)) ||
        (universe && !grants_requests_load(loader, universe, &check->universe)))
        return false;
    *ret = check;
    return true;
}

static bool load_grants(struct loader *loader, const struct json *definition, void **ret)
{
    return load(loader, definition, false, ret);
}

static bool load_grants_only(struct loader *loader, const struct json *definition, void **ret)
{
    return load(loader, definition, true, ret);
}

/* The bucket's policy, where it was read; else NULL. */
static const struct json *own_policy(const struct proving *p)
{
    struct str name = p->check->facts.resource;
    const struct fact *own = name.len ? facts_get(p->judging->scope.facts, name) : NULL;
    return own && own->state == FACT_PRESENT ? own->value : NULL;
}

static const struct json *merged(const struct proving *p, const struct json *wanted, const struct template_asker *asker)
{
    const struct json *own = own_policy(p);
    return own ? grants_paste_merged(p->judging->arena, own, wanted, asker) : wanted;
}

static void prove_template(struct proving *p, struct judgement *ret)
{
    struct arena *arena = p->judging->arena;
    const struct json *policy;
    struct template_asker asker;
    struct request_set set;
    if (!grants_template_fill(&p->check->template, p->judging, &policy, &asker, ret))
        return;
    asker.told = &p->told;
    if (p->check->template.template.on_bucket) {
        struct prove_result result = template_granted(arena, &p->environment.prove, policy, &asker);
        p->asked++;
        proving_note(p, &result);
    } else {
        template_requests(arena, policy, &asker, &set);
        proving_grants(p, &set, true);
    }
    if (!grants_requests_fill(&p->check->requests, p->judging, &p->told, &set, ret))
        return;
    proving_grants(p, &set, false);
    proving_conclude(p, ret);
    if (ret->verdict == VERDICT_FAIL) {
        ret->expected = policy;
        ret->policy = p->check->template.template.on_bucket ? merged(p, policy, &asker) : policy;
    }
}

/* `forbidden`: what the policy must not grant, or NULL. Merging takes nothing away, so what grants it goes first. */
static void add_paste(const struct proving *p, const struct request_set *forbidden, struct judgement *ret)
{
    struct arena *arena = p->judging->arena;
    const struct json *policy;
    struct template_asker asker;
    struct judgement ignored;
    if (ret->verdict != VERDICT_FAIL || p->check->paste.template.name.len == 0 ||
        !grants_template_fill(&p->check->paste, p->judging, &policy, &asker, &ignored))
        return;
    const struct json *own = p->check->paste.template.on_bucket ? own_policy(p) : NULL;
    if (own && forbidden)
        own = grants_paste_cleaned(arena, own, &p->environment.prove, forbidden);
    ret->policy = own ? grants_paste_merged(arena, own, policy, &asker) : policy;
}

/* What OptScale makes of it, where it is OptScale's own requests that are refused. */
static void add_refusal(const struct proving *p, struct judgement *ret)
{
    const struct grants_requests *requests = &p->check->requests;
    struct json refuted = json_built(&p->refuted);
    struct str *actions = arena_array(p->judging->arena, struct str, refuted.count);
    for (size_t i = 0; i < refuted.count; i++)
        actions[i] = json_find_string(&refuted.items[i], "action");
    for (size_t i = 0; ret->verdict == VERDICT_FAIL && i < requests->count; i++) {
        if (requests->items[i].asked)
            ret->refusal = grants_asked_refusal(requests->items[i].asked, p->judging, actions, refuted.count);
    }
}

static void prove_all(struct proving *p, struct judgement *ret)
{
    struct request_set set;
    if (p->check->template.template.name.len) {
        prove_template(p, ret);
        add_paste(p, NULL, ret);
        return;
    }
    if (!grants_requests_fill(&p->check->requests, p->judging, &p->told, &set, ret))
        return;
    proving_grants(p, &set, false);
    proving_conclude(p, ret);
    add_paste(p, NULL, ret);
    add_refusal(p, ret);
}

static void grants_at(const void *data, const struct judging *judging, int64_t at, struct judgement *ret)
{
    struct proving p = proving_begin(data, judging, at);
    prove_all(&p, ret);
}

/* The requests that are written out, or the template's. */
static bool fill_set(struct proving *p, struct request_set *ret, struct judgement *judgement)
{
    const struct json *policy;
    struct template_asker asker;
    if (p->check->requests.count)
        return grants_requests_fill(&p->check->requests, p->judging, &p->told, ret, judgement);
    if (!grants_template_fill(&p->check->template, p->judging, &policy, &asker, judgement))
        return false;
    asker.told = &p->told;
    template_requests(p->judging->arena, policy, &asker, ret);
    return true;
}

static void disprove_all(struct proving *p, struct judgement *ret)
{
    struct request_set set;
    if (!fill_set(p, &set, ret))
        return;
    proving_grants_none(p, &set);
    proving_conclude(p, ret);
    add_paste(p, &set, ret);
}

static void grants_none_at(const void *data, const struct judging *judging, int64_t at, struct judgement *ret)
{
    struct proving p = proving_begin(data, judging, at);
    disprove_all(&p, ret);
}

static void grants_only_at(const void *data, const struct judging *judging, int64_t at, struct judgement *ret)
{
    struct proving p = proving_begin(data, judging, at);
    struct request_set set;
    struct request_set universe;
    if (!fill_set(&p, &set, ret) || !grants_requests_fill(&p.check->universe, judging, &p.told, &universe, ret))
        return;
    struct prove_result result = prove_grants_only(judging->arena, &p.environment.prove, &universe, &set);
    p.asked = 1;
    proving_note(&p, &result);
    proving_conclude(&p, ret);
    add_paste(&p, NULL, ret);
}

static void judge_ahead(grants_judge_at *judge, const struct grants_check *check, const struct judging *judging,
                        struct judgement *ret)
{
    struct standing standing = standing_make(check, judging);
    grants_judge_ahead(judge, &standing, judging, &standing.environment.prove.policies, ret);
}

static void judge_grants(const void *data, const struct judging *judging, struct judgement *ret)
{
    judge_ahead(grants_at, data, judging, ret);
}

static void judge_grants_none(const void *data, const struct judging *judging, struct judgement *ret)
{
    judge_ahead(grants_none_at, data, judging, ret);
}

static void judge_grants_only(const void *data, const struct judging *judging, struct judgement *ret)
{
    judge_ahead(grants_only_at, data, judging, ret);
}

static void mend(const void *data, const struct judging *judging, int way, struct mend *ret)
{
    struct standing standing = standing_make(data, judging);
    struct proving p = proving_begin(&standing, judging, facts_time(judging->scope.facts));
    struct judgement judgement = {.verdict = VERDICT_UNKNOWN};
    prove_all(&p, &judgement);
    mending_grants(&p, judgement.policy, way, ret);
}

static void mend_none(const void *data, const struct judging *judging, int way, struct mend *ret)
{
    struct standing standing = standing_make(data, judging);
    struct proving p = proving_begin(&standing, judging, facts_time(judging->scope.facts));
    struct judgement judgement = {.verdict = VERDICT_UNKNOWN};
    disprove_all(&p, &judgement);
    mending_grants_none(&p, judgement.policy, way, ret);
}

const struct check_kind check_grants = {"grants", "every request of a set is allowed", load_grants, judge_grants, mend};
const struct check_kind check_grants_none = {"grants_none", "no request of a set is allowed", load_grants,
                                             judge_grants_none, mend_none};
const struct check_kind check_grants_only = {"grants_only", "no request outside a set is allowed", load_grants_only,
                                             judge_grants_only, NULL};
