/* stream.c: see stream.h. */
#include "reports/results/stream.h"

#include "reports/results/lines.h"

#include <errno.h>
#include <string.h>

struct results_stream {
    struct arena *arena;
    struct str name;
    FILE *file;
    struct lines lines;
    struct run_info run;
    struct tally tally;
    const struct results *whole; /* one JSON document; NULL: lines */
    size_t at;
    bool ended;
    bool all;  /* of its results are wanted side by side; else each is a view of its line … */
    bool keep; /* … which is copied first */
};

static void close_copy(void *file)
{
    fclose(file);
}

/* What can be read once alone (a pipe) becomes a file without a name. */
static FILE *seekable(struct arena *arena, FILE *file)
{
    char block[1 << 16];
    size_t got;
    if (fseek(file, 0, SEEK_SET) == 0)
        return file;
    FILE *copy = tmpfile();
    if (!copy)
        return NULL;
    arena_defer(arena, close_copy, copy);
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        if (fwrite(block, 1, got, copy) != got)
            return NULL;
    }
    return ferror(file) || fflush(copy) != 0 || fseek(copy, 0, SEEK_SET) != 0 ? NULL : copy;
}

static bool is_summary(const struct json *line)
{
    return json_find(line, "summary") && !json_find(line, "rule");
}

/* A line that is wrong is read again to say which it is: making that text for each good one would be dear. */
static bool parse_line(const struct results_stream *stream, struct arena *arena, struct str line,
                       const struct json **ret, struct error *error)
{
    if (stream->keep)
        line = str_copy(arena, line);
    if (!stream->all && json_parse_kept(arena, STR("line"), line, &json_limits_default, ret, NULL))
        return true;
    return json_parse(arena, str_format(arena, "line %zu", stream->lines.number), line, &json_limits_default, ret,
                      error);
}

/* The last line that is not blank, found from the end. */
static struct str last_line(const struct results_stream *stream)
{
    enum { TAIL = 4096 }; /* a summary is a tenth of it */
    char *text = arena_array(stream->arena, char, TAIL);
    if (fseek(stream->file, 0, SEEK_END) != 0)
        return STR("");
    long size = ftell(stream->file);
    long from = size > TAIL ? size - TAIL : 0;
    if (fseek(stream->file, from, SEEK_SET) != 0)
        return STR("");
    struct str tail = str_trim((struct str){text, (ptrdiff_t)fread(text, 1, TAIL, stream->file)});
    return str_skip(tail, str_find_last_char(tail, '\n') + 1);
}

/* Whether the head holds all counts: then they are believed, and held against the lines at their end. */
static bool is_counted(const struct results_stream *stream, const struct json *head)
{
    const struct json *line = NULL;
    if (!json_find(head, "advice") || !json_find(head, "failed") || !json_find(head, "flow") ||
        !json_find(head, "rules") || !json_is(json_find(head, "exit_status"), JSON_NUMBER))
        return false;
    return json_parse(stream->arena, STR("last line"), last_line(stream), &json_limits_default, &line, NULL) &&
           is_summary(line);
}

/* A look at every result: for the counts where the file does not hold them, and for what is wrong in it. */
static bool count_all(struct results_stream *stream, struct error *error)
{
    struct arena *scratch = arena_open(0);
    struct result result;
    struct results_stream pass = *stream;
    bool more = true;
    bool ok = true;
    int status = 2;
    while (ok && more) {
        struct arena_mark mark = arena_mark(scratch);
        ok = results_stream_next(&pass, scratch, &result, &more, error);
        if (ok && more)
            status = results_worse_status(status, &result, stream->run.fail_on);
        arena_rewind(scratch, mark);
    }
    arena_close(scratch);
    stream->run.summary = tally_end(&pass.tally);
    stream->run.exit_status = status;
    return ok;
}

static bool go_behind_head(struct results_stream *stream, struct error *error)
{
    struct str line;
    if (fseek(stream->file, 0, SEEK_SET) != 0)
        return error_set(error, ERROR_IO, "cannot read: %s", strerror(errno));
    stream->lines = lines_open(stream->arena, stream->file, json_limits_default.max_bytes);
    return lines_next(&stream->lines, &line, error);
}

static bool open_lines(struct results_stream *stream, const struct json *head, struct error *error)
{
    if (!results_read_run(stream->arena, head, &stream->run, error))
        return false;
    bool counted = is_counted(stream, head);
    if (!go_behind_head(stream, error))
        return false;
    if (!counted)
        return count_all(stream, error) && go_behind_head(stream, error);
    stream->run.summary = results_read_summary(head);
    stream->run.exit_status = (int)json_find_number(head, "exit_status", 0);
    return true;
}

static bool open_document(struct results_stream *stream, struct error *error)
{
    struct results *whole = arena_new(stream->arena, struct results);
    long size = fseek(stream->file, 0, SEEK_END) == 0 ? ftell(stream->file) : -1;
    if (size < 0 || fseek(stream->file, 0, SEEK_SET) != 0)
        return error_set(error, ERROR_IO, "cannot read: %s", strerror(errno));
    if ((size_t)size > json_limits_snapshot.max_bytes)
        return error_set(error, ERROR_LIMIT, "one JSON document of more than %zu bytes: write results with -o jsonl",
                         json_limits_snapshot.max_bytes);
    char *bytes = arena_array(stream->arena, char, size);
    if (fread(bytes, 1, (size_t)size, stream->file) != (size_t)size)
        return error_set(error, ERROR_IO, "cannot read: %s", strerror(errno));
    struct str text = {bytes, size};
    if (!results_read_document(stream->arena, stream->name, text, whole, error))
        return false;
    stream->whole = whole;
    stream->run = whole->run;
    return true;
}

