/* inflate.c: gzip and ZIP over zlib; see inflate.h. */
#include "aws/shape/inflate.h"

#include "aws/operation/call.h"
#include "base/buf.h"

#include <limits.h>

#define ZLIB_CONST /* input is const */
#include <zlib.h>

#define WINDOW_RAW (-MAX_WBITS)
#define WINDOW_GZIP (MAX_WBITS + 16)
#define CHUNK 16384

/* A ZIP local file header (APPNOTE 4.3.7), little-endian. */
enum {
    ZIP_METHOD = 8,
    ZIP_NAME_LENGTH = 26,
    ZIP_EXTRA_LENGTH = 28,
    ZIP_HEADER_SIZE = 30,
};
#define ZIP_STORED 0
#define ZIP_DEFLATED 8

static unsigned little16(struct str bytes, ptrdiff_t at)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr + at;
    return (unsigned)p[0] | (unsigned)p[1] << 8;
}

/* Inflates until the end, until `max` bytes are there, or until the input breaks off. */
static bool inflate_stream(struct str input, int window, struct buf *out, bool *ret_complete)
{
    z_stream stream = {.next_in = (const Bytef *)input.ptr, .avail_in = (uInt)input.len};
    unsigned char chunk[CHUNK];
    int status = inflateInit2(&stream, window);
    while (status == Z_OK && !out->overflow) {
        stream.next_out = chunk;
        stream.avail_out = sizeof chunk;
        status = inflate(&stream, Z_NO_FLUSH);
        struct str part = {(const char *)chunk, (ptrdiff_t)(sizeof chunk - stream.avail_out)};
        size_t room = out->max - out->len;
        buf_add(out, str_slice(part, 0, (ptrdiff_t)room < part.len ? (ptrdiff_t)room : part.len));
        if ((size_t)part.len > room)
            out->overflow = true;
    }
    inflateEnd(&stream);
    *ret_complete = status == Z_STREAM_END && !out->overflow;
    return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
}

static bool inflate_zip(struct str file, struct buf *out, bool *ret_complete, struct error *error)
{
    if (file.len < ZIP_HEADER_SIZE)
        return answer_is_bad(error, "the ZIP file breaks off");
    unsigned method = little16(file, ZIP_METHOD);
    ptrdiff_t begin = ZIP_HEADER_SIZE + (ptrdiff_t)little16(file, ZIP_NAME_LENGTH) + little16(file, ZIP_EXTRA_LENGTH);
    if (method != ZIP_DEFLATED && method != ZIP_STORED)
        return answer_is_bad(error, "the ZIP file uses compression method %u", method);
    if (method == ZIP_STORED) {
        /* Its length may stand behind it alone, so the end of the entry is not told from the directory. */
        buf_add(out, str_slice(str_skip(file, begin), 0, (ptrdiff_t)out->max));
        *ret_complete = false;
        return true;
    }
    if (!inflate_stream(str_skip(file, begin), WINDOW_RAW, out, ret_complete))
        return answer_is_bad(error, "the ZIP file is damaged");
    return true;
}

bool inflate_beginning(struct arena *arena, struct str file, size_t max, struct str *ret, bool *ret_complete,
                       struct error *error)
{
    struct buf out = buf_make(arena, max);
    bool complete = (size_t)file.len <= max;
    struct str content = str_slice(file, 0, (ptrdiff_t)max);
    if (str_starts(file, STR("\x1f\x8b"))) {
        if (!inflate_stream(str_slice(file, 0, INT_MAX), WINDOW_GZIP, &out, &complete))
            return answer_is_bad(error, "the gzip file is damaged");
        content = buf_str(&out);
    } else if (str_starts(file, STR("PK\x03\x04"))) {
        if (!inflate_zip(str_slice(file, 0, INT_MAX), &out, &complete, error))
            return false;
        content = buf_str(&out);
    }
    *ret = content;
    *ret_complete = complete;
    return true;
}

static void deflate_to(struct buf *out, struct str content, int window)
{
    z_stream stream = {.next_in = (const Bytef *)content.ptr, .avail_in = (uInt)content.len};
    unsigned char chunk[CHUNK];
    int status = deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    while (status == Z_OK) {
        stream.next_out = chunk;
        stream.avail_out = sizeof chunk;
        status = deflate(&stream, Z_FINISH);
        buf_add(out, (struct str){(const char *)chunk, (ptrdiff_t)(sizeof chunk - stream.avail_out)});
    }
    deflateEnd(&stream);
}

struct str deflate_gzip(struct arena *arena, struct str content)
{
    struct buf out = buf_make(arena, BUF_NO_MAX);
    deflate_to(&out, content, WINDOW_GZIP);
    return buf_str(&out);
}

static void add_little(struct buf *out, unsigned long value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_add_char(out, (char)(value >> (8 * i) & 0xFF));
}

/* What a local header and the directory's entry have in common: from "version needed" to the extra field's length. */
static void add_zip_fields(struct buf *out, struct str name, struct str content, size_t packed)
{
    uLong crc = crc32(crc32(0, NULL, 0), (const Bytef *)content.ptr, (uInt)content.len);
    add_little(out, 20, 2);
    add_little(out, 0x0800, 2); /* the name is UTF-8 */
    add_little(out, ZIP_DEFLATED, 2);
    add_little(out, 0, 2);    /* time */
    add_little(out, 0x21, 2); /* 1980-01-01: the epoch of ZIP */
    add_little(out, crc, 4);
    add_little(out, packed, 4);
    add_little(out, (unsigned long)content.len, 4);
    add_little(out, (unsigned long)name.len, 2);
    add_little(out, 0, 2);
}

struct str deflate_zip(struct arena *arena, struct str name, struct str content)
{
    struct buf out = buf_make(arena, BUF_NO_MAX);
    struct buf packed = buf_make(arena, BUF_NO_MAX);
    deflate_to(&packed, content, WINDOW_RAW);
    buf_add(&out, STR("PK\x03\x04"));
    add_zip_fields(&out, name, content, packed.len);
    buf_add(&out, name);
    buf_add(&out, buf_str(&packed));
    size_t directory = out.len;
    buf_add(&out, STR("PK\x01\x02"));
    add_little(&out, 20, 2); /* made by */
    add_zip_fields(&out, name, content, packed.len);
    for (int i = 0; i < 7; i++)
        add_little(&out, 0, 2); /* no comment, disk 0, no attributes, header at 0 */
    buf_add(&out, name);
    size_t directory_size = out.len - directory;
    buf_add(&out, STR("PK\x05\x06\0\0\0\0\x01\0\x01\0"));
    add_little(&out, directory_size, 4);
    add_little(&out, directory, 4);
    add_little(&out, 0, 2);
    return buf_str(&out);
}
