/*
 * fold.h: texts in the form in which messages are compared: any white space is one blank, quotes are plain, a backslash
 * before a quote (a JSON body's) is gone, letters are small.
 */
#ifndef EXPORTCHECK_OPTSCALE_MESSAGES_FOLD_H
#define EXPORTCHECK_OPTSCALE_MESSAGES_FOLD_H

#include "base/str.h"

/** A text in its own letters, and the same in small ones: same length, same places. */
struct folded {
    struct str text;
    struct str lower;
};

/** Never longer than `text`, of which at most `max` bytes are looked at. */
struct folded fold(struct arena *arena, struct str text, ptrdiff_t max);

#endif
