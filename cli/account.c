/* account.c: see account.h. */
#include "cli/account.h"

#include "aws/secret.h"
#include "aws/settings.h"
#include "aws/transport_live.h"
#include "base/clock.h"
#include "base/file.h"

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

/* OptScale's credentials come from the environment, never from the command line, which other users can see. */
static bool read_optscale_access(struct program *program, struct str url, struct optscale_access *ret,
                                 struct error *error)
{
    struct str token = program_getenv(program, "OPTSCALE_TOKEN");
    struct str email = program_getenv(program, "OPTSCALE_EMAIL");
    struct str password = program_getenv(program, "OPTSCALE_PASSWORD");
    if (url.len > 0 && token.len == 0 && (email.len == 0 || password.len == 0))
        return error_set(error, ERROR_INPUT,
                         "--optscale-url: set $OPTSCALE_TOKEN, or $OPTSCALE_EMAIL and $OPTSCALE_PASSWORD");
    *ret = (struct optscale_access){
        .url = url,
        .ca_file = program_getenv(program, "OPTSCALE_CA_BUNDLE"),
        .token = token.len > 0 ? secret_make(program->arena, token) : NULL,
        .email = email,
        .password = password.len > 0 ? secret_make(program->arena, password) : NULL,
    };
    return true;
}

bool account_open_live(struct program *program, const struct account_options *options, const struct json *target,
                       struct account *ret, struct error *error)
{
    struct settings *settings = arena_new(program->arena, struct settings);
    struct settings_options settings_options = {options->profile, options->region, options->endpoint_url};
    if (!settings_load(program->arena, program->environment, &settings_options, settings, error))
        return false;
    struct transport_live_options live_options = {
        .settings = settings,
        .now = program->now,
        .seed = (uint64_t)program->now * 1000003U + (uint64_t)clock_milliseconds(),
        .log = &program->log,
    };
    if (!read_optscale_access(program, json_find_string(target, "optscale_url"), &live_options.optscale, error))
        return false;
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
