/* unpack.c: see unpack.h. */
#include "costs/unpack.h"

#include "costs/isal.h"

#include <stdint.h>
#include <string.h>

#define ZLIB_CONST /* input is const */
#include <zlib.h>

enum {
    INPUT_SIZE = 1 << 18,
    MAGIC_SIZE = 4,
    WINDOW_RAW = -MAX_WBITS,
    WINDOW_GZIP = MAX_WBITS + 16,
};

/* A ZIP local file header, little-endian; and what may follow the data where a flag says so. */
enum {
    ZIP_FLAGS = 6,
    ZIP_METHOD = 8,
    ZIP_CRC = 14,
    ZIP_SIZE = 18,
    ZIP_NAME_LENGTH = 26,
    ZIP_EXTRA_LENGTH = 28,
    ZIP_HEADER_SIZE = 30,
    ZIP_FLAG_ENCRYPTED = 1,
    ZIP_FLAG_DESCRIPTOR = 8,
    ZIP_STORED = 0,
    ZIP_DEFLATED = 8,
};
#define ZIP_MEMBER STR("PK\x03\x04")

struct unpacker {
    struct byte_source source;
    unsigned char *input;
    size_t at;
    size_t filled;
    bool source_ended;
    bool finished;
    bool (*read)(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error);
    bool between_members; /* gzip: the next bytes begin another, or there are none */
#ifdef EXPORTCHECK_ISAL
    struct isal isal;
    struct inflate_state *state;
#endif
    z_stream stream;
    /* ZIP */
    uint32_t crc;
    uint32_t expected_crc;
    uint64_t stored_left;
    bool has_descriptor;
};

static bool damaged(struct error *error, const char *what)
{
    return error_set(error, ERROR_INPUT, "%s", what);
}

static struct str rest_of(const struct unpacker *unpacker)
{
    return (struct str){(const char *)unpacker->input + unpacker->at, (ptrdiff_t)(unpacker->filled - unpacker->at)};
}

/* Moves what is left to the front and reads until `wanted` bytes are there or the source ends. */
static bool fill(struct unpacker *unpacker, size_t wanted, struct error *error)
{
    size_t left = unpacker->filled - unpacker->at;
    if (left >= wanted)
        return true;
    memmove(unpacker->input, unpacker->input + unpacker->at, left);
    unpacker->at = 0;
    unpacker->filled = left;
    while (unpacker->filled < wanted && !unpacker->source_ended) {
        size_t got;
        if (!unpacker->source.read(unpacker->source.self, (char *)unpacker->input + unpacker->filled,
                                   INPUT_SIZE - unpacker->filled, &got, error))
            return false;
        unpacker->source_ended = got == 0;
        unpacker->filled += got;
    }
    return true;
}

/* --- as it is --- */

static bool read_plain(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error)
{
    if (!fill(unpacker, 1, error))
        return false;
    struct str rest = rest_of(unpacker);
    size_t count = (size_t)rest.len < max ? (size_t)rest.len : max;
    memcpy(room, rest.ptr, count);
    unpacker->at += count;
    *ret = count;
    return true;
}

/* --- gzip --- */

/* What one step of an inflater came to. */
enum step { STEP_GOES_ON, STEP_MEMBER_ENDS, STEP_DAMAGED };

static enum step step_zlib(struct unpacker *unpacker, char *room, size_t max, size_t *ret)
{
    z_stream *stream = &unpacker->stream;
    struct str rest = rest_of(unpacker);
    stream->next_in = (const Bytef *)rest.ptr;
    stream->avail_in = (uInt)rest.len;
    stream->next_out = (Bytef *)room;
    stream->avail_out = (uInt)max;
    int status = inflate(stream, Z_NO_FLUSH);
    unpacker->at = unpacker->filled - stream->avail_in;
    *ret = max - stream->avail_out;
    if (status == Z_STREAM_END)
        return STEP_MEMBER_ENDS;
    return status == Z_OK || status == Z_BUF_ERROR ? STEP_GOES_ON : STEP_DAMAGED;
}

static bool begin_zlib(struct unpacker *unpacker, int window)
{
    return unpacker->stream.state ? inflateReset2(&unpacker->stream, window) == Z_OK
                                  : inflateInit2(&unpacker->stream, window) == Z_OK;
}

