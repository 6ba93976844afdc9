/* terraform.c: see terraform.h. HCL: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md */
#include "reports/fix/terraform.h"

#include "base/buf.h"
#include "base/macros.h"
#include "reports/fix/kind.h"

static void indent(struct buf *buf, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_add_c(buf, "  ");
}

/* ---- Values ---- */

/* A quoted template: `${` and `%{` begin what is evaluated, unless doubled. */
static void add_string(struct buf *buf, struct str text)
{
    buf_add_char(buf, '"');
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool opens = (c == '$' || c == '%') && i + 1 < text.len && text.ptr[i + 1] == '{';
        if (c == '"' || c == '\\')
            buf_addf(buf, "\\%c", c);
        else if (c == '\n')
            buf_add_c(buf, "\\n");
        else if (c == '\t')
            buf_add_c(buf, "\\t");
        else if ((unsigned char)c < 0x20 || c == 0x7f)
            buf_addf(buf, "\\u%04x", (unsigned)(unsigned char)c);
        else
            buf_addf(buf, opens ? "%c%c" : "%c", c, c);
    }
    buf_add_char(buf, '"');
}

static void add_value(struct buf *buf, const struct json *value, int depth);

static void add_list(struct buf *buf, const struct json *list, int depth)
{
    buf_add_c(buf, list->count ? "[\n" : "[");
    for (size_t i = 0; i < list->count; i++) {
        indent(buf, depth + 1);
        add_value(buf, &list->items[i], depth + 1);
        buf_add_c(buf, ",\n");
    }
    if (list->count)
        indent(buf, depth);
    buf_add_char(buf, ']');
}

static void add_map(struct buf *buf, const struct json *map, int depth)
{
    buf_add_c(buf, map->count ? "{\n" : "{");
    for (size_t i = 0; i < map->count; i++) {
        indent(buf, depth + 1);
        add_string(buf, map->members[i].name);
        buf_add_c(buf, " = ");
        add_value(buf, &map->members[i].value, depth + 1);
        buf_add_char(buf, '\n');
    }
    if (map->count)
        indent(buf, depth);
    buf_add_char(buf, '}');
}

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_snapshot */
static void add_value(struct buf *buf, const struct json *value, int depth)
{
    if (value->type == JSON_STRING)
        add_string(buf, value->string);
    else if (value->type == JSON_ARRAY)
        add_list(buf, value, depth);
    else if (value->type == JSON_OBJECT)
        add_map(buf, value, depth);
    else
        buf_add(buf, json_text(buf->arena, value, 0));
}

static void add_attribute(struct buf *buf, struct str name, const struct json *value, int depth)
{
    indent(buf, depth);
    buf_addf(buf, "%.*s = ", STR_ARG(name));
    add_value(buf, value, depth);
    buf_add_char(buf, '\n');
}

/* ---- Members of AWS's documents as arguments and blocks ---- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "SSEAlgorithm" → "sse_algorithm", "S3Bucket" → "s3_bucket", "KMSMasterKeyID" → "kms_master_key_id". */
static struct str snake(struct arena *arena, struct str name)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (ptrdiff_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool before = i > 0 && !is_upper(name.ptr[i - 1]);
        bool ends_run = i > 0 && i + 1 < name.len && !is_upper(name.ptr[i + 1]) && is_upper(name.ptr[i - 1]) &&
                        name.ptr[i + 1] >= 'a';
        if (is_upper(c) && (before || ends_run))
            buf_add_char(&buf, '_');
        buf_add_char(&buf, is_upper(c) ? (char)(c - 'A' + 'a') : c);
    }
    return buf_str(&buf);
}

/* What the provider calls otherwise. An empty name: it has none, since AWS sets it. */
static const struct {
    struct str name;
    struct str hcl;
    bool is_map; /* an argument, with the names as they are */
} renamed[] = {
    {STR_INIT("Rules"), STR_INIT("rule"), false},
    {STR_INIT("Transitions"), STR_INIT("transition"), false},
    {STR_INIT("NoncurrentVersionTransitions"), STR_INIT("noncurrent_version_transition"), false},
    {STR_INIT("TableConfigurations"), STR_INIT("table_configurations"), true},
    {STR_INIT("ExportArn"), STR_INIT(""), false},
};

static struct str hcl_name(struct arena *arena, struct str name, bool *ret_map)
{
    *ret_map = false;
    for (size_t i = 0; i < COUNT_OF(renamed); i++) {
        if (str_equal(name, renamed[i].name)) {
            *ret_map = renamed[i].is_map;
            return renamed[i].hcl;
        }
    }
    return snake(arena, name);
}

