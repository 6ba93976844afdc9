/*
 * fuzz_results.c: results files. Whatever is read is written again as JSON and read again to the
 * same text, and every format can render it; what the XML formats write parses.
 */
#include "reports/registry.h"
#include "reports/results/stream.h"

#include <libxml/parser.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str render(struct arena *arena, const struct report_format *format, const struct results *results)
{
    static const struct report_style style = {.color = true, .width = 40};
    struct arena *own = arena_open(0);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    struct report *report = format->begin(own, &sink, &results->run, &style);
    for (size_t i = 0; i < results->count; i++)
        format->result(report, &results->items[i]);
    format->end(report);
    arena_close(own);
    return buf_str(&buf);
}

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void render_all(struct arena *arena, const struct results *results)
{
    for (size_t i = 0; i < report_format_count; i++) {
        struct str text = render(arena, report_formats[i], results);
        if (strncmp(report_formats[i]->name, "junit", 5) != 0)
            continue;
        xmlDoc *document = xmlReadMemory(text.ptr, (int)text.len, "junit", NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
        require(document != NULL, "the JUnit report does not parse");
        xmlFreeDoc(document);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct results results = {0};
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (results_read(arena, STR("input"), text, &results, NULL)) {
        struct results again = {0};
        struct str json = render(arena, report_format_find(STR("json")), &results);
        struct error error = {{0}, {0}};
        require(results_read(arena, STR("again"), json, &again, &error), error.text);
        struct str twice = render(arena, report_format_find(STR("json")), &again);
        require(str_equal(json, twice), "JSON that was read back is not what was written");
        render_all(arena, &results);
    }
    arena_close(arena);
    return 0;
}
