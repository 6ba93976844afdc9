/*
 * merged.c: see merged.h. Three orders make one: by key, to keep the newest of each result; by rule, account and
 * target, so that these stand together; by place. Then each result is read again from where it lies.
 */
#include "reports/results/merged.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/store/sorter.h"
#include "base/store/spool.h"
#include "reports/results/document.h"
#include "reports/results/lines.h"
#include "reports/results/merge.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { READERS = 16 };

#define SPOOLED UINT32_MAX

/* A result: what it is, where it goes, and where it lies. */
struct placed {
    uint64_t key;
    uint64_t target_key; /* with `key`: the same result of another run */
    uint64_t group;      /* rule, account and target */
    uint64_t row;        /* of its target among the run's */
    uint64_t first;      /* its place: of the group's first result, */
    uint64_t place;      /* and its own, among all that were read */
    uint64_t offset;     /* of its line in the file of `part`; its number in the spool where that is SPOOLED */
    uint32_t part;
    uint32_t run; /* that it is of */
};

/* A file that is open. */
struct reader {
    uint32_t part;
    FILE *file; /* NULL: none */
    struct lines lines;
};

struct merged {
    struct arena *arena;
    const struct merge_source *sources;
    size_t count;
    struct run_info *runs;
    int64_t *finished; /* of each run, in seconds */
    struct run_info run;
    struct merge_rows rows;
    struct spool *spool; /* results of files that cannot be read again line by line */
    struct sorter *by_key;
    FILE *plan; /* entries in the order in which they are given out */
    uint64_t read;
    struct reader readers[READERS];
    size_t next_reader;
};

static bool io_failed(struct error *error)
{
    return error_set(error, ERROR_IO, "a temporary file: %s", strerror(errno));
}

/* --- what is known before the results --- */

/* A copy of what is known of a run, since what it was read in is released. */
static bool keep_run(struct merged *merged, size_t index, const struct run_info *run, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct run_info *kept = &merged->runs[index];
    struct json head = run_whole_document(scratch, run);
    if (!results_read_run(merged->arena, json_clone(merged->arena, &head), kept, error))
        return false;
    kept->summary = run->summary;
    if (!clock_parse(kept->finished, &merged->finished[index]))
        merged->finished[index] = INT64_MIN; /* one that cannot be read is the earliest */
    return true;
}

/* --- reading every file once --- */

/* What an id is made of, where a file has none. */
static uint64_t key_of(const struct result *result)
{
    const struct str parts[] = {result->rule, STR(" "), result->account, STR(" "), result->subject};
    uint64_t key = hash_fnv1a(0, result->id);
    for (size_t i = 0; !result->id.len && i < COUNT_OF(parts); i++)
        key = hash_fnv1a(key, parts[i]);
    return key;
}

static bool add_entry(struct merged *merged, const struct result *result, uint32_t run, uint32_t part, uint64_t offset,
                      struct error *error)
{
    struct placed entry = {
        .key = key_of(result),
        .target_key = hash_fnv1a(0, result->target),
        .group = hash_fnv1a(hash_fnv1a(hash_fnv1a(0, result->rule), result->account), result->target),
        .place = merged->read++,
        .offset = offset,
        .part = part,
        .run = run,
    };
    return sorter_add(merged->by_key, &entry, error);
}

/* Puts a result where it can be read again. */
static bool spool_result(struct merged *merged, struct arena *scratch, const struct result *result, uint64_t *ret,
                         struct error *error)
{
    struct json line = result_document(scratch, result);
    *ret = spool_count(merged->spool);
    return spool_add(merged->spool, json_text(scratch, &line, 0), error);
}

static bool add_results(struct merged *merged, uint32_t run, struct results_stream *stream, bool again,
                        struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    for (;;) {
        struct arena_mark mark = arena_mark(scratch);
        struct result result;
        bool more;
        uint64_t offset;
        if (!results_stream_next(stream, scratch, &result, &more, error))
            return false;
        if (!more)
            return true;
        bool lies = again && results_stream_offset(stream, &offset);
        if (!lies && !spool_result(merged, scratch, &result, &offset, error))
            return false;
        if (!add_entry(merged, &result, run, lies ? run : SPOOLED, offset, error))
            return false;
        arena_rewind(scratch, mark);
    }
}

static void close_stream(FILE **file)
{
    if (*file)
        fclose(*file);
}

static bool is_regular(FILE *file)
{
    struct stat status;
    return fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
}

