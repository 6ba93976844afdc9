/*
 * fuzz_csv.c: whatever the bytes, records are those that a plain reading, one character after the other with the states
 * of Python's csv module, gives; those of a text that comes in two parts are the same; and so are the fields of a
 * record where only some are wanted.
 */
#include "costs/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS = 32, TEXT_MAX = 1 << 20 };

enum state { START_RECORD, START_FIELD, IN_FIELD, IN_QUOTES, QUOTE_IN_QUOTES };

/* Fields end in 1, records in 2: bytes that the texts are cleared of. */
static void read_plainly(const char *text, size_t length, struct buf *out)
{
    enum state state = START_RECORD;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool is_end = c == '\n' || c == '\r';
        if (state == IN_QUOTES) {
            if (c == '"')
                state = QUOTE_IN_QUOTES;
            else
                buf_add_char(out, c);
        } else if (state == QUOTE_IN_QUOTES && c == '"') {
            buf_add_char(out, c);
            state = IN_QUOTES;
        } else if (is_end) {
            buf_add_c(out, state == START_RECORD ? "\2" : "\1\2");
            i += c == '\r' && i + 1 < length && text[i + 1] == '\n';
            state = START_RECORD;
        } else if (c == ',') {
            buf_add_c(out, "\1");
            state = START_FIELD;
        } else if (c == '"' && (state == START_RECORD || state == START_FIELD)) {
            state = IN_QUOTES;
        } else {
            buf_add_char(out, c);
            state = IN_FIELD;
        }
    }
    if (state != START_RECORD)
        buf_add_c(out, "\1\2");
}

/* What csv_next() gives of the first `length` bytes; where it stopped. */
static size_t read_records(const char *text, size_t begin, size_t length, bool is_last, struct buf *out,
                           struct buf *scratch)
{
    struct csv_column columns[FIELDS];
    struct csv_field fields[FIELDS];
    struct csv_record record;
    const struct csv_wanted wanted = csv_every_field(columns, FIELDS);
    struct csv_scanner scanner = csv_scanner(text, length);
    while (begin < length && csv_next(&scanner, begin, is_last, &wanted, fields, FIELDS, &record)) {
        for (size_t i = 0; i < record.count && i < FIELDS; i++) {
            buf_add(out, csv_text(fields[i].raw, scratch));
            buf_add_c(out, "\1");
        }
        for (size_t i = FIELDS; i < record.count; i++)
            abort(); /* the texts have no record of so many */
        buf_add_c(out, "\2");
        begin = record.end;
    }
    return begin;
}

static bool is_same(const struct csv_record *a, const struct csv_record *b)
{
    return a->begin == b->begin && a->end == b->end && a->count == b->count && a->lines == b->lines &&
           a->unclosed == b->unclosed;
}

/* Reads every field, and beside it those whose bit of `choice` is set. */
static void read_some(const char *text, size_t length, unsigned choice)
{
    struct csv_column every[FIELDS], chosen[FIELDS];
    struct csv_field all[FIELDS], some[FIELDS];
    struct csv_record record, other;
    const struct csv_wanted wanted = csv_every_field(every, FIELDS);
    struct csv_wanted fewer = {chosen, 0};
    struct csv_scanner scanner = csv_scanner(text, length), second = scanner;
    for (unsigned i = 0; i < FIELDS; i++) {
        if (choice >> i % 8 & 1)
            chosen[fewer.count++] = every[i];
    }
    for (size_t at = 0; at < length; at = record.end) {
        if (!csv_next(&scanner, at, true, &wanted, all, FIELDS, &record) ||
            !csv_next(&second, at, true, &fewer, some, FIELDS, &other) || !is_same(&record, &other))
            abort();
        for (size_t i = 0; i < fewer.count; i++) {
            struct str a = all[chosen[i].slot].raw, b = some[chosen[i].slot].raw;
            if (a.ptr != b.ptr || a.len != b.len)
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > TEXT_MAX)
        return 0;
    struct arena *arena = arena_open(0);
    struct buf plain = buf_make(arena, BUF_NO_MAX), quick = buf_make(arena, BUF_NO_MAX);
    struct buf scratch = buf_make(arena, BUF_NO_MAX);
    size_t length = size - 1, commas = 0;
    size_t cut = length ? data[0] % length : 0;
    char *text = arena_array(arena, char, length + CSV_SLACK);
    for (size_t i = 0; i < length; i++) {
        text[i] = data[i + 1] <= 2 ? ' ' : (char)data[i + 1];
        commas += text[i] == ',';
        if (text[i] == ',' && commas > FIELDS - 2)
            text[i] = ';';
    }
    read_plainly(text, length, &plain);
    size_t at = read_records(text, 0, cut, false, &quick, &scratch);
    at = read_records(text, at, length, true, &quick, &scratch);
    if (at != length || !str_equal(buf_str(&plain), buf_str(&quick)))
        abort();
    read_some(text, length, data[0]);
    arena_close(arena);
    return 0;
}
