/* thrift.c: Thrift's compact protocol; see thrift.h. */
#include "aws/shape/thrift.h"

enum {
    VARINT_BITS = 7,
    LONG_LIST = 15, /* a list of so many items or more has its length behind the first byte */
    DEPTH_MAX = 32,
};

static int take_byte(struct thrift *thrift)
{
    if (thrift->broken || thrift->at >= thrift->bytes.len) {
        thrift->broken = true;
        return 0;
    }
    return (unsigned char)thrift->bytes.ptr[thrift->at++];
}

static uint64_t take_varint(struct thrift *thrift)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += VARINT_BITS) {
        int byte = take_byte(thrift);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return thrift->broken ? 0 : value;
    }
    thrift->broken = true;
    return 0;
}

/* A length that the bytes which are left can hold. */
static ptrdiff_t take_length(struct thrift *thrift, uint64_t length)
{
    if (thrift->broken || length > (uint64_t)(thrift->bytes.len - thrift->at)) {
        thrift->broken = true;
        return 0;
    }
    return (ptrdiff_t)length;
}

int64_t thrift_integer(struct thrift *thrift)
{
    uint64_t zigzag = take_varint(thrift);
    return (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
}

struct str thrift_text(struct thrift *thrift)
{
    ptrdiff_t length = take_length(thrift, take_varint(thrift));
    struct str text = str_slice(thrift->bytes, thrift->at, thrift->at + length);
    thrift->at += length;
    return text;
}

size_t thrift_list(struct thrift *thrift, int *ret_type)
{
    int head = take_byte(thrift);
    uint64_t count = (unsigned)head >> 4;
    *ret_type = head & 0x0f;
    if (count == LONG_LIST)
        count = take_varint(thrift);
    return (size_t)take_length(thrift, count);
}

bool thrift_next(struct thrift *thrift, struct thrift_field *field)
{
    int head = take_byte(thrift);
    field->type = head & 0x0f;
    if (thrift->broken || field->type == THRIFT_STOP)
        return false;
    field->id = head >> 4 ? field->id + (head >> 4) : thrift_integer(thrift);
    return !thrift->broken;
}

static void skip_value(struct thrift *thrift, int type, int depth);

static void skip_items(struct thrift *thrift, int depth)
{
    int type;
    size_t count = thrift_list(thrift, &type);
    for (size_t i = 0; i < count && !thrift->broken; i++) {
        if (type == THRIFT_TRUE || type == THRIFT_FALSE) /* an item's value follows, other than a field's */
            take_byte(thrift);
        else
            skip_value(thrift, type, depth);
    }
}

static void skip_map(struct thrift *thrift, int depth)
{
    ptrdiff_t count = take_length(thrift, take_varint(thrift));
    int types = count ? take_byte(thrift) : 0;
    for (ptrdiff_t i = 0; i < count && !thrift->broken; i++) {
        skip_value(thrift, types >> 4, depth);
        skip_value(thrift, types & 0x0f, depth);
    }
}

static void skip_fields(struct thrift *thrift, int depth)
{
    struct thrift_field field = {0};
    while (thrift_next(thrift, &field))
        skip_value(thrift, field.type, depth);
}

/* NOLINTNEXTLINE(misc-no-recursion): `depth` ends it */
static void skip_value(struct thrift *thrift, int type, int depth)
{
    thrift->broken = thrift->broken || depth >= DEPTH_MAX;
    if (thrift->broken)
        return;
    switch (type) {
    case THRIFT_TRUE:
    case THRIFT_FALSE: return;
    case THRIFT_DOUBLE: thrift->at += take_length(thrift, 8); return;
    case THRIFT_TEXT: thrift_text(thrift); return;
    case THRIFT_LIST:
    case THRIFT_SET: skip_items(thrift, depth + 1); return;
    case THRIFT_MAP: skip_map(thrift, depth + 1); return;
    case THRIFT_STRUCT: skip_fields(thrift, depth + 1); return;
    default: take_varint(thrift); return; /* bytes and integers */
    }
}

void thrift_skip(struct thrift *thrift, int type)
{
    skip_value(thrift, type, 0);
}

/* ---------------------------------------------------------------- the reverse */

static void add_varint(struct buf *buf, uint64_t value)
{
    for (; value > 0x7f; value >>= VARINT_BITS)
        buf_add_char(buf, (char)(value | 0x80));
    buf_add_char(buf, (char)value);
}

void thrift_add_field(struct buf *buf, int *last, int id, enum thrift_type type)
{
    buf_add_char(buf, (char)((unsigned)(id - *last) << 4 | type));
    *last = id;
}

void thrift_add_integer(struct buf *buf, int64_t value)
{
    add_varint(buf, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void thrift_add_text(struct buf *buf, struct str text)
{
    add_varint(buf, (uint64_t)text.len);
    buf_add(buf, text);
}

void thrift_add_list(struct buf *buf, size_t count, enum thrift_type type)
{
    buf_add_char(buf, (char)((count < LONG_LIST ? count : LONG_LIST) << 4 | type));
    if (count >= LONG_LIST)
        add_varint(buf, count);
}

void thrift_add_stop(struct buf *buf)
{
    buf_add_char(buf, THRIFT_STOP);
}