static bool read_source(struct merged *merged, uint32_t index, struct error *error)
{
    const struct merge_source *source = &merged->sources[index];
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    CLEANUP(close_stream) FILE *opened = source->path ? fopen(source->path, "re") : NULL;
    FILE *file = source->path ? opened : source->file;
    struct results_stream *stream;
    if (!file)
        return error_set(error, ERROR_IO, "cannot open %s: %s", source->path, strerror(errno));
    return results_stream_open(arena, source->name, file, &stream, error) &&
           keep_run(merged, index, results_stream_run(stream), error) &&
           add_results(merged, index, stream, source->path && is_regular(file), error);
}

/* --- the order --- */

#define ORDER(a, b, member) (((a)->member > (b)->member) - ((a)->member < (b)->member))

static int by_key(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    int order = ORDER(a, b, key);
    order = order ? order : ORDER(a, b, target_key);
    return order ? order : ORDER(a, b, place);
}

static int by_group(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    int order = ORDER(a, b, group);
    return order ? order : ORDER(a, b, place);
}

static int by_place(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    int order = ORDER(a, b, row);
    order = order ? order : ORDER(a, b, first);
    return order ? order : ORDER(a, b, place);
}

/* What one order gives to the next: `step` is told each entry and the one that was kept before; NULL at the end. */
struct passing {
    struct merged *merged;
    struct sorter *next;
    struct placed kept;
    bool any; /* `kept` is one */
};

/* Of results with one key the newest, at the place of the first. */
static bool keep_newest(struct passing *p, const struct placed *entry, struct error *error)
{
    const int64_t *finished = p->merged->finished;
    bool same = p->any && entry && p->kept.key == entry->key && p->kept.target_key == entry->target_key;
    if (same) {
        uint64_t place = p->kept.place;
        if (finished[entry->run] >= finished[p->kept.run])
            p->kept = *entry;
        p->kept.place = place;
        return true;
    }
    p->kept.row = merge_row_of(&p->merged->rows, p->kept.target_key);
    if (p->any && !sorter_add(p->next, &p->kept, error))
        return false;
    p->any = entry != NULL;
    p->kept = entry ? *entry : p->kept;
    return true;
}

/* The place of a rule's results on an account and target is that of the first of them. */
static bool join_group(struct passing *p, const struct placed *entry, struct error *error)
{
    if (!entry)
        return true;
    struct placed joined = *entry;
    joined.first = p->any && p->kept.group == entry->group ? p->kept.first : entry->place;
    p->kept = joined;
    p->any = true;
    return sorter_add(p->next, &joined, error);
}

static bool plan_entry(struct passing *p, const struct placed *entry, struct error *error)
{
    return !entry || fwrite(entry, sizeof *entry, 1, p->merged->plan) == 1 || io_failed(error);
}

/* Gives all of `from`, in its order, to `step`. */
static bool pass_all(struct merged *merged, struct sorter *from, struct sorter *next,
                     bool (*step)(struct passing *p, const struct placed *entry, struct error *error),
                     struct error *error)
{
    struct passing passing = {.merged = merged, .next = next};
    struct placed entry;
    bool more = true;
    if (!sorter_finish(from, error))
        return false;
    while (more) {
        if (!sorter_next(from, &entry, &more, error) || !step(&passing, more ? &entry : NULL, error))
            return false;
    }
    return true;
}

static bool make_plan(struct merged *merged, struct arena *arena, struct error *error)
{
    struct sorter *groups;
    struct sorter *places;
    return sorter_open(arena, sizeof(struct placed), by_group, &groups, error) &&
           pass_all(merged, merged->by_key, groups, keep_newest, error) &&
           sorter_open(arena, sizeof(struct placed), by_place, &places, error) &&
           pass_all(merged, groups, places, join_group, error) && pass_all(merged, places, NULL, plan_entry, error) &&
           (fflush(merged->plan) == 0 || io_failed(error));
}

/* --- reading each result again --- */

static void close_readers(void *object)
{
    struct merged *merged = object;
    for (size_t i = 0; i < READERS; i++) {
        if (merged->readers[i].file)
            fclose(merged->readers[i].file);
    }
}

static bool open_reader(struct merged *merged, struct reader *reader, uint32_t part, struct error *error)
{
    if (reader->file)
        fclose(reader->file);
    reader->part = part;
    reader->file = fopen(merged->sources[part].path, "re");
    if (!reader->file)
        return error_set(error, ERROR_IO, "cannot open %s: %s", merged->sources[part].path, strerror(errno));
    if (!reader->lines.buffer)
        reader->lines = lines_open(merged->arena, reader->file, json_limits_default.max_bytes);
    reader->lines.file = reader->file;
    return lines_seek(&reader->lines, 0, error);
}

