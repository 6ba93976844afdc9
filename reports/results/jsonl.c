/*
 * jsonl.c: a line for the run, a line a result, a line with the summary. A reader sees each result
 * as soon as it is there, and knows by the last line that none is missing.
 */
#include "reports/results/document.h"
#include "reports/words/words.h"

struct report {
    struct arena *scratch;
    struct sink *sink;
    struct document_writer writer;
    struct summary summary; /* of what was written */
};

static void write_line(struct report *report, struct json document)
{
    document_write(&report->writer, &document, 0, 0);
    sink_add_char(report->sink, '\n');
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.scratch = words_scratch(arena), .sink = sink};
    report->writer = document_writer(words_scratch(arena), sink);
    struct arena_mark mark = arena_mark(report->scratch);
    document_write_run(&report->writer, report->scratch, run, 0);
    sink_add_c(sink, "}\n");
    arena_rewind(report->scratch, mark);
    return report;
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    write_line(report, result_document(report->scratch, result));
    arena_rewind(report->scratch, mark);
    report->summary.count[result->verdict]++;
}

static void end(struct report *report)
{
    struct json_builder line = json_build(report->scratch, JSON_OBJECT);
    json_build_append(&line, STR("summary"), summary_document(report->scratch, &report->summary));
    write_line(report, json_built(&line));
}

const struct report_format report_format_jsonl = {
    .name = "jsonl",
    .summary = "JSON Lines: the run, a result a line, the summary",
    .begin = begin,
    .result = result,
    .end = end,
};
