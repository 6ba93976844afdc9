/* fuzz_optscale.c: whatever a case says, reading it ends; what is accepted can be connected, imported and written. */
#include "optscale/files/case.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok, const struct optscale_failure *failure)
{
    if (ok != (failure->kind == OPTSCALE_NO_FAILURE) || (!ok && failure->text.len == 0)) {
        abort();
    }
}

static void predict(struct arena *arena, const struct optscale_case *given, const struct optscale_build *build)
{
    struct optscale_connection connection;
    struct optscale_discovery discovery;
    optscale_connect(arena, &given->account, &given->config, build, &connection);
    check(connection.ok, &connection.failure);
    if (connection.ok) {
        optscale_first_import(arena, &connection, build, &discovery);
        check(discovery.ok, &discovery.failure);
    }
    struct json answer = optscale_connection_json(arena, &connection, true);
    json_text(arena, &answer, 0);
    optscale_discover(arena, &given->account, &given->config, build, &discovery);
    check(discovery.ok, &discovery.failure);
    answer = optscale_discovery_json(arena, &discovery, true);
    json_text(arena, &answer, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    const struct json *document;
    struct optscale_case given;
    struct error error;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (json_parse(arena, STR("fuzz"), text, &json_limits_default, &document, &error) &&
        optscale_case_read(arena, document, &given, &error)) {
        for (size_t i = 0; i < optscale_build_count; i++) {
            predict(arena, &given, &optscale_builds[i]);
        }
    }
    arena_close(arena);
    return 0;
}
