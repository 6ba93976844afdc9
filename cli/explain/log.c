/* log.c: `explain --file LOG`: each distinct message of a log once, the most telling first; see explain.h. */
#include "base/map.h"
#include "cli/explain/explain.h"
#include "optscale/messages/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 65536,
    VARIANTS_MAX = 20,      /* messages of one kind that are kept: the same with other names */
    FINDINGS_MAX = 2000,    /* messages that are kept in all */
    SHOWN_MAX = 20,         /* kinds that are written in words; JSON has everything kept */
    ALIKE_MAX = 3,          /* messages of the same kind that are named beside the first */
    QUOTED_BYTES = 300,     /* of the line that is shown */
    NAME_BYTES = 1000,      /* of the line, and of each of its names, that are kept */
    KEPT_BYTES = 64 * 1024, /* of the text, to be asked about as a whole */
};

/* A message of the log: the first line that has it. */
struct finding {
    struct str line;
    size_t number; /* of that line, from 1 */
    size_t times;
    size_t weight; /* the heavier, the more specific is what was found */
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    size_t match_count;
    const size_t *kept; /* its kind's counter, by which its kind is known */
};

/* What the maps hold. */
struct slot {
    struct finding *finding; /* of a message */
    size_t *kept;            /* of a kind, which is what the same entries explain: how many messages are kept */
};

/* A line that is looked at. */
struct asked {
    struct str line;
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    size_t match_count;
    struct str kind;
    struct str key;
};

struct log_reading {
    struct question *question;
    struct optscale_messages messages;
    struct optscale_index *index;
    struct map *kinds;    /* the entries' ids → struct slot */
    struct map *findings; /* the same, and what stands in their captures → struct slot */
    struct finding *list;
    size_t count;
    size_t lines;
    size_t others; /* lines of a kind that is known, with other names than those kept */
    struct buf kept;
};

/* One line, without its end; a longer one is cut. False at the end of the file, which nobody else reads meanwhile. */
static bool read_line(FILE *file, char *buffer, struct str *ret)
{
    ptrdiff_t length = 0;
    int c = getc_unlocked(file);
    bool any = c != EOF;
    for (; c != EOF && c != '\n'; c = getc_unlocked(file)) {
        if (length < LINE_MAX_BYTES) {
            buffer[length++] = (char)c;
        }
    }
    *ret = (struct str){buffer, length};
    return any;
}

static struct str kind_of(struct arena *arena, const struct optscale_match *matches, size_t count)
{
    struct buf kind = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_addf(&kind, "%.*s\n", STR_ARG(matches[i].message->id));
    }
    return buf_str(&kind);
}

/* Names count as they are; in sentences numbers do not: times and ids of requests make no other message of them. */
static void add_capture(struct buf *key, struct str value)
{
    bool is_sentence = str_find_char(value, ' ', 0) >= 0;
    value = str_slice(value, 0, NAME_BYTES);
    for (ptrdiff_t i = 0; i < value.len; i++) {
        if (!is_sentence || value.ptr[i] < '0' || value.ptr[i] > '9') {
            buf_add_char(key, value.ptr[i]);
        }
    }
    buf_add_char(key, '\n');
}

/* What makes two lines one message: the entries, and what stands in the captures of the first. */
static struct str key_of(struct arena *arena, struct str kind, const struct optscale_match *first)
{
    struct buf key = buf_make(arena, BUF_NO_MAX);
    buf_add(&key, kind);
    for (size_t i = 0; i < first->capture_count; i++) {
        add_capture(&key, first->captures[i].value);
    }
    return buf_str(&key);
}

/* A match that outlives its line. */
static struct optscale_match copy_match(struct arena *arena, const struct optscale_match *match)
{
    struct optscale_match copy = *match;
    for (size_t i = 0; i < copy.capture_count; i++) {
        copy.captures[i].value = str_shorten(arena, str_copy(arena, match->captures[i].value), NAME_BYTES);
    }
    return copy;
}

