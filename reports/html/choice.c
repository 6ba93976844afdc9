/* choice.c: see choice.h. */
#include "reports/html/choice.h"

static size_t failed_rank(enum severity severity)
{
    return (size_t)(CHOICE_FAILED + SEVERITY_CRITICAL - severity);
}

static size_t rank_of(const struct result *result)
{
    static const enum choice_rank ranks[VERDICT_COUNT] = {
        [VERDICT_UNKNOWN] = CHOICE_UNKNOWN, [VERDICT_PENDING] = CHOICE_PENDING, [VERDICT_WAIVED] = CHOICE_WAIVED,
        [VERDICT_PASS] = CHOICE_PASS,       [VERDICT_SKIP] = CHOICE_SKIP,
    };
    if (result->verdict == VERDICT_FAIL)
        return result->advice ? CHOICE_ADVICE : failed_rank(result->severity);
    return ranks[result->verdict];
}

struct choice choice_of(const struct summary *summary, size_t most)
{
    const size_t *counts = summary->count;
    struct choice choice = {.room = {[CHOICE_UNKNOWN] = counts[VERDICT_UNKNOWN],
                                     [CHOICE_PENDING] = counts[VERDICT_PENDING],
                                     [CHOICE_ADVICE] = summary->advice,
                                     [CHOICE_WAIVED] = counts[VERDICT_WAIVED],
                                     [CHOICE_PASS] = counts[VERDICT_PASS],
                                     [CHOICE_SKIP] = counts[VERDICT_SKIP]}};
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        choice.room[failed_rank((enum severity)i)] = summary->failed[i];
    size_t left = most;
    for (size_t i = 0; i < CHOICE_RANKS; i++) {
        choice.room[i] = choice.room[i] < left ? choice.room[i] : left;
        left -= choice.room[i];
    }
    for (size_t i = 0; i < CHOICE_RANKS && left; i++)
        choice.room[i] += left; /* all fit: then the counts need not be believed */
    return choice;
}

bool choice_takes(struct choice *choice, const struct result *result)
{
    size_t *room = &choice->room[rank_of(result)];
    if (!*room)
        return false;
    --*room;
    return true;
}
