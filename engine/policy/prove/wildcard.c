/* wildcard.c: see wildcard.h. */
#include "policy/prove/wildcard.h"

#include <string.h>

struct wildcard_builder wildcard_build(struct arena *arena, bool nocase)
{
    return (struct wildcard_builder){.arena = arena, .nocase = nocase};
}

static unsigned char lower(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : byte;
}

static bool is_letter(unsigned char byte)
{
    return lower(byte) >= 'a' && lower(byte) <= 'z';
}

bool wildcard_is_run(uint16_t token)
{
    return token == WILDCARD_RUN || token == WILDCARD_RUN_IN_PART;
}

bool wildcard_takes(uint16_t token, unsigned char byte)
{
    switch (token) {
    case WILDCARD_ONE:
    case WILDCARD_RUN: return true;
    case WILDCARD_ONE_IN_PART:
    case WILDCARD_RUN_IN_PART: return byte != ':';
    case WILDCARD_DIGIT: return byte >= '0' && byte <= '9';
    case WILDCARD_END: return false;
    default: return (token & WILDCARD_NOCASE) ? (token & 0xff) == lower(byte) : token == byte;
    }
}

/* Keeps room for one token more than it holds, so that the end mark always fits. */
static void add_token(struct wildcard_builder *builder, uint16_t token)
{
    if (builder->count + 1 >= builder->capacity) {
        uint32_t capacity = builder->capacity ? builder->capacity * 2 : 32;
        uint16_t *tokens = arena_array(builder->arena, uint16_t, capacity);
        if (builder->count)
            memcpy(tokens, builder->tokens, builder->count * sizeof(*tokens));
        builder->tokens = tokens;
        builder->capacity = capacity;
    }
    builder->tokens[builder->count++] = token;
}

/* `**` is `*`, and `*?` is written `?*`: equal languages get equal rows, and no two runs meet. */
static void add_wild(struct wildcard_builder *builder, char c)
{
    uint16_t before = builder->count ? builder->tokens[builder->count - 1] : WILDCARD_END;
    if (c == '*' && before == WILDCARD_RUN)
        return;
    if (c == '?' && before == WILDCARD_RUN) {
        builder->tokens[builder->count - 1] = WILDCARD_ONE;
        add_token(builder, WILDCARD_RUN);
        return;
    }
    add_token(builder, c == '*' ? WILDCARD_RUN : WILDCARD_ONE);
}

static void add_byte(struct wildcard_builder *builder, unsigned char byte)
{
    bool folds = builder->nocase && is_letter(byte);
    add_token(builder, folds ? (uint16_t)(lower(byte) | WILDCARD_NOCASE) : byte);
}

void wildcard_add_pattern(struct wildcard_builder *builder, struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '*' || text.ptr[i] == '?')
            add_wild(builder, text.ptr[i]);
        else
            add_byte(builder, (unsigned char)text.ptr[i]);
    }
}

void wildcard_add_literal(struct wildcard_builder *builder, struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++)
        add_byte(builder, (unsigned char)text.ptr[i]);
}

void wildcard_add_digits(struct wildcard_builder *builder, int count)
{
    for (int i = 0; i < count; i++)
        add_token(builder, WILDCARD_DIGIT);
}

void wildcard_add_token(struct wildcard_builder *builder, uint16_t token)
{
    if (token == WILDCARD_RUN || token == WILDCARD_ONE)
        add_wild(builder, token == WILDCARD_RUN ? '*' : '?');
    else
        add_token(builder, token);
}

struct wildcard wildcard_built(struct wildcard_builder *builder)
{
    add_token(builder, WILDCARD_END);
    builder->count--;
    return (struct wildcard){builder->tokens, builder->count};
}

bool wildcard_confine(struct wildcard_builder *builder, struct wildcard *ret)
{
    int colons = 0;
    for (uint32_t i = 0; i < builder->count && colons < 5; i++) {
        uint16_t token = builder->tokens[i];
        if (token == ':')
            colons++;
        else if (token == WILDCARD_RUN)
            builder->tokens[i] = WILDCARD_RUN_IN_PART;
        else if (token == WILDCARD_ONE)
            builder->tokens[i] = WILDCARD_ONE_IN_PART;
    }
    if (colons < 5)
        return false;
    *ret = wildcard_built(builder);
    return true;
}

