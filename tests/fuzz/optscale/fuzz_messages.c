/*
 * fuzz_messages.c: the first line of the input is a pattern, the rest a message. Matching ends, captures are
 * parts of the message, and a pattern matches itself.
 */
#include "optscale/messages/messages.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str catalogue_of(struct arena *arena, struct str pattern)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    sink_add_c(
        &sink,
        "{\"messages\":[{\"id\":\"a\",\"speaker\":\"optscale\",\"meaning\":\"{a}\",\"fix\":\"f\",\"patterns\":[");
    json_write_string(&sink, pattern);
    sink_add_c(&sink, "]}]}");
    return buf_str(&buf);
}

static void match(struct arena *arena, const struct optscale_messages *messages, struct str text)
{
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    const struct optscale_message *nearest[OPTSCALE_NEAREST_MAX];
    struct str patterns[OPTSCALE_NEAREST_MAX];
    size_t count = optscale_messages_match(arena, messages, text, matches);
    if (count > 0 && matches[0].capture_count > OPTSCALE_CAPTURES_MAX) {
        abort();
    }
    for (size_t i = 0; count > 0 && i < matches[0].capture_count; i++) {
        if (matches[0].captures[i].value.len > text.len + 2) { /* a bare word gets quotes */
            abort();
        }
    }
    if (count > 0) {
        optscale_match_fill(arena, &matches[0], matches[0].message->meaning);
    }
    optscale_messages_nearest(arena, messages, text, nearest, patterns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct optscale_messages messages;
    struct error error;
    struct str pattern;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    str_cut(&text, '\n', &pattern);
    if (optscale_messages_read(arena, STR("fuzz"), catalogue_of(arena, pattern), &messages, &error)) {
        match(arena, &messages, text);
        match(arena, &messages, pattern);
    }
    arena_close(arena);
    return 0;
}