/* The reader of a file: one that has it open, else the one that was opened longest ago. */
static bool reader_of(struct merged *merged, uint32_t part, struct reader **ret, struct error *error)
{
    for (size_t i = 0; i < READERS; i++) {
        *ret = &merged->readers[i];
        if ((*ret)->file && (*ret)->part == part)
            return true;
    }
    *ret = &merged->readers[merged->next_reader++ % READERS];
    return open_reader(merged, *ret, part, error);
}

static bool line_of(struct merged *merged, const struct placed *entry, struct arena *scratch, struct str *ret,
                    struct error *error)
{
    struct reader *reader;
    if (entry->part == SPOOLED)
        return spool_get(merged->spool, (size_t)entry->offset, scratch, ret, error);
    if (!reader_of(merged, entry->part, &reader, error) ||
        (reader->lines.next != entry->offset && !lines_seek(&reader->lines, entry->offset, error)) ||
        !lines_next(&reader->lines, ret, error))
        return false;
    return ret->ptr || error_set(error, ERROR_IO, "it became shorter while it was read");
}

bool merged_next(struct merged *merged, struct arena *scratch, struct result *ret, bool *ret_more, struct error *error)
{
    struct placed entry;
    struct str line;
    const struct json *object;
    *ret_more = fread(&entry, sizeof entry, 1, merged->plan) == 1;
    if (!*ret_more)
        return !ferror(merged->plan) || io_failed(error);
    if (!line_of(merged, &entry, scratch, &line, error) ||
        !json_parse_kept(scratch, STR("line"), line, &json_limits_default, &object, error) ||
        !results_read_result(scratch, object, ret, error))
        return error_wrap(error, "%.*s", STR_ARG(merged->sources[entry.run].name));
    ret->advice = result_is_advice(ret, merged->run.fail_on);
    return true;
}

/* --- all of it --- */

/* The counts and the exit status follow from the results that are left. */
static bool count_all(struct merged *merged, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct tally tally = {.rule = 0};
    struct result result;
    bool more = true;
    merged->run.exit_status = 2;
    rewind(merged->plan);
    while (more) {
        struct arena_mark mark = arena_mark(scratch);
        if (!merged_next(merged, scratch, &result, &more, error))
            return false;
        if (more) {
            tally_add(&tally, &result);
            merged->run.exit_status = results_worse_status(merged->run.exit_status, &result, merged->run.fail_on);
        }
        arena_rewind(scratch, mark);
    }
    merged->run.summary = tally_end(&tally);
    rewind(merged->plan);
    return true;
}

static void close_plan(void *file)
{
    fclose(file);
}

static bool open_files(struct merged *merged, struct arena *arena, struct error *error)
{
    merged->plan = tmpfile();
    if (!merged->plan)
        return io_failed(error);
    arena_defer(merged->arena, close_plan, merged->plan);
    arena_defer(merged->arena, close_readers, merged);
    return spool_open(merged->arena, &merged->spool, error) &&
           sorter_open(arena, sizeof(struct placed), by_key, &merged->by_key, error);
}

static bool read_all(struct merged *merged, struct error *error)
{
    for (uint32_t i = 0; i < merged->count; i++) {
        if (!read_source(merged, i, error))
            return false;
    }
    return spool_flush(merged->spool, error);
}

bool merged_open(struct arena *arena, const struct merge_source *sources, size_t count, struct merged **ret,
                 struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct merged *merged = arena_new(arena, struct merged);
    *merged = (struct merged){.arena = arena,
                              .sources = sources,
                              .count = count,
                              .runs = arena_array(arena, struct run_info, count),
                              .finished = arena_array(arena, int64_t, count)};
    if (!open_files(merged, scratch, error) || !read_all(merged, error))
        return false;
    merged->run = merge_runs(arena, merged->runs, count);
    merged->rows = merge_rows(arena, merged->runs, merged->finished, count);
    merged->run.targets = merge_target_rows(&merged->rows);
    if (!make_plan(merged, scratch, error) || !count_all(merged, error))
        return false;
    *ret = merged;
    return true;
}

const struct run_info *merged_run(const struct merged *merged)
{
    return &merged->run;
}
