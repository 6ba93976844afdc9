/* markdown.c: a comparison for a pull request or a step's summary. */
#include "reports/compare/compare.h"
#include "reports/words/commonmark.h"

#define MAX_BYTES ((size_t)1000 * 1000) /* a step's summary beyond 1 MiB is dropped whole */

static void add_change(struct buf *buf, const struct change *change)
{
    const struct result *result = change_result(change);
    buf_add(buf, STR("- "));
    commonmark_add_text(buf, result->title.len ? result->title : result->rule);
    if (result->subject.len) {
        buf_add(buf, STR(": "));
        commonmark_add_code(buf, result->subject);
    }
    buf_addf(buf, " (%.*s, %.*s) ", STR_ARG(severity_name(result->severity)),
             STR_ARG(change_states(buf->arena, change)));
    commonmark_add_text(buf, result->message);
    buf_add_char(buf, '\n');
}

static void write_markdown(struct arena *arena, struct sink *sink, const struct comparison *comparison)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_add(&buf, STR("## "));
    commonmark_add_text(&buf, comparison_headline(arena, comparison));
    buf_add_char(&buf, '\n');
    size_t left_out = 0;
    enum change_kind heading = CHANGE_COUNT;
    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct change *change = &comparison->changes[i];
        if (buf.len > MAX_BYTES) {
            left_out++;
            continue;
        }
        if (change->kind != heading)
            buf_addf(&buf, "\n### %.*s\n\n", STR_ARG(change_name(change->kind)));
        heading = change->kind;
        add_change(&buf, change);
    }
    if (left_out)
        buf_addf(&buf, "\n**And %zu more: see the JSON comparison.**\n", left_out);
    sink_add(sink, buf_str(&buf));
}

const struct comparison_format comparison_format_markdown = {"markdown", write_markdown};
