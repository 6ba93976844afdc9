/*
 * message.h: the parts of an HTTP message, as plain data: what the protocols encode, what is signed,
 * what the transport sends and gets. Nothing here does I/O.
 */
#ifndef EXPORTCHECK_AWS_HTTP_MESSAGE_H
#define EXPORTCHECK_AWS_HTTP_MESSAGE_H

#include "base/str.h"

struct http_header {
    struct str name;  /* compared without regard to case */
    struct str value; /* without the line's end */
};

struct http_headers {
    const struct http_header *items;
    size_t count;
};

/** The value of the first header of that name, or the empty view. */
struct str http_header_find(struct http_headers headers, struct str name);

/** What may be shown of a header in a log: its value, or `[redacted]` where it can hold a secret. */
struct str http_header_shown(const struct http_header *header);

/** Whether a status is a success: 200 to 299. */
bool http_is_success(int status);

/** A growing list of headers. */
struct header_list {
    struct arena *arena;
    struct http_header *items;
    size_t count;
    size_t capacity;
};
void header_list_add(struct header_list *list, struct str name, struct str value);
struct http_headers header_list_view(const struct header_list *list);
/** A list of one, for answers that have but their type. */
struct http_headers header_only(struct arena *arena, const char *name, const char *value);

/** The code that an error of REST-XML or HEAD without a body has: its status, "404". */
struct str status_code_text(struct arena *arena, int status);
/** "Not Found": the phrase of RFC 9110 for a status, or "Error". */
struct str status_phrase(int status);

#endif
