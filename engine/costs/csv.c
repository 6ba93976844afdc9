/* csv.c: see csv.h. */
#include "costs/csv.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };
_Static_assert(CSV_SLACK >= BLOCK, "a block may be read that begins in the text's last byte");

#ifdef __SSE2__
static uint64_t ends_of_16(const char *text)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i commas = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
    __m128i feeds = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
    __m128i returns = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
    return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(commas, _mm_or_si128(feeds, returns)));
}

static uint64_t ends_of(const char *text)
{
    return ends_of_16(text) | ends_of_16(text + 16) << 16 | ends_of_16(text + 32) << 32 | ends_of_16(text + 48) << 48;
}
#else
static uint64_t ends_of(const char *text)
{
    uint64_t ends = 0;
    for (int i = 0; i < BLOCK; i++)
        ends |= (uint64_t)(text[i] == ',' || text[i] == '\n' || text[i] == '\r') << i;
    return ends;
}
#endif

struct csv_scanner csv_scanner(const char *text, size_t length)
{
    return (struct csv_scanner){.text = text, .length = length, .block = SIZE_MAX & ~(size_t)(BLOCK - 1)};
}

/* The first comma or line end at or after `at`; the text's length where there is none. */
static inline size_t next_end(struct csv_scanner *scanner, size_t at)
{
    size_t block = at & ~(size_t)(BLOCK - 1);
    while (block < scanner->length) {
        if (block != scanner->block) {
            scanner->block = block;
            scanner->ends = ends_of(scanner->text + block);
        }
        uint64_t left = scanner->ends & (~UINT64_C(0) << (at - block));
        if (left) {
            size_t found = block + (size_t)__builtin_ctzll(left);
            return found < scanner->length ? found : scanner->length;
        }
        block += BLOCK;
        at = block;
    }
    return scanner->length;
}

static size_t count_lines(const char *text, size_t begin, size_t end)
{
    size_t lines = 0;
    for (const char *at = text + begin; (at = memchr(at, '\n', (size_t)(text + end - at))); at++)
        lines++;
    return lines;
}

/*
 * Past the quotes of a field that begins at `at` with one: behind the closing quote. What follows it up to the next
 * comma belongs to the field too, as in Python.
 */
static size_t skip_quotes(const struct csv_scanner *scanner, size_t at, bool *ret_closed)
{
    const char *text = scanner->text;
    for (at++;; at += 2) {
        const char *quote = at < scanner->length ? memchr(text + at, '"', scanner->length - at) : NULL;
        if (!quote) {
            *ret_closed = false;
            return scanner->length;
        }
        at = (size_t)(quote - text);
        if (at + 1 >= scanner->length || text[at + 1] != '"') {
            *ret_closed = true;
            return at + 1;
        }
    }
}

/* A record on its way. */
struct walk {
    struct csv_scanner *scanner;
    size_t at; /* a field's first byte; then its end */
    struct csv_record record;
};

/* To the end of the field. */
static inline void walk_field(struct walk *walk)
{
    struct csv_scanner *scanner = walk->scanner;
    size_t begin = walk->at;
    bool closed = true;
    if (begin < scanner->length && scanner->text[begin] == '"') {
        walk->at = skip_quotes(scanner, begin, &closed);
        walk->record.lines += count_lines(scanner->text, begin, walk->at);
        walk->record.unclosed = !closed;
    }
    if (closed)
        walk->at = next_end(scanner, walk->at);
}

/* Behind the line end at the walk's place; false where more text would say whether a `\n` follows a `\r`. */
static bool walk_line_end(struct walk *walk, bool is_last)
{
    const struct csv_scanner *scanner = walk->scanner;
    if (walk->at < scanner->length && scanner->text[walk->at++] == '\r') {
        if (walk->at == scanner->length && !is_last)
            return false;
        if (walk->at < scanner->length && scanner->text[walk->at] == '\n')
            walk->at++;
    }
    walk->record.end = walk->at;
    walk->record.lines++;
    return true;
}

bool csv_next(struct csv_scanner *scanner, size_t at, bool is_last, const struct csv_wanted *wanted,
              struct csv_field *fields, size_t field_count, struct csv_record *ret)
{
    struct walk walk = {.scanner = scanner, .at = at, .record = {.begin = at}};
    const char *text = scanner->text;
    memset(fields, 0, field_count * sizeof *fields);
    for (size_t i = 0;; i++) {
        size_t begin = walk.at;
        walk_field(&walk);
        if (walk.at == scanner->length && !is_last)
            return false;
        if (i < wanted->count && wanted->slots[i] != CSV_UNWANTED)
            fields[wanted->slots[i]].raw = str_span(text + begin, text + walk.at);
        if (walk.at < scanner->length && text[walk.at] == ',') {
            walk.at++;
            continue;
        }
        bool is_blank = i == 0 && walk.at == begin;
        walk.record.count = is_blank ? 0 : i + 1;
        if (!walk_line_end(&walk, is_last))
            return false;
        *ret = walk.record;
        return true;
    }
}

/* The general case: quotes within, or characters behind the closing one. */
static struct str unquote(struct str raw, struct buf *scratch)
{
    size_t begin = scratch->len;
    bool quoted = false;
    for (ptrdiff_t i = 0; i < raw.len; i++) {
        bool is_quote = raw.ptr[i] == '"';
        if (i == 0 && is_quote) {
            quoted = true;
        } else if (quoted && is_quote && i + 1 < raw.len && raw.ptr[i + 1] == '"') {
            buf_add_char(scratch, '"');
            i++;
        } else if (quoted && is_quote) {
            quoted = false;
        } else {
            buf_add_char(scratch, raw.ptr[i]);
        }
    }
    return str_skip(buf_str(scratch), (ptrdiff_t)begin);
}

struct str csv_text(struct str raw, struct buf *scratch)
{
    if (raw.len == 0 || raw.ptr[0] != '"')
        return raw;
    struct str inner = str_slice(raw, 1, raw.len - 1);
    if (raw.len >= 2 && raw.ptr[raw.len - 1] == '"' && !memchr(inner.ptr, '"', (size_t)inner.len))
        return inner;
    return unquote(raw, scratch);
}
