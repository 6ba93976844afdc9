/* fuzz_csv_header.c: the beginnings of billing files: the first byte says CSV or JSON, and whole or part. */
#include "aws/protocol/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *arena = arena_open(0);
    struct http_header range = {STR("Content-Range"), STR("bytes 0-65535/1000000")};
    struct wire_answer wire = {.status = data[0] & 2 ? 206 : 200,
                               .headers = {&range, 1},
                               .body = {(const char *)data + 1, (ptrdiff_t)size - 1}};
    const struct json *value;
    struct str body;
    if (decode_body(arena, data[0] & 1 ? DECODE_JSON : DECODE_CSV_HEADER, &wire, &value, NULL)) {
        struct wire_answer again = {.status = 200};
        const struct json *second;
        if (!decode_body_encode(arena, value, data[0] & 4 ? STR("k.gz") : STR("k.zip"), &body))
            __builtin_trap();
        again.body = body;
        if (!decode_body(arena, data[0] & 1 ? DECODE_JSON : DECODE_CSV_HEADER, &again, &second, NULL) ||
            !json_equal(value, second))
            __builtin_trap();
    }
    arena_close(arena);
    return 0;
}
