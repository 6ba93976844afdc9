/*
 * page.h: lines of text for people: folded at blanks to the width of a terminal, with hanging
 * indents and colour. A word is never cut, however long: it may be an identifier.
 */
#ifndef EXPORTCHECK_REPORTS_TEXT_PAGE_H
#define EXPORTCHECK_REPORTS_TEXT_PAGE_H

#include "rule/results.h"

enum paint {
    PAINT_NONE,
    PAINT_BOLD,
    PAINT_DIM,
    PAINT_RED,
    PAINT_GREEN,
    PAINT_YELLOW,
    PAINT_CYAN,
    PAINT_MAGENTA,
    PAINT_COUNT,
};

struct page {
    struct sink *sink;
    struct arena *scratch; /* the caller rewinds it */
    bool color;
    int width; /* columns; 0: lines are not folded */
};

/** The colour of a verdict's word, and of advice. */
enum paint page_verdict_paint(enum verdict verdict);
enum paint page_status_paint(enum verdict verdict, bool advice);

/** Text in a colour, no line break. The text is cleaned. */
void page_paint(struct page *page, enum paint paint, struct str text);

/** An empty line. */
void page_blank(struct page *page);

/** An empty line and a heading. */
void page_heading(struct page *page, const char *text);

/** A paragraph whose lines are all indented by `indent`. */
void page_paragraph(struct page *page, int indent, enum paint paint, struct str text);

/** An item of a list: `label`, then the text, whose further lines stand below its first. */
void page_item(struct page *page, int indent, enum paint paint, struct str label, struct str text);

/** Text from column `column` on, where the line already stands; its further lines begin at column `hang`. */
void page_hanging(struct page *page, int column, int hang, struct str text);

/** `label` at `indent`, then the text beside it, its further lines below its first. Nothing where the text is empty. */
void page_field(struct page *page, int indent, const char *label, struct str text);

/** Like page_field() for what is to be copied: lines are kept as they are. */
void page_verbatim(struct page *page, int indent, const char *label, struct str text);

/** A command to copy, on a line of its own that is never folded. Nothing where it is empty. */
void page_command(struct page *page, int indent, struct str command);

/** The width of the label column of page_field(). */
#define PAGE_LABEL 10

#endif
