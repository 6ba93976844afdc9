/*
 * xml_read.h: AWS's XML documents as JSON values, by shape. libxml2 parses, with the network, DTDs
 * and entities off and its own limits on; names are matched without their namespace, since some
 * answers have none.
 */
#ifndef EXPORTCHECK_AWS_SHAPE_XML_READ_H
#define EXPORTCHECK_AWS_SHAPE_XML_READ_H

#include "aws/operation/operation.h"
#include "aws/shape/libxml.h"
#include "base/error.h"

/** How strings that the shapes call keys are read. */
struct xml_reading {
    struct arena *arena;
    bool url_encoded;
    struct error *error;
};

/**
 * A parsed document, which is ten times as large as its text: it is closed as soon as it has been
 * read, and nothing that is read from it points into it.
 */
struct xml_document {
    struct libxml libxml;
    xmlDoc *tree;
};
/** For CLEANUP(); an empty document is allowed. */
void xml_close(struct xml_document *document);

/**
 * Parses a text and returns the root element. NULL, code io: libxml2 is not installed; code BadAnswer: no XML, XML that
 * breaks off, a document type declaration.
 */
const xmlNode *xml_parse(struct str text, struct xml_document *document, struct error *error) MUST_CHECK;

bool xml_is_named(const xmlNode *node, const char *name);
/** The first child element of that name, or NULL (also for a NULL node). */
const xmlNode *xml_child(const xmlNode *node, const char *name);
/** The text directly in an element, in the arena; empty for NULL. */
struct str xml_text(struct arena *arena, const xmlNode *node);

/** The members of a structure that stand in the body, from the element that holds them; absent ones are left out. */
bool xml_read_members(const struct xml_reading *reading, const xmlNode *node, const struct shape *shape,
                      struct json_builder *object) MUST_CHECK;
/** The value of an element; an empty one is null, save lists and maps. */
bool xml_read_value(const struct xml_reading *reading, const xmlNode *node, const struct shape *shape,
                    struct json *ret) MUST_CHECK;

/** What an error document says; parts that are missing are empty. */
struct xml_error {
    struct str code;
    struct str message;
    struct str region;
    struct str request_id;
};
/**
 * Whether the document is an error: `<Error>` (S3), `<ErrorResponse><Error>` (query, S3 Control) or
 * `<Response><Errors><Error>` (EC2), with a code.
 */
bool xml_read_error(struct arena *arena, const xmlNode *root, struct xml_error *ret);

#endif
