/* sorter.c: see sorter.h. */
#include "base/store/sorter.h"

#include "base/macros.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PART = 16384, /* records that are sorted at once */ AHEAD = 64 /* records of a part that are read at once */ };

/* A part that was sorted and written, being read. */
struct part {
    long begin; /* in the file, of what is not read yet */
    size_t left;
    char *records; /* AHEAD */
    size_t at;
    size_t count;
};

struct sorter {
    struct arena *arena;
    size_t size;
    int (*compare)(const void *a, const void *b);
    FILE *file;
    char *pending; /* PART records */
    size_t count;
    struct part *parts;
    size_t part_count;
    size_t part_capacity;
};

static void close_file(void *file)
{
    fclose(file);
}

static bool failed(struct error *error)
{
    return error_set(error, ERROR_IO, "a temporary file: %s", strerror(errno));
}

bool sorter_open(struct arena *arena, size_t size, int (*compare)(const void *a, const void *b), struct sorter **ret,
                 struct error *error)
{
    struct sorter *sorter = arena_new(arena, struct sorter);
    *sorter = (struct sorter){.arena = arena, .size = size, .compare = compare, .file = tmpfile()};
    if (!sorter->file)
        return failed(error);
    arena_defer(arena, close_file, sorter->file);
    sorter->pending = arena_alloc(arena, PART, size, _Alignof(max_align_t));
    *ret = sorter;
    return true;
}

static struct part *add_part(struct sorter *sorter)
{
    if (sorter->part_count == sorter->part_capacity) {
        size_t capacity = sorter->part_capacity ? sorter->part_capacity * 2 : 16;
        sorter->parts = arena_resize(sorter->arena, sorter->parts, sorter->part_capacity * sizeof *sorter->parts,
                                     capacity * sizeof *sorter->parts, _Alignof(struct part));
        sorter->part_capacity = capacity;
    }
    return &sorter->parts[sorter->part_count++];
}

/* Sorts what waits, and writes it behind the other parts. */
static bool write_part(struct sorter *sorter, struct error *error)
{
    qsort(sorter->pending, sorter->count, sorter->size, sorter->compare);
    *add_part(sorter) = (struct part){.begin = ftell(sorter->file), .left = sorter->count};
    if (sorter->count && fwrite(sorter->pending, sorter->size, sorter->count, sorter->file) != sorter->count)
        return failed(error);
    sorter->count = 0;
    return true;
}

bool sorter_add(struct sorter *sorter, const void *record, struct error *error)
{
    if (sorter->count == PART && !write_part(sorter, error))
        return false;
    memcpy(sorter->pending + sorter->count++ * sorter->size, record, sorter->size);
    return true;
}

/* Reads more of a part, where it has any. */
static bool fill(struct sorter *sorter, struct part *part, struct error *error)
{
    part->at = 0;
    part->count = part->left < AHEAD ? part->left : AHEAD;
    if (!part->count)
        return true;
    if (fseek(sorter->file, part->begin, SEEK_SET) != 0 ||
        fread(part->records, sorter->size, part->count, sorter->file) != part->count)
        return failed(error);
    part->begin += (long)(part->count * sorter->size);
    part->left -= part->count;
    return true;
}

bool sorter_finish(struct sorter *sorter, struct error *error)
{
    if (!write_part(sorter, error) || fflush(sorter->file) != 0)
        return failed(error);
    for (size_t i = 0; i < sorter->part_count; i++) {
        struct part *part = &sorter->parts[i];
        part->records = arena_alloc(sorter->arena, AHEAD, sorter->size, _Alignof(max_align_t));
        if (!fill(sorter, part, error))
            return false;
    }
    return true;
}

static const char *head_of(const struct sorter *sorter, const struct part *part)
{
    return part->at < part->count ? part->records + part->at * sorter->size : NULL;
}

bool sorter_next(struct sorter *sorter, void *record, bool *ret_more, struct error *error)
{
    struct part *first = NULL;
    const char *least = NULL;
    for (size_t i = 0; i < sorter->part_count; i++) {
        const char *head = head_of(sorter, &sorter->parts[i]);
        if (head && (!least || sorter->compare(head, least) < 0)) {
            first = &sorter->parts[i];
            least = head;
        }
    }
    *ret_more = first != NULL;
    if (!first)
        return true;
    memcpy(record, least, sorter->size);
    first->at++;
    return first->at < first->count || fill(sorter, first, error);
}
