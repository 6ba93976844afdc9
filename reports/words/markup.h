/*
 * markup.h: XML and HTML written to a sink. Every value goes through one function, which cleans it (clean_xml: XML 1.0
 * cannot carry most control characters in any form) and escapes it, so that escaping is right by construction.
 *
 * libxml2's xmlTextWriter does the same; but libxml2 brings ICU and the C++ library, whose loading takes longer than
 * all reports of a check.
 */
#ifndef EXPORTCHECK_REPORTS_WORDS_MARKUP_H
#define EXPORTCHECK_REPORTS_WORDS_MARKUP_H

#include "base/sink.h"

struct markup;

/** A writer to `sink`, closed with `arena`; the document's end is the caller's markup_finish(). */
struct markup *markup_open(struct arena *arena, struct sink *sink);

/** Sends what follows to another sink; what was written before stays with the old one. */
void markup_redirect(struct markup *markup, struct sink *sink);

void markup_declaration(struct markup *markup); /* <?xml version="1.0" encoding="UTF-8"?> */
void markup_start(struct markup *markup, const char *name);
void markup_end(struct markup *markup);      /* <name/> where nothing was written in it */
void markup_end_full(struct markup *markup); /* always </name>: HTML needs it */
void markup_attribute(struct markup *markup, const char *name, struct str value);
void markup_attribute_c(struct markup *markup, const char *name, const char *value);
void markup_attribute_count(struct markup *markup, const char *name, size_t count);
void markup_text(struct markup *markup, struct str text);
void markup_text_c(struct markup *markup, const char *text);
/** Text of ours, written as it is: a doctype, a style sheet, a line break. Never a value. */
void markup_raw(struct markup *markup, const char *text);
/** Markup that was written before, into another sink. */
void markup_copy(struct markup *markup, struct str written);
/** `<name>text</name>` */
void markup_element(struct markup *markup, const char *name, struct str text);
/** Ends what is open, and the last line. */
void markup_finish(struct markup *markup);

#endif