/* A list of {Key, Value}, as the provider has it: a map. */
static bool add_tags(struct buf *buf, const struct json_member *member, int depth)
{
    if (!str_equal(member->name, STR("Tags")) || member->value.type != JSON_ARRAY)
        return false;
    struct json_builder tags = json_build(buf->arena, JSON_OBJECT);
    for (size_t i = 0; i < member->value.count; i++)
        json_build_set(&tags, json_find_string(&member->value.items[i], "Key"),
                       json_string(json_find_string(&member->value.items[i], "Value")));
    struct json built = json_built(&tags);
    add_attribute(buf, STR("tags"), &built, depth);
    return true;
}

static void add_members(struct buf *buf, const struct json *object, int depth);

static void add_block(struct buf *buf, struct str name, const struct json *object, int depth)
{
    indent(buf, depth);
    buf_addf(buf, "%.*s {\n", STR_ARG(name));
    add_members(buf, object, depth + 1);
    indent(buf, depth);
    buf_add_c(buf, "}\n");
}

static void add_member(struct buf *buf, const struct json_member *member, int depth)
{
    bool is_map;
    const struct json *value = &member->value;
    struct str name = hcl_name(buf->arena, member->name, &is_map);
    bool blocks = value->type == JSON_ARRAY && value->count && value->items[0].type == JSON_OBJECT;
    if (name.len == 0 || value->type == JSON_NULL || add_tags(buf, member, depth))
        return;
    if (value->type == JSON_OBJECT && !is_map)
        add_block(buf, name, value, depth);
    else if (!blocks)
        add_attribute(buf, name, value, depth);
    for (size_t i = 0; blocks && i < value->count; i++)
        add_block(buf, name, &value->items[i], depth);
}

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_snapshot */
static void add_members(struct buf *buf, const struct json *object, int depth)
{
    for (size_t i = 0; i < object->count; i++)
        add_member(buf, &object->members[i], depth);
}

/* ---- The fragment ---- */

static void add_arguments(struct buf *buf, const struct correction *correction, const char *arguments)
{
    struct str name;
    struct str value;
    for (size_t at = 0; fix_next_argument(buf->arena, correction, arguments, &at, &name, &value);) {
        struct json text = json_string(value);
        add_attribute(buf, name, &text, 1);
    }
}

static void add_document(struct buf *buf, const struct fix_kind *kind, const struct correction *correction)
{
    if (kind->terraform.shape == SHAPE_MEMBERS) {
        add_members(buf, correction->after, 1);
    } else if (kind->terraform.shape == SHAPE_NESTED) {
        add_block(buf, str_from(kind->terraform.member), correction->after, 1);
    } else {
        buf_addf(buf, "  %s = jsonencode(", kind->terraform.member);
        add_value(buf, correction->after, 1);
        buf_add_c(buf, ")\n");
    }
}

static void add_import(struct buf *buf, const struct fix_kind *kind, const struct correction *correction,
                       struct str label)
{
    struct json id = json_string(fix_fill(buf->arena, correction, kind->terraform.import, STR(""), false));
    buf_addf(buf,
             "# It is there already: this takes it over. Leave it out where you manage it under another name, and put\n"
             "# what stands below into that resource; what it does not name stays as you have it.\n"
             "import {\n  to = %s.%.*s\n",
             kind->terraform.type, STR_ARG(label));
    add_attribute(buf, STR("id"), &id, 1);
    buf_add_c(buf, "}\n\n");
}

struct str fix_terraform(struct arena *arena, const struct correction *correction)
{
    const struct fix_kind *kind = fix_kind_of(correction);
    struct str label = fix_label(arena, correction, true);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    if (!correction->after) {
        buf_addf(&buf,
                 "# The document goes: take its resource out. Where it was never there, nothing is to be done.\n"
                 "removed {\n  from = %s.%.*s\n  lifecycle {\n    destroy = true\n  }\n}\n",
                 kind->terraform.type, STR_ARG(label));
        return buf_str(&buf);
    }
    if (correction->before)
        add_import(&buf, kind, correction, label);
    buf_addf(&buf, "resource \"%s\" \"%.*s\" {\n", kind->terraform.type, STR_ARG(label));
    add_arguments(&buf, correction, kind->terraform.arguments);
    add_document(&buf, kind, correction);
    buf_add_c(&buf, "}\n");
    return buf_str(&buf);
}
