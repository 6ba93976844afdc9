/* render.h: what the tests of reports share: a results file read, and rendered in a format. */
#ifndef EXPORTCHECK_TESTS_REPORTS_RENDER_H
#define EXPORTCHECK_TESTS_REPORTS_RENDER_H

#include "base/file.h"
#include "reports/registry.h"
#include "reports/results/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOLDEN_FOLDER TEST_SOURCE_DIR "/tests/golden/reports/"

static const struct report_style render_plain = {.color = false, .width = 0};

static inline struct str render_results(struct arena *arena, const char *format, const struct results *results,
                                        struct report_style style)
{
    const struct report_format *found = report_format_find(str_from(format));
    assert_non_null(found);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    struct arena *own = arena_open(0);
    struct report *report = found->begin(own, &sink, &results->run, &style);
    for (size_t i = 0; i < results->count; i++)
        found->result(report, &results->items[i]);
    found->end(report);
    arena_close(own);
    assert_true(sink_ok(&sink, NULL));
    return buf_str(&buf);
}

static inline struct results render_read(struct arena *arena, const char *path)
{
    struct str text = {0};
    struct results results = {0};
    struct error error = {{0}, {0}};
    if (!file_read(arena, path, (size_t)64 << 20, &text, &error) ||
        !results_read(arena, str_from(path), text, &results, &error))
        fail_msg("%s", error.text);
    return results;
}

/** A case of tests/golden/reports, by name. */
static inline struct results render_case(struct arena *arena, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, GOLDEN_FOLDER "%s.json", name);
    return render_read(arena, path);
}

/** A run with nothing known but this. */
static inline struct results run_of(const char *account, const char *finished, struct result *items, size_t count)
{
    struct results results = {.items = items, .count = count};
    results.run.account = str_from(account);
    results.run.finished = str_from(finished);
    results.run.started = str_from(finished);
    results.run.fail_on = SEVERITY_MEDIUM;
    return results;
}

/** A result of the rule `id`. */
static inline struct result result_of(const char *id, enum verdict verdict)
{
    return (struct result){.id = str_from(id), .rule = str_from(id), .severity = SEVERITY_HIGH, .verdict = verdict};
}

#endif
