/* csv.c: the fields of a CSV text; see csv.h. */
#include "aws/shape/csv.h"

#define BYTE_ORDER_MARK STR("\xEF\xBB\xBF")

struct csv csv_open(struct str text, bool complete)
{
    return (struct csv){str_starts(text, BYTE_ORDER_MARK) ? str_skip(text, 3) : text, 0, complete};
}

bool csv_is_over(const struct csv *csv)
{
    return csv->at >= csv->text.len;
}

/* The next byte, or -1 at the end of what there is. */
static int peek(const struct csv *csv)
{
    return csv_is_over(csv) ? -1 : (unsigned char)csv->text.ptr[csv->at];
}

static enum csv_after after_field(struct csv *csv)
{
    int c = peek(csv);
    if (c < 0)
        return csv->complete ? CSV_ROW : CSV_CUT;
    csv->at++;
    if (c == '\r' && peek(csv) == '\n')
        csv->at++;
    return c == ',' ? CSV_FIELD : CSV_ROW;
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
    ptrdiff_t from = csv->at;
    for (int c = peek(csv); c >= 0 && c != ',' && c != '\n' && c != '\r'; c = peek(csv))
        csv->at++;
    buf_add(field, str_slice(csv->text, from, csv->at));
}

enum csv_after csv_take_field(struct csv *csv, struct buf *field)
{
    buf_clear(field);
    if (peek(csv) == '"' && !quoted_field(csv, field))
        return CSV_CUT;
    plain_field(csv, field);
    return after_field(csv);
}

static bool needs_quotes(struct str field)
{
    return field.len == 0 || str_starts(field, BYTE_ORDER_MARK) || str_find_char(field, ',', 0) >= 0 ||
           str_find_char(field, '"', 0) >= 0 || str_find_char(field, '\n', 0) >= 0 ||
           str_find_char(field, '\r', 0) >= 0;
}

static void add_quoted(struct buf *text, struct str field)
{
    buf_add_char(text, '"');
    for (ptrdiff_t i = 0; i < field.len; i++) {
        if (field.ptr[i] == '"')
            buf_add_char(text, '"');
        buf_add_char(text, field.ptr[i]);
    }
    buf_add_char(text, '"');
}

void csv_add_row(struct buf *text, const struct str *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(text, ',');
        if (needs_quotes(fields[i]))
            add_quoted(text, fields[i]);
        else
            buf_add(text, fields[i]);
    }
    if (count > 0)
        buf_add_char(text, '\n');
}
