/* outputs.c: see outputs.h. */
#include "cli/outputs.h"

#include "base/file.h"
#include "cli/process.h"
#include "reports/registry.h"
#include "reports/words/clean.h"
#include "reports/words/headline.h"
#include "reports/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_OUTPUTS 32
#define BESIDE "csv" /* what people can open who were shown a part */
#define DEFAULT_COLUMNS 80
#define MIN_COLUMNS 20

const struct option output_option_rows[] = {
    {"output", 'o', OPTION_STRINGS, offsetof(struct output_options, outputs), "FORMAT[=FILE]",
     "write a report: text, json, jsonl, junit, junit:file, html, sarif, markdown, markdown:comment, github, gitlab, "
     "openmetrics, csv or ocsf; repeatable; to standard output where no file is named",
     NULL},
    {"color", 0, OPTION_STRING, offsetof(struct output_options, color), "WHEN",
     "colour the text report: auto (the default), always or never", "auto|always|never"},
    {"all", 0, OPTION_FLAG, offsetof(struct output_options, all), NULL,
     "list in the text report what passed and what does not apply, too", NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

struct output {
    const struct report_format *format;
    const char *path;   /* NULL: standard output */
    bool appends;       /* to what is in the file */
    const char *beside; /* the file that is written until the end; NULL: `path` is written in place */
    FILE *stream;
    struct sink sink;
    struct report *report;
};

struct outputs {
    struct program *program;
    struct report_style style;            /* of standard output */
    struct report_style file_style;       /* never folded; coloured only with --color always */
    struct output items[2 * MAX_OUTPUTS]; /* each may have one beside it */
    size_t count;
    struct error error; /* the first one of outputs_begin() */
    bool failed;
};

static int terminal_columns(const struct program *program)
{
    int64_t columns = 0;
    struct winsize size = {0};
    if (str_to_int64(program_getenv(program, "COLUMNS"), &columns) && columns >= MIN_COLUMNS && columns <= 10000)
        return (int)columns;
    if (ioctl(fileno(program->output), TIOCGWINSZ, &size) == 0 && size.ws_col >= MIN_COLUMNS)
        return size.ws_col;
    return DEFAULT_COLUMNS;
}

struct report_style outputs_style(const struct program *program, struct str color)
{
    bool plain = program_getenv(program, "NO_COLOR").len > 0 ||
                 str_equal(program_getenv(program, "TERM"), STR("dumb")) || !program->output_is_terminal;
    return (struct report_style){
        .color = str_equal(color, STR("always")) || (!str_equal(color, STR("never")) && !plain),
        .width = program->output_is_terminal ? terminal_columns(program) : 0,
    };
}

static bool unknown_format(struct arena *arena, struct str name, struct error *error)
{
    struct str nearest = report_format_nearest(arena, name);
    if (nearest.len)
        return error_set(error, ERROR_INPUT, "--output: there is no format '%.*s'; did you mean '%.*s'?", STR_ARG(name),
                         STR_ARG(nearest));
    struct buf names = buf_make(arena, 1024);
    for (size_t i = 0; i < report_format_count; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", report_formats[i]->name);
    return error_set(error, ERROR_INPUT, "--output: there is no format '%.*s'; there are %.*s", STR_ARG(name),
                     STR_ARG(buf_str(&names)));
}

/** One output goes to one place. */
static bool place_is_free(const struct outputs *outputs, const char *path, struct error *error)
{
    for (size_t i = 0; i < outputs->count; i++) {
        const char *other = outputs->items[i].path;
        if (!path && !other)
            return error_set(error, ERROR_INPUT,
                             "--output: only one report can go to standard output; name a file, as in "
                             "--output %s=FILE",
                             outputs->items[i].format->name);
        if (path && other && strcmp(path, other) == 0)
            return error_set(error, ERROR_INPUT, "--output: two reports cannot go to the same file, %s", path);
    }
    return true;
}

static bool add_output(struct outputs *outputs, struct str specification, struct error *error)
{
    struct arena *arena = outputs->program->arena;
    struct str rest = specification;
    struct str name = {0};
    bool has_file = str_cut(&rest, '=', &name);
    const struct report_format *format = report_format_find(name);
    if (!format)
        return unknown_format(arena, name, error);
    if (has_file && !rest.len)
        return error_set(error, ERROR_INPUT, "--output %.*s: the file's name is missing", STR_ARG(specification));
    if (outputs->count == MAX_OUTPUTS)
        return error_set(error, ERROR_LIMIT, "--output: more than %d reports", MAX_OUTPUTS);
    const char *path = has_file && !str_equal(rest, STR("-")) ? str_to_c(arena, rest) : NULL;
    if (!place_is_free(outputs, path, error))
        return false;
    outputs->items[outputs->count++] = (struct output){.format = format, .path = path};
    return true;
}

/** A GitHub workflow has a second place for what a step found: a file that collects Markdown. */
static bool add_step_summary(struct outputs *outputs, struct error *error)
{
    struct str path = program_getenv(outputs->program, "GITHUB_STEP_SUMMARY");
    bool wanted = false;
    for (size_t i = 0; i < outputs->count; i++)
        wanted = wanted || outputs->items[i].format == report_format_find(STR("github"));
    if (!wanted || !path.len)
        return true;
    struct str specification = str_join3(outputs->program->arena, STR("markdown"), STR("="), path);
    if (!add_output(outputs, specification, error))
        return false;
    outputs->items[outputs->count - 1].appends = true;
    return true;
}

bool outputs_parse(struct program *program, const struct output_options *options, const char *otherwise,
                   struct outputs **ret, struct error *error)
{
    struct outputs *outputs = arena_new(program->arena, struct outputs);
    outputs->program = program;
    outputs->style = outputs_style(program, options->color);
    outputs->style.all = options->all;
    outputs->file_style = (struct report_style){.color = str_equal(options->color, STR("always")), .all = options->all};
    for (size_t i = 0; i < options->outputs.count; i++) {
        if (!add_output(outputs, options->outputs.items[i], error))
            return false;
    }
    if ((!outputs->count && !add_output(outputs, str_from(otherwise), error)) || !add_step_summary(outputs, error))
        return false;
    *ret = outputs;
    return true;
}

static bool cannot_write(const struct output *output, struct error *error)
{
    return error_set(error, ERROR_IO, "cannot write %s: %s", output->path, strerror(errno));
}

/** Closes and removes what outputs_end() did not put in its place. */
static void abandon(void *object)
{
    struct output *output = object;
    if (output->stream)
        fclose(output->stream);
    if (output->beside) {
        unlink(output->beside);
        process_keep(output->beside);
    }
    output->stream = NULL;
    output->beside = NULL;
}

/** A device or a pipe (/dev/stderr, a process substitution) is written to; a file is replaced at the end. */
static bool open_file(struct outputs *outputs, struct output *output, struct error *error)
{
    struct arena *arena = outputs->program->arena;
    char room[PATH_MAX];
    bool in_place = output->appends || file_is_special(output->path);
    if (!in_place)
        output->path = str_to_c(arena, str_from(file_followed(output->path, room)));
    if (!in_place)
        output->beside = str_to_c(arena, str_format(arena, "%s.%ld.tmp", output->path, (long)getpid()));
    if (!in_place)
        process_remove_later(output->beside);
    int flags = output->appends ? O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
                : in_place      ? O_WRONLY | O_CLOEXEC
                                : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    int fd = open(in_place ? output->path : output->beside, flags, 0666);
    if (fd < 0) {
        process_keep(output->beside);
        output->beside = NULL;
        return cannot_write(output, error);
    }
    output->stream = fdopen(fd, "w");
    if (!output->stream) {
        close(fd);
        return cannot_write(output, error);
    }
    arena_defer(arena, abandon, output);
    return true;
}

static bool open_output(struct outputs *outputs, struct output *output, struct error *error)
{
    if (output->path && !open_file(outputs, output, error))
        return false;
    output->sink = sink_to_stream(output->path ? output->stream : outputs->program->output);
    return true;
}

bool outputs_open(struct outputs *outputs, struct error *error)
{
    process_catch_signals();
    for (size_t i = 0; i < outputs->count; i++) {
        if (!open_output(outputs, &outputs->items[i], error))
            return false;
    }
    return true;
}

/** "report.html" → "report.results.csv", in the same folder. */
static const char *path_beside(struct arena *arena, const struct output *output)
{
    struct str path = str_from(output->path);
    struct str ending = str_join3(arena, STR("."), str_from(output->format->name), STR(""));
    struct str stem = str_ends(path, ending) ? str_slice(path, 0, path.len - ending.len) : path;
    return str_to_c(arena, str_join3(arena, stem, STR(".results."), STR(BESIDE)));
}

/** The name of the file with all results, where the report shows fewer: it is opened, too. */
static struct str open_beside(struct outputs *outputs, const struct output *output, const struct run_info *run)
{
    struct arena *arena = outputs->program->arena;
    size_t most = output->format->most;
    if (!most || words_total(&run->summary) <= most || !output->path || !output->beside)
        return STR("");
    struct output other = {.format = report_format_find(STR(BESIDE)), .path = path_beside(arena, output)};
    struct str path = str_from(other.path);
    if (place_is_free(outputs, other.path, NULL)) {
        struct output *added = &outputs->items[outputs->count++];
        *added = other;
        if (!open_output(outputs, added, outputs->failed ? NULL : &outputs->error)) {
            outputs->failed = true;
            outputs->count--;
        }
    }
    return str_skip(path, str_find_last_char(path, '/') + 1);
}

void outputs_begin(struct outputs *outputs, const struct run_info *run)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct output *output = &outputs->items[i];
        struct report_style style = output->path ? outputs->file_style : outputs->style;
        style.beside = open_beside(outputs, output, run);
        output->report = output->format->begin(outputs->program->arena, &output->sink, run, &style);
    }
}

void outputs_result(struct outputs *outputs, const struct result *result)
{
    for (size_t i = 0; i < outputs->count; i++)
        outputs->items[i].format->result(outputs->items[i].report, result);
}

static bool finish_output(struct output *output, struct error *error)
{
    output->format->end(output->report);
    if (!output->path)
        return true; /* main() looks whether it was written */
    if (!sink_ok(&output->sink, error))
        return error_wrap(error, "%s", output->path);
    FILE *stream = output->stream;
    output->stream = NULL;
    if (fclose(stream) != 0)
        return cannot_write(output, error);
    if (output->beside && rename(output->beside, output->path) != 0)
        return cannot_write(output, error);
    process_keep(output->beside);
    output->beside = NULL;
    return true;
}

bool outputs_end(struct outputs *outputs, struct error *error)
{
    bool all = !outputs->failed;
    if (outputs->failed && error)
        *error = outputs->error;
    for (size_t i = 0; i < outputs->count; i++) {
        struct error own;
        if (!finish_output(&outputs->items[i], &own) && all) {
            all = false; /* the first failure is told, the other reports are written all the same */
            if (error)
                *error = own;
        }
    }
    return all;
}

bool outputs_write(struct outputs *outputs, const struct run_info *run, const struct result *results, size_t count,
                   struct error *error)
{
    outputs_begin(outputs, run);
    for (size_t i = 0; i < count; i++)
        outputs_result(outputs, &results[i]);
    return outputs_end(outputs, error);
}

void outputs_tell(const struct outputs *outputs, const struct run_info *run)
{
    struct arena *arena = outputs->program->arena;
    FILE *stream = outputs->program->errors;
    for (size_t i = 0; i < outputs->count; i++) {
        if (!outputs->items[i].path)
            return;
    }
    fprintf(stream, "%.*s", STR_ARG(clean_line(arena, headline_text(arena, run))));
    for (size_t i = 0; i < outputs->count; i++)
        fprintf(stream, "%s%s", i ? ", " : " → ", outputs->items[i].path);
    fputc('\n', stream);
}
