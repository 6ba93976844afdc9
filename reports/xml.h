/*
 * xml.h: XML and HTML written to a sink by libxml2's xmlTextWriter, so that escaping is right by
 * construction. Every text is cleaned first (clean_xml), since XML 1.0 cannot carry most control
 * characters in any form. This is the only file of the reports that knows libxml2.
 */
#ifndef EXPORTCHECK_REPORTS_XML_H
#define EXPORTCHECK_REPORTS_XML_H

#include "base/sink.h"

struct xml;

/** A writer to `sink`, closed with `arena`; the document's end is the caller's xml_finish(). */
struct xml *xml_open(struct arena *arena, struct sink *sink);

/** Sends what follows to another sink; what was written before is flushed to the old one. */
void xml_redirect(struct xml *xml, struct sink *sink);

void xml_declaration(struct xml *xml); /* <?xml version="1.0" encoding="UTF-8"?> */
void xml_start(struct xml *xml, const char *name);
void xml_end(struct xml *xml);      /* <name/> where nothing was written in it */
void xml_end_full(struct xml *xml); /* always </name>: HTML needs it */
void xml_attribute(struct xml *xml, const char *name, struct str value);
void xml_attribute_c(struct xml *xml, const char *name, const char *value);
void xml_attribute_count(struct xml *xml, const char *name, size_t count);
void xml_text(struct xml *xml, struct str text);
void xml_text_c(struct xml *xml, const char *text);
/** Text of ours, written as it is: a doctype, a style sheet, a line break. Never a value. */
void xml_raw(struct xml *xml, const char *markup);
/** Markup that xml wrote before, into another sink. */
void xml_copy(struct xml *xml, struct str markup);
/** `<name>text</name>` */
void xml_element(struct xml *xml, const char *name, struct str text);
/** Ends what is open and flushes. */
void xml_finish(struct xml *xml);

#endif