static struct finding *keep(struct log_reading *log, const struct asked *asked)
{
    struct arena *arena = log->question->arena;
    struct finding *finding = &log->list[log->count++];
    struct str line = str_copy(arena, str_slice(asked->line, 0, 2 * NAME_BYTES));
    *finding = (struct finding){
        .line = str_shorten(arena, line, NAME_BYTES), .number = log->lines, .match_count = asked->match_count};
    for (size_t i = 0; i < asked->match_count; i++) {
        finding->matches[i] = copy_match(arena, &asked->matches[i]);
        finding->weight += asked->matches[i].message->is_frame ? 0 : asked->matches[i].weight;
    }
    return finding;
}

static struct slot *add_slot(struct log_reading *log, struct map *map, struct str name)
{
    struct slot *slot = arena_new(log->question->arena, struct slot);
    map_set(map, str_copy(log->question->arena, name), slot);
    return slot;
}

static const struct slot *open_kind(struct log_reading *log, struct str name)
{
    const struct slot *known = map_get(log->kinds, name);
    if (known) {
        return known;
    }
    struct slot *slot = add_slot(log, log->kinds, name);
    slot->kept = arena_new(log->question->arena, size_t);
    return slot;
}

/* A message that none of those kept is: one more, as far as there is room for its kind; else NULL. */
static struct finding *add(struct log_reading *log, const struct asked *asked)
{
    const struct slot *kind = open_kind(log, asked->kind);
    if (*kind->kept == VARIANTS_MAX || log->count == FINDINGS_MAX) {
        log->others++;
        return NULL;
    }
    ++*kind->kept;
    struct slot *slot = add_slot(log, log->findings, asked->key);
    slot->finding = keep(log, asked);
    slot->finding->kept = kind->kept;
    return slot->finding;
}

static void take_line(struct log_reading *log, struct arena *scratch, struct str line)
{
    struct arena_mark mark = arena_mark(scratch);
    struct asked asked = {.line = line};
    asked.match_count = optscale_index_match(log->index, scratch, line, true, asked.matches);
    if (asked.match_count > 0) {
        asked.kind = kind_of(scratch, asked.matches, asked.match_count);
        asked.key = key_of(scratch, asked.kind, &asked.matches[0]);
        const struct slot *slot = map_get(log->findings, asked.key);
        struct finding *finding = slot ? slot->finding : add(log, &asked);
        if (finding) {
            finding->times++;
        }
    }
    arena_rewind(scratch, mark);
}

/* Whether the line is one of the source that a Python traceback quotes; behind them stands the exception. */
static bool is_quoted_source(struct str line, bool *in_traceback)
{
    bool begins = str_contains(line, STR("Traceback (most recent call last)"));
    bool indented = line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
    *in_traceback = begins || (*in_traceback && indented);
    return *in_traceback;
}

static void read_all(struct log_reading *log, FILE *file)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0); /* for a line at a time */
    char *buffer = arena_array(log->question->arena, char, LINE_MAX_BYTES);
    struct str line;
    bool in_traceback = false;
    while (read_line(file, buffer, &line)) {
        log->lines++;
        if (log->kept.len + (size_t)line.len < KEPT_BYTES) {
            buf_add(&log->kept, line);
            buf_add_char(&log->kept, '\n');
        }
        bool quoted = is_quoted_source(line, &in_traceback);
        line = str_trim(line);
        if (line.len > 0 && !quoted) {
            take_line(log, scratch, line);
        }
    }
}

/* The heaviest first, then in the order of the log. */
static int compare(const void *a, const void *b)
{
    const struct finding *left = a;
    const struct finding *right = b;
    if (left->weight != right->weight) {
        return left->weight > right->weight ? -1 : 1;
    }
    return left->number < right->number ? -1 : left->number > right->number;
}

static void write_head(const struct log_reading *log, const struct finding *finding)
{
    struct str line = str_shorten(log->question->arena, finding->line, QUOTED_BYTES);
    sink_addf(&log->question->sink, "line %zu, %zu time%s: %.*s\n", finding->number, finding->times,
              finding->times == 1 ? "" : "s", STR_ARG(line));
}

