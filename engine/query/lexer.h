/*
 * lexer.h: an expression's text as tokens (https://jmespath.org/specification.html#grammar).
 */
#ifndef EXPORTCHECK_QUERY_LEXER_H
#define EXPORTCHECK_QUERY_LEXER_H

#include "base/error.h"
#include "base/json/json.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,        /* foo: text */
    TOKEN_QUOTED_NAME, /* "foo": text, unescaped */
    TOKEN_NUMBER,      /* -1: number */
    TOKEN_LITERAL,     /* `json` or 'raw': literal */
    TOKEN_DOT,
    TOKEN_STAR,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_CURRENT,
    TOKEN_NOT,
    TOKEN_REFERENCE, /* & */
    TOKEN_FILTER,    /* [? */
    TOKEN_FLATTEN,   /* [] */
    TOKEN_LBRACKET,
    TOKEN_RBRACKET,
    TOKEN_LBRACE,
    TOKEN_RBRACE,
    TOKEN_LPAREN,
    TOKEN_RPAREN,
    TOKEN_PIPE,
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_EQ,
    TOKEN_NE,
    TOKEN_LT,
    TOKEN_LE,
    TOKEN_GT,
    TOKEN_GE,
    TOKEN_KIND_COUNT,
};

struct token {
    enum token_kind kind;
    ptrdiff_t offset; /* of its first byte */
    union {
        struct str text;
        int64_t number;
        const struct json *literal;
    };
};

struct lexer {
    struct arena *arena; /* for what is not written as it is meant: escapes, literals */
    struct str text;     /* tokens refer to it */
    ptrdiff_t at;
};

/** Reads the next token; after the last, TOKEN_END for ever. False, code "syntax", on what is no token. */
bool lexer_next(struct lexer *lexer, struct token *ret, struct error *error) MUST_CHECK;

/** How messages call a kind of token: "']'", "a name". */
const char *lexer_token_name(enum token_kind kind);

/** The column of the byte at `offset`: in characters, from 1. */
size_t lexer_column(const struct lexer *lexer, ptrdiff_t offset);

/** Records a syntax error with the column of the byte at `offset`; returns false. */
bool lexer_fail(const struct lexer *lexer, ptrdiff_t offset, struct error *error, const char *format, ...)
    FORMATS(4, 5);

#endif
