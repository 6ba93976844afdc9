/* html.c: a comparison as one page, with the style of the HTML report and without a script. */
#include "base/buf.h"
#include "reports/compare/compare.h"
#include "reports/html/assets.h"
#include "reports/words/markup.h"
#include "reports/words/words.h"

static void write_head(struct markup *markup, struct str headline)
{
    markup_raw(markup, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    markup_raw(markup, html_security_policy);
    markup_raw(markup, "\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                       "<meta name=\"color-scheme\" content=\"light dark\">\n");
    markup_element(markup, "title", headline);
    markup_raw(markup, "\n<style>");
    markup_copy(markup, html_style());
    markup_raw(markup, "</style>\n</head>\n<body>\n<header>");
    markup_element(markup, "h1", headline);
    markup_raw(markup, "</header>\n<main>\n");
}

static void write_badge(struct markup *markup, const struct result *result)
{
    enum verdict verdict = result ? result->verdict : VERDICT_SKIP;
    markup_start(markup, "span");
    markup_attribute_c(markup, "class", verdict == VERDICT_FAIL ? "badge s-fail" : "badge");
    markup_text(markup, result ? words_verdict(verdict) : STR("NONE"));
    markup_end(markup);
}

static void write_change(struct markup *markup, const struct change *change)
{
    const struct result *result = change_result(change);
    markup_raw(markup, "<li>");
    write_badge(markup, change->before);
    markup_text_c(markup, " → ");
    write_badge(markup, change->after);
    markup_text_c(markup, " ");
    markup_element(markup, "code", result->rule);
    markup_text_c(markup, " ");
    if (result->subject.len) {
        markup_element(markup, "code", result->subject);
        markup_text_c(markup, " ");
    }
    markup_text(markup, result->message.len ? result->message : result->title);
    markup_raw(markup, "</li>\n");
}

static void write_kind(struct arena *arena, struct markup *markup, const struct comparison *comparison,
                       enum change_kind kind)
{
    if (!comparison->count[kind])
        return;
    markup_raw(markup, "<section>");
    markup_element(markup, "h2", str_format(arena, "%zu %.*s", comparison->count[kind], STR_ARG(change_name(kind))));
    markup_raw(markup, "<div class=\"panel\"><ol class=\"findings\">\n");
    for (size_t i = 0; i < comparison->change_count; i++) {
        if (comparison->changes[i].kind == kind)
            write_change(markup, &comparison->changes[i]);
    }
    markup_raw(markup, "</ol></div></section>\n");
}

static void write_html(struct arena *arena, struct sink *sink, const struct comparison *comparison)
{
    struct markup *markup = markup_open(arena, sink);
    write_head(markup, comparison_headline(arena, comparison));
    for (size_t kind = 0; kind < CHANGE_COUNT; kind++)
        write_kind(arena, markup, comparison, (enum change_kind)kind);
    markup_raw(markup, "</main>\n</body>\n</html>\n");
    markup_finish(markup);
}

const struct comparison_format comparison_format_html = {"html", write_html};
