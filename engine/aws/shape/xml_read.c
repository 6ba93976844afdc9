/* xml_read.c: XML as JSON values by shape; see xml_read.h. */
#include "aws/shape/xml_read.h"

#include "aws/operation/call.h"
#include "aws/shape/scalar.h"

#include <limits.h>
#include <string.h>

/* ---------------------------------------------------------------- documents */

void xml_close(struct xml_document *document)
{
    if (document->tree)
        document->libxml.free_document(document->tree);
    libxml_unload(&document->libxml);
}

/* Why a text is none of AWS's documents, before libxml2 sees it; NULL: it may be one. */
static const char *refuse(struct str text)
{
    if (text.len > INT_MAX)
        return "the document is too long";
    if (str_trim(text).len == 0)
        return "there is no document";
    /* AWS sends no document types; refusing them before parsing leaves nothing to expand. */
    if (str_contains(text, STR("<!DOCTYPE")) || str_contains(text, STR("<!doctype")))
        return "the document has a document type: it is none of AWS's";
    return NULL;
}

const xmlNode *xml_parse(struct str text, struct xml_document *document, struct error *error)
{
    const char *reason = refuse(text);
    if (reason) {
        answer_is_bad(error, "%s", reason);
        return NULL;
    }
    if (!libxml_load(&document->libxml, error))
        return NULL;
    const struct libxml *libxml = &document->libxml;
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_COMPACT;
    document->tree = libxml->read_memory(text.ptr, (int)text.len, "answer", NULL, options);
    const xmlNode *root = document->tree ? libxml->root_element(document->tree) : NULL;
    if (!root)
        answer_is_bad(error, "the document is no well-formed XML");
    return root;
}

static bool name_is(const xmlChar *name, const char *expected)
{
    const char *colon = strchr(expected, ':'); /* "xsi:type": the name without its prefix */
    return strcmp((const char *)name, colon ? colon + 1 : expected) == 0;
}

bool xml_is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && name_is(node->name, name);
}

static const xmlNode *next_named(const xmlNode *node, const char *name)
{
    while (node && !xml_is_named(node, name))
        node = node->next;
    return node;
}

const xmlNode *xml_child(const xmlNode *node, const char *name)
{
    return node ? next_named(node->children, name) : NULL;
}

static bool is_text(const xmlNode *node)
{
    return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content;
}

/* The text of `part` and its siblings: a view into the document where it is in one piece, as it nearly always is. */
static struct str join_text(struct arena *arena, const xmlNode *part)
{
    if (part && !part->next && is_text(part))
        return str_from((const char *)part->content);
    struct buf text = buf_make(arena, BUF_NO_MAX);
    for (; part; part = part->next) {
        if (is_text(part))
            buf_add_c(&text, (const char *)part->content);
    }
    return buf_str(&text);
}

struct str xml_text(struct arena *arena, const xmlNode *node)
{
    return str_copy(arena, join_text(arena, node ? node->children : NULL));
}

/* No child element and no attribute: what a structure looks like that says nothing. */
static bool is_bare(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            return false;
    }
    return !node->properties;
}

/* ---------------------------------------------------------------- values */

static bool read_value(const struct xml_reading *r, const xmlNode *node, const struct shape *shape, int depth,
                       struct json *ret);

/* The items among `node` and its siblings. */
static bool read_items(const struct xml_reading *r, const xmlNode *node, const char *name, const struct shape *shape,
                       int depth, struct json *ret)
{
    struct json_builder list = json_build(r->arena, JSON_ARRAY);
    for (node = next_named(node, name); node; node = next_named(node->next, name)) {
        struct json item;
        if (!read_value(r, node, shape->item, depth + 1, &item))
            return false;
        json_build_add(&list, item);
    }
    *ret = json_built(&list);
    return true;
}

/* The entries among `node` and its siblings: `<entry><key/><value/></entry>`. */
static bool read_entries(const struct xml_reading *r, const xmlNode *node, const char *name, const struct shape *shape,
                         int depth, struct json *ret)
{
    struct json_builder map = json_build(r->arena, JSON_OBJECT);
    for (node = next_named(node, name); node; node = next_named(node->next, name)) {
        const xmlNode *content = xml_child(node, shape->value_name);
        struct json value = json_null;
        if (content && !read_value(r, content, shape->item, depth + 1, &value))
            return false;
        json_build_set(&map, xml_text(r->arena, xml_child(node, shape->key_name)), value);
    }
    *ret = json_built(&map);
    return true;
}

