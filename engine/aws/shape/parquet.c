/* parquet.c: the footer of a Parquet file; see parquet.h. The numbers of fields are parquet.thrift's. */
#include "aws/shape/parquet.h"

#include "aws/operation/call.h"
#include "aws/shape/thrift.h"

#define MAGIC STR("PAR1")

enum {
    TAIL_BYTES = 8, /* the footer's length and the magic number, behind the footer */
    FILE_SCHEMA = 2,
    FILE_GROUPS = 4,
    ELEMENT_NAME = 4,
    ELEMENT_CHILDREN = 5,
    GROUP_CHUNKS = 1,
    GROUP_ROWS = 3,
    CHUNK_META = 3,
    META_PATH = 3,
    META_STATISTICS = 12,
    OLD_MAX = 1, /* of files written before 2017 */
    OLD_MIN = 2,
    NEW_MAX = 5,
    NEW_MIN = 6,
};

/* ---------------------------------------------------------------- columns */

struct element {
    struct str name;
    int64_t children;
};

static struct element read_element(struct thrift *thrift)
{
    struct element element = {.children = 0};
    struct thrift_field field = {0};
    while (thrift_next(thrift, &field)) {
        if (field.id == ELEMENT_NAME && field.type == THRIFT_TEXT)
            element.name = thrift_text(thrift);
        else if (field.id == ELEMENT_CHILDREN && field.type == THRIFT_I32)
            element.children = thrift_integer(thrift);
        else
            thrift_skip(thrift, field.type);
    }
    return element;
}

/* Where the element behind this one's children stands: the schema is a tree, written from its root, depth first. */
static size_t behind(const struct element *elements, size_t count, size_t at)
{
    for (int64_t open = 1; open > 0 && at < count; at++)
        open += elements[at].children - 1;
    return at;
}

static void read_schema(struct thrift *thrift, struct arena *arena, struct parquet_footer *ret)
{
    int type;
    size_t count = thrift_list(thrift, &type);
    struct element *elements = arena_array(arena, struct element, count);
    struct str *columns = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count && !thrift->broken; i++) {
        elements[i] = read_element(thrift);
        thrift->broken = thrift->broken || elements[i].children < 0 || elements[i].children > (int64_t)count;
    }
    ret->columns = columns;
    ret->column_count = 0;
    for (size_t at = 1; at < count && !thrift->broken; at = behind(elements, count, at))
        columns[ret->column_count++] = elements[at].name;
}

/* ---------------------------------------------------------------- chunks */

struct chunks {
    struct arena *arena;
    struct parquet_chunk *items;
    size_t count;
    size_t room;
};

static struct parquet_chunk *add_chunk(struct chunks *chunks)
{
    if (chunks->count == chunks->room) {
        size_t room = chunks->room ? chunks->room * 2 : 64;
        struct parquet_chunk *items = arena_array(chunks->arena, struct parquet_chunk, room);
        for (size_t i = 0; i < chunks->count; i++)
            items[i] = chunks->items[i];
        chunks->items = items;
        chunks->room = room;
    }
    return &chunks->items[chunks->count++];
}

/* What newer writers say prevails over what older readers understand. */
static void read_statistics(struct thrift *thrift, struct parquet_chunk *chunk)
{
    struct str bounds[NEW_MIN + 1] = {{0}};
    bool told[NEW_MIN + 1] = {false};
    struct thrift_field field = {0};
    while (thrift_next(thrift, &field)) {
        bool is_bound = field.type == THRIFT_TEXT && field.id > 0 && field.id <= NEW_MIN;
        if (!is_bound) {
            thrift_skip(thrift, field.type);
            continue;
        }
        bounds[field.id] = thrift_text(thrift);
        told[field.id] = true;
    }
    bool newer = told[NEW_MIN] && told[NEW_MAX];
    chunk->bounded = newer || (told[OLD_MIN] && told[OLD_MAX]);
    chunk->min = bounds[newer ? NEW_MIN : OLD_MIN];
    chunk->max = bounds[newer ? NEW_MAX : OLD_MAX];
}

/* The first name on the way to the column, and how many there are. */
static size_t read_path(struct thrift *thrift, struct str *ret_first)
{
    int type;
    size_t count = thrift_list(thrift, &type);
    for (size_t i = 0; i < count && !thrift->broken; i++) {
        struct str name = thrift_text(thrift);
        *ret_first = i ? *ret_first : name;
    }
    return count;
}

static void read_meta(struct thrift *thrift, struct chunks *chunks)
{
    struct parquet_chunk chunk = {.rows = 0};
    size_t depth = 0;
    struct thrift_field field = {0};
    while (thrift_next(thrift, &field)) {
        if (field.id == META_PATH && field.type == THRIFT_LIST)
            depth = read_path(thrift, &chunk.column);
        else if (field.id == META_STATISTICS && field.type == THRIFT_STRUCT)
            read_statistics(thrift, &chunk);
        else
            thrift_skip(thrift, field.type);
    }
    if (depth == 1 && !thrift->broken)
        *add_chunk(chunks) = chunk;
}

static void read_chunk(struct thrift *thrift, struct chunks *chunks)
{
    struct thrift_field field = {0};
    while (thrift_next(thrift, &field)) {
        if (field.id == CHUNK_META && field.type == THRIFT_STRUCT)
            read_meta(thrift, chunks);
        else
            thrift_skip(thrift, field.type);
    }
}

typedef void (*item_reader)(struct thrift *thrift, struct chunks *chunks);

static void read_list(struct thrift *thrift, struct chunks *chunks, item_reader read)
{
    int type;
    size_t count = thrift_list(thrift, &type);
    for (size_t i = 0; i < count && !thrift->broken; i++)
        read(thrift, chunks);
}

