/* file.c: see file.h. */
#include "costs/file.h"

#include "costs/ahead.h"
#include "costs/csv.h"
#include "costs/unpack.h"
#include "optscale/discovery/columns.h"

#include <string.h>

enum {
    BUFFER_SIZE = 1 << 20,
    COLUMNS_MAX = 10000,
    SCRATCH_MAX = 64 << 20,
    SHOWN_MAX = 60, /* of a value in a message */
};

struct reader {
    struct arena *arena;
    const struct cost_task *task;
    struct byte_source bytes; /* unpacked */
    bool is_parquet;          /* rows come from another program */
    char *buffer;             /* `capacity` bytes, and CSV_SLACK more */
    size_t capacity;
    size_t length;
    size_t at;
    bool ended;
    uint64_t line; /* of the record at `at` */
    struct csv_scanner scanner;
    struct csv_wanted wanted;
    struct csv_field fields[COST_COLUMN_COUNT];
    struct buf scratch;
    bool columns_checked;
    struct str *header;
    size_t header_count;
    struct cost_reading reading;
    struct error *error;
};

static bool fail_at(const struct reader *reader, uint64_t line, const char *what)
{
    struct str name = reader->task->name;
    if (line == 0)
        return error_set(reader->error, ERROR_INPUT, "%.*s: %s", STR_ARG(name), what);
    return error_set(reader->error, ERROR_INPUT, "%.*s:%llu: %s", STR_ARG(name), (unsigned long long)line, what);
}

/* --- the buffer --- */

/* A record is longer than the buffer. */
static bool grow(struct reader *reader)
{
    size_t capacity = reader->capacity * 2;
    if (capacity > COST_RECORD_MAX)
        return fail_at(reader, reader->line, "a record longer than 16 MB: is a quote missing?");
    reader->buffer =
        arena_resize(reader->arena, reader->buffer, reader->capacity + CSV_SLACK, capacity + CSV_SLACK, 64);
    reader->capacity = capacity;
    return true;
}

/* Moves what is left to the front and fills the rest. */
static bool refill(struct reader *reader)
{
    size_t left = reader->length - reader->at;
    memmove(reader->buffer, reader->buffer + reader->at, left);
    reader->at = 0;
    reader->length = left;
    if (left == reader->capacity && !grow(reader))
        return false;
    while (reader->length < reader->capacity && !reader->ended) {
        size_t got;
        if (!reader->bytes.read(reader->bytes.self, reader->buffer + reader->length, reader->capacity - reader->length,
                                &got, reader->error))
            return error_wrap(reader->error, "%.*s", STR_ARG(reader->task->name));
        reader->ended = got == 0;
        reader->length += got;
    }
    reader->scanner = csv_scanner(reader->buffer, reader->length);
    return true;
}

/* The next record; `*ret_more` false: there is none. */
static bool next_record(struct reader *reader, struct csv_record *ret, bool *ret_more)
{
    for (;;) {
        if (reader->at < reader->length && csv_next(&reader->scanner, reader->at, reader->ended, &reader->wanted,
                                                    reader->fields, COST_COLUMN_COUNT, ret)) {
            *ret_more = true;
            return true;
        }
        *ret_more = false;
        if (reader->ended && reader->at == reader->length)
            return true;
        if (!refill(reader))
            return false;
    }
}

static void pass_record(struct reader *reader, const struct csv_record *record)
{
    reader->at = record->end;
    reader->line += record->lines;
}

/* --- the header --- */

