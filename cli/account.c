/* account.c: see account.h. */
#include "cli/account.h"

#include "aws/secret.h"
#include "aws/settings.h"
#include "aws/transport_live.h"
#include "base/clock.h"
#include "base/file.h"

#define TOKEN_VARIABLE "OPTSCALE_TOKEN"
#define CA_VARIABLE "OPTSCALE_CA_BUNDLE"

bool account_read_snapshot(struct program *program, struct str path, const struct snapshot **ret, struct error *error)
{
    struct str text;
    bool is_input = str_equal(path, STR("-"));
    return file_read(program->arena, str_to_c(program->arena, path), json_limits_snapshot.max_bytes, &text, error) &&
           snapshot_read(program->arena, is_input ? STR("standard input") : path, text, ret, error);
}

struct account account_of_snapshot(struct program *program, const struct snapshot *snapshot)
{
    return (struct account){.transport = snapshot_transport(program->arena, snapshot), .snapshot = snapshot};
}

bool account_open_live(struct program *program, const struct account_options *options, const struct json *target,
                       struct account *ret, struct error *error)
{
    struct settings *settings = arena_new(program->arena, struct settings);
    struct settings_options settings_options = {options->profile, options->region, options->endpoint_url};
    if (!settings_load(program->arena, program->environment, &settings_options, settings, error))
        return false;
    struct str token = program_getenv(program, TOKEN_VARIABLE);
    struct transport_live_options live_options = {
        .settings = settings,
        .now = program->now,
        .seed = (uint64_t)program->now * 1000003U + (uint64_t)clock_milliseconds(),
        .log = &program->log,
        .optscale_url = json_find_string(target, "optscale_url"),
        .optscale_token = token.len > 0 ? secret_make(program->arena, token) : NULL,
        .optscale_ca_file = program_getenv(program, CA_VARIABLE),
    };
    if (live_options.optscale_url.len > 0 && !live_options.optscale_token)
        return error_set(error, ERROR_INPUT, "--optscale-url: OptScale's token is missing in $" TOKEN_VARIABLE);
    struct transport_live *live = NULL;
    if (!transport_live_open(program->arena, &live_options, &live, error))
        return false;
    *ret = (struct account){.transport = transport_live_transport(live), .region = settings_region(settings)};
    return true;
}

void account_show_progress(void *context, size_t done, size_t total)
{
    const struct program *program = context;
    if (program->errors_is_terminal)
        fprintf(program->errors, "\r%zu of %zu calls", done, total);
}

void account_end_progress(const struct program *program)
{
    if (program->errors_is_terminal)
        fprintf(program->errors, "\r%*s\r", 40, "");
}
