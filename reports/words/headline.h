/* headline.h: the verdict of a run, in one sentence: the first that every report for people says. */
#ifndef EXPORTCHECK_REPORTS_WORDS_HEADLINE_H
#define EXPORTCHECK_REPORTS_WORDS_HEADLINE_H

#include "rule/results.h"

enum standing {
    STANDING_READY,       /* exit status 0 */
    STANDING_NOT_READY,   /* 1: something failed that decides */
    STANDING_NOT_DECIDED, /* anything else: nothing failed, and nobody can say that all is well */
    STANDING_COUNT,
};

enum standing headline_standing(const struct run_info *run);

/** That of one target among many, by the status that a run of its own would exit with. */
enum standing headline_standing_of(int exit_status);

/** "Ready", "Not ready", "Not decided". */
struct str headline_word(enum standing standing);

/**
 * "Ready: OptScale will connect and import 4 months.", "Not ready: connecting would succeed, but the costs of
 * 2 accounts are dropped; 4 more things to mend.", "Not decided: …". It begins with headline_word().
 */
struct str headline_text(struct arena *arena, const struct run_info *run);

/** How many targets of a run over many stand how: `ret_counts` has STANDING_COUNT places. */
void headline_count_targets(struct arena *scratch, const struct run_info *run, size_t *ret_counts);

#endif
