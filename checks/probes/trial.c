/* trial.c: see trial.h. */
#include "checks/probes/trial.h"

enum { LIST_MAX = 1500 };

struct trials trials_begin(const struct probes *probes, const struct simulated *simulated,
                           const struct judging *judging)
{
    return (struct trials){.probes = probes,
                           .simulated = simulated,
                           .judging = judging,
                           .allowed = buf_make(judging->arena, LIST_MAX),
                           .assumed = buf_make(judging->arena, LIST_MAX),
                           .open = buf_make(judging->arena, LIST_MAX)};
}

/* Each once: OptScale lists several folders. */
static void list_action(struct buf *list, struct str action)
{
    if (!str_contains(buf_str(list), action))
        buf_addf(list, "%s%.*s", list->len ? ", " : "", STR_ARG(action));
}

void trials_allowed(struct trials *trials, struct str action)
{
    list_action(&trials->allowed, action);
    trials->count++;
}

void trials_open(struct trials *trials, struct str action)
{
    list_action(&trials->open, action);
}

static struct str tell(struct arena *arena, enum probes_outcome outcome, struct str action, const struct fact *refusal)
{
    if (outcome == OUTCOME_NOT_ALL)
        return str_format(
            arena,
            "AWS allowed %.*s when it was tried, and no policy that was read does: the policies that were "
            "read are not all",
            STR_ARG(action));
    struct str words = refusal->message.len ? refusal->message : refusal->code;
    if (outcome == OUTCOME_REFUSED)
        return str_format(arena, "AWS refused %.*s when it was tried: %.*s", STR_ARG(refusal->action), STR_ARG(words));
    return str_format(arena, "the policies allow %.*s, and AWS refused it when it was tried: %.*s (%.*s)",
                      STR_ARG(refusal->action), STR_ARG(probes_between(arena, words)), STR_ARG(words));
}

/* A refusal that no policy which was read explains. */
static struct prove_result refused(const struct request_part *part, struct str text)
{
    struct prove_result result = {.verdict = PROVE_REFUTED, .text = text};
    result.example.request.action = part->actions[0];
    result.example.request.resource = part->resource_count ? part->resources[0] : STR("*");
    return result;
}

struct prove_result trials_contradict(struct trials *trials, enum probes_outcome outcome,
                                      const struct request_part *part, const struct fact *refusal)
{
    struct prove_result result = refused(part, tell(trials->judging->arena, outcome, part->actions[0], refusal));
    if (outcome == OUTCOME_NOT_ALL)
        result.verdict = PROVE_UNDECIDED;
    else
        trials->decided = true;
    return result;
}

static struct decision allowed_by_nobody(void)
{
    struct decision decision = {.verdict = DECISION_IMPLICITLY_DENIED, .reason_count = 1};
    decision.reasons[0].type = POLICY_IDENTITY;
    return decision;
}

bool trials_simulate(struct trials *trials, const struct prove_environment *environment,
                     const struct request_part *part, struct prove_result *ret)
{
    struct arena *arena = trials->judging->arena;
    struct str action = part->actions[0];
    struct simulated_answer answer = simulated_ask(trials->simulated, trials->judging, action);
    if (answer.said == PROBE_SILENT)
        return false;
    trials->decided = true;
    if (answer.said == PROBE_REFUSED) {
        *ret = refused(part,
                       str_format(arena, "IAM's simulator refuses %.*s: %.*s", STR_ARG(action), STR_ARG(answer.why)));
        if (answer.missing)
            ret->example.decision = allowed_by_nobody();
        trials->simulated_refusal = true;
        return true;
    }
    struct prove_environment assumed = simulated_environment(arena, environment);
    struct request_set set = {part, 1};
    *ret = prove_grants(arena, &assumed, &set);
    if (ret->verdict == PROVE_PROVED) {
        list_action(&trials->assumed, action);
        trials->count++;
    }
    return ret->verdict != PROVE_UNDECIDED;
}

static void add_part(struct buf *note, const char *label, struct str list)
{
    if (list.len)
        buf_addf(note, "%s%s%.*s", note->len ? "; " : "", label, STR_ARG(list));
}

struct str trials_note(const struct trials *trials)
{
    struct buf note = buf_make(trials->judging->arena, 3 * LIST_MAX);
    bool could_try = trials->probes->count && probes_speak(trials->judging);
    add_part(&note, "tried, and allowed by AWS: ", buf_str(&trials->allowed));
    add_part(&note, "allowed by IAM's simulator: ", buf_str(&trials->assumed));
    add_part(&note, "says ", trials->simulated_refusal ? STR("IAM's simulator") : STR(""));
    add_part(&note, "not tried: ", could_try ? buf_str(&trials->open) : STR(""));
    return buf_str(&note);
}

/* The calls that were tried, and those of the simulator where it decided. */
static const struct str *calls_of(const struct trials *trials, struct str resource, size_t *ret_count)
{
    size_t tried, asked;
    const struct str *probes = probes_evidence(trials->probes, trials->judging, &tried);
    const struct str *simulated = simulated_evidence(trials->simulated, trials->judging, &asked);
    struct str *all = arena_array(trials->judging->arena, struct str, tried + asked + 1);
    for (size_t i = 0; i < tried + asked; i++)
        all[i] = i < tried ? probes[i] : simulated[i - tried];
    all[tried + asked] = resource;
    *ret_count = tried + asked + (trials->assumed.len && resource.len);
    return all;
}

void trials_evidence(const struct trials *trials, size_t proved, struct str resource, struct judgement *ret)
{
    size_t count;
    const struct str *calls = calls_of(trials, resource, &count);
    if (ret->verdict == VERDICT_PASS && proved == trials->count) {
        ret->facts = calls;
        ret->fact_count = count;
        return;
    }
    struct str *all = arena_array(trials->judging->arena, struct str, ret->more_fact_count + count);
    for (size_t i = 0; i < ret->more_fact_count; i++)
        all[i] = ret->more_facts[i];
    for (size_t i = 0; i < count; i++)
        all[ret->more_fact_count + i] = calls[i];
    ret->more_facts = all;
    ret->more_fact_count += count;
}
