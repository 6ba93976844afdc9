/* cmd_report.c: `exportcheck report`: results files rendered again, merged, and compared. */
#include "base/file.h"
#include "base/macros.h"
#include "cli/outputs.h"
#include "reports/compare/compare.h"
#include "reports/results/ahead.h"
#include "reports/results/merged.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#define MAX_FILES 10000

struct report_options {
    struct output_options output;
    bool quiet;
};

static const struct option report_rows[] = {
    {"quiet", 'q', OPTION_FLAG, offsetof(struct report_options, quiet), NULL, "No word of success on standard error",
     NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Output", output_option_rows, offsetof(struct report_options, output)},
    {NULL, report_rows, 0},
    {NULL, NULL, 0},
};

/** A command line that the user can put right. */
static enum exit_status usage(const struct program *program, const char *text)
{
    struct error error;
    error_set(&error, ERROR_INPUT, "report: %s", text);
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}

static bool read_results(struct program *program, struct str path, struct results *ret, struct error *error)
{
    struct str text = {0};
    return file_read(program->arena, str_to_c(program->arena, path), json_limits_snapshot.max_bytes, &text, error) &&
           results_read(program->arena, path, text, ret, error);
}

static bool read_all(struct program *program, const struct str *paths, size_t count, struct results **ret,
                     struct error *error)
{
    struct results *all = arena_array(program->arena, struct results, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_results(program, paths[i], &all[i], error))
            return false;
    }
    *ret = all;
    return true;
}

/* Results that are read one by one: of one file, or of several as one. */
struct reading {
    const struct run_info *run;
    void *from;
    bool (*next)(void *from, struct arena *scratch, struct result *ret, bool *ret_more, struct error *error);
};

static bool next_of_ahead(void *from, struct arena *scratch, struct result *ret, bool *ret_more, struct error *error)
{
    (void)scratch;
    return results_ahead_next(from, ret, ret_more, error);
}

static bool next_of_merged(void *from, struct arena *scratch, struct result *ret, bool *ret_more, struct error *error)
{
    return merged_next(from, scratch, ret, ret_more, error);
}

/* Each result is read, written to every report, and forgotten. */
static bool pass_on(struct outputs *outputs, const struct reading *reading, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct result result;
    bool more = true;
    outputs_begin(outputs, reading->run);
    for (;;) {
        struct arena_mark mark = arena_mark(scratch);
        if (!reading->next(reading->from, scratch, &result, &more, error))
            return false;
        if (!more)
            return true;
        outputs_result(outputs, &result);
        arena_rewind(scratch, mark);
    }
}

