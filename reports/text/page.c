/* page.c: see page.h. */
#include "reports/text/page.h"

#include "reports/words/clean.h"

#include <string.h>

#define MIN_TEXT 24 /* columns: where the terminal leaves less, labels stand on a line of their own */

/** ECMA-48 SGR codes; bold with a colour, since plain colours are hard to read on a dark ground. */
static const char *const paints[PAINT_COUNT] = {
    [PAINT_NONE] = "",           [PAINT_BOLD] = "\x1b[1m",     [PAINT_DIM] = "\x1b[2m",
    [PAINT_RED] = "\x1b[1;31m",  [PAINT_GREEN] = "\x1b[32m",   [PAINT_YELLOW] = "\x1b[1;33m",
    [PAINT_CYAN] = "\x1b[1;36m", [PAINT_MAGENTA] = "\x1b[35m",
};

static const enum paint verdict_paints[VERDICT_COUNT] = {
    [VERDICT_PASS] = PAINT_GREEN,   [VERDICT_FAIL] = PAINT_RED, [VERDICT_UNKNOWN] = PAINT_YELLOW,
    [VERDICT_PENDING] = PAINT_CYAN, [VERDICT_SKIP] = PAINT_DIM, [VERDICT_WAIVED] = PAINT_MAGENTA,
};

enum paint page_verdict_paint(enum verdict verdict)
{
    return verdict < VERDICT_COUNT ? verdict_paints[verdict] : PAINT_NONE;
}

enum paint page_status_paint(enum verdict verdict, bool advice)
{
    return advice ? PAINT_BOLD : page_verdict_paint(verdict);
}

static void begin_paint(struct page *page, enum paint paint)
{
    if (page->color && paint != PAINT_NONE)
        sink_add_c(page->sink, paints[paint]);
}

static void end_paint(struct page *page, enum paint paint)
{
    if (page->color && paint != PAINT_NONE)
        sink_add_c(page->sink, "\x1b[0m");
}

static void spaces(struct page *page, int count)
{
    for (int i = 0; i < count; i++)
        sink_add_char(page->sink, ' ');
}

void page_paint(struct page *page, enum paint paint, struct str text)
{
    begin_paint(page, paint);
    sink_add(page->sink, clean_line(page->scratch, text));
    end_paint(page, paint);
}

void page_blank(struct page *page)
{
    sink_add_char(page->sink, '\n');
}

void page_heading(struct page *page, const char *text)
{
    page_blank(page);
    page_paint(page, PAINT_BOLD, str_from(text));
    page_blank(page);
}

/** Writes the words of `text` from column `column` on; new lines begin at column `hang`. */
static void fold(struct page *page, int column, int hang, struct str text)
{
    struct str rest = str_trim(clean_line(page->scratch, text));
    bool first = true;
    while (rest.len) {
        struct str word = {0};
        str_cut(&rest, ' ', &word);
        if (!word.len) { /* a second blank is part of a value, and may be what is wrong with it */
            sink_add_char(page->sink, ' ');
            column++;
            continue;
        }
        int width = (int)clean_width(word);
        if (!first && page->width && column + 1 + width > page->width) {
            page_blank(page);
            spaces(page, hang);
            column = hang;
        } else if (!first) {
            sink_add_char(page->sink, ' ');
            column++;
        }
        sink_add(page->sink, word);
        column += width;
        first = false;
    }
}

void page_paragraph(struct page *page, int indent, enum paint paint, struct str text)
{
    if (!text.len)
        return;
    spaces(page, indent);
    begin_paint(page, paint);
    fold(page, indent, indent, text);
    end_paint(page, paint);
    page_blank(page);
}

void page_item(struct page *page, int indent, enum paint paint, struct str label, struct str text)
{
    int column = indent + (int)label.len + 1;
    spaces(page, indent);
    begin_paint(page, paint);
    sink_add(page->sink, label);
    sink_add_char(page->sink, ' ');
    fold(page, column, column, text);
    end_paint(page, paint);
    page_blank(page);
}

/** Writes the label and says at which column the text beside it begins. */
static int label_column(struct page *page, int indent, const char *label)
{
    int width = (int)strlen(label);
    int column = indent + (width < PAGE_LABEL ? PAGE_LABEL : width + 1);
    spaces(page, indent);
    if (width)
        page_paint(page, PAINT_DIM, str_from(label));
    if (page->width && page->width - column < MIN_TEXT) {
        page_blank(page);
        spaces(page, indent + 2);
        return indent + 2;
    }
    spaces(page, column - indent - width);
    return column;
}

void page_hanging(struct page *page, int column, int hang, struct str text)
{
    fold(page, column, hang, text);
    page_blank(page);
}

void page_field(struct page *page, int indent, const char *label, struct str text)
{
    if (!text.len)
        return;
    int column = label_column(page, indent, label);
    fold(page, column, column, text);
    page_blank(page);
}

void page_verbatim(struct page *page, int indent, const char *label, struct str text)
{
    struct str rest = clean_block(page->scratch, text);
    if (!rest.len)
        return;
    int column = label_column(page, indent, label);
    for (bool first = true; rest.len; first = false) {
        struct str line = {0};
        str_cut(&rest, '\n', &line);
        if (!first)
            spaces(page, column);
        sink_add(page->sink, line);
        page_blank(page);
    }
}

void page_command(struct page *page, int indent, struct str command)
{
    if (!command.len)
        return;
    spaces(page, indent);
    sink_add(page->sink, clean_line(page->scratch, command));
    page_blank(page);
}
