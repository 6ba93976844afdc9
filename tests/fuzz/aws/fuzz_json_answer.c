/* fuzz_json_answer.c: bodies of JSON answers: the first byte picks the operation, the second the status. */
#include "aws/protocol/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const calls[] = {"bcm-data-exports:GetExport", "cur:DescribeReportDefinitions",
                                        "kms:GetKeyPolicy",           "organizations:DescribePolicy",
                                        "optscale:ListCloudAccounts", "organizations:DescribeHandshake"};
    if (size < 2)
        return 0;
    struct arena *arena = arena_open(0);
    struct json nothing = json_object(NULL, 0);
    struct call call = {.operation = operation_find_call(str_from(calls[data[0] % COUNT_OF(calls)])),
                        .parameters = &nothing};
    struct wire_answer wire = {.status = data[1] % 2 ? 400 : 200,
                               .body = {(const char *)data + 2, (ptrdiff_t)size - 2}};
    struct answer answer = protocol_decode_answer(arena, &call, &wire);
    if ((answer.value == NULL) == (answer.code.len == 0))
        __builtin_trap(); /* neither or both */
    if (answer.value) {   /* what was read can be written, and reads back the same */
        struct asked asked = {.service = call.operation->service,
                              .operation = call.operation,
                              .protocol = call.operation->service->protocol,
                              .parameters = &nothing};
        struct wire_answer again = protocol_encode_answer(arena, &asked, &answer);
        struct answer second = protocol_decode_answer(arena, &call, &again);
        if (!second.value || !json_equal(answer.value, second.value))
            __builtin_trap();
    }
    arena_close(arena);
    return 0;
}
