/* cases.c: `exportcheck predict --cases FILE`: JSON Lines in, JSON Lines out. */
#include "cli/predict/predict.h"

#include "base/file.h"
#include "base/json/json.h"
#include "base/sink.h"
#include "optscale/files/case.h"

enum { CASES_MAX_BYTES = 1 << 30 };

static struct json predict(struct arena *arena, const struct optscale_case *given, const struct optscale_build *build,
                           bool full)
{
    struct optscale_connection connection;
    struct optscale_discovery discovery;
    struct json_builder line = json_build(arena, JSON_OBJECT);
    optscale_connect(arena, &given->account, &given->config, build, &connection);
    optscale_discover(arena, &given->account, &given->config, build, &discovery);
    json_build_append(&line, STR("id"), given->id);
    json_build_append(&line, STR("connect"), optscale_connection_json(arena, &connection, full));
    json_build_append(&line, STR("discovery"), optscale_discovery_json(arena, &discovery, full));
    if (full) {
        struct json import = json_null;
        if (connection.ok && !connection.config.linked) {
            struct optscale_discovery first;
            optscale_first_import(arena, &connection, build, &first);
            import = optscale_discovery_json(arena, &first, full);
        }
        json_build_append(&line, STR("first_import"), import);
    }
    return json_built(&line);
}

static bool answer_line(struct arena *arena, struct str name, struct str text, const struct optscale_build *build,
                        bool full, struct sink *sink, struct error *error)
{
    const struct json *document;
    struct optscale_case given;
    if (!json_parse(arena, name, text, &json_limits_snapshot, &document, error)) {
        return false;
    }
    if (!optscale_case_read(arena, document, &given, error)) {
        return error_wrap(error, "%.*s", STR_ARG(name));
    }
    struct json answer = predict(arena, &given, build, full);
    json_write(sink, &answer, 0);
    sink_add_char(sink, '\n');
    return true;
}

enum exit_status predict_cases(struct program *program, const struct predict_options *options,
                               const struct optscale_build *build)
{
    struct error error = {.text = ""};
    struct str rest;
    struct sink sink = sink_to_stream(program->output);
    char *path = str_to_c(program->arena, options->cases);
    if (!file_read(program->arena, path, CASES_MAX_BYTES, &rest, &error)) {
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    for (int number = 1; rest.len > 0; number++) {
        struct str text;
        struct arena_mark mark = arena_mark(program->arena);
        str_cut(&rest, '\n', &text);
        struct str name = str_format(program->arena, "%s, line %d", path, number);
        if (str_trim(text).len > 0 && !answer_line(program->arena, name, text, build, options->full, &sink, &error)) {
            return command_fail(program, EXIT_STATUS_USAGE, &error);
        }
        arena_rewind(program->arena, mark);
    }
    return EXIT_STATUS_OK;
}