struct wildcard wildcard_pattern(struct arena *arena, struct str text, bool nocase)
{
    struct wildcard_builder builder = wildcard_build(arena, nocase);
    wildcard_add_pattern(&builder, text);
    return wildcard_built(&builder);
}

struct wildcard wildcard_literal(struct arena *arena, struct str text, bool nocase)
{
    struct wildcard_builder builder = wildcard_build(arena, nocase);
    wildcard_add_literal(&builder, text);
    return wildcard_built(&builder);
}

struct wildcard wildcard_arn(struct arena *arena, struct str text, bool all_parts)
{
    struct wildcard_builder builder = wildcard_build(arena, false);
    wildcard_add_pattern(&builder, text);
    struct wildcard pattern;
    if (!str_starts(text, STR("arn:")) || !wildcard_confine(&builder, &pattern))
        return wildcard_built(&builder);
    for (uint32_t i = 0; all_parts && i < builder.count; i++)
        if (builder.tokens[i] == WILDCARD_RUN || builder.tokens[i] == WILDCARD_ONE)
            builder.tokens[i]++; /* to the same kind within a part */
    return pattern;
}

bool wildcard_is_any(struct wildcard pattern)
{
    return pattern.count == 1 && pattern.tokens[0] == WILDCARD_RUN;
}

bool wildcard_is_literal(struct wildcard pattern)
{
    for (uint32_t i = 0; i < pattern.count; i++)
        if (pattern.tokens[i] >= WILDCARD_ONE)
            return false;
    return true;
}

struct str wildcard_text(struct arena *arena, struct wildcard pattern)
{
    char *text = arena_array(arena, char, pattern.count);
    for (uint32_t i = 0; i < pattern.count; i++) {
        uint16_t token = pattern.tokens[i];
        text[i] = wildcard_is_run(token) ? '*' : token >= WILDCARD_ONE ? '?' : (char)(token & 0xff);
    }
    return (struct str){text, (ptrdiff_t)pattern.count};
}

/* Whether the token of one byte, or the same run, stands for all that the other may be. */
static bool token_covers(uint16_t outer, uint16_t inner)
{
    bool literal = inner < WILDCARD_ONE;
    switch (outer) {
    case WILDCARD_ONE:
        return literal || inner == WILDCARD_ONE || inner == WILDCARD_ONE_IN_PART || inner == WILDCARD_DIGIT;
    case WILDCARD_ONE_IN_PART:
        return literal ? (inner & 0xff) != ':' : inner == WILDCARD_ONE_IN_PART || inner == WILDCARD_DIGIT;
    case WILDCARD_DIGIT: return literal ? wildcard_takes(outer, (unsigned char)(inner & 0xff)) : inner == outer;
    default:
        return outer == inner ||
               (literal && (outer & WILDCARD_NOCASE) && wildcard_takes(outer, (unsigned char)(inner & 0xff)));
    }
}

bool wildcard_covers(struct wildcard outer, struct wildcard inner)
{
    uint32_t i = 0;
    uint32_t k = 0;
    uint32_t behind_run = UINT32_MAX; /* the token behind the last run of `outer` … */
    uint32_t taken = 0;               /* … and the first of `inner` that the run does not take yet */
    while (k < inner.count) {
        if (i < outer.count && outer.tokens[i] == WILDCARD_RUN) {
            behind_run = ++i;
            taken = k;
        } else if (i < outer.count && token_covers(outer.tokens[i], inner.tokens[k])) {
            i++;
            k++;
        } else if (behind_run != UINT32_MAX) {
            i = behind_run;
            k = ++taken;
        } else {
            return false;
        }
    }
    while (i < outer.count && outer.tokens[i] == WILDCARD_RUN)
        i++;
    return i == outer.count;
}
