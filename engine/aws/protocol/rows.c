/* rows.c: what the rows of a billing file say of the export as a whole; see rows.h. */
#include "aws/protocol/rows.h"

#include "base/clock.h"

/* The longest field that is looked at: two times with a slash between them; the rest of a longer one is cut off. */
#define FIELD_MAX_BYTES 64

/* --- one value each --- */

/* What a column tells of the export: `names` in CUR 2.0 and in a legacy report. */
enum { COLUMN_INTERVAL, COLUMN_PAYER, COLUMN_CURRENCY, COLUMN_COUNT };
static const struct {
    struct str names[2];
    struct str member;
} columns[COLUMN_COUNT] = {
    [COLUMN_INTERVAL] = {{STR_INIT("identity_time_interval"), STR_INIT("identity/TimeInterval")},
                         STR_INIT("Granularity")},
    [COLUMN_PAYER] = {{STR_INIT("bill_payer_account_id"), STR_INIT("bill/PayerAccountId")}, STR_INIT("Payer")},
    [COLUMN_CURRENCY] = {{STR_INIT("line_item_currency_code"), STR_INIT("lineItem/CurrencyCode")},
                         STR_INIT("Currency")},
};

/* From the shortest to the longest; the interval is what an encoded row has. */
static const struct {
    struct str name;
    int64_t max_seconds;
    struct str interval;
} granularities[] = {
    {STR_INIT("HOURLY"), 3600, STR_INIT("2026-01-01T00:00:00Z/2026-01-01T01:00:00Z")},
    {STR_INIT("DAILY"), 86400, STR_INIT("2026-01-01T00:00:00Z/2026-01-02T00:00:00Z")},
    {STR_INIT("MONTHLY"), INT64_C(31) * 86400, STR_INIT("2026-01-01T00:00:00Z/2026-02-01T00:00:00Z")},
};
enum { MONTHLY = 2, NO_GRANULARITY = COUNT_OF(granularities) };

/* The granularity of a row with this interval; NO_GRANULARITY: the text is none, or a longer one. */
static size_t granularity_of(struct str interval)
{
    struct str start;
    int64_t from, to;
    if (!str_cut(&interval, '/', &start) || !clock_parse(start, &from) || !clock_parse(interval, &to) || to <= from)
        return NO_GRANULARITY;
    size_t i = 0;
    while (i < NO_GRANULARITY && to - from > granularities[i].max_seconds)
        i++;
    return i;
}

static bool is_of(struct str text, ptrdiff_t length, char first, char last)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < first || text.ptr[i] > last)
            return false;
    }
    return text.len == length;
}

/* A value that all rows have to agree on. */
struct agreed {
    char text[16];
    ptrdiff_t length;
    bool differs;
};

static void agree(struct agreed *agreed, struct str text)
{
    if (agreed->length > 0) {
        agreed->differs = agreed->differs || !str_equal((struct str){agreed->text, agreed->length}, text);
        return;
    }
    for (ptrdiff_t i = 0; i < text.len; i++)
        agreed->text[i] = text.ptr[i];
    agreed->length = text.len;
}

/* --- all rows --- */

struct rows {
    ptrdiff_t index[COLUMN_COUNT]; /* of the column in the header; -1: there is none */
    size_t count[NO_GRANULARITY + 1];
    struct agreed payer;
    struct agreed currency;
    bool in_doubt; /* rows between those that were seen may be of a shorter time */
};

static ptrdiff_t find_column(const struct json *header, int column)
{
    for (size_t i = 0; i < header->count; i++) {
        struct str name = header->items[i].string;
        if (str_equal(name, columns[column].names[0]) || str_equal(name, columns[column].names[1]))
            return (ptrdiff_t)i;
    }
    return -1;
}

/* A value of `column` in so many rows; what has not the form of such a value tells nothing. */
static void take(struct rows *rows, int column, struct str field, size_t count)
{
    if (column == COLUMN_INTERVAL)
        rows->count[granularity_of(field)] += count;
    else if (column == COLUMN_PAYER && is_of(field, 12, '0', '9'))
        agree(&rows->payer, field);
    else if (column == COLUMN_CURRENCY && is_of(field, 3, 'A', 'Z'))
        agree(&rows->currency, field);
}

static void take_field(struct rows *rows, ptrdiff_t index, struct str field)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (rows->index[i] == index)
            take(rows, i, field, 1);
    }
}

static void add_agreed(struct arena *arena, struct json_builder *derived, int column, const struct agreed *agreed)
{
    if (agreed->length > 0 && !agreed->differs)
        json_build_append(derived, columns[column].member,
                          json_string(str_copy(arena, (struct str){agreed->text, agreed->length})));
}

