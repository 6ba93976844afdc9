/* csv.c: see csv.h. */
#include "costs/csv.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };
_Static_assert(CSV_SLACK >= BLOCK, "a block may be read that begins in the text's last byte");

#define EVERY (~UINT64_C(0)) /* byte of a block */

/* --- a block's marks --- */

/* The bytes of a block that matter, a bit each. */
struct bytes {
    uint64_t commas;
    uint64_t feeds;
    uint64_t returns;
    uint64_t quotes;
};

#ifdef __SSE2__
static inline __m128i load(const char *text)
{
    return _mm_loadu_si128((const __m128i *)(const void *)text);
}

static inline uint64_t equal_16(__m128i text, char c)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(c)));
}

static inline uint64_t equal_64(const __m128i text[4], char c)
{
    return equal_16(text[0], c) | equal_16(text[1], c) << 16 | equal_16(text[2], c) << 32 | equal_16(text[3], c) << 48;
}

static inline struct bytes look(const char *at)
{
    const __m128i text[] = {load(at), load(at + 16), load(at + 32), load(at + 48)};
    return (struct bytes){equal_64(text, ','), equal_64(text, '\n'), equal_64(text, '\r'), equal_64(text, '"')};
}
#else
static struct bytes look(const char *text)
{
    struct bytes found = {.commas = 0};
    for (int i = 0; i < BLOCK; i++) {
        found.commas |= (uint64_t)(text[i] == ',') << i;
        found.feeds |= (uint64_t)(text[i] == '\n') << i;
        found.returns |= (uint64_t)(text[i] == '\r') << i;
        found.quotes |= (uint64_t)(text[i] == '"') << i;
    }
    return found;
}
#endif

