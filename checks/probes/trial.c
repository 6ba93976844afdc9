/* trial.c: see trial.h. */
#include "checks/probes/trial.h"

enum { LIST_MAX = 1500 };

struct trials trials_begin(const struct probes *probes, const struct judging *judging)
{
    return (struct trials){.probes = probes,
                           .judging = judging,
                           .allowed = buf_make(judging->arena, LIST_MAX),
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

struct str trials_tell(const struct trials *trials, enum probes_outcome outcome, struct str action,
                       const struct fact *refusal)
{
    struct arena *arena = trials->judging->arena;
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

struct str trials_note(const struct trials *trials)
{
    struct str allowed = buf_str(&trials->allowed);
    bool could_try = trials->probes->count && probes_speak(trials->judging);
    struct str open = could_try ? buf_str(&trials->open) : STR("");
    return str_format(trials->judging->arena, "%s%.*s%s%s%.*s", allowed.len ? "tried, and allowed by AWS: " : "",
                      STR_ARG(allowed), allowed.len && open.len ? "; " : "", open.len ? "not tried: " : "",
                      STR_ARG(open));
}

void trials_evidence(const struct trials *trials, size_t proved, struct judgement *ret)
{
    size_t count;
    const struct str *calls = probes_evidence(trials->probes, trials->judging, &count);
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
