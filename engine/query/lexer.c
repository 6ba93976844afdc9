/* lexer.c: an expression's text as tokens. */
#include "query/lexer.h"

#include "query/value.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const token_names[TOKEN_KIND_COUNT] = {
    [TOKEN_END] = "the end",
    [TOKEN_NAME] = "a name",
    [TOKEN_QUOTED_NAME] = "a quoted name",
    [TOKEN_NUMBER] = "a number",
    [TOKEN_LITERAL] = "a literal",
    [TOKEN_DOT] = "'.'",
    [TOKEN_STAR] = "'*'",
    [TOKEN_COMMA] = "','",
    [TOKEN_COLON] = "':'",
    [TOKEN_CURRENT] = "'@'",
    [TOKEN_NOT] = "'!'",
    [TOKEN_REFERENCE] = "'&'",
    [TOKEN_FILTER] = "'[?'",
    [TOKEN_FLATTEN] = "'[]'",
    [TOKEN_LBRACKET] = "'['",
    [TOKEN_RBRACKET] = "']'",
    [TOKEN_LBRACE] = "'{'",
    [TOKEN_RBRACE] = "'}'",
    [TOKEN_LPAREN] = "'('",
    [TOKEN_RPAREN] = "')'",
    [TOKEN_PIPE] = "'|'",
    [TOKEN_OR] = "'||'",
    [TOKEN_AND] = "'&&'",
    [TOKEN_EQ] = "'=='",
    [TOKEN_NE] = "'!='",
    [TOKEN_LT] = "'<'",
    [TOKEN_LE] = "'<='",
    [TOKEN_GT] = "'>'",
    [TOKEN_GE] = "'>='",
};

/** What a punctuation character begins: alone, or together with the character after it. */
struct punctuation {
    enum token_kind alone; /* TOKEN_END: it means nothing alone */
    struct {
        char next;
        enum token_kind kind;
    } pairs[2];
};

static const struct punctuation punctuations[128] = {
    ['.'] = {.alone = TOKEN_DOT},
    ['*'] = {.alone = TOKEN_STAR},
    [','] = {.alone = TOKEN_COMMA},
    [':'] = {.alone = TOKEN_COLON},
    ['@'] = {.alone = TOKEN_CURRENT},
    [']'] = {.alone = TOKEN_RBRACKET},
    ['{'] = {.alone = TOKEN_LBRACE},
    ['}'] = {.alone = TOKEN_RBRACE},
    ['('] = {.alone = TOKEN_LPAREN},
    [')'] = {.alone = TOKEN_RPAREN},
    ['['] = {TOKEN_LBRACKET, {{']', TOKEN_FLATTEN}, {'?', TOKEN_FILTER}}},
    ['|'] = {TOKEN_PIPE, {{'|', TOKEN_OR}}},
    ['&'] = {TOKEN_REFERENCE, {{'&', TOKEN_AND}}},
    ['!'] = {TOKEN_NOT, {{'=', TOKEN_NE}}},
    ['<'] = {TOKEN_LT, {{'=', TOKEN_LE}}},
    ['>'] = {TOKEN_GT, {{'=', TOKEN_GE}}},
    ['='] = {TOKEN_END, {{'=', TOKEN_EQ}}},
};

const char *lexer_token_name(enum token_kind kind)
{
    return token_names[kind];
}

size_t lexer_column(const struct lexer *lexer, ptrdiff_t offset)
{
    return value_code_points(str_slice(lexer->text, 0, offset)) + 1;
}

bool lexer_fail(const struct lexer *lexer, ptrdiff_t offset, struct error *error, const char *format, ...)
{
    char what[256];
    va_list values;
    va_start(values, format);
    vsnprintf(what, sizeof what, format, values);
    va_end(values);
    error_set(error, "syntax", "column %zu: %s", lexer_column(lexer, offset), what);
    return false;
}

/** The character at `offset`, or NUL past the end. */
static char character(const struct lexer *lexer, ptrdiff_t offset)
{
    if (offset >= lexer->text.len)
        return '\0';
    return lexer->text.ptr[offset];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool read_name(struct lexer *lexer, struct token *token)
{
    ptrdiff_t end = lexer->at;
    while (is_name_start(character(lexer, end)) || is_digit(character(lexer, end)))
        end++;
    token->kind = TOKEN_NAME;
    token->text = str_slice(lexer->text, lexer->at, end);
    lexer->at = end;
    return true;
}

static bool read_number(struct lexer *lexer, struct token *token, struct error *error)
{
    ptrdiff_t end = lexer->at + (character(lexer, lexer->at) == '-');
    if (!is_digit(character(lexer, end)))
        return lexer_fail(lexer, lexer->at, error, "'-' without a number; write negative literals as `-1`");
    while (is_digit(character(lexer, end)))
        end++;
    token->kind = TOKEN_NUMBER;
    if (!str_to_int64(str_slice(lexer->text, lexer->at, end), &token->number))
        return lexer_fail(lexer, lexer->at, error, "the number is too large");
    lexer->at = end;
    return true;
}

/**
 * Finds the `quote` that ends what begins at the lexer's position; a backslash takes the character
 * after it along. The inner text goes to `*ret`, the position behind the quote.
 */
static bool read_quoted(struct lexer *lexer, char quote, struct str *ret, bool *ret_escaped, struct error *error)
{
    ptrdiff_t begin = lexer->at + 1;
    ptrdiff_t end = begin;
    *ret_escaped = false;
    while (end < lexer->text.len && lexer->text.ptr[end] != quote) {
        bool escape = lexer->text.ptr[end] == '\\';
        *ret_escaped |= escape;
        end += escape ? 2 : 1;
    }
    if (end >= lexer->text.len) {
        lexer_fail(lexer, lexer->at, error, "the %c is never closed", quote);
        return false;
    }
    *ret = str_slice(lexer->text, begin, end);
    lexer->at = end + 1;
    return true;
}

/** `text` without the backslashes before `quote`; all others stay. */
static struct str unescape(struct arena *arena, struct str text, char quote)
{
    char *bytes = arena_array(arena, char, text.len);
    ptrdiff_t len = 0;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\' && i + 1 < text.len) {
            if (text.ptr[i + 1] != quote)
                bytes[len++] = text.ptr[i];
            i++;
        }
        bytes[len++] = text.ptr[i];
    }
    return (struct str){bytes, len};
}

