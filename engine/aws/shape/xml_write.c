/* xml_write.c: JSON values as XML by shape; see xml_write.h. */
#include "aws/shape/xml_write.h"

#include "aws/operation/call.h"
#include "aws/shape/scalar.h"

#include <string.h>

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* U+FFFE and U+FFFF, which are no characters (XML 1.0, section 2.2). */
static bool is_no_character(struct str rest)
{
    return rest.len >= 3 && memcmp(rest.ptr, "\xEF\xBF", 2) == 0 && (unsigned char)rest.ptr[2] >= 0xBE;
}

/* In an attribute line ends and tabs would be read as blanks (XML 1.0, section 3.3.3). */
static void write_escaped(struct buf *out, struct str text, bool in_attribute)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '&') {
            buf_add_c(out, "&amp;");
        } else if (c == '<') {
            buf_add_c(out, "&lt;");
        } else if (c == '>') {
            buf_add_c(out, "&gt;");
        } else if (c == '"') {
            buf_add_c(out, "&quot;");
        } else if (c == '\r' || (in_attribute && (c == '\n' || c == '\t'))) {
            buf_addf(out, "&#%d;", c); /* a bare \r would be read as \n (section 2.11) */
        } else if (c < 0x20 && c != '\n' && c != '\t') {
            buf_add_utf8(out, 0xFFFD);
        } else if (c == 0xEF && is_no_character(str_skip(text, i))) {
            buf_add_utf8(out, 0xFFFD);
            i += 2;
        } else {
            buf_add_char(out, (char)c);
        }
    }
}

void xml_write_text(struct buf *out, struct str text)
{
    write_escaped(out, text, false);
}

void xml_write_open(struct buf *out, const char *name, const char *xml_namespace)
{
    if (xml_namespace)
        buf_addf(out, "<%s xmlns=\"%s\">", name, xml_namespace);
    else
        buf_addf(out, "<%s>", name);
}

void xml_write_close(struct buf *out, const char *name)
{
    buf_addf(out, "</%s>", name);
}

void xml_write_leaf(struct buf *out, const char *name, struct str text)
{
    xml_write_open(out, name, NULL);
    xml_write_text(out, text);
    xml_write_close(out, name);
}

static void write_element(const struct xml_writing *w, const char *name, const struct shape *shape,
                          const struct json *value, int depth);

static void write_entry(const struct xml_writing *w, const char *name, const struct shape *shape,
                        const struct json_member *entry, int depth)
{
    xml_write_open(w->out, name, NULL);
    xml_write_leaf(w->out, shape->key_name, entry->name);
    write_element(w, shape->value_name, shape->item, &entry->value, depth + 1);
    xml_write_close(w->out, name);
}

/* The items of a list or map, each as an element of that name. */
static void write_items(const struct xml_writing *w, const char *name, const struct shape *shape,
                        const struct json *value, int depth)
{
    for (size_t i = 0; i < value->count; i++) {
        if (value->type == JSON_ARRAY)
            write_element(w, name, shape->item, &value->items[i], depth + 1);
        else
            write_entry(w, name, shape, &value->members[i], depth);
    }
}

/* Whether the value is of the type that its shape says; else it is written as text. */
static bool is_container(const struct shape *shape, const struct json *value)
{
    if (shape->kind == SHAPE_LIST)
        return value->type == JSON_ARRAY;
    return (shape->kind == SHAPE_STRUCTURE || shape->kind == SHAPE_MAP) && value->type == JSON_OBJECT;
}

static void write_members(const struct xml_writing *w, const struct shape *shape, const struct json *value, int depth)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        const struct json *part = json_find(value, member->name);
        if (!part || member->location != LOCATION_BODY || member->attribute)
            continue;
        if (member->shape->flattened && is_container(member->shape, part))
            write_items(w, member->wire_name, member->shape, part, depth);
        else
            write_element(w, member->wire_name, member->shape, part, depth);
    }
}

static void write_attributes(const struct xml_writing *w, const struct shape *shape, const struct json *value)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        const struct json *part = member->attribute ? json_find(value, member->name) : NULL;
        if (!part)
            continue;
        if (strncmp(member->wire_name, "xsi:", 4) == 0)
            buf_add_c(w->out, " xmlns:xsi=\"" XSI "\"");
        buf_addf(w->out, " %s=\"", member->wire_name);
        write_escaped(w->out, scalar_write(w->out->arena, member->shape, part, w->url_encoded), true);
        buf_add_char(w->out, '"');
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): WIRE_MAX_DEPTH */
static void write_element(const struct xml_writing *w, const char *name, const struct shape *shape,
                          const struct json *value, int depth)
{
    if (depth > WIRE_MAX_DEPTH)
        return;
    bool container = is_container(shape, value);
    buf_addf(w->out, "<%s", name);
    if (container && shape->kind == SHAPE_STRUCTURE)
        write_attributes(w, shape, value);
    buf_add_char(w->out, '>');
    if (!container)
        xml_write_text(w->out, scalar_write(w->out->arena, shape, value, w->url_encoded));
    else if (shape->kind == SHAPE_STRUCTURE)
        write_members(w, shape, value, depth + 1);
    else
        write_items(w, shape->kind == SHAPE_LIST ? shape->item_name : "entry", shape, value, depth + 1);
    xml_write_close(w->out, name);
}

void xml_write_members(const struct xml_writing *w, const struct shape *shape, const struct json *value)
{
    write_members(w, shape, value, 0);
}