/* Reads the header's names: the record at the reader's place, which has `count` fields. */
static void read_names(struct reader *reader, size_t count)
{
    struct csv_column *columns = arena_array(reader->arena, struct csv_column, count);
    struct csv_field *fields = arena_array(reader->arena, struct csv_field, count);
    const struct csv_wanted every = csv_every_field(columns, count);
    struct csv_record record;
    (void)csv_next(&reader->scanner, reader->at, reader->ended, &every, fields, count, &record);
    reader->header_count = count;
    reader->header = arena_array(reader->arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        reader->header[i] = str_copy(reader->arena, csv_text(fields[i].raw, &reader->scratch));
}

/* Which of the header's fields are which of our columns; of two of one name the last, as in Python's DictReader. */
static void choose_columns(struct reader *reader)
{
    struct csv_column *columns = arena_array(reader->arena, struct csv_column, COST_COLUMN_COUNT);
    bool seen[COST_COLUMN_COUNT + 1] = {[COST_COLUMN_COUNT] = true};
    size_t first = COST_COLUMN_COUNT;
    for (size_t i = reader->header_count; i-- > 0;) {
        enum cost_column column = cost_column_find(reader->header[i]);
        if (!seen[column] && cost_column_is_read(reader->task->import, column, reader->task->keys))
            columns[--first] = (struct csv_column){(unsigned)i, column};
        seen[column] = true;
    }
    reader->wanted = (struct csv_wanted){columns + first, COST_COLUMN_COUNT - first};
}

static bool read_header(struct reader *reader)
{
    struct csv_record record = {.count = 0};
    bool more = true;
    reader->line = 1;
    while (more && record.count == 0) { /* blank lines before it are none */
        if (!next_record(reader, &record, &more))
            return false;
        if (more && record.count == 0)
            pass_record(reader, &record);
    }
    if (!more)
        return fail_at(reader, 0,
                       "the file is empty: OptScale's import stops with \"'NoneType' object is not iterable\"");
    if (record.count > COLUMNS_MAX || record.unclosed)
        return fail_at(reader, reader->line, "the header row does not end, or has more than 10000 columns");
    read_names(reader, record.count);
    pass_record(reader, &record);
    choose_columns(reader);
    return true;
}

/* Before the first row: without some columns the import stops (fact sheet 4.3). */
static bool check_columns(struct reader *reader)
{
    const struct optscale_column *missing[OPTSCALE_COLUMN_COUNT];
    enum optscale_format format = reader->is_parquet ? OPTSCALE_FORMAT_PARQUET : OPTSCALE_FORMAT_CSV;
    size_t count = optscale_columns_missing(reader->header, reader->header_count, format, missing);
    struct str message = optscale_columns_message(missing, count, format);
    reader->columns_checked = true;
    if (message.len == 0)
        return true;
    struct str what =
        str_format(reader->arena, "the file lacks a column: OptScale's import stops with \"%.*s\"", STR_ARG(message));
    return fail_at(reader, 0, str_to_c(reader->arena, what));
}

/* --- rows --- */

/* The product map is last, long and in quotes: it is needed for the row's region, or where it has no resource. */
static void take_texts(struct reader *reader, struct cost_row *row)
{
    buf_clear(&reader->scratch);
    for (size_t i = 0; i < COST_PRODUCT_MAP; i++)
        row->text[i] = csv_text(reader->fields[i].raw, &reader->scratch);
    bool needed = row->text[COST_RESOURCE].len == 0 || reader->task->import->regions;
    row->text[COST_PRODUCT_MAP] = needed ? csv_text(reader->fields[COST_PRODUCT_MAP].raw, &reader->scratch) : STR("");
}

static void note_ragged(struct reader *reader, const struct csv_record *record)
{
    struct cost_reading *reading = &reader->reading;
    if (reading->ragged_count++ == 0)
        reading->ragged = (struct cost_place){
            reader->task->name, reader->line,
            str_format(reader->arena, "%zu fields, where the header has %zu", record->count, reader->header_count)};
}

/* What OptScale's import says at a row that stops it. */
static struct str stop_text(struct reader *reader, const struct cost_row *row, enum cost_fate fate)
{
    if (fate == COST_NOT_A_NUMBER)
        return str_format(
            reader->arena, "could not convert string to float: '%.*s'",
            STR_ARG(str_shorten(reader->arena, cost_row_no_number(reader->task->import, row), SHOWN_MAX)));
    enum cost_column column = cost_date_is_valid(row->text[COST_START]) ? COST_END : COST_START;
    return str_format(reader->arena, "time data '%.*s' does not match format '%%Y-%%m-%%dT%%H:%%M:%%SZ'",
                      STR_ARG(str_shorten(reader->arena, row->text[column], SHOWN_MAX)));
}

static void note_stop(struct reader *reader, const struct cost_row *row, enum cost_fate fate)
{
    struct cost_reading *reading = &reader->reading;
    bool stops = fate == COST_BAD_DATE || fate == COST_NOT_A_NUMBER;
    if (stops && reading->stop.line == 0)
        reading->stop = (struct cost_place){reader->task->name, reader->line, stop_text(reader, row, fate)};
}

static bool write_key(struct reader *reader, const struct cost_row *row, const struct cost_verdict *verdict)
{
    uint64_t key = verdict->stored ? cost_row_key(row) : 0;
    return fwrite(&key, sizeof key, 1, reader->task->keys) == 1 ||
           fail_at(reader, 0, "the temporary file for row keys cannot be written");
}

/* Whether the row counts, and as what; gives it its number. */
static bool is_taken(struct reader *reader, struct cost_verdict *verdict)
{
    const unsigned char *lost = reader->task->lost;
    bool numbered = verdict->counted || reader->is_parquet;
    uint64_t number = reader->reading.numbers;
    reader->reading.numbers += numbered;
    if (!lost)
        return true;
    return numbered && verdict->stored && (lost[number / 8] >> (number % 8) & 1);
}

static bool add_row(struct reader *reader, const struct cost_row *row)
{
    struct cost_reading *reading = &reader->reading;
    struct cost_verdict verdict;
    cost_row_judge(reader->task->import, row, &verdict);
    if (verdict.too_long)
        return fail_at(reader, reader->line, "an amount with more digits than can be added exactly");
    if (!is_taken(reader, &verdict))
        return true;
    struct cost_account *account = cost_sums_account(reading->sums, row->text[COST_ACCOUNT]);
    if (!account)
        return fail_at(reader, reader->line, "more than a million accounts: is this a billing file?");
    struct cost_sum sum = {1, verdict.blended, verdict.unblended};
    cost_sum_add(&account->fates[verdict.fate], &sum);
    if (verdict.moves)
        cost_sum_add(&reading->sums->moved, &sum);
    if (verdict.fate == COST_IMPORTED && !decimal_is_zero(&verdict.discount))
        cost_sum_add(&reading->sums->discounts, &(struct cost_sum){1, verdict.discount, {0, 0}});
    if (reading->sums->currency_count == 0 || !str_equal(reading->sums->currencies[0], row->text[COST_CURRENCY]))
        cost_sums_currency(reading->sums, row->text[COST_CURRENCY]);
    note_stop(reader, row, verdict.fate);
    bool numbered = verdict.counted || reader->is_parquet;
    return !reader->task->keys || !numbered || write_key(reader, row, &verdict);
}

static bool read_rows(struct reader *reader)
{
    struct csv_record record;
    struct cost_row row;
    bool more = true;
    while (next_record(reader, &record, &more)) {
        if (!more)
            return true;
        if (record.unclosed)
            return fail_at(reader, reader->line, "a quote is opened here that is never closed");
        if (record.count > 0) {
            if (!reader->columns_checked && !check_columns(reader))
                return false;
            if (record.count != reader->header_count && reader->is_parquet)
                return fail_at(reader, 0, "DuckDB's program printed something that is no row");
            if (record.count != reader->header_count)
                note_ragged(reader, &record);
            take_texts(reader, &row);
            if (!add_row(reader, &row))
                return false;
        }
        pass_record(reader, &record);
    }
    return false;
}

static bool open_bytes(struct reader *reader)
{
    const struct cost_task *task = reader->task;
    const struct cost_opener *opener = task->opener;
    struct byte_source packed;
    struct unpacker *unpacker;
    if (!opener->open(opener->self, reader->arena, task->file, &packed, reader->error) ||
        !unpack_open(reader->arena, &packed, &unpacker, reader->error))
        return error_wrap(reader->error, "%.*s", STR_ARG(task->name));
    reader->is_parquet = unpack_is_parquet(unpacker);
    if (reader->is_parquet)
        return opener->open_parquet(opener->self, reader->arena, task->file, &reader->bytes, reader->error) ||
               error_wrap(reader->error, "%.*s", STR_ARG(task->name));
    reader->bytes = unpack_bytes(unpacker);
    if (task->ahead)
        reader->bytes = ahead_open(reader->arena, &reader->bytes);
    return true;
}

bool cost_file_read(struct arena *arena, const struct cost_task *task, struct cost_reading *ret, struct error *error)
{
    struct reader *reader = arena_new(arena, struct reader);
    reader->arena = arena;
    reader->task = task;
    reader->error = error;
    reader->capacity = BUFFER_SIZE;
    reader->buffer = arena_alloc(arena, 1, BUFFER_SIZE + CSV_SLACK, 64);
    reader->scanner = csv_scanner(reader->buffer, 0);
    reader->scratch = buf_make(arena, SCRATCH_MAX);
    reader->reading.sums = cost_sums_open(arena);
    if (!open_bytes(reader) || !read_header(reader) || !read_rows(reader))
        return false;
    *ret = reader->reading;
    return true;
}
