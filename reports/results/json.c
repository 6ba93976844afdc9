/* json.c: the results object, indented for people, written as the results arrive. */
#include "reports/results/document.h"
#include "reports/words/words.h"

#define INDENT 2

struct report {
    struct arena *scratch;
    struct sink *sink;
    struct document_writer writer;
    bool any; /* a result was written */
};

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.scratch = words_scratch(arena), .sink = sink};
    report->writer = document_writer(words_scratch(arena), sink);
    struct arena_mark mark = arena_mark(report->scratch);
    document_write_run(&report->writer, report->scratch, run, INDENT);
    sink_add_c(sink, ",\n  \"results\": [");
    arena_rewind(report->scratch, mark);
    return report;
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    struct json document = result_document(report->scratch, result);
    sink_add_c(report->sink, report->any ? ",\n    " : "\n    ");
    document_write(&report->writer, &document, INDENT, 2);
    arena_rewind(report->scratch, mark);
    report->any = true;
}

static void end(struct report *report)
{
    sink_add_c(report->sink, report->any ? "\n  ]\n}\n" : "]\n}\n");
}

const struct report_format report_format_json = {
    .name = "json",
    .summary = "The results object, for programs",
    .begin = begin,
    .result = result,
    .end = end,
};
