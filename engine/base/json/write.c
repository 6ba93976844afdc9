/* write.c: values to text; see json.h. */
#include "base/json/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void write_escape(struct sink *sink, unsigned char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\')
        sink_addf(sink, "\\%c", c);
    else if (c < sizeof letters && letters[c])
        sink_addf(sink, "\\%c", letters[c]);
    else
        sink_addf(sink, "\\u%04x", c);
}

/* Writes the part if it is UTF-8, else its good bytes with U+FFFD for each bad one. */
static void write_plain(struct sink *sink, struct str part)
{
    if (str_is_utf8(part)) {
        sink_add(sink, part);
        return;
    }
    while (part.len) {
        ptrdiff_t length = 1;
        while (length <= 4 && length <= part.len && !str_is_utf8(str_slice(part, 0, length)))
            length++;
        bool good = length <= 4 && length <= part.len;
        sink_add(sink, good ? str_slice(part, 0, length) : STR("\xEF\xBF\xBD"));
        part = str_skip(part, good ? length : 1);
    }
}

void json_write_string(struct sink *sink, struct str s)
{
    sink_add_char(sink, '"');
    ptrdiff_t begin = 0;
    unsigned char all = 0; /* the bits of all bytes since `begin`: ASCII needs no second look */
    for (ptrdiff_t i = 0; i <= s.len; i++) {
        unsigned char c = i < s.len ? (unsigned char)s.ptr[i] : 0;
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            all |= c;
            continue;
        }
        struct str part = str_slice(s, begin, i);
        if (all < 0x80)
            sink_add(sink, part);
        else
            write_plain(sink, part);
        if (i < s.len)
            write_escape(sink, c);
        begin = i + 1;
        all = 0;
    }
    sink_add_char(sink, '"');
}

void json_write_number(struct sink *sink, double number)
{
    static const double exact = 9007199254740992.0; /* 2^53 */
    char text[40];
    if (!isfinite(number)) {
        sink_add_c(sink, "null"); /* JSON has no such number */
        return;
    }
    if (number == floor(number) && fabs(number) <= exact) {
        snprintf(text, sizeof text, "%" PRId64, (int64_t)number);
    } else {
        for (int precision = 15; precision <= 17; precision++) {
            snprintf(text, sizeof text, "%.*g", precision, number);
            if (strtod(text, NULL) == number)
                break;
        }
    }
    sink_add_c(sink, text);
}

static void new_line(struct sink *sink, int indent, int depth)
{
    static const char line[] = "\n                                                                ";
    static const int blanks = (int)sizeof line - 2;
    if (indent == 0)
        return;
    int left = indent * depth;
    sink_add(sink, (struct str){line, 1 + (left < blanks ? left : blanks)});
    for (left -= blanks; left > 0; left--)
        sink_add_char(sink, ' ');
}

static void write_array(struct sink *sink, const struct json *value, int indent, int depth)
{
    sink_add_char(sink, '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i)
            sink_add_char(sink, ',');
        new_line(sink, indent, depth + 1);
        json_write_at(sink, &value->items[i], indent, depth + 1);
    }
    if (value->count)
        new_line(sink, indent, depth);
    sink_add_char(sink, ']');
}

static void write_object(struct sink *sink, const struct json *value, int indent, int depth)
{
    sink_add_char(sink, '{');
    for (size_t i = 0; i < value->count; i++) {
        if (i)
            sink_add_char(sink, ',');
        new_line(sink, indent, depth + 1);
        json_write_string(sink, value->members[i].name);
        sink_add_c(sink, indent ? ": " : ":");
        json_write_at(sink, &value->members[i].value, indent, depth + 1);
    }
    if (value->count)
        new_line(sink, indent, depth);
    sink_add_char(sink, '}');
}

void json_write_at(struct sink *sink, const struct json *value, int indent, int depth)
{
    switch (value->type) {
    case JSON_NULL: sink_add_c(sink, "null"); break;
    case JSON_BOOLEAN: sink_add_c(sink, value->boolean ? "true" : "false"); break;
    case JSON_NUMBER: json_write_number(sink, value->number); break;
    case JSON_STRING: json_write_string(sink, value->string); break;
    case JSON_ARRAY: write_array(sink, value, indent, depth); break;
    case JSON_OBJECT: write_object(sink, value, indent, depth); break;
    }
}

void json_write(struct sink *sink, const struct json *value, int indent)
{
    json_write_at(sink, value, indent, 0);
}

struct str json_text(struct arena *arena, const struct json *value, int indent)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    json_write(&sink, value, indent);
    return buf_str(&buf);
}
