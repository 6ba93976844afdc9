/*
 * libxml.h: libxml2's parser, loaded when the first XML answer is read. It brings ICU and the C++ library: what needs
 * no XML (a snapshot, the billing services' JSON) should not wait a millisecond for them.
 */
#ifndef EXPORTCHECK_AWS_SHAPE_LIBXML_H
#define EXPORTCHECK_AWS_SHAPE_LIBXML_H

#include "base/error.h"

#include <libxml/parser.h>

/** libxml2's functions under their own names. */
struct libxml {
    void *handle;
    xmlDoc *(*read_memory)(const char *text, int size, const char *url, const char *encoding, int options);
    xmlNode *(*root_element)(const xmlDoc *document);
    void (*free_document)(xmlDoc *document);
};

/** Cheap after the first time: the library stays mapped. False, code "io": it is not installed. */
bool libxml_load(struct libxml *ret, struct error *error) MUST_CHECK;
/** Each load needs one. An empty struct is allowed. */
void libxml_unload(struct libxml *libxml);

#endif