static bool read_raw_string(struct lexer *lexer, struct token *token, struct error *error)
{
    struct str text;
    bool escaped;
    if (!read_quoted(lexer, '\'', &text, &escaped, error))
        return false;
    if (escaped)
        text = unescape(lexer->arena, text, '\'');
    token->kind = TOKEN_LITERAL;
    token->literal = json_box(lexer->arena, json_string(text));
    return true;
}

/** Literals that are a word or a string without escapes need no parser, and most are one. */
static const struct json *simple_literal(struct arena *arena, struct str text)
{
    static const struct {
        struct str word;
        const struct json *value;
    } words[] = {
        {STR_INIT("null"), &json_null},
        {STR_INIT("true"), &json_true},
        {STR_INIT("false"), &json_false},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_equal(text, words[i].word))
            return words[i].value;
    double number;
    if (text.len > 0 && text.len <= 15 && is_digit(text.ptr[text.len - 1]) && str_to_double(text, &number))
        return json_box(arena, json_number(number));
    return NULL;
}

static bool read_literal(struct lexer *lexer, struct token *token, struct error *error)
{
    struct str text;
    bool escaped;
    if (!read_quoted(lexer, '`', &text, &escaped, error))
        return false;
    if (escaped)
        text = unescape(lexer->arena, text, '`');
    token->kind = TOKEN_LITERAL;
    token->literal = simple_literal(lexer->arena, text);
    if (token->literal)
        return true;
    struct error cause;
    if (json_parse(lexer->arena, STR("literal"), text, &json_limits_default, &token->literal, &cause))
        return true;
    return lexer_fail(lexer, token->offset, error, "the literal is no JSON (a string is 'text'): %s", cause.text);
}

/** Whether the text between double quotes is a name as it stands, without JSON's help. */
static bool is_plain(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20)
            return false;
    return true;
}

static bool read_quoted_name(struct lexer *lexer, struct token *token, struct error *error)
{
    struct str text;
    bool escaped;
    if (!read_quoted(lexer, '"', &text, &escaped, error))
        return false;
    token->kind = TOKEN_QUOTED_NAME;
    token->text = text;
    if (!escaped && is_plain(text))
        return true;
    const struct json *value;
    struct error cause;
    struct str quoted = str_slice(lexer->text, token->offset, lexer->at);
    if (!json_parse(lexer->arena, STR("name"), quoted, &json_limits_default, &value, &cause))
        return lexer_fail(lexer, token->offset, error, "the quoted name is no JSON string: %s", cause.text);
    token->text = value->string;
    return true;
}

static bool read_punctuation(struct lexer *lexer, struct token *token, struct error *error)
{
    char c = character(lexer, lexer->at);
    if ((unsigned char)c >= COUNT_OF(punctuations))
        return lexer_fail(lexer, lexer->at, error, "unexpected character; quote names that are not ASCII: \"…\"");
    const struct punctuation *row = &punctuations[(unsigned char)c];
    for (size_t i = 0; i < COUNT_OF(row->pairs); i++) {
        if (row->pairs[i].next && row->pairs[i].next == character(lexer, lexer->at + 1)) {
            token->kind = row->pairs[i].kind;
            lexer->at += 2;
            return true;
        }
    }
    if (row->alone == TOKEN_END && c == '=')
        return lexer_fail(lexer, lexer->at, error, "unexpected '='; equality is '=='");
    if (row->alone == TOKEN_END)
        return lexer_fail(lexer, lexer->at, error,
                          c >= ' ' && c < 0x7f ? "unexpected '%c'" : "unexpected control character", c);
    token->kind = row->alone;
    lexer->at += 1;
    return true;
}

bool lexer_next(struct lexer *lexer, struct token *ret, struct error *error)
{
    while (lexer->at < lexer->text.len && is_blank(lexer->text.ptr[lexer->at]))
        lexer->at++;
    *ret = (struct token){.kind = TOKEN_END, .offset = lexer->at};
    if (lexer->at >= lexer->text.len)
        return true;
    char c = lexer->text.ptr[lexer->at];
    if (is_name_start(c))
        return read_name(lexer, ret);
    if (is_digit(c) || c == '-')
        return read_number(lexer, ret, error);
    switch (c) {
    case '\'': return read_raw_string(lexer, ret, error);
    case '`': return read_literal(lexer, ret, error);
    case '"': return read_quoted_name(lexer, ret, error);
    default: return read_punctuation(lexer, ret, error);
    }
}