/* How many are set; the compiler's own is a call where the processor's instruction may not be taken for granted. */
static inline size_t count_bits(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (size_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* Each bit: whether an odd number of those up to it are set. */
static inline uint64_t parity(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

/*
 * Which bytes stand within quotes. A quote opens a field behind a comma, a line end, or the quote that it doubles;
 * elsewhere it is a character like others, which is found by trying: the first that would open a field and may not is
 * taken out, until there is none.
 */
static uint64_t find_quoted(struct csv_scanner *scanner, const struct bytes *bytes)
{
    uint64_t marks = bytes->commas | bytes->feeds | bytes->returns, quotes = bytes->quotes;
    uint64_t carried = scanner->open ? EVERY : 0;
    if (quotes == 0) { /* most blocks */
        scanner->may_open = marks >> (BLOCK - 1);
        return carried;
    }
    for (;;) {
        uint64_t quoted = parity(quotes) ^ carried;
        uint64_t literal = quotes & quoted & ~((marks | quotes) << 1 | scanner->may_open);
        if (literal == 0) {
            scanner->may_open = (marks | quotes) >> (BLOCK - 1);
            scanner->open = quoted >> (BLOCK - 1);
            return quoted;
        }
        quotes ^= literal & -literal;
    }
}

/* The marks of the block, of those bytes that `valid` has. */
static void mark_block(struct csv_scanner *scanner, size_t block, uint64_t valid)
{
    size_t left = scanner->length - block;
    struct bytes bytes = look(scanner->text + block);
    valid &= left < BLOCK ? (UINT64_C(1) << left) - 1 : EVERY;
    bytes = (struct bytes){bytes.commas & valid, bytes.feeds & valid, bytes.returns & valid, bytes.quotes & valid};
    uint64_t quoted = find_quoted(scanner, &bytes);
    scanner->block = block;
    scanner->commas = bytes.commas & ~quoted;
    scanner->ends = (bytes.feeds | bytes.returns) & ~quoted;
    scanner->feeds = bytes.feeds & quoted;
}

/* Where a record begins: has the marks of its block, and gives the bits of the record's bytes and of those behind. */
static uint64_t begin_at(struct csv_scanner *scanner, size_t at)
{
    size_t bit = at % BLOCK, block = at - bit;
    if (block != scanner->block) {
        scanner->open = false;
        scanner->may_open = UINT64_C(1) << bit;
        mark_block(scanner, block, EVERY << bit);
    }
    return EVERY << bit;
}

struct csv_scanner csv_scanner(const char *text, size_t length)
{
    return (struct csv_scanner){.text = text, .length = length, .block = SIZE_MAX};
}

struct csv_wanted csv_every_field(struct csv_column *columns, size_t count)
{
    for (unsigned i = 0; i < count; i++)
        columns[i] = (struct csv_column){i, i};
    return (struct csv_wanted){columns, count};
}

/* --- a record --- */

struct walk {
    struct csv_scanner *scanner;
    uint64_t commas; /* of the record, in the scanner's block, that were not passed */
    uint64_t ends;   /* the first ends the record */
    size_t field;    /* commas that were passed: this field's index */
    size_t begin;    /* behind the last of them */
    size_t end;      /* of the record, where its end was reached */
    size_t lines;
    bool ended;
};

/* The scanner's block; `left`: which of its bytes were not passed. */
static inline void enter_block(struct walk *walk, uint64_t left)
{
    const struct csv_scanner *scanner = walk->scanner;
    walk->ends = scanner->ends & left;
    uint64_t ours = walk->ends ? left & ((walk->ends & -walk->ends) - 1) : left;
    walk->commas = scanner->commas & ours;
    walk->lines += scanner->feeds ? count_bits(scanner->feeds & ours) : 0;
}

/* False: the record ends in this block, or the text does. */
static inline bool next_block(struct walk *walk)
{
    struct csv_scanner *scanner = walk->scanner;
    size_t block = scanner->block + BLOCK;
    walk->ended = walk->ends || block >= scanner->length;
    if (walk->ended) {
        walk->end = walk->ends ? scanner->block + (size_t)__builtin_ctzll(walk->ends) : scanner->length;
        return false;
    }
    mark_block(scanner, block, EVERY);
    enter_block(walk, EVERY);
    return true;
}

/* Passes the next comma. False: the record has none, and its end was reached. */
static inline bool pass_comma(struct walk *walk)
{
    while (walk->commas == 0) {
        if (!next_block(walk))
            return false;
    }
    walk->begin = walk->scanner->block + (size_t)__builtin_ctzll(walk->commas) + 1;
    walk->commas &= walk->commas - 1;
    walk->field++;
    return true;
}

/* The same `count` times. */
static bool pass_commas(struct walk *walk, size_t count)
{
    for (size_t here = count_bits(walk->commas); here < count; here = count_bits(walk->commas)) {
        walk->field += here;
        count -= here;
        if (!next_block(walk))
            return false;
    }
    while (count-- > 0)
        (void)pass_comma(walk); /* it is in this block */
    return true;
}

static inline void take_field(struct walk *walk, struct csv_field *ret)
{
    const char *text = walk->scanner->text;
    size_t begin = walk->begin;
    size_t end = pass_comma(walk) ? walk->begin - 1 : walk->end;
    ret->raw = str_span(text + begin, text + end);
}

/* Behind the record's line end; false where more text would say whether a `\n` follows a `\r`. */
static bool pass_line_end(const struct walk *walk, bool is_last, size_t *ret)
{
    const struct csv_scanner *scanner = walk->scanner;
    size_t at = walk->end;
    if (at == scanner->length) {
        *ret = at;
        return is_last;
    }
    bool is_return = scanner->text[at++] == '\r';
    if (is_return && at == scanner->length && !is_last)
        return false;
    *ret = at + (is_return && at < scanner->length && scanner->text[at] == '\n');
    return true;
}

bool csv_next(struct csv_scanner *scanner, size_t at, bool is_last, const struct csv_wanted *wanted,
              struct csv_field *fields, size_t field_count, struct csv_record *ret)
{
    struct walk walk = {.scanner = scanner, .begin = at};
    size_t end;
    memset(fields, 0, field_count * sizeof *fields);
    enter_block(&walk, begin_at(scanner, at));
    for (size_t i = 0; i < wanted->count && !walk.ended; i++) {
        const struct csv_column *column = &wanted->columns[i];
        if (column->index == walk.field || pass_commas(&walk, column->index - walk.field))
            take_field(&walk, &fields[column->slot]);
    }
    if (!walk.ended)
        (void)pass_commas(&walk, SIZE_MAX);
    if (!pass_line_end(&walk, is_last, &end))
        return false;
    bool is_blank = walk.field == 0 && walk.end == at;
    *ret = (struct csv_record){.begin = at,
                               .end = end,
                               .count = is_blank ? 0 : walk.field + 1,
                               .lines = walk.lines + 1,
                               .unclosed = walk.end == scanner->length && scanner->open};
    return true;
}

/* --- a field's text --- */

/* The general case: quotes within, or characters behind the closing one. */
static struct str unquote_by_character(struct str raw, struct buf *scratch)
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

static struct str unquote(struct str raw, struct buf *scratch)
{
    struct str inner = str_slice(raw, 1, raw.len - 1);
    if (raw.len >= 2 && raw.ptr[raw.len - 1] == '"' && !memchr(inner.ptr, '"', (size_t)inner.len))
        return inner;
    return unquote_by_character(raw, scratch);
}

struct str csv_text(struct str raw, struct buf *scratch)
{
    return raw.len > 0 && raw.ptr[0] == '"' ? unquote(raw, scratch) : raw;
}
