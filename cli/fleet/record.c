/* record.c: see record.h. */
#include "cli/fleet/record.h"

#include "reports/results/document.h"
#include "reports/results/lines.h"
#include "reports/results/read.h"
#include "reports/words/words.h"

struct record {
    struct lines lines;
    size_t left;
};

void record_write(FILE *file, const struct run_info *run, const struct result *results, size_t count)
{
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct sink sink = sink_to_stream(file);
    struct json head = run_document(arena, run);
    json_write(&sink, &head, 0);
    sink_add_char(&sink, '\n');
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(arena);
        struct json line = result_document(arena, &results[i]);
        json_write(&sink, &line, 0);
        sink_add_char(&sink, '\n');
        arena_rewind(arena, mark);
    }
}

static bool next_line(struct lines *lines, struct str *ret, struct error *error)
{
    return lines_next(lines, ret, error) &&
           (ret->ptr || error_set(error, ERROR_IO, "a result that was written cannot be read again"));
}

bool record_open(struct arena *arena, FILE *file, struct record **ret, struct run_info *ret_run, struct error *error)
{
    struct record *record = arena_new(arena, struct record);
    const struct json *head;
    struct str line;
    record->lines = lines_open(arena, file, json_limits_default.max_bytes);
    if (!next_line(&record->lines, &line, error) ||
        !json_parse(arena, STR("record"), line, &json_limits_default, &head, error) ||
        !results_read_run(arena, head, ret_run, error))
        return false;
    ret_run->summary = results_read_summary(head);
    ret_run->exit_status = (int)json_find_number(head, "exit_status", 4);
    record->left = words_total(&ret_run->summary);
    *ret = record;
    return true;
}

bool record_next(struct record *record, struct arena *scratch, struct result *ret, bool *ret_more, struct error *error)
{
    const struct json *object;
    struct str line;
    *ret_more = record->left > 0;
    if (!*ret_more)
        return true;
    record->left--;
    return next_line(&record->lines, &line, error) &&
           json_parse_kept(scratch, STR("record"), line, &json_limits_default, &object, error) &&
           results_read_result(scratch, object, ret, error);
}
