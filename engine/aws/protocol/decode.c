/* decode.c: the header row of a CSV file, what its rows say of the export, footers of Parquet files, manifests. */
#include "aws/protocol/decode.h"

#include "aws/protocol/module.h"
#include "aws/protocol/rows.h"
#include "aws/shape/inflate.h"

#define BYTE_ORDER_MARK STR("\xEF\xBB\xBF")

/* ---------------------------------------------------------------- CSV */

static bool is_text(struct str name)
{
    for (ptrdiff_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return false;
    }
    return str_is_utf8(name);
}

/* The names in the first row (RFC 4180); `csv` stands behind it then. */
static bool read_header(struct arena *arena, struct csv *csv, struct json *ret, struct error *error)
{
    struct json_builder names = json_build(arena, JSON_ARRAY);
    enum csv_after after = csv_is_over(csv) && csv->complete ? CSV_ROW : CSV_FIELD;
    while (after == CSV_FIELD) {
        struct buf field = buf_make(arena, DECODE_MAX_BYTES);
        after = csv_take_field(csv, &field);
        if (after == CSV_CUT)
            return answer_is_bad(error, "the header row does not end in what was read");
        if (!is_text(buf_str(&field)))
            return answer_is_bad(error, "the file is no CSV text");
        if (names.count == DECODE_MAX_COLUMNS)
            return answer_is_bad(error, "the header row has more than %d columns", DECODE_MAX_COLUMNS);
        json_build_add(&names, json_string(buf_str(&field)));
    }
    *ret = json_built(&names);
    return true;
}

static struct json with_derived(struct arena *arena, struct json header, struct json derived)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("Header"), header);
    if (derived.count > 0)
        json_build_append(&object, STR("Derived"), derived);
    return json_built(&object);
}

static bool decode_csv(struct arena *arena, struct str text, bool complete, struct json *ret, struct error *error)
{
    struct csv csv = csv_open(text, complete);
    struct json header;
    if (!read_header(arena, &csv, &header, error))
        return false;
    *ret = with_derived(arena, header, rows_derive(arena, &csv, &header));
    return true;
}

static struct str encode_csv(struct arena *arena, const struct json *header, const struct json *derived)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    struct str *names = arena_array(arena, struct str, header->count);
    for (size_t i = 0; i < header->count; i++)
        names[i] = json_is(&header->items[i], JSON_STRING) ? header->items[i].string : STR("");
    csv_add_row(&text, names, header->count);
    if (derived)
        rows_encode(arena, &text, header, derived);
    return buf_str(&text);
}

/* ---------------------------------------------------------------- Parquet */

static bool decode_parquet(struct arena *arena, struct str tail, struct json *ret, struct error *error)
{
    struct parquet_footer footer;
    if (!parquet_read(arena, tail, &footer, error))
        return false;
    if (footer.column_count > DECODE_MAX_COLUMNS)
        return answer_is_bad(error, "the file has more than %d columns", DECODE_MAX_COLUMNS);
    struct json_builder names = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < footer.column_count; i++) {
        if (!is_text(footer.columns[i]))
            return answer_is_bad(error, "the name of a column is no text");
        json_build_add(&names, json_string(str_copy(arena, footer.columns[i])));
    }
    *ret = with_derived(arena, json_built(&names), rows_derive_bounds(arena, &footer));
    return true;
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
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("Json"), *document);
    *ret = json_built(&object);
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
    struct json value;
    if (kind == DECODE_BYTES) {
        *ret = as_bytes(arena, wire->body);
        return true;
    }
    if (kind == DECODE_PARQUET_FOOTER) {
        if (!decode_parquet(arena, wire->body, &value, error))
            return false;
        *ret = json_box(arena, value);
        return true;
    }
    if (!inflate_beginning(arena, wire->body, DECODE_MAX_BYTES, &text, &complete, error))
        return false;
    complete = complete && is_whole(wire);
    if (!(kind == DECODE_JSON ? decode_json : decode_csv)(arena, text, complete, &value, error))
        return false;
    *ret = json_box(arena, value);
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
    if (json_is(header, JSON_ARRAY) && str_ends(key, STR(".parquet"))) {
        struct parquet_footer footer = rows_bounds(arena, header, json_find(value, "Derived"));
        *ret = parquet_write(arena, &footer);
        return true;
    }
    if (json_is(header, JSON_ARRAY))
        content = encode_csv(arena, header, json_find(value, "Derived"));
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
