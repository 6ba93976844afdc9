/*
 * process.c: keys that a program of the user's prints (`credential_process`). The command
 * is split into words as a shell does it, but no shell runs it. Source: AWS SDKs and Tools Reference
 * Guide, "Process credential provider".
 */
#include "aws/credentials/credentials.h"
#include "aws/credentials/program.h"
#include "base/clock.h"
#include "base/json/json.h"

enum { TIMEOUT_MS = 60000, OUTPUT_MAX = 64 << 10 };

/* `"Version": 1`, however it is spaced: looked for before the text is wiped. */
static bool is_version_1(struct arena *arena, struct str output)
{
    static const struct json_limits limits = {OUTPUT_MAX, 8};
    const struct json *document;
    return json_parse(arena, STR("output"), output, &limits, &document, NULL) &&
           json_find_number(document, "Version", 0) == 1;
}

static bool read_output(const struct credentials_request *request, struct str output, struct credentials *ret,
                        struct error *error)
{
    struct arena *scratch = arena_open(0);
    bool is_ours = is_version_1(scratch, output);
    arena_close(scratch);
    if (!is_ours)
        return error_set(error, ERROR_CREDENTIALS, "its output is no JSON object with \"Version\": 1");
    return credentials_read_json(request->arena, output, "SessionToken", ret, error);
}

static int time_left(const struct credentials_request *request)
{
    int64_t left = request->deadline_ms - clock_milliseconds();
    return request->deadline_ms == 0 || left > TIMEOUT_MS ? TIMEOUT_MS : left < 1 ? 1 : (int)left;
}

static bool run(const struct credentials_request *request, struct str command, struct credentials *ret,
                struct error *error)
{
    struct process_result result;
    char **words;
    if (!process_split(request->arena, command, &words, error) ||
        !process_run(request->arena, words, request->settings->environment, OUTPUT_MAX, time_left(request), &result,
                     error))
        return false;
    bool ok = result.status == 0;
    if (!ok) {
        struct str said = str_trim(result.errors);
        error_set(error, ERROR_CREDENTIALS, "it ended with status %d%s%.*s", result.status, said.len > 0 ? ": " : "",
                  STR_ARG(said));
    } else {
        ok = read_output(request, result.output, ret, error);
    }
    return ok;
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct str command = settings_value(request->settings, request->profile, "credential_process");
    if (command.len == 0)
        return PROVIDED_NOT;
    if (!run(request, command, ret, error)) {
        error_wrap(error, "profile '%.*s': credential_process", STR_ARG(request->profile));
        return PROVIDED_WRONGLY;
    }
    ret->renewal = STR("sign in again with what that program takes its session from");
    ret->source = str_format(request->arena, "credential_process of profile '%.*s'", STR_ARG(request->profile));
    return PROVIDED;
}

const struct credentials_provider credentials_from_process = {
    .name = "process",
    .place = "its credential_process",
    .provide = provide,
};