#ifdef EXPORTCHECK_ISAL
static enum step step_isal(struct unpacker *unpacker, char *room, size_t max, size_t *ret)
{
    struct inflate_state *state = unpacker->state;
    state->next_in = unpacker->input + unpacker->at;
    state->avail_in = (uint32_t)(unpacker->filled - unpacker->at);
    state->next_out = (uint8_t *)room;
    state->avail_out = (uint32_t)max;
    int status = unpacker->isal.inflate(state);
    unpacker->at = unpacker->filled - state->avail_in;
    *ret = max - state->avail_out;
    if (status != ISAL_DECOMP_OK && status != ISAL_END_INPUT && status != ISAL_OUT_OVERFLOW)
        return STEP_DAMAGED;
    return state->block_state == ISAL_BLOCK_FINISH ? STEP_MEMBER_ENDS : STEP_GOES_ON;
}

static bool begin_isal(struct unpacker *unpacker)
{
    unpacker->isal.inflate_init(unpacker->state);
    unpacker->state->crc_flag = ISAL_GZIP;
    return true;
}
#endif

static bool begin_member(struct unpacker *unpacker)
{
#ifdef EXPORTCHECK_ISAL
    if (unpacker->state)
        return begin_isal(unpacker);
#endif
    return begin_zlib(unpacker, WINDOW_GZIP);
}

static enum step step_gzip(struct unpacker *unpacker, char *room, size_t max, size_t *ret)
{
#ifdef EXPORTCHECK_ISAL
    if (unpacker->state)
        return step_isal(unpacker, room, max, ret);
#endif
    return step_zlib(unpacker, room, max, ret);
}

/* Between members: whether another begins. Zeros may pad the end, as gzip(1) and Python's gzip take them. */
static bool look_for_member(struct unpacker *unpacker, bool *ret, struct error *error)
{
    do {
        if (!fill(unpacker, MAGIC_SIZE, error))
            return false;
        while (unpacker->at < unpacker->filled && unpacker->input[unpacker->at] == 0)
            unpacker->at++;
    } while (unpacker->at == unpacker->filled && !unpacker->source_ended);
    *ret = unpacker->at < unpacker->filled;
    if (*ret && (!fill(unpacker, MAGIC_SIZE, error) || !str_starts(rest_of(unpacker), STR("\x1f\x8b"))))
        return damaged(error, "something that is no gzip follows the gzip data");
    return !*ret || begin_member(unpacker) || damaged(error, "cannot inflate");
}

static bool read_gzip(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error)
{
    for (;;) {
        bool more = true;
        if (unpacker->between_members && !look_for_member(unpacker, &more, error))
            return false;
        *ret = 0;
        if (!more)
            return true;
        unpacker->between_members = false;
        if (!fill(unpacker, 1, error))
            return false;
        bool had_input = unpacker->at < unpacker->filled;
        enum step step = step_gzip(unpacker, room, max, ret);
        if (step == STEP_DAMAGED)
            return damaged(error, "the gzip data is damaged, or its CRC is wrong");
        unpacker->between_members = step == STEP_MEMBER_ENDS;
        if (*ret > 0)
            return true;
        if (step == STEP_GOES_ON && !had_input)
            return damaged(error, "the gzip data breaks off: the file is truncated");
    }
}

/* --- ZIP --- */

static uint32_t little32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t little16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

/* Behind the data: its CRC, and that no second member follows. */
static bool end_zip(struct unpacker *unpacker, struct error *error)
{
    enum { DESCRIPTOR = 16 };
    unpacker->finished = true;
    if (!fill(unpacker, DESCRIPTOR + MAGIC_SIZE, error))
        return false;
    const unsigned char *at = unpacker->input + unpacker->at;
    size_t left = unpacker->filled - unpacker->at;
    if (unpacker->has_descriptor) {
        size_t signature = left >= MAGIC_SIZE && memcmp(at, "PK\x07\x08", MAGIC_SIZE) == 0 ? MAGIC_SIZE : 0;
        if (left < signature + 12)
            return damaged(error, "the ZIP file breaks off: it is truncated");
        unpacker->expected_crc = little32(at + signature);
        unpacker->at += signature + 12;
    }
    if (unpacker->crc != unpacker->expected_crc)
        return damaged(error, "the CRC of the ZIP file is wrong");
    if (str_starts(rest_of(unpacker), ZIP_MEMBER))
        return damaged(error, "the ZIP file has more than one file inside: OptScale stops with 'zip excepted to have "
                              "one file inside'");
    if (unpacker->at == unpacker->filled)
        return damaged(error, "the ZIP file breaks off: it has no directory");
    return true;
}

static bool read_stored(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error)
{
    size_t wanted = unpacker->stored_left < max ? (size_t)unpacker->stored_left : max;
    if (!read_plain(unpacker, room, wanted, ret, error))
        return false;
    if (*ret == 0 && wanted > 0)
        return damaged(error, "the ZIP file breaks off: it is truncated");
    unpacker->stored_left -= *ret;
    unpacker->crc = (uint32_t)crc32(unpacker->crc, (const Bytef *)room, (uInt)*ret);
    return unpacker->stored_left > 0 || end_zip(unpacker, error);
}

