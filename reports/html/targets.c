/* targets.c: see targets.h. */
#include "reports/html/targets.h"

#include "reports/words/headline.h"
#include "reports/words/words.h"

enum { MOST = 5000 }; /* rows; of more targets the results alone tell */

static void write_cell(struct markup *markup, const char *element, struct str text)
{
    markup_raw(markup, "<td>");
    markup_element(markup, element, text);
    markup_raw(markup, "</td>");
}

static void write_row(const struct html_page *page, const struct target_row *row)
{
    struct markup *markup = page->markup;
    markup_raw(markup, "<tr><th scope=\"row\">");
    markup_start(markup, "a");
    markup_attribute(
        markup, "href",
        str_join3(page->scratch, STR("#text="), str_percent_encode(page->scratch, row->name, ""), STR("")));
    markup_text(markup, row->name);
    markup_end(markup);
    markup_raw(markup, "</th>");
    write_cell(markup, "code", row->account.len ? row->account : STR("-"));
    write_cell(markup, "span", row->headline);
    write_cell(markup, "span", row->exit_status ? row->to_do : STR(""));
    markup_raw(markup, "</tr>\n");
}

static void write_rows(const struct html_page *page, bool ready)
{
    size_t shown = 0;
    markup_raw(page->markup,
               "<table><thead><tr><th scope=\"col\">Target</th><th scope=\"col\">Account</th>"
               "<th scope=\"col\">Verdict</th><th scope=\"col\">First thing to do</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < page->run->targets.count && shown < MOST; i++) {
        struct arena_mark mark = arena_mark(page->scratch);
        struct target_row row;
        if (!run_target(page->run, i, page->scratch, &row))
            page->sink->failed = true;
        else if ((headline_standing_of(row.exit_status) == STANDING_READY) == ready && ++shown)
            write_row(page, &row);
        arena_rewind(page->scratch, mark);
    }
    markup_raw(page->markup, "</tbody></table>\n");
    if (shown == MOST)
        markup_element(page->markup, "p", STR("No more than 5,000 targets are listed."));
}

void targets_write(const struct html_page *page)
{
    size_t counts[STANDING_COUNT];
    struct markup *markup = page->markup;
    if (!page->run->targets.count)
        return;
    headline_count_targets(page->scratch, page->run, counts);
    size_t ready = counts[STANDING_READY];
    markup_raw(markup,
               "<section id=\"targets\"><h2>Targets</h2><div class=\"panel scroll\" tabindex=\"0\" role=\"group\" "
               "aria-label=\"Targets\">\n");
    if (ready < page->run->targets.count)
        write_rows(page, false);
    if (ready) {
        markup_raw(markup, "<details><summary>");
        markup_text(markup, str_format(page->scratch, "%.*s ready", STR_ARG(words_count(page->scratch, ready))));
        markup_raw(markup, "</summary>\n");
        write_rows(page, true);
        markup_raw(markup, "</details>\n");
    }
    markup_raw(markup, "</div></section>\n");
}
