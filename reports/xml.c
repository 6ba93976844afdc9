/* xml.c: see xml.h. libxml2 wants NUL-terminated text, which the scratch arena gives. */
#include "reports/xml.h"

#include "reports/clean.h"
#include "reports/words.h"

#include <libxml/xmlwriter.h>

struct xml {
    xmlTextWriter *writer;
    struct sink *sink;
    struct arena *scratch;
    struct arena_mark start; /* of the scratch arena */
};

/** libxml2's output callback; the sink keeps errors until the end. */
static int write_to_sink(void *context, const char *bytes, int length)
{
    struct xml *xml = context;
    sink_add(xml->sink, (struct str){bytes, length});
    return length;
}

static void close_xml(void *object)
{
    struct xml *xml = object;
    xmlFreeTextWriter(xml->writer);
}

struct xml *xml_open(struct arena *arena, struct sink *sink)
{
    struct xml *xml = arena_new(arena, struct xml);
    xml->sink = sink;
    xml->scratch = words_scratch(arena);
    xml->start = arena_mark(xml->scratch);
    xmlOutputBuffer *buffer = xmlOutputBufferCreateIO(write_to_sink, NULL, xml, NULL);
    xml->writer = buffer ? xmlNewTextWriter(buffer) : NULL;
    if (!xml->writer) { /* out of memory: every later write would be lost */
        sink->failed = true;
        return xml;
    }
    arena_defer(arena, close_xml, xml);
    return xml;
}

/** Clean and NUL-terminated; valid until the next call. */
static const xmlChar *terminated(struct xml *xml, struct str text)
{
    arena_rewind(xml->scratch, xml->start);
    return (const xmlChar *)str_to_c(xml->scratch, clean_xml(xml->scratch, text));
}

/** A negative result means that the writer is out of memory, or was used in the wrong order. */
static void require(struct xml *xml, int result)
{
    if (result < 0)
        xml->sink->failed = true;
}

void xml_redirect(struct xml *xml, struct sink *sink)
{
    require(xml, xmlTextWriterFlush(xml->writer));
    xml->sink = sink;
}

void xml_declaration(struct xml *xml)
{
    /* Written by hand: xmlTextWriterStartDocument() with an encoding would set up a converter. */
    xml_raw(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void xml_start(struct xml *xml, const char *name)
{
    require(xml, xmlTextWriterStartElement(xml->writer, (const xmlChar *)name));
}

void xml_end(struct xml *xml)
{
    require(xml, xmlTextWriterEndElement(xml->writer));
}

void xml_end_full(struct xml *xml)
{
    require(xml, xmlTextWriterFullEndElement(xml->writer));
}

void xml_attribute(struct xml *xml, const char *name, struct str value)
{
    require(xml, xmlTextWriterWriteAttribute(xml->writer, (const xmlChar *)name, terminated(xml, value)));
}

void xml_attribute_c(struct xml *xml, const char *name, const char *value)
{
    xml_attribute(xml, name, str_from(value));
}

void xml_attribute_count(struct xml *xml, const char *name, size_t count)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%zu", count);
    xml_attribute_c(xml, name, digits);
}

void xml_text(struct xml *xml, struct str text)
{
    require(xml, xmlTextWriterWriteString(xml->writer, terminated(xml, text)));
}

void xml_text_c(struct xml *xml, const char *text)
{
    xml_text(xml, str_from(text));
}

void xml_raw(struct xml *xml, const char *markup)
{
    require(xml, xmlTextWriterWriteRaw(xml->writer, (const xmlChar *)markup));
}

void xml_copy(struct xml *xml, struct str markup)
{
    xml_raw(xml, "");
    require(xml, xmlTextWriterFlush(xml->writer));
    sink_add(xml->sink, markup);
}

void xml_element(struct xml *xml, const char *name, struct str text)
{
    xml_start(xml, name);
    xml_text(xml, text);
    xml_end_full(xml);
}

void xml_finish(struct xml *xml)
{
    require(xml, xmlTextWriterEndDocument(xml->writer));
    require(xml, xmlTextWriterFlush(xml->writer));
}
