/*
 * fuzz_sigv4.c: a request from the wire, judged. The first line is method, path and query, the
 * next ones are headers, the rest is the body. Canonical forms must be fixed points of themselves.
 */
#include "aws/signing/sigv4.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADERS_MAX = 64, SIZE_MAX_FUZZED = 1 << 16 };

static size_t read_headers(struct str *text, struct http_header *headers)
{
    size_t count = 0;
    struct str line;
    while (count < HEADERS_MAX && str_cut(text, '\n', &line) && line.len > 0) {
        (void)str_cut(&line, ':', &headers[count].name);
        headers[count++].value = line;
    }
    return count;
}

static void expect_fixed_points(struct arena *arena, struct str path, struct str query)
{
    struct str once = sigv4_canonical_path(arena, path, SIGV4_PATH_AS_SENT);
    if (!str_equal(once, sigv4_canonical_path(arena, once, SIGV4_PATH_AS_SENT)))
        abort();
    once = sigv4_canonical_query(arena, query);
    if (!str_equal(once, sigv4_canonical_query(arena, once)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SIZE_MAX_FUZZED)
        return 0;
    struct arena *arena = arena_open(0);
    struct str text = {size > 0 ? (const char *)data : NULL, (ptrdiff_t)size};
    struct sigv4_received request = {.method = STR("")};
    struct http_header headers[HEADERS_MAX];
    struct str line;
    (void)str_cut(&text, '\n', &line);
    (void)str_cut(&line, ' ', &request.method);
    (void)str_cut(&line, '?', &request.path);
    request.query = line;
    request.headers = (struct http_headers){headers, read_headers(&text, headers)};
    request.body = text;
    struct sigv4_known known = {.secret_key = secret_make(arena, STR("secret")), .now = 1440938160, .max_skew = 300};
    (void)sigv4_verify(arena, &request, &known);
    expect_fixed_points(arena, request.path, request.query);
    arena_close(arena);
    return 0;
}
