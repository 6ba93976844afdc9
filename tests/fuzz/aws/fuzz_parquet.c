/* fuzz_parquet.c: the ends of Parquet files: what is read of one makes a file that says the same. */
#include "aws/protocol/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct wire_answer wire = {.status = 206, .body = {(const char *)data, (ptrdiff_t)size}};
    const struct json *value;
    const struct json *second;
    if (decode_body(arena, DECODE_PARQUET_FOOTER, &wire, &value, NULL)) {
        if (!decode_body_encode(arena, value, STR("k.parquet"), &wire.body) ||
            !decode_body(arena, DECODE_PARQUET_FOOTER, &wire, &second, NULL) || !json_equal(value, second))
            __builtin_trap();
    }
    arena_close(arena);
    return 0;
}
