/*
 * scan.h: the tokens of a JSON text: strings, numbers, words, blanks, by RFC 8259's grammar, and complaints that
 * name the place. Inside this layer only; json_read.c puts values together from them.
 */
#ifndef EXPORTCHECK_BASE_JSON_SCAN_H
#define EXPORTCHECK_BASE_JSON_SCAN_H

#include "base/json/json.h"

/** A text and how far it was read. */
struct json_scanner {
    struct arena *arena; /* strings go here */
    struct str name;     /* of the text, for messages */
    struct str text;
    bool kept; /* strings may be views of the text */
    size_t at;
    struct error *error;
};

/** The next byte; NUL at the end, where no token may begin either. */
static inline char json_scan_peek(const struct json_scanner *scanner)
{
    return scanner->at < (size_t)scanner->text.len ? scanner->text.ptr[scanner->at] : '\0';
}

static inline void json_scan_space(struct json_scanner *scanner)
{
    for (char c = json_scan_peek(scanner); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = json_scan_peek(scanner))
        scanner->at++;
}

/** Each of these stands at its token's first byte, and ends behind its last; false: a complaint was recorded. */
bool json_scan_string(struct json_scanner *scanner, struct str *ret) MUST_CHECK;
bool json_scan_number(struct json_scanner *scanner, double *ret) MUST_CHECK;
bool json_scan_word(struct json_scanner *scanner, struct str word) MUST_CHECK;

/** Fails with `name:line:column: expected …, found …`, at the scanner's place. */
bool json_scan_fail(const struct json_scanner *scanner, const char *expected);
/** The same at another place and with another code: ERROR_LIMIT. */
bool json_scan_fail_at(const struct json_scanner *scanner, size_t at, const char *code, const char *expected);

#endif
