/* lines.c: see lines.h. */
#include "reports/results/lines.h"

#include <errno.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 << 10 };

static void close_arena(void *arena)
{
    arena_close(arena);
}

struct lines lines_open(struct arena *arena, FILE *file, size_t max_bytes)
{
    struct arena *own = arena_open(0);
    arena_defer(arena, close_arena, own);
    return (struct lines){.file = file,
                          .arena = own,
                          .buffer = arena_array(own, char, FIRST_CAPACITY),
                          .capacity = FIRST_CAPACITY,
                          .max_bytes = max_bytes};
}

/* Room for more behind what is there: by moving it to the front, else by doubling the buffer. */
static bool make_room(struct lines *lines, struct error *error)
{
    if (lines->begin > 0) {
        memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
        lines->end -= lines->begin;
        lines->begin = 0;
    }
    if (lines->end < lines->capacity)
        return true;
    if (lines->capacity > lines->max_bytes)
        return error_set(error, ERROR_LIMIT, "line %zu is longer than %zu bytes", lines->number + 1, lines->max_bytes);
    lines->buffer = arena_resize(lines->arena, lines->buffer, lines->capacity, lines->capacity * 2, 1);
    lines->capacity *= 2;
    return true;
}

/* More of the stream; `*ret_got` 0 at its end. */
static bool fill(struct lines *lines, size_t *ret_got, struct error *error)
{
    if (!make_room(lines, error))
        return false;
    *ret_got = fread(lines->buffer + lines->end, 1, lines->capacity - lines->end, lines->file);
    lines->end += *ret_got;
    if (*ret_got == 0 && ferror(lines->file))
        return error_set(error, ERROR_IO, "cannot read: %s", strerror(errno));
    return true;
}

/* The length of the first line that is not given out, its end looked for from `seen` on; the rest where none comes. */
static bool find_end(struct lines *lines, size_t *ret_length, bool *ret_ended, struct error *error)
{
    size_t seen = 0;
    size_t got = 1;
    while (got) {
        const char *from = lines->buffer + lines->begin + seen;
        const char *end = memchr(from, '\n', lines->end - lines->begin - seen);
        if (end) {
            *ret_length = (size_t)(end - lines->buffer) - lines->begin;
            *ret_ended = true;
            return true;
        }
        seen = lines->end - lines->begin;
        if (!fill(lines, &got, error))
            return false;
    }
    *ret_length = lines->end - lines->begin;
    *ret_ended = false;
    return true;
}

bool lines_next(struct lines *lines, struct str *ret, struct error *error)
{
    for (;;) {
        size_t length;
        bool ended;
        if (!find_end(lines, &length, &ended, error))
            return false;
        struct str line = {lines->buffer + lines->begin, (ptrdiff_t)length};
        lines->begin += length + ended;
        lines->last = lines->next;
        lines->next += length + ended;
        lines->number += ended || length;
        bool is_end = !ended && length == 0;
        if (is_end || str_trim(line).len) {
            *ret = is_end ? (struct str){NULL, 0} : line;
            return true;
        }
    }
}

bool lines_seek(struct lines *lines, uint64_t offset, struct error *error)
{
    lines->begin = 0;
    lines->end = 0;
    lines->next = offset;
    return fseek(lines->file, (long)offset, SEEK_SET) == 0 ||
           error_set(error, ERROR_IO, "cannot read: %s", strerror(errno));
}
