/* fuzz_snapshot.c: whatever the bytes, reading ends; a snapshot that is accepted is written and read back equal. */
#include "account/snapshot/snapshot.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    const struct snapshot *snapshot = NULL;
    const struct snapshot *again = NULL;
    struct error error;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (snapshot_read(arena, STR("fuzz"), text, &snapshot, &error)) {
        struct buf buf = buf_make(arena, BUF_NO_MAX);
        struct sink sink = sink_to_buf(&buf);
        snapshot_write(&sink, snapshot);
        if (!snapshot_read(arena, STR("again"), buf_str(&buf), &again, &error))
            abort();
        /* Secrets are left out, so compare what was written, not what was read. */
        struct buf second = buf_make(arena, BUF_NO_MAX);
        struct sink second_sink = sink_to_buf(&second);
        snapshot_write(&second_sink, again);
        if (!str_equal(buf_str(&buf), buf_str(&second)) || !snapshot_equal(again, again, &error))
            abort();
    }
    arena_close(arena);
    return 0;
}
