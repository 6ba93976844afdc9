/* details.h: everything about one result as plain lines, for formats that have one text to put it in. */
#ifndef EXPORTCHECK_REPORTS_WORDS_DETAILS_H
#define EXPORTCHECK_REPORTS_WORDS_DETAILS_H

#include "rule/results.h"

/**
 * Appends lines in a fixed order: what was found and expected, why it matters, what to do, the
 * evidence, the reference and the result's id. Long values are shortened; identifiers never are.
 */
void details_add(struct buf *buf, const struct result *result);

/** What to do, as lines: console steps, command, note, policy. Nothing where there is no fix. */
void details_add_fix(struct buf *buf, const struct fix *fix);

#endif