static void read_group(struct thrift *thrift, struct chunks *chunks)
{
    struct thrift_field field = {0};
    size_t first = chunks->count;
    int64_t rows = 0;
    while (thrift_next(thrift, &field)) {
        if (field.id == GROUP_CHUNKS && field.type == THRIFT_LIST)
            read_list(thrift, chunks, read_chunk);
        else if (field.id == GROUP_ROWS && field.type == THRIFT_I64)
            rows = thrift_integer(thrift);
        else
            thrift_skip(thrift, field.type);
    }
    for (size_t i = first; i < chunks->count; i++)
        chunks->items[i].rows = rows;
}

/* ---------------------------------------------------------------- the file */

static uint32_t little_endian(struct str bytes)
{
    uint32_t value = 0;
    for (ptrdiff_t i = bytes.len; i-- > 0;)
        value = value << 8 | (unsigned char)bytes.ptr[i];
    return value;
}

/* The footer's own bytes: before them stand rows, behind them their length. */
static bool find_footer(struct str tail, struct str *ret, struct error *error)
{
    ptrdiff_t end = tail.len - TAIL_BYTES;
    if (end < 0 || !str_ends(tail, MAGIC))
        return answer_is_bad(error, "the file does not end as a Parquet file does");
    uint32_t length = little_endian(str_slice(tail, end, end + 4));
    if (length > end)
        return answer_is_bad(error, "the footer of %u bytes is longer than what was read", length);
    *ret = str_slice(tail, end - (ptrdiff_t)length, end);
    return true;
}

bool parquet_read(struct arena *arena, struct str tail, struct parquet_footer *ret, struct error *error)
{
    struct thrift thrift = {.at = 0};
    struct thrift_field field = {0};
    struct chunks chunks = {.arena = arena};
    struct parquet_footer footer = {.column_count = 0};
    if (!find_footer(tail, &thrift.bytes, error))
        return false;
    while (thrift_next(&thrift, &field)) {
        if (field.id == FILE_SCHEMA && field.type == THRIFT_LIST)
            read_schema(&thrift, arena, &footer);
        else if (field.id == FILE_GROUPS && field.type == THRIFT_LIST)
            read_list(&thrift, &chunks, read_group);
        else
            thrift_skip(&thrift, field.type);
    }
    if (thrift.broken || footer.column_count == 0)
        return answer_is_bad(error, "the footer of the Parquet file is damaged");
    footer.chunks = chunks.items;
    footer.chunk_count = chunks.count;
    *ret = footer;
    return true;
}

/* ---------------------------------------------------------------- the reverse */

static void add_element(struct buf *buf, struct str name, size_t children)
{
    int last = 0;
    thrift_add_field(buf, &last, ELEMENT_NAME, THRIFT_TEXT);
    thrift_add_text(buf, name);
    if (children) {
        thrift_add_field(buf, &last, ELEMENT_CHILDREN, THRIFT_I32);
        thrift_add_integer(buf, (int64_t)children);
    }
    thrift_add_stop(buf);
}

static void add_statistics(struct buf *buf, const struct parquet_chunk *chunk)
{
    int last = 0;
    thrift_add_field(buf, &last, NEW_MAX, THRIFT_TEXT);
    thrift_add_text(buf, chunk->max);
    thrift_add_field(buf, &last, NEW_MIN, THRIFT_TEXT);
    thrift_add_text(buf, chunk->min);
    thrift_add_stop(buf);
}

static void write_chunk(struct buf *buf, const struct parquet_chunk *chunk)
{
    int last = 0;
    int last_of_meta = 0;
    thrift_add_field(buf, &last, CHUNK_META, THRIFT_STRUCT);
    thrift_add_field(buf, &last_of_meta, META_PATH, THRIFT_LIST);
    thrift_add_list(buf, 1, THRIFT_TEXT);
    thrift_add_text(buf, chunk->column);
    if (chunk->bounded) {
        thrift_add_field(buf, &last_of_meta, META_STATISTICS, THRIFT_STRUCT);
        add_statistics(buf, chunk);
    }
    thrift_add_stop(buf);
    thrift_add_stop(buf);
}

static void write_group(struct buf *buf, const struct parquet_footer *footer)
{
    int last = 0;
    thrift_add_field(buf, &last, GROUP_CHUNKS, THRIFT_LIST);
    thrift_add_list(buf, footer->chunk_count, THRIFT_STRUCT);
    for (size_t i = 0; i < footer->chunk_count; i++)
        write_chunk(buf, &footer->chunks[i]);
    thrift_add_field(buf, &last, GROUP_ROWS, THRIFT_I64);
    thrift_add_integer(buf, footer->chunk_count ? footer->chunks[0].rows : 0);
    thrift_add_stop(buf);
}

struct str parquet_write(struct arena *arena, const struct parquet_footer *footer)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    int last = 0;
    buf_add(&buf, MAGIC);
    thrift_add_field(&buf, &last, FILE_SCHEMA, THRIFT_LIST);
    thrift_add_list(&buf, footer->column_count + 1, THRIFT_STRUCT);
    add_element(&buf, STR("schema"), footer->column_count);
    for (size_t i = 0; i < footer->column_count; i++)
        add_element(&buf, footer->columns[i], 0);
    thrift_add_field(&buf, &last, FILE_GROUPS, THRIFT_LIST);
    thrift_add_list(&buf, 1, THRIFT_STRUCT);
    write_group(&buf, footer);
    thrift_add_stop(&buf);
    uint32_t length = (uint32_t)(buf_str(&buf).len - MAGIC.len);
    for (unsigned shift = 0; shift < 32; shift += 8)
        buf_add_char(&buf, (char)(length >> shift));
    buf_add(&buf, MAGIC);
    return buf_str(&buf);
}
