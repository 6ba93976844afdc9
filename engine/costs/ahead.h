/* ahead.h: bytes that a thread of its own reads ahead, so that unpacking a file and splitting it go side by side. */
#ifndef EXPORTCHECK_COSTS_AHEAD_H
#define EXPORTCHECK_COSTS_AHEAD_H

#include "costs/source.h"

/**
 * The same bytes and the same failure as those of `source`, which is the thread's from now on. The thread ends with the
 * arena; where none can be started, it is `source` itself that is given back.
 */
struct byte_source ahead_open(struct arena *arena, const struct byte_source *source);

#endif
