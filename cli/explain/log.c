/* log.c: `explain --file LOG`: each distinct message of a log once, the most telling first; see explain.h. */
#include "base/map.h"
#include "cli/explain/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 65536,
    FORMS_MAX = 1000,       /* different lines that are looked at */
    FORM_BYTES = 400,       /* of a line, without its digits, that tell it from others */
    FINDINGS_MAX = 500,     /* different messages that are kept */
    SHOWN_MAX = 20,         /* and written in words; JSON has all of them */
    QUOTED_BYTES = 300,     /* of the line that is shown */
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
};

/* What the maps hold. */
struct slot {
    struct finding *finding; /* NULL: what is not known */
};

struct log_reading {
    struct question *question;
    struct optscale_messages messages;
    struct map *forms; /* of lines that were looked at → struct slot */
    size_t form_count;
    struct map *by_key;
    struct finding *findings;
    size_t count;
    size_t lines;
    size_t passed_over; /* lines behind one of the limits */
    struct buf kept;
};

/* One line, without its end; a longer one is cut. False at the end of the file. */
static bool read_line(FILE *file, char *buffer, struct str *ret)
{
    ptrdiff_t length = 0;
    int c = getc(file);
    bool any = c != EOF;
    for (; c != EOF && c != '\n'; c = getc(file)) {
        if (length < LINE_MAX_BYTES) {
            buffer[length++] = (char)c;
        }
    }
    *ret = (struct str){buffer, length};
    return any;
}

/* The line without its digits: times and ids make no other message of it. */
static struct str form_of(struct arena *arena, struct str line)
{
    struct buf form = buf_make(arena, BUF_NO_MAX);
    for (ptrdiff_t i = 0; i < line.len && form.len < FORM_BYTES; i++) {
        if (line.ptr[i] < '0' || line.ptr[i] > '9') {
            buf_add_char(&form, line.ptr[i]);
        }
    }
    return buf_str(&form);
}

/* What makes two lines one message: the entries, and what stands in their captures. */
static struct str key_of(struct arena *arena, const struct optscale_match *matches, size_t count)
{
    struct buf key = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_addf(&key, "%.*s\n", STR_ARG(matches[i].message->id));
        for (size_t k = 0; i == 0 && k < matches[i].capture_count; k++) {
            buf_addf(&key, "%.*s\n", STR_ARG(matches[i].captures[k].value));
        }
    }
    return buf_str(&key);
}

static const struct slot *keep(struct log_reading *log, struct str line)
{
    struct arena *arena = log->question->arena;
    struct finding *finding = &log->findings[log->count++];
    *finding = (struct finding){.line = str_copy(arena, line), .number = log->lines};
    finding->match_count = optscale_messages_match(arena, &log->messages, finding->line, finding->matches);
    for (size_t i = 0; i < finding->match_count; i++) {
        finding->weight += finding->matches[i].message->is_frame ? 0 : finding->matches[i].weight;
    }
    struct slot *slot = arena_new(arena, struct slot);
    slot->finding = finding;
    map_set(log->by_key, key_of(arena, finding->matches, finding->match_count), slot);
    return slot;
}

/* The finding that the line belongs to, a new one where it has none yet. */
static const struct slot *find(struct log_reading *log, struct str line)
{
    static const struct slot none = {NULL};
    struct arena *arena = log->question->arena;
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    struct arena_mark mark = arena_mark(arena);
    size_t count = optscale_messages_match(arena, &log->messages, line, matches);
    const struct slot *known = count > 0 ? map_get(log->by_key, key_of(arena, matches, count)) : &none;
    arena_rewind(arena, mark);
    if (known) {
        return known;
    }
    return log->count < FINDINGS_MAX ? keep(log, line) : &none;
}

static void take_line(struct log_reading *log, struct str line)
{
    struct arena *arena = log->question->arena;
    struct arena_mark mark = arena_mark(arena);
    struct str form = form_of(arena, line);
    const struct slot *slot = map_get(log->forms, form);
    if (slot || log->form_count == FORMS_MAX) {
        log->passed_over += slot ? 0 : 1;
        arena_rewind(arena, mark);
    } else {
        log->form_count++;
        slot = find(log, line);
        map_set(log->forms, form, slot);
    }
    if (slot && slot->finding) {
        slot->finding->times++;
    }
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
            take_line(log, line);
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

static void write_words(const struct log_reading *log)
{
    struct question *question = log->question;
    struct sink *sink = &question->sink;
    size_t shown = log->count < SHOWN_MAX ? log->count : SHOWN_MAX;
    for (size_t i = 0; i < shown; i++) {
        const struct finding *finding = &log->findings[i];
        struct str line = str_shorten(question->arena, finding->line, QUOTED_BYTES);
        sink_addf(sink, "%sline %zu, %zu time%s: %.*s\n", i > 0 ? "\n" : "", finding->number, finding->times,
                  finding->times == 1 ? "" : "s", STR_ARG(line));
        explain_write_matches(question, finding->matches, finding->match_count);
    }
    sink_addf(sink, "\n%zu line%s read, %zu message%s known", log->lines, log->lines == 1 ? "" : "s", log->count,
              log->count == 1 ? "" : "s");
    if (log->count > shown) {
        sink_addf(sink, ", of which the %zu most telling are shown; --json has all", shown);
    }
    if (log->passed_over > 0) {
        sink_addf(sink, "; %zu lines behind the first %d different ones were not looked at", log->passed_over,
                  FORMS_MAX);
    }
    sink_add_c(sink, ".\n");
}

static void write_json(const struct log_reading *log)
{
    struct arena *arena = log->question->arena;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < log->count; i++) {
        const struct finding *finding = &log->findings[i];
        struct json_builder one = json_build(arena, JSON_OBJECT);
        json_build_append(&one, STR("message"), json_string(finding->line));
        json_build_append(&one, STR("line"), json_number((double)finding->number));
        json_build_append(&one, STR("times"), json_number((double)finding->times));
        json_build_append(&one, STR("explanations"),
                          explain_matches_json(arena, finding->matches, finding->match_count));
        json_build_add(&list, json_built(&one));
    }
    json_build_append(&object, STR("lines"), json_number((double)log->lines));
    json_build_append(&object, STR("passed_over"), json_number((double)log->passed_over));
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
                              .forms = map_open(arena),
                              .by_key = map_open(arena),
                              .findings = arena_array(arena, struct finding, FINDINGS_MAX),
                              .kept = buf_make(arena, KEPT_BYTES)};
    if (!explain_load_messages(arena, &log.messages, error) || !read_log(&log, path, error)) {
        return REPLY_FAILED;
    }
    if (log.count == 0) {
        question->text = str_trim(buf_str(&log.kept));
        return explain_message(question, error);
    }
    qsort(log.findings, log.count, sizeof *log.findings, compare);
    if (question->options->json) {
        write_json(&log);
    } else {
        write_words(&log);
    }
    return REPLY_GIVEN;
}
