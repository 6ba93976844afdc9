/*
 * fuzz_wire_request.c: requests as `serve` gets them: a method, a target, headers a line each, an
 * empty line, a body. What is understood must come out the same after it was encoded again.
 */
#include "aws/protocol/protocol.h"

#define MAX_HEADERS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str line(struct str *rest)
{
    struct str head;
    str_cut(rest, '\n', &head);
    return head;
}

static void check(struct arena *arena, const struct asked *asked)
{
    struct call call = {.operation = asked->operation, .parameters = asked->parameters};
    struct wire_request request;
    struct asked again;
    if (asked->protocol != asked->service->protocol || !protocol_encode_request(arena, &call, STR(""), &request, NULL))
        return;
    if (!protocol_decode_request(arena, &request, &again, NULL) || again.operation != asked->operation)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct http_header headers[MAX_HEADERS];
    struct str rest = {(const char *)data, (ptrdiff_t)size};
    struct str target = line(&rest);
    struct wire_request request = {.headers = {headers, 0}};
    str_cut(&target, ' ', &request.method);
    request.query = target;
    str_cut(&request.query, '?', &request.path);
    for (struct str header = line(&rest); header.len > 0 && request.headers.count < MAX_HEADERS; header = line(&rest)) {
        struct str name;
        str_cut(&header, ':', &name);
        headers[request.headers.count++] = (struct http_header){name, str_trim(header)};
    }
    request.body = rest;
    struct asked asked;
    if (protocol_decode_request(arena, &request, &asked, NULL))
        check(arena, &asked);
    arena_close(arena);
    return 0;
}
