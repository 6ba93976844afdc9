/* markup.c: see markup.h. */
#include "reports/markup.h"

#include "reports/clean.h"
#include "reports/words.h"

#include <libxml/xmlwriter.h>
#include <limits.h>

struct markup {
    xmlTextWriter *writer;
    struct sink *sink;
    struct arena *scratch;
    struct arena_mark start; /* of the scratch arena */
};

/** libxml2's output callback; the sink keeps errors until the end. */
static int write_to_sink(void *context, const char *bytes, int length)
{
    struct markup *markup = context;
    sink_add(markup->sink, (struct str){bytes, length});
    return length;
}

static void close_markup(void *object)
{
    struct markup *markup = object;
    xmlFreeTextWriter(markup->writer);
}

struct markup *markup_open(struct arena *arena, struct sink *sink)
{
    struct markup *markup = arena_new(arena, struct markup);
    markup->sink = sink;
    markup->scratch = words_scratch(arena);
    markup->start = arena_mark(markup->scratch);
    xmlOutputBuffer *buffer = xmlOutputBufferCreateIO(write_to_sink, NULL, markup, NULL);
    markup->writer = buffer ? xmlNewTextWriter(buffer) : NULL;
    if (!markup->writer) { /* out of memory: every later write would be lost */
        sink->failed = true;
        return markup;
    }
    arena_defer(arena, close_markup, markup);
    return markup;
}

/** Whether libxml2 would have to escape something, in a text or in an attribute. */
static bool needs_escape(struct str text)
{
    bool needs = false;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        needs |= c == '<' || c == '>' || c == '&' || c == '"' || c == '\n' || c == '\t';
    }
    return needs;
}

/** A negative result means that the writer is out of memory, or was used in the wrong order. */
static void require(struct markup *markup, int result)
{
    if (result < 0)
        markup->sink->failed = true;
}

void markup_redirect(struct markup *markup, struct sink *sink)
{
    require(markup, xmlTextWriterFlush(markup->writer));
    markup->sink = sink;
}

void markup_declaration(struct markup *markup)
{
    /* Written by hand: xmlTextWriterStartDocument() with an encoding would set up a converter. */
    markup_raw(markup, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void markup_start(struct markup *markup, const char *name)
{
    require(markup, xmlTextWriterStartElement(markup->writer, (const xmlChar *)name));
}

void markup_end(struct markup *markup)
{
    require(markup, xmlTextWriterEndElement(markup->writer));
}

void markup_end_full(struct markup *markup)
{
    require(markup, xmlTextWriterFullEndElement(markup->writer));
}

/**
 * Writes a value where the writer stands: in an element or in an open attribute. libxml2 escapes
 * it; what has nothing to escape is handed over as it is, which saves its copy.
 */
static void write_value(struct markup *markup, struct str text)
{
    arena_rewind(markup->scratch, markup->start);
    struct str clean = clean_xml(markup->scratch, text);
    if (!clean.len)
        require(markup, xmlTextWriterWriteRaw(markup->writer, (const xmlChar *)""));
    else if (needs_escape(clean) || clean.len > INT_MAX)
        require(markup, xmlTextWriterWriteString(markup->writer, (const xmlChar *)str_to_c(markup->scratch, clean)));
    else
        require(markup, xmlTextWriterWriteRawLen(markup->writer, (const xmlChar *)clean.ptr, (int)clean.len));
}

void markup_attribute(struct markup *markup, const char *name, struct str value)
{
    require(markup, xmlTextWriterStartAttribute(markup->writer, (const xmlChar *)name));
    write_value(markup, value);
    require(markup, xmlTextWriterEndAttribute(markup->writer));
}

void markup_attribute_c(struct markup *markup, const char *name, const char *value)
{
    markup_attribute(markup, name, str_from(value));
}

void markup_attribute_count(struct markup *markup, const char *name, size_t count)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%zu", count);
    markup_attribute_c(markup, name, digits);
}

void markup_text(struct markup *markup, struct str text)
{
    write_value(markup, text);
}

void markup_text_c(struct markup *markup, const char *text)
{
    markup_text(markup, str_from(text));
}

void markup_raw(struct markup *markup, const char *text)
{
    require(markup, xmlTextWriterWriteRaw(markup->writer, (const xmlChar *)text));
}

void markup_copy(struct markup *markup, struct str written)
{
    markup_raw(markup, "");
    require(markup, xmlTextWriterFlush(markup->writer));
    sink_add(markup->sink, written);
}

void markup_element(struct markup *markup, const char *name, struct str text)
{
    markup_start(markup, name);
    markup_text(markup, text);
    markup_end_full(markup);
}

void markup_finish(struct markup *markup)
{
    require(markup, xmlTextWriterEndDocument(markup->writer));
    require(markup, xmlTextWriterFlush(markup->writer));
}
