/* clean.c: one pass over the code points of a text; which of them stay is the purpose's business. */
#include "reports/words/clean.h"

#include "base/buf.h"
#include "base/bytes.h"

#include <string.h>

#define ESCAPE 0x1B
#define BELL 0x07
#define REPLACEMENT 0xFFFD

enum purpose { FOR_LINE, FOR_BLOCK, FOR_XML };

struct range {
    uint32_t first;
    uint32_t last;
};

/** Characters that turn or isolate the reading direction (UAX 9), and can make a text read as another. */
static const struct range bidirectional[] = {{0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};

/** How UTF-8 begins: the lead byte's range, how many bytes follow, the second byte's range (RFC 3629, section 4). */
static const struct lead {
    unsigned char first, last;
    unsigned char following;
    unsigned char second_first, second_last;
} leads[] = {
    {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF}, {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F},
    {0xEE, 0xEF, 2, 0x80, 0xBF}, {0xF0, 0xF0, 3, 0x90, 0xBF}, {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < COUNT_OF(leads); i++) {
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    }
    return NULL;
}

/** Reads one code point into `*ret` and returns its bytes; 1 and U+FFFD where the text is no UTF-8. */
static ptrdiff_t decode(struct str text, uint32_t *ret)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    *ret = p[0];
    if (p[0] < 0x80)
        return 1;
    *ret = REPLACEMENT;
    const struct lead *lead = find_lead(p[0]);
    if (!lead || text.len <= lead->following || p[1] < lead->second_first || p[1] > lead->second_last)
        return 1;
    uint32_t code = p[0] & (0x3Fu >> lead->following);
    for (int i = 1; i <= lead->following; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 1;
        code = code << 6 | (p[i] & 0x3Fu);
    }
    *ret = code;
    return lead->following + 1;
}

static bool is_bidirectional(uint32_t code)
{
    for (size_t i = 0; i < COUNT_OF(bidirectional); i++) {
        if (code >= bidirectional[i].first && code <= bidirectional[i].last)
            return true;
    }
    return false;
}

/** What stands for `code`: itself, a space or U+FFFD. */
static uint32_t replace(uint32_t code, enum purpose purpose)
{
    if (code == '\n' || code == '\t')
        return purpose == FOR_LINE ? ' ' : code;
    if (code == '\r')
        return purpose == FOR_LINE ? ' ' : '\n';
    if (code < 0x20 || code == 0xFFFE || code == 0xFFFF)
        return REPLACEMENT;
    if (is_bidirectional(code))
        return REPLACEMENT;
    bool control = code >= 0x7F && code <= 0x9F; /* DEL and C1, which XML allows and terminals act on */
    return control && purpose != FOR_XML ? REPLACEMENT : code;
}

/** The bytes of the ANSI escape sequence (ECMA-48: CSI, OSC, or two bytes) that `text` begins with. */
static ptrdiff_t escape_length(struct str text)
{
    if (text.len < 2)
        return text.len;
    ptrdiff_t i = 2;
    if (text.ptr[1] == '[') {
        while (i < text.len && (unsigned char)text.ptr[i] >= 0x20 && (unsigned char)text.ptr[i] < 0x40)
            i++;
        return i < text.len ? i + 1 : i;
    }
    if (text.ptr[1] == ']') {
        while (i < text.len && text.ptr[i] != BELL && text.ptr[i] != ESCAPE && text.ptr[i] != '\n')
            i++;
        return i < text.len && text.ptr[i] == BELL ? i + 1 : i;
    }
    return i;
}

/** Whether a byte is nothing to look at: printable ASCII, and where lines stay, a line's end. */
static bool is_plain(unsigned char byte, enum purpose purpose)
{
    return (byte >= 0x20 && byte <= 0x7E) || (byte == '\n' && purpose != FOR_LINE);
}

/** How many plain bytes `text` begins with. */
static ptrdiff_t plain_length(struct str text, enum purpose purpose)
{
    ptrdiff_t i = 0;
    while (i < text.len && is_plain((unsigned char)text.ptr[i], purpose))
        i++;
    return i;
}

/** Marks the bytes of a word that are not plain. */
static uint64_t other_bytes(uint64_t word, enum purpose purpose)
{
    uint64_t control = bytes_control(word);
    if (purpose != FOR_LINE)
        control &= ~bytes_equal(word, '\n');
    return control | bytes_wide(word) | bytes_equal(word, 0x7F);
}

/** Nearly every text is plain: then it is used as it is. */
static bool is_all_plain(struct str text, enum purpose purpose)
{
    while (text.len >= (ptrdiff_t)sizeof(uint64_t)) {
        if (other_bytes(bytes_load(text.ptr), purpose))
            return false;
        text = str_skip(text, sizeof(uint64_t));
    }
    return plain_length(text, purpose) == text.len;
}

static struct str clean(struct arena *arena, struct str text, enum purpose purpose)
{
    if (is_all_plain(text, purpose))
        return text;
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    while (text.len > 0) {
        ptrdiff_t plain = plain_length(text, purpose);
        buf_add(&buf, str_slice(text, 0, plain));
        text = str_skip(text, plain);
        if (!text.len)
            break;
        if (text.ptr[0] == ESCAPE) {
            text = str_skip(text, escape_length(text));
            continue;
        }
        uint32_t code = 0;
        ptrdiff_t length = decode(text, &code);
        bool crlf = code == '\r' && text.len > 1 && text.ptr[1] == '\n';
        if (!crlf)
            buf_add_utf8(&buf, replace(code, purpose));
        text = str_skip(text, length);
    }
    return buf_str(&buf);
}

struct str clean_line(struct arena *arena, struct str text)
{
    return clean(arena, text, FOR_LINE);
}

struct str clean_block(struct arena *arena, struct str text)
{
    return clean(arena, text, FOR_BLOCK);
}

struct str clean_xml(struct arena *arena, struct str text)
{
    return clean(arena, text, FOR_XML);
}

size_t clean_width(struct str text)
{
    return str_code_points(text);
}
