/* markup.c: see markup.h. */
#include "reports/words/markup.h"

#include "base/bytes.h"
#include "reports/words/clean.h"
#include "reports/words/words.h"

enum { DEPTH_MAX = 64 };

/** Where the next byte would stand. */
enum place { IN_CONTENT, IN_TAG /* behind `<name`, whose `>` is still to come */, IN_VALUE /* of an attribute */ };

struct markup {
    struct sink *sink;
    struct arena *scratch;
    struct arena_mark start; /* of the scratch arena */
    enum place place;
    const char *open[DEPTH_MAX]; /* the names of the elements that are open */
    size_t depth;
};

struct markup *markup_open(struct arena *arena, struct sink *sink)
{
    struct markup *markup = arena_new(arena, struct markup);
    markup->sink = sink;
    markup->scratch = words_scratch(arena);
    markup->start = arena_mark(markup->scratch);
    return markup;
}

void markup_redirect(struct markup *markup, struct sink *sink)
{
    markup->sink = sink;
}

/** Content follows: the tag that is open gets its end. */
static void close_tag(struct markup *markup)
{
    if (markup->place == IN_TAG)
        sink_add_char(markup->sink, '>');
    if (markup->place == IN_TAG)
        markup->place = IN_CONTENT;
}

void markup_declaration(struct markup *markup)
{
    markup_raw(markup, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void markup_start(struct markup *markup, const char *name)
{
    if (markup->depth == DEPTH_MAX) {
        markup->sink->failed = true;
        return;
    }
    close_tag(markup);
    sink_add_char(markup->sink, '<');
    sink_add_c(markup->sink, name);
    markup->open[markup->depth++] = name;
    markup->place = IN_TAG;
}

void markup_end_full(struct markup *markup)
{
    close_tag(markup);
    sink_add_c(markup->sink, "</");
    sink_add_c(markup->sink, markup->open[--markup->depth]);
    sink_add_char(markup->sink, '>');
}

void markup_end(struct markup *markup)
{
    if (markup->place != IN_TAG) {
        markup_end_full(markup);
        return;
    }
    sink_add_c(markup->sink, "/>");
    markup->place = IN_CONTENT;
    markup->depth--;
}

/** What stands for the byte; NULL: it stands for itself. Blanks are kept in attributes by writing them as numbers. */
static const char *escape_of(char c, enum place place)
{
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\r': return "&#13;";
    case '\n': return place == IN_VALUE ? "&#10;" : NULL;
    case '\t': return place == IN_VALUE ? "&#9;" : NULL;
    default: return NULL;
    }
}

/** Marks the bytes that escape_of() may have something for. */
static uint64_t special_bytes(uint64_t word)
{
    return bytes_control(word) | bytes_equal(word, '<') | bytes_equal(word, '>') | bytes_equal(word, '&') |
           bytes_equal(word, '"');
}

/** The next byte from `from` on that may have to be escaped; the length where there is none. */
static ptrdiff_t next_special(struct str text, ptrdiff_t from)
{
    uint64_t marks = 0;
    for (; from + (ptrdiff_t)sizeof marks <= text.len; from += (ptrdiff_t)sizeof marks) {
        marks = special_bytes(bytes_load(text.ptr + from));
        if (marks)
            return from + (ptrdiff_t)bytes_before(marks);
    }
    return from; /* the last few, one by one */
}

/** Writes a value where the writer stands, in an element or in an open attribute: every value comes through here. */
static void write_value(struct markup *markup, struct str text)
{
    close_tag(markup);
    arena_rewind(markup->scratch, markup->start);
    struct str clean = clean_xml(markup->scratch, text);
    ptrdiff_t written = 0;
    for (ptrdiff_t i = next_special(clean, 0); i < clean.len; i = next_special(clean, i + 1)) {
        const char *escape = escape_of(clean.ptr[i], markup->place);
        if (!escape)
            continue;
        sink_add(markup->sink, str_slice(clean, written, i));
        sink_add_c(markup->sink, escape);
        written = i + 1;
    }
    sink_add(markup->sink, str_skip(clean, written));
}

void markup_attribute(struct markup *markup, const char *name, struct str value)
{
    sink_add_char(markup->sink, ' ');
    sink_add_c(markup->sink, name);
    sink_add_c(markup->sink, "=\"");
    markup->place = IN_VALUE;
    write_value(markup, value);
    sink_add_char(markup->sink, '"');
    markup->place = IN_TAG;
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
    close_tag(markup);
    sink_add_c(markup->sink, text);
}

void markup_copy(struct markup *markup, struct str written)
{
    close_tag(markup);
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
    while (markup->depth)
        markup_end(markup);
    markup_raw(markup, "\n");
}