static bool read_deflated(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error)
{
    do {
        if (!fill(unpacker, 1, error))
            return false;
        bool had_input = unpacker->at < unpacker->filled;
        enum step step = step_zlib(unpacker, room, max, ret);
        if (step == STEP_DAMAGED)
            return damaged(error, "the ZIP file is damaged");
        unpacker->crc = (uint32_t)crc32(unpacker->crc, (const Bytef *)room, (uInt)*ret);
        if (step == STEP_MEMBER_ENDS)
            return end_zip(unpacker, error);
        if (*ret == 0 && !had_input)
            return damaged(error, "the ZIP file breaks off: it is truncated");
    } while (*ret == 0);
    return true;
}

static bool read_zip(struct unpacker *unpacker, char *room, size_t max, size_t *ret, struct error *error)
{
    *ret = 0;
    if (unpacker->finished)
        return true;
    return unpacker->stream.state ? read_deflated(unpacker, room, max, ret, error)
                                  : read_stored(unpacker, room, max, ret, error);
}

static bool open_zip(struct unpacker *unpacker, struct error *error)
{
    if (!fill(unpacker, ZIP_HEADER_SIZE, error))
        return false;
    const unsigned char *header = unpacker->input + unpacker->at;
    if (unpacker->filled - unpacker->at < ZIP_HEADER_SIZE)
        return damaged(error, "the ZIP file breaks off: it is truncated");
    uint32_t flags = little16(header + ZIP_FLAGS), method = little16(header + ZIP_METHOD);
    size_t skipped = ZIP_HEADER_SIZE + little16(header + ZIP_NAME_LENGTH) + little16(header + ZIP_EXTRA_LENGTH);
    unpacker->has_descriptor = flags & ZIP_FLAG_DESCRIPTOR;
    unpacker->expected_crc = little32(header + ZIP_CRC);
    unpacker->stored_left = little32(header + ZIP_SIZE);
    bool is_sized = !unpacker->has_descriptor && unpacker->stored_left != UINT32_MAX;
    if ((flags & ZIP_FLAG_ENCRYPTED) || (method != ZIP_DEFLATED && (method != ZIP_STORED || !is_sized)))
        return damaged(error, "the ZIP file is encrypted, or of a compression method that is not read");
    if (!fill(unpacker, skipped, error))
        return false;
    if (unpacker->filled - unpacker->at < skipped)
        return damaged(error, "the ZIP file breaks off: it is truncated");
    unpacker->at += skipped;
    unpacker->read = read_zip;
    return method == ZIP_STORED || begin_zlib(unpacker, WINDOW_RAW) || damaged(error, "cannot inflate");
}

/* --- which it is --- */

static void close_stream(void *object)
{
    struct unpacker *unpacker = object;
    if (unpacker->stream.state)
        inflateEnd(&unpacker->stream);
}

bool unpack_open(struct arena *arena, const struct byte_source *source, struct unpacker **ret, struct error *error)
{
    struct unpacker *unpacker = arena_new(arena, struct unpacker);
    unpacker->source = *source;
    unpacker->input = arena_array(arena, unsigned char, INPUT_SIZE);
    unpacker->read = read_plain;
    arena_defer(arena, close_stream, unpacker);
    *ret = unpacker;
    if (!fill(unpacker, MAGIC_SIZE, error))
        return false;
    if (str_starts(rest_of(unpacker), ZIP_MEMBER))
        return open_zip(unpacker, error);
    if (!str_starts(rest_of(unpacker), STR("\x1f\x8b")))
        return true;
    unpacker->read = read_gzip;
    unpacker->between_members = true;
#ifdef EXPORTCHECK_ISAL
    if (isal_load(&unpacker->isal))
        unpacker->state = arena_new(arena, struct inflate_state);
#endif
    return true;
}

bool unpack_is_parquet(const struct unpacker *unpacker)
{
    return unpacker->read == read_plain && str_starts(rest_of(unpacker), STR("PAR1"));
}

static bool read_content(void *self, char *room, size_t max, size_t *ret, struct error *error)
{
    struct unpacker *unpacker = self;
    return unpacker->read(unpacker, room, max, ret, error);
}

struct byte_source unpack_bytes(struct unpacker *unpacker)
{
    return (struct byte_source){unpacker, read_content};
}

const char *unpack_engine(void)
{
#ifdef EXPORTCHECK_ISAL
    struct isal isal;
    if (isal_load(&isal))
        return "isa-l";
#endif
    return "zlib";
}
