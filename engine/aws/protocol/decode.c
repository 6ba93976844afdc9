/* decode.c: the header row of a CSV file, and manifests; see decode.h. */
#include "aws/protocol/decode.h"

#include "aws/protocol/module.h"
#include "aws/shape/inflate.h"

#define BYTE_ORDER_MARK STR("\xEF\xBB\xBF")

/* ---------------------------------------------------------------- CSV */

struct csv {
    struct str text;
    ptrdiff_t at;
    bool complete;
};

/* The next byte, or -1 at the end of what there is. */
static int peek(const struct csv *csv)
{
    return csv->at < csv->text.len ? (unsigned char)csv->text.ptr[csv->at] : -1;
}

/* What follows a field: a comma, the line's end, or the end of a text that is complete. */
enum after { AFTER_FIELD, AFTER_ROW, AFTER_NOTHING };

static enum after after_field(struct csv *csv)
{
    int c = peek(csv);
    if (c < 0)
        return csv->complete ? AFTER_ROW : AFTER_NOTHING;
    csv->at++;
    return c == ',' ? AFTER_FIELD : AFTER_ROW;
}

/* A field in quotes, in which a doubled quote is one; false where it does not end. */
static bool quoted_field(struct csv *csv, struct buf *field)
{
    for (csv->at++; peek(csv) >= 0; csv->at++) {
        if (peek(csv) == '"') {
            csv->at++;
            if (peek(csv) != '"')
                return true;
        }
        buf_add_char(field, (char)peek(csv));
    }
    return false;
}

static void plain_field(struct csv *csv, struct buf *field)
{
    for (int c = peek(csv); c >= 0 && c != ',' && c != '\n' && c != '\r'; c = peek(csv)) {
        buf_add_char(field, (char)c);
        csv->at++;
    }
}

static bool is_text(struct str name)
{
    for (ptrdiff_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return false;
    }
    return str_is_utf8(name);
}

bool decode_csv_header(struct arena *arena, struct str text, bool complete, struct json *ret, struct error *error)
{
    if (str_starts(text, BYTE_ORDER_MARK))
        text = str_skip(text, 3);
    struct csv csv = {text, 0, complete};
    struct json_builder names = json_build(arena, JSON_ARRAY);
    enum after after = text.len > 0 || !complete ? AFTER_FIELD : AFTER_ROW;
    while (after == AFTER_FIELD) {
        struct buf field = buf_make(arena, DECODE_MAX_BYTES);
        if (peek(&csv) == '"' && !quoted_field(&csv, &field))
            return answer_is_bad(error, "the header row does not end in what was read");
        plain_field(&csv, &field);
        if (!is_text(buf_str(&field)))
            return answer_is_bad(error, "the file is no CSV text");
        if (names.count == DECODE_MAX_COLUMNS)
            return answer_is_bad(error, "the header row has more than %d columns", DECODE_MAX_COLUMNS);
        json_build_add(&names, json_string(buf_str(&field)));
        after = after_field(&csv);
    }
    if (after == AFTER_NOTHING)
        return answer_is_bad(error, "the header row does not end in what was read");
    *ret = json_built(&names);
    return true;
}

static bool needs_quotes(struct str name)
{
    return name.len == 0 || str_starts(name, BYTE_ORDER_MARK) || str_find_char(name, ',', 0) >= 0 ||
           str_find_char(name, '"', 0) >= 0 || str_find_char(name, '\n', 0) >= 0 || str_find_char(name, '\r', 0) >= 0;
}

static struct str csv_row(struct arena *arena, const struct json *names)
{
    struct buf row = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < names->count; i++) {
        struct str name = json_is(&names->items[i], JSON_STRING) ? names->items[i].string : STR("");
        bool quotes = needs_quotes(name);
        buf_add_c(&row, i > 0 ? "," : "");
        buf_add_c(&row, quotes ? "\"" : "");
        for (ptrdiff_t k = 0; k < name.len; k++) {
            if (name.ptr[k] == '"')
                buf_add_char(&row, '"');
            buf_add_char(&row, name.ptr[k]);
        }
        buf_add_c(&row, quotes ? "\"" : "");
    }
    buf_add_c(&row, names->count > 0 ? "\n" : "");
    return buf_str(&row);
}

/* ---------------------------------------------------------------- content */

/* Whether the body is the whole object: by Content-Range "bytes 0-65535/1000000" it may be a part. */
static bool is_whole(const struct wire_answer *wire)
{
    struct str range = http_header_find(wire->headers, STR("Content-Range"));
    int64_t size;
    if (wire->status != 206 || range.len == 0)
        return true;
    ptrdiff_t slash = str_find_last_char(range, '/');
    return str_to_int64(str_skip(range, slash + 1), &size) && size == wire->body.len;
}

static bool decode_json(struct arena *arena, struct str text, bool complete, struct json *ret, struct error *error)
{
    static const struct json_limits limits = {.max_bytes = DECODE_MAX_BYTES, .max_depth = WIRE_MAX_DEPTH};
    const struct json *document;
    struct error cause = {.code = ""};
    if (!complete)
        return answer_is_bad(error, "the document is longer than what was read");
    if (str_starts(text, BYTE_ORDER_MARK))
        text = str_skip(text, 3);
    if (!json_parse(arena, STR("object"), text, &limits, &document, &cause))
        return answer_is_bad(error, "%s", cause.text);
    *ret = *document;
    return true;
}

static const struct json *as_bytes(struct arena *arena, struct str body)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("Body"), json_string(str_copy(arena, body)));
    return json_box(arena, json_built(&object));
}

bool decode_body(struct arena *arena, enum decode_kind kind, const struct wire_answer *wire, const struct json **ret,
                 struct error *error)
{
    struct str text;
    bool complete;
    struct json value = json_null;
    bool as_json = kind == DECODE_JSON;
    if (kind == DECODE_BYTES) {
        *ret = as_bytes(arena, wire->body);
        return true;
    }
    if (!inflate_beginning(arena, wire->body, DECODE_MAX_BYTES, &text, &complete, error))
        return false;
    complete = complete && is_whole(wire);
    if (!(as_json ? decode_json : decode_csv_header)(arena, text, complete, &value, error))
        return false;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, as_json ? STR("Json") : STR("Header"), value);
    *ret = json_box(arena, json_built(&object));
    return true;
}

bool decode_body_encode(struct arena *arena, const struct json *value, struct str key, struct str *ret)
{
    const struct json *header = json_find(value, "Header");
    const struct json *document = json_find(value, "Json");
    const struct json *bytes = json_find(value, "Body");
    struct str content;
    if (json_is(bytes, JSON_STRING)) {
        *ret = bytes->string;
        return true;
    }
    if (json_is(header, JSON_ARRAY))
        content = csv_row(arena, header);
    else if (document)
        content = json_text(arena, document, 0);
    else
        return false;
    if (str_ends(key, STR(".gz")))
        content = deflate_gzip(arena, content);
    else if (str_ends(key, STR(".zip")))
        content = deflate_zip(arena, str_skip(key, str_find_last_char(key, '/') + 1), content);
    *ret = content;
    return true;
}
