/* match.h: one text against patterns of the catalogue, one by one; what match.c and index.c share. */
#ifndef EXPORTCHECK_OPTSCALE_MESSAGES_MATCH_H
#define EXPORTCHECK_OPTSCALE_MESSAGES_MATCH_H

#include "optscale/messages/fold.h"
#include "optscale/messages/messages.h"

/** Bytes of a pattern's text that must be there before the message may end. */
enum { OPTSCALE_CUT_WEIGHT_MIN = 12 };

/** A text on its way through the catalogue. */
struct matching {
    struct folded text;
    bool is_whole;                                      /* the text was not cut off: patterns have to end in it */
    struct optscale_match best[OPTSCALE_SPEAKER_COUNT]; /* of each speaker; without a message: none yet */
};

/** Folds the text. */
struct matching matching_begin(struct arena *arena, struct str text);
/** Tries one pattern; of the same weight the one that was tried first stays. */
void matching_try(struct matching *matching, const struct optscale_message *message,
                  const struct optscale_pattern *pattern);
/** What was found, as optscale_messages_match() gives it. */
size_t matching_end(const struct matching *matching, struct optscale_match ret[OPTSCALE_SPEAKER_COUNT]);

/**
 * The next literal of a folded pattern, `*pattern` moved behind it and the capture that follows; its name in
 * `ret_capture`, empty where none does.
 */
struct str optscale_pattern_literal(struct str *pattern, struct str *ret_capture);

#endif
