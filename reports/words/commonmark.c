/* commonmark.c: see commonmark.h. */
#include "reports/words/commonmark.h"

#include "reports/words/clean.h"

/** Text with everything escaped that Markdown or GitHub would read: CommonMark 2.4, mentions, tags. */
void commonmark_add_text(struct buf *buf, struct str text)
{
    struct str clean = clean_line(buf->arena, text);
    for (ptrdiff_t i = 0; i < clean.len; i++) {
        char c = clean.ptr[i];
        if (c == '<')
            buf_add(buf, STR("&lt;"));
        else if (c == '&')
            buf_add(buf, STR("&amp;"));
        else if (c == '@')
            buf_add(buf, STR("&#64;"));
        else if (str_find_char(STR("\\`*_[]#|~!>$"), c, 0) >= 0)
            buf_addf(buf, "\\%c", c);
        else
            buf_add_char(buf, c);
    }
}

size_t commonmark_longest_ticks(struct str text)
{
    size_t longest = 0;
    size_t run = 0;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void commonmark_add_ticks(struct buf *buf, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_add_char(buf, '`');
}

/** A code span, whose delimiter is longer than any run of backticks in it (CommonMark 6.1). */
void commonmark_add_code(struct buf *buf, struct str text)
{
    struct str clean = clean_line(buf->arena, text);
    if (!clean.len)
        return;
    size_t ticks = commonmark_longest_ticks(clean) + 1;
    bool pad = ticks > 1 || clean.ptr[0] == ' ';
    commonmark_add_ticks(buf, ticks);
    buf_add(buf, pad ? STR(" ") : STR(""));
    buf_add(buf, clean);
    buf_add(buf, pad ? STR(" ") : STR(""));
    commonmark_add_ticks(buf, ticks);
}
