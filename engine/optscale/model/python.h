/*
 * python.h: the few pieces of Python's behaviour that show in OptScale's messages and choices.
 */
#ifndef EXPORTCHECK_OPTSCALE_MODEL_PYTHON_H
#define EXPORTCHECK_OPTSCALE_MODEL_PYTHON_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

/** Appends `repr(text)`: quotes, escapes, and which of the two quotes is used. */
void python_repr(struct buf *buf, struct str text);

/** Appends `repr()` of a datetime in the local zone of a container that runs in UTC. */
void python_repr_time(struct buf *buf, int64_t microseconds);

/** `text.replace(part, '')`; `text` itself, uncopied, where nothing is removed. */
struct str python_remove_all(struct arena *arena, struct str text, struct str part);

#endif
