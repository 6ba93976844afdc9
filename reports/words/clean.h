/*
 * clean.h: text of an account made fit for a terminal, a table cell or an XML document. Names of
 * buckets, Sids and tags are chosen by others, and need not be UTF-8: what could move a cursor,
 * turn the reading direction or break a document is taken out here, once.
 */
#ifndef EXPORTCHECK_REPORTS_WORDS_CLEAN_H
#define EXPORTCHECK_REPORTS_WORDS_CLEAN_H

#include "base/arena.h"
#include "base/str.h"

/**
 * One line for people: ANSI escape sequences are dropped, line breaks and tabs become a space,
 * every other control character (C0, DEL, C1), bidirectional override and byte that is no UTF-8
 * becomes U+FFFD. Returns `text` itself where there is nothing to do.
 */
struct str clean_line(struct arena *arena, struct str text);

/** The same, but line breaks and tabs stay: for policies and commands. */
struct str clean_block(struct arena *arena, struct str text);

/**
 * What XML 1.0 can carry (section 2.2, production Char): as clean_block(), save that DEL and C1
 * stay, since XML allows them and neither browsers nor CI servers act on them.
 */
struct str clean_xml(struct arena *arena, struct str text);

/** Columns that clean text takes on a terminal: its code points. */
size_t clean_width(struct str text);

#endif