/* The first line, where it is the head of JSON Lines; NULL where the file is one document, or none. */
static const struct json *read_head(struct results_stream *stream)
{
    struct str line;
    const struct json *head = NULL;
    stream->lines = lines_open(stream->arena, stream->file, json_limits_default.max_bytes);
    if (!lines_next(&stream->lines, &line, NULL) || !line.ptr ||
        !json_parse(stream->arena, STR("head"), line, &json_limits_default, &head, NULL))
        return NULL;
    bool more = lines_next(&stream->lines, &line, NULL) && line.ptr;
    return json_is(head, JSON_OBJECT) && !json_find(head, "results") && more ? head : NULL;
}

static bool open_stream(struct results_stream *stream, struct error *error)
{
    const struct json *head = read_head(stream);
    if (!head)
        return open_document(stream, error);
    return open_lines(stream, head, error) || error_wrap(error, "%.*s", STR_ARG(stream->name));
}

bool results_stream_open(struct arena *arena, struct str name, FILE *file, struct results_stream **ret,
                         struct error *error)
{
    struct results_stream *stream = arena_new(arena, struct results_stream);
    *stream = (struct results_stream){.arena = arena, .name = name, .file = seekable(arena, file)};
    if (!stream->file)
        return error_set(error, ERROR_IO, "cannot read %.*s: %s", STR_ARG(name), strerror(errno));
    if (!open_stream(stream, error))
        return false;
    *ret = stream;
    return true;
}

const struct run_info *results_stream_run(const struct results_stream *stream)
{
    return &stream->run;
}

/* Behind the last result: nothing may follow the summary, and it has to agree. */
static bool finish(struct results_stream *stream, const struct json *last, struct error *error)
{
    struct str line;
    struct summary said = results_read_summary(last);
    if (memcmp(stream->tally.summary.count, said.count, sizeof said.count) != 0)
        return error_set(error, ERROR_INPUT, "the summary does not agree with the lines before it");
    if (!lines_next(&stream->lines, &line, error))
        return false;
    if (line.ptr)
        return error_set(error, ERROR_INPUT, "line %zu: nothing may follow the summary", stream->lines.number);
    stream->ended = true;
    return true;
}

static bool next_line(struct results_stream *stream, struct arena *scratch, struct result *ret, bool *ret_more,
                      struct error *error)
{
    struct str text;
    const struct json *line;
    *ret_more = false;
    if (stream->ended)
        return true;
    if (!lines_next(&stream->lines, &text, error))
        return false;
    if (!text.ptr)
        return error_set(error, ERROR_INPUT, "the last line, with the summary, is missing: the run was cut off");
    if (!parse_line(stream, scratch, text, &line, error))
        return false;
    if (is_summary(line))
        return finish(stream, line, error);
    if (!results_read_result(scratch, line, ret, error))
        return error_wrap(error, "line %zu", stream->lines.number);
    ret->advice = result_is_advice(ret, stream->run.fail_on);
    tally_add(&stream->tally, ret);
    *ret_more = true;
    return true;
}

bool results_stream_next(struct results_stream *stream, struct arena *scratch, struct result *ret, bool *ret_more,
                         struct error *error)
{
    if (!stream->whole)
        return next_line(stream, scratch, ret, ret_more, error) || error_wrap(error, "%.*s", STR_ARG(stream->name));
    *ret_more = stream->at < stream->whole->count;
    if (*ret_more)
        *ret = stream->whole->items[stream->at++];
    return true;
}

void results_stream_keep(struct results_stream *stream)
{
    stream->keep = true;
}

bool results_stream_offset(const struct results_stream *stream, uint64_t *ret)
{
    *ret = stream->lines.last;
    return !stream->whole;
}

static size_t results_to_come(const struct results_stream *stream)
{
    size_t count = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        count += stream->run.summary.count[i];
    return count < RESULTS_MAX ? count : RESULTS_MAX;
}

static bool read_all(struct results_stream *stream, struct results *ret, struct error *error)
{
    struct results results = {.run = stream->run};
    struct result result;
    size_t room = results_to_come(stream);
    bool more;
    results.items = arena_array(stream->arena, struct result, room);
    for (;;) {
        if (!results_stream_next(stream, stream->arena, &result, &more, error))
            return false;
        if (!more)
            break;
        if (results.count == room)
            return error_set(error, ERROR_INPUT, "%.*s: the summary does not agree with the lines before it",
                             STR_ARG(stream->name));
        results.items[results.count++] = result;
    }
    *ret = results;
    return true;
}

bool results_read(struct arena *arena, struct str name, struct str text, struct results *ret, struct error *error)
{
    struct results_stream stream = {.arena = arena, .name = name, .all = true};
    if (text.len == 0)
        return results_read_document(arena, name, text, ret, error);
    stream.file = fmemopen(str_to_c(arena, text), (size_t)text.len, "r");
    if (!stream.file)
        return error_set(error, ERROR_IO, "%.*s: %s", STR_ARG(name), strerror(errno));
    bool ok = open_stream(&stream, error) && read_all(&stream, ret, error);
    fclose(stream.file);
    return ok;
}