static bool read_attribute(const struct xml_reading *r, const xmlNode *node, const struct shape_member *member,
                           bool *ret_found, struct json *ret)
{
    *ret_found = false;
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        if (!name_is(attribute->name, member->wire_name))
            continue;
        *ret_found = true;
        struct str text = join_text(r->arena, attribute->children);
        return scalar_read(r->arena, member->shape, text, r->url_encoded, ret, r->error);
    }
    return true;
}

static bool read_member(const struct xml_reading *r, const xmlNode *node, const struct shape_member *member, int depth,
                        bool *ret_found, struct json *ret)
{
    if (member->attribute)
        return read_attribute(r, node, member, ret_found, ret);
    const xmlNode *first = xml_child(node, member->wire_name);
    *ret_found = first != NULL;
    if (!first)
        return true;
    if (member->shape->flattened && member->shape->kind == SHAPE_LIST)
        return read_items(r, first, member->wire_name, member->shape, depth, ret);
    if (member->shape->flattened && member->shape->kind == SHAPE_MAP)
        return read_entries(r, first, member->wire_name, member->shape, depth, ret);
    return read_value(r, first, member->shape, depth, ret);
}

static bool read_members(const struct xml_reading *r, const xmlNode *node, const struct shape *shape, int depth,
                         struct json_builder *object)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        struct json value;
        bool found;
        if (member->location != LOCATION_BODY)
            continue;
        if (!read_member(r, node, member, depth + 1, &found, &value))
            return error_wrap(r->error, "%s", member->name);
        if (found)
            json_build_append(object, str_from(member->name), value);
    }
    return true;
}

static bool read_structure(const struct xml_reading *r, const xmlNode *node, const struct shape *shape, int depth,
                           struct json *ret)
{
    struct json_builder object = json_build(r->arena, JSON_OBJECT);
    if (!read_members(r, node, shape, depth, &object))
        return false;
    *ret = is_bare(node) ? json_null : json_built(&object);
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): WIRE_MAX_DEPTH */
static bool read_value(const struct xml_reading *r, const xmlNode *node, const struct shape *shape, int depth,
                       struct json *ret)
{
    if (depth > WIRE_MAX_DEPTH)
        return answer_is_bad(r->error, "elements nested deeper than %d levels", WIRE_MAX_DEPTH);
    if (shape->kind == SHAPE_STRUCTURE)
        return read_structure(r, node, shape, depth, ret);
    if (shape->kind == SHAPE_LIST)
        return read_items(r, node->children, shape->item_name, shape, depth, ret);
    if (shape->kind == SHAPE_MAP)
        return read_entries(r, node->children, "entry", shape, depth, ret);
    struct str text = join_text(r->arena, node->children); /* scalar_read() copies */
    if (text.len == 0) {
        *ret = json_null;
        return true;
    }
    return scalar_read(r->arena, shape, text, r->url_encoded, ret, r->error);
}

bool xml_read_value(const struct xml_reading *reading, const xmlNode *node, const struct shape *shape, struct json *ret)
{
    return read_value(reading, node, shape, 0, ret);
}

bool xml_read_members(const struct xml_reading *reading, const xmlNode *node, const struct shape *shape,
                      struct json_builder *object)
{
    return read_members(reading, node, shape, 0, object);
}

/* ---------------------------------------------------------------- errors */

bool xml_read_error(struct arena *arena, const xmlNode *root, struct xml_error *ret)
{
    const xmlNode *error = NULL;
    if (xml_is_named(root, "Error"))
        error = root;
    else if (xml_is_named(root, "ErrorResponse") || xml_is_named(root, "Response"))
        error = xml_child(root, "Error");
    if (!error) /* EC2's form; test servers use it for other services, too */
        error = xml_child(xml_child(root, "Errors"), "Error");
    struct str code = str_trim(xml_text(arena, xml_child(error, "Code")));
    if (code.len == 0)
        return false;
    const xmlNode *id = xml_child(error, "RequestId");
    if (!id)
        id = xml_child(root, xml_is_named(root, "Response") ? "RequestID" : "RequestId");
    *ret = (struct xml_error){
        .code = code,
        .message = xml_text(arena, xml_child(error, "Message")),
        .region = xml_text(arena, xml_child(error, "Region")),
        .request_id = xml_text(arena, id),
    };
    return true;
}
