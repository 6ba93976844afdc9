/* targets.c: see targets.h. */
#include "reports/text/targets.h"

#include "reports/words/headline.h"
#include "reports/words/words.h"

enum { NAME_WIDTH = 28 };

static void write_row(struct page *page, const struct target_row *row)
{
    static const enum paint paints[STANDING_COUNT] = {
        [STANDING_READY] = PAINT_GREEN, [STANDING_NOT_READY] = PAINT_RED, [STANDING_NOT_DECIDED] = PAINT_YELLOW};
    struct str label = str_format(page->scratch, "%-*.*s  %-12.*s", NAME_WIDTH, STR_ARG(row->name),
                                  STR_ARG(row->account.len ? row->account : STR("-")));
    page_item(page, 2, paints[headline_standing_of(row->exit_status)], label, row->headline);
    if (row->to_do.len && row->exit_status)
        page_paragraph(page, 6, PAINT_NONE, str_join3(page->scratch, STR("First: "), row->to_do, STR("")));
}

void targets_list(struct page *page, const struct run_info *run, bool all)
{
    size_t ready = 0;
    if (!run->targets.count)
        return;
    page_heading(page, "Targets");
    for (size_t i = 0; i < run->targets.count; i++) {
        struct arena_mark mark = arena_mark(page->scratch);
        struct target_row row;
        if (!run_target(run, i, page->scratch, &row)) {
            page->sink->failed = true;
            return;
        }
        bool is_ready = row.exit_status == 0;
        ready += is_ready;
        if (!is_ready || all)
            write_row(page, &row);
        arena_rewind(page->scratch, mark);
    }
    if (ready && !all)
        page_paragraph(page, 2, PAINT_DIM, str_format(page->scratch, "%zu ready; --all lists them", ready));
}
