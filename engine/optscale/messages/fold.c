/* fold.c: see fold.h. */
#include "optscale/messages/fold.h"

/* Typographic quotes, as mail programs and UTF-8 pages have them, and their plain forms; each begins with QUOTE_BEGIN.
 */
static const struct {
    struct str typographic;
    char plain;
} quotes[] = {
    {STR_INIT("\xe2\x80\x98"), '\''},
    {STR_INIT("\xe2\x80\x99"), '\''},
    {STR_INIT("\xe2\x80\x9c"), '"'},
    {STR_INIT("\xe2\x80\x9d"), '"'},
};
#define QUOTE_BEGIN '\xe2'

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_plain(char c)
{
    return c > ' ' && c != '\\';
}

/* A quote that is typographic as the plain one, else the character itself; moves `at` behind it. */
static char take(struct str text, ptrdiff_t *at)
{
    char c = text.ptr[(*at)++];
    for (size_t i = 0; c == QUOTE_BEGIN && i < COUNT_OF(quotes); i++) {
        if (str_starts(str_skip(text, *at - 1), quotes[i].typographic)) {
            *at += quotes[i].typographic.len - 1;
            return quotes[i].plain;
        }
    }
    return c;
}

static bool is_escape(struct str text, ptrdiff_t at)
{
    return text.ptr[at] == '\\' && at + 1 < text.len && (text.ptr[at + 1] == '"' || text.ptr[at + 1] == '\'');
}

/* Past white space, and backslashes before quotes; whether any of it was white space. */
static bool skip_blanks(struct str text, ptrdiff_t *at)
{
    bool blank = false;
    while (*at < text.len && (is_space(text.ptr[*at]) || is_escape(text, *at))) {
        blank = blank || is_space(text.ptr[*at]);
        ++*at;
    }
    return blank;
}

struct folded fold(struct arena *arena, struct str text, ptrdiff_t max)
{
    text = str_slice(text, 0, max);
    char *plain = arena_array(arena, char, (size_t)text.len);
    char *lower = arena_array(arena, char, (size_t)text.len);
    ptrdiff_t length = 0;
    for (ptrdiff_t at = 0; at < text.len;) {
        bool blank = skip_blanks(text, &at);
        if (blank && length > 0 && at < text.len) {
            plain[length++] = ' ';
        }
        if (at < text.len) {
            plain[length++] = take(text, &at);
        }
        while (at < text.len && is_plain(text.ptr[at])) {
            plain[length++] = text.ptr[at++];
        }
    }
    for (ptrdiff_t i = 0; i < length; i++) {
        lower[i] = small(plain[i]);
    }
    return (struct folded){{plain, length}, {lower, length}};
}
