/*
 * fuzz_xml_answer.c: bodies of XML answers, for every operation of the XML protocols: the first byte
 * picks the operation, the second the status.
 */
#include "aws/protocol/protocol.h"

#include <string.h>

static bool is_xml(const struct operation *operation)
{
    enum protocol protocol = operation->service->protocol;
    return protocol == PROTOCOL_QUERY || protocol == PROTOCOL_EC2 || protocol == PROTOCOL_REST_XML;
}

static const struct operation *choose(unsigned number)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const struct operation *row = &rows[(i + number) % count];
        if (is_xml(row))
            return row;
    }
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 403, 404, 500};
    if (size < 2)
        return 0;
    struct arena *arena = arena_open(0);
    struct json nothing = json_object(NULL, 0);
    struct call call = {.operation = choose(data[0]), .parameters = &nothing};
    struct wire_answer wire = {.status = statuses[data[1] % 4], .body = {(const char *)data + 2, (ptrdiff_t)size - 2}};
    struct answer answer = protocol_decode_answer(arena, &call, &wire);
    if ((answer.value == NULL) == (answer.code.len == 0))
        __builtin_trap(); /* neither or both */
    if (answer.value) {   /* what was read can be written and read again */
        struct asked asked = {.service = call.operation->service,
                              .operation = call.operation,
                              .protocol = call.operation->service->protocol,
                              .parameters = &nothing};
        struct wire_answer again = protocol_encode_answer(arena, &asked, &answer);
        (void)protocol_decode_answer(arena, &call, &again);
    }
    arena_close(arena);
    return 0;
}
