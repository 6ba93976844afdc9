/* spool.c: see spool.h. One file holds the texts, one where each ends, eight bytes a text. */
#include "base/store/spool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct spool {
    FILE *texts;
    FILE *ends;
    uint64_t size; /* of all texts */
    size_t count;
};

static void close_spool(void *object)
{
    struct spool *spool = object;
    if (spool->texts)
        fclose(spool->texts);
    if (spool->ends)
        fclose(spool->ends);
}

bool spool_open(struct arena *arena, struct spool **ret, struct error *error)
{
    struct spool *spool = arena_new(arena, struct spool);
    arena_defer(arena, close_spool, spool);
    spool->texts = tmpfile();
    spool->ends = tmpfile();
    if (!spool->texts || !spool->ends)
        return error_set(error, ERROR_IO, "no temporary file: %s", strerror(errno));
    *ret = spool;
    return true;
}

static bool cannot_write(struct error *error)
{
    return error_set(error, ERROR_IO, "cannot write a temporary file: %s", strerror(errno));
}

bool spool_add(struct spool *spool, struct str text, struct error *error)
{
    uint64_t end = spool->size + (uint64_t)text.len;
    if ((text.len && fwrite(text.ptr, (size_t)text.len, 1, spool->texts) != 1) ||
        fwrite(&end, sizeof end, 1, spool->ends) != 1)
        return cannot_write(error);
    spool->size = end;
    spool->count++;
    return true;
}

bool spool_flush(struct spool *spool, struct error *error)
{
    return (fflush(spool->texts) == 0 && fflush(spool->ends) == 0) || cannot_write(error);
}

static bool read_at(FILE *file, void *into, size_t bytes, uint64_t offset)
{
    char *at = into;
    while (bytes) {
        ssize_t got = pread(fileno(file), at, bytes, (off_t)offset);
        if (got <= 0 && !(got < 0 && errno == EINTR))
            return false;
        got = got > 0 ? got : 0;
        at += got;
        offset += (uint64_t)got;
        bytes -= (size_t)got;
    }
    return true;
}

bool spool_get(const struct spool *spool, size_t number, struct arena *arena, struct str *ret, struct error *error)
{
    uint64_t ends[2] = {0, 0}; /* of the text before, and of this one */
    size_t before = number > 0;
    bool ok = read_at(spool->ends, ends + 1 - before, (1 + before) * sizeof *ends, (number - before) * sizeof *ends);
    size_t length = ok ? (size_t)(ends[1] - ends[0]) : 0;
    char *text = arena_array(arena, char, length);
    if (!ok || !read_at(spool->texts, text, length, ends[0]))
        return error_set(error, ERROR_IO, "cannot read a temporary file: %s", strerror(errno));
    *ret = (struct str){text, (ptrdiff_t)length};
    return true;
}

size_t spool_count(const struct spool *spool)
{
    return spool->count;
}