static void add_granularity(struct json_builder *derived, const struct rows *rows)
{
    size_t shortest = 0;
    while (shortest < NO_GRANULARITY && rows->count[shortest] == 0)
        shortest++;
    bool too_few = shortest == MONTHLY && (rows->in_doubt || rows->count[MONTHLY] < ROWS_OF_A_MONTHLY_FILE);
    if (shortest < NO_GRANULARITY && !too_few)
        json_build_append(derived, columns[COLUMN_INTERVAL].member, json_string(granularities[shortest].name));
}

static struct json agreed_on(struct arena *arena, const struct rows *rows)
{
    struct json_builder derived = json_build(arena, JSON_OBJECT);
    add_granularity(&derived, rows);
    add_agreed(arena, &derived, COLUMN_PAYER, &rows->payer);
    add_agreed(arena, &derived, COLUMN_CURRENCY, &rows->currency);
    return json_built(&derived);
}

struct json rows_derive(struct arena *arena, struct csv *csv, const struct json *header)
{
    struct rows rows = {.payer = {.length = 0}};
    struct buf field = buf_make(arena, FIELD_MAX_BYTES);
    ptrdiff_t index = 0;
    for (int i = 0; i < COLUMN_COUNT; i++)
        rows.index[i] = find_column(header, i);
    while (!csv_is_over(csv)) {
        enum csv_after after = csv_take_field(csv, &field);
        if (after == CSV_CUT)
            break;
        take_field(&rows, index, buf_str(&field));
        index = after == CSV_FIELD ? index + 1 : 0;
    }
    return agreed_on(arena, &rows);
}

/* --- the bounds of columns --- */

static int column_named(struct str name)
{
    int column = 0;
    while (column < COLUMN_COUNT && !str_equal(columns[column].names[0], name))
        column++;
    return column;
}

/* The least value and the greatest are of two rows at least, or of all. */
static void take_bounds(struct rows *rows, int column, const struct parquet_chunk *chunk)
{
    bool same = chunk->bounded && str_equal(chunk->min, chunk->max);
    size_t count = same && chunk->rows > 0 ? (size_t)chunk->rows : 1;
    take(rows, column, chunk->min, count);
    take(rows, column, chunk->max, count);
    rows->in_doubt = rows->in_doubt || (column == COLUMN_INTERVAL && !same);
    rows->payer.differs = rows->payer.differs || (column == COLUMN_PAYER && !same);
    rows->currency.differs = rows->currency.differs || (column == COLUMN_CURRENCY && !same);
}

struct json rows_derive_bounds(struct arena *arena, const struct parquet_footer *footer)
{
    struct rows rows = {.payer = {.length = 0}};
    for (size_t i = 0; i < footer->chunk_count; i++)
        take_bounds(&rows, column_named(footer->chunks[i].column), &footer->chunks[i]);
    return agreed_on(arena, &rows);
}

/* --- the reverse --- */

static size_t find_granularity(struct str name)
{
    size_t i = 0;
    while (i < NO_GRANULARITY && !str_equal(granularities[i].name, name))
        i++;
    return i;
}

/* What a row has in `column` from which `derived` follows; empty: nothing. */
static struct str value_of(const struct json *derived, int column)
{
    struct str value = json_find_string(derived, columns[column].member.ptr);
    size_t granularity = column == COLUMN_INTERVAL ? find_granularity(value) : NO_GRANULARITY;
    if (column != COLUMN_INTERVAL)
        return value;
    return granularity < NO_GRANULARITY ? granularities[granularity].interval : STR("");
}

struct parquet_footer rows_bounds(struct arena *arena, const struct json *header, const struct json *derived)
{
    struct str *names = arena_array(arena, struct str, header->count);
    struct parquet_chunk *chunks = arena_array(arena, struct parquet_chunk, COLUMN_COUNT);
    size_t count = 0;
    for (size_t i = 0; i < header->count; i++)
        names[i] = json_is(&header->items[i], JSON_STRING) ? header->items[i].string : STR("");
    for (int i = 0; i < COLUMN_COUNT; i++) {
        struct str value = value_of(derived, i);
        if (value.len)
            chunks[count++] = (struct parquet_chunk){columns[i].names[0], value, value, true, ROWS_OF_A_MONTHLY_FILE};
    }
    return (struct parquet_footer){names, header->count, chunks, count};
}

void rows_encode(struct arena *arena, struct buf *text, const struct json *header, const struct json *derived)
{
    struct str *fields = arena_array(arena, struct str, header->count);
    size_t granularity = find_granularity(json_find_string(derived, columns[COLUMN_INTERVAL].member.ptr));
    for (int i = 0; i < COLUMN_COUNT; i++) {
        ptrdiff_t index = find_column(header, i);
        if (index < 0)
            continue;
        fields[index] = value_of(derived, i);
    }
    for (int i = 0; i < (granularity == MONTHLY ? ROWS_OF_A_MONTHLY_FILE : 1); i++)
        csv_add_row(text, fields, header->count);
}