static enum exit_status write_reports(struct program *program, const struct report_options *options,
                                      struct outputs *outputs, const struct reading *reading)
{
    struct error error;
    if (!outputs_open(outputs, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (!pass_on(outputs, reading, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    if (!outputs_end(outputs, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (!options->quiet)
        outputs_tell(outputs, reading->run);
    return EXIT_STATUS_OK;
}

static void close_file(FILE **file)
{
    if (*file && *file != stdin)
        fclose(*file);
}

static bool open_stream(struct program *program, struct str path, FILE **ret_file, struct results_stream **ret,
                        struct error *error)
{
    bool standard_input = str_equal(path, STR("-"));
    *ret_file = standard_input ? program->input : fopen(str_to_c(program->arena, path), "re");
    if (!*ret_file)
        return error_set(error, ERROR_IO, "cannot open %.*s: %s", STR_ARG(path), strerror(errno));
    struct str name = standard_input ? STR("standard input") : path;
    return results_stream_open(program->arena, name, *ret_file, ret, error);
}

static enum exit_status render(struct program *program, const struct report_options *options, const struct str *paths,
                               size_t count)
{
    struct error error;
    struct outputs *outputs = NULL;
    struct results_stream *stream = NULL;
    CLEANUP(close_file) FILE *file = NULL;
    if (count != 1)
        return usage(program, "render takes one results file; merge takes several");
    if (!outputs_parse(program, &options->output, "text", &outputs, &error) ||
        !open_stream(program, paths[0], &file, &stream, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    CLEANUP(results_ahead_closep) struct results_ahead *ahead = results_ahead_open(program->arena, stream);
    const struct reading reading = {results_stream_run(stream), ahead, next_of_ahead};
    return write_reports(program, options, outputs, &reading);
}

static struct merge_source source_of(const struct program *program, struct str path)
{
    if (str_equal(path, STR("-")))
        return (struct merge_source){.name = STR("standard input"), .file = program->input};
    return (struct merge_source){.name = path, .path = str_to_c(program->arena, path)};
}

static enum exit_status merge(struct program *program, const struct report_options *options, const struct str *paths,
                              size_t count)
{
    struct error error;
    struct outputs *outputs = NULL;
    struct merged *merged = NULL;
    struct merge_source *sources = arena_array(program->arena, struct merge_source, count);
    if (count == 0)
        return usage(program, "merge takes at least one results file");
    for (size_t i = 0; i < count; i++)
        sources[i] = source_of(program, paths[i]);
    if (!outputs_parse(program, &options->output, "json", &outputs, &error) ||
        !merged_open(program->arena, sources, count, &merged, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    const struct reading reading = {merged_run(merged), merged, next_of_merged};
    return write_reports(program, options, outputs, &reading);
}

/** The format of `--output`: here one, to standard output or to a file. NULL: there is no such. */
static const struct comparison_format *comparison_format(const struct output_options *options, struct str *ret_path)
{
    struct str rest = options->outputs.count ? options->outputs.items[0] : STR("text");
    struct str name;
    *ret_path = str_cut(&rest, '=', &name) ? rest : STR("");
    return options->outputs.count <= 1 ? comparison_format_find(name) : NULL;
}

static bool write_comparison(struct program *program, const struct comparison_format *format, struct str path,
                             const struct comparison *comparison, struct error *error)
{
    struct buf buf = buf_make(program->arena, BUF_NO_MAX);
    struct sink sink = path.len ? sink_to_buf(&buf) : sink_to_stream(program->output);
    format->write(program->arena, &sink, comparison);
    return !path.len ||
           (sink_ok(&sink, error) && file_write(str_to_c(program->arena, path), buf_str(&buf), 0666, error));
}

static enum exit_status compare(struct program *program, const struct report_options *options, const struct str *paths,
                                size_t count)
{
    struct error error;
    struct results *runs = NULL;
    struct str path;
    const struct comparison_format *format = comparison_format(&options->output, &path);
    if (count != 2)
        return usage(program, "compare takes two results files, the older first");
    if (!format)
        return usage(program, "compare writes one report: --output text, json, markdown or html, and =FILE");
    if (!read_all(program, paths, count, &runs, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    struct comparison comparison = results_compare(program->arena, &runs[0], &runs[1]);
    if (!write_comparison(program, format, path, &comparison, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (path.len && !options->quiet)
        fprintf(program->errors, "%.*s → %.*s\n", STR_ARG(comparison_headline(program->arena, &comparison)),
                STR_ARG(path));
    return comparison_has_findings(&comparison) ? EXIT_STATUS_FINDINGS : EXIT_STATUS_OK;
}

static const struct action {
    const char *name;
    enum exit_status (*run)(struct program *program, const struct report_options *options, const struct str *paths,
                            size_t count);
} actions[] = {
    {"render", render},
    {"merge", merge},
    {"compare", compare},
};

static enum exit_status unknown_action(const struct program *program, struct str typed)
{
    struct str names[COUNT_OF(actions)];
    struct error error;
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        names[i] = str_from(actions[i].name);
    struct str nearest = str_nearest(typed, names, COUNT_OF(actions));
    error_set(&error, ERROR_INPUT, "report: there is no '%.*s'; %s%.*s%s", STR_ARG(typed),
              nearest.len ? "did you mean '" : "there are render, merge and compare", STR_ARG(nearest),
              nearest.len ? "'?" : "");
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        if (str_equal(operands[0], str_from(actions[i].name)))
            return actions[i].run(program, options, operands + 1, operand_count - 1);
    }
    return unknown_action(program, operands[0]);
}

const struct command command_report = {
    .name = "report",
    .summary = "results again: in other formats, merged, or compared",
    .usage = "render FILE | merge FILE… | compare OLD NEW",
    .description =
        "Reads results files, as check writes them with --output json or --output jsonl; - is standard input.\n"
        "\n"
        "render writes the results in other formats (text where none is named).\n"
        "\n"
        "merge makes one run of several, such as those of an organization's accounts (json where no format is "
        "named). Of results with the same id the newest is kept; parts of a run over many targets (check --shard) get the "
        "order of the whole. Files of any size are read one result after the other.\n"
        "\n"
        "compare says what is new, undecided, new as advice, unchanged, fixed or gone since the older run, as text, json, "
        "markdown or html. Its exit status is 1 where something new failed or can no longer be decided; advice, which "
        "is below --fail-on or in the baseline, makes nothing worse.",
    .words = "render|merge|compare",
    .examples = "exportcheck report render results.json -o html=report.html\n"
                "exportcheck report merge payer.json member.json -o text\n"
                "exportcheck report compare yesterday.json today.json -o html=changes.html",
    .groups = groups,
    .options_size = sizeof(struct report_options),
    .min_operands = 1,
    .max_operands = MAX_FILES,
    .run = run,
};