/* The messages behind the first of a kind, which mean the same of other names; returns how many were written. */
static size_t write_alike(const struct log_reading *log, size_t first)
{
    size_t written = 0;
    for (size_t i = first + 1; i < log->count && written < ALIKE_MAX; i++) {
        if (log->list[i].kept == log->list[first].kept) {
            sink_add_c(&log->question->sink, written++ ? "  " : "  as well:\n  ");
            write_head(log, &log->list[i]);
        }
    }
    return written;
}

static bool is_first_of_kind(const struct log_reading *log, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (log->list[i].kept == log->list[at].kept) {
            return false;
        }
    }
    return true;
}

static void write_counts(const struct log_reading *log, size_t shown)
{
    struct sink *sink = &log->question->sink;
    sink_addf(sink, "\n%zu line%s read, %zu message%s known", log->lines, log->lines == 1 ? "" : "s", log->count,
              log->count == 1 ? "" : "s");
    if (log->count > shown) {
        sink_addf(sink, ", of which %zu are shown; --json has all", shown);
    }
    if (log->others > 0) {
        sink_addf(sink, "; %zu line%s more say the same of other names", log->others, log->others == 1 ? "" : "s");
    }
    sink_add_c(sink, ".\n");
}

static void write_words(const struct log_reading *log)
{
    size_t kinds = 0;
    size_t shown = 0;
    for (size_t i = 0; i < log->count && kinds < SHOWN_MAX; i++) {
        if (is_first_of_kind(log, i)) {
            sink_add_c(&log->question->sink, kinds++ > 0 ? "\n" : "");
            write_head(log, &log->list[i]);
            explain_write_matches(log->question, log->list[i].matches, log->list[i].match_count);
            shown += 1 + write_alike(log, i);
        }
    }
    write_counts(log, shown);
}

static void write_json(const struct log_reading *log)
{
    struct arena *arena = log->question->arena;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < log->count; i++) {
        const struct finding *finding = &log->list[i];
        struct json_builder one = json_build(arena, JSON_OBJECT);
        json_build_append(&one, STR("message"), json_string(finding->line));
        json_build_append(&one, STR("line"), json_number((double)finding->number));
        json_build_append(&one, STR("times"), json_number((double)finding->times));
        json_build_append(&one, STR("explanations"),
                          explain_matches_json(arena, finding->matches, finding->match_count));
        json_build_add(&list, json_built(&one));
    }
    json_build_append(&object, STR("lines"), json_number((double)log->lines));
    json_build_append(&object, STR("others"), json_number((double)log->others));
    json_build_append(&object, STR("messages"), json_built(&list));
    struct json document = json_built(&object);
    json_write(&log->question->sink, &document, 2);
    sink_add_char(&log->question->sink, '\n');
}

static bool read_log(struct log_reading *log, struct str path, struct error *error)
{
    bool standard = str_equal(path, STR("-"));
    const char *name = str_to_c(log->question->arena, path);
    FILE *file = standard ? log->question->program->input : fopen(name, "re");
    if (!file) {
        return error_set(error, ERROR_IO, "%s: %s", name, strerror(errno));
    }
    read_all(log, file);
    bool failed = ferror(file) != 0;
    if (!standard) {
        fclose(file);
    }
    return !failed || error_set(error, ERROR_IO, "%s: it could not be read to its end", name);
}

enum reply explain_log(struct question *question, struct str path, struct error *error)
{
    struct arena *arena = question->arena;
    struct log_reading log = {.question = question,
                              .kinds = map_open(arena),
                              .findings = map_open(arena),
                              .list = arena_array(arena, struct finding, FINDINGS_MAX),
                              .kept = buf_make(arena, KEPT_BYTES)};
    if (!explain_load_messages(arena, &log.messages, error)) {
        return REPLY_FAILED;
    }
    log.index = optscale_index_open(arena, &log.messages);
    if (!read_log(&log, path, error)) {
        return REPLY_FAILED;
    }
    if (log.count == 0) {
        question->text = str_trim(buf_str(&log.kept));
        return explain_message(question, error);
    }
    qsort(log.list, log.count, sizeof *log.list, compare);
    if (question->options->json) {
        write_json(&log);
    } else {
        write_words(&log);
    }
    return REPLY_GIVEN;
}
