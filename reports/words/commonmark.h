/* commonmark.h: values of an account in Markdown, where they make no link, mention, table cell or tag. */
#ifndef EXPORTCHECK_REPORTS_WORDS_COMMONMARK_H
#define EXPORTCHECK_REPORTS_WORDS_COMMONMARK_H

#include "base/buf.h"

/** Text with everything escaped that Markdown or GitHub would read: CommonMark 2.4, mentions, tags. */
void commonmark_add_text(struct buf *buf, struct str text);

/** A code span, whose delimiter is longer than any run of backticks in it (CommonMark 6.1). */
void commonmark_add_code(struct buf *buf, struct str text);

/** The longest run of backticks in the text, and so many of them: for a fence. */
size_t commonmark_longest_ticks(struct str text);
void commonmark_add_ticks(struct buf *buf, size_t count);

#endif
