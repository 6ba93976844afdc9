/* show_config.c: see show_config.h. */
#include "cli/target/show_config.h"

#include "aws/operation/operation.h"
#include "base/clock.h"
#include "cli/target/live.h"

#include <unistd.h>

struct shown {
    struct program *program;
    const struct account_options *account;
    struct settings settings;
};

static void line(const struct shown *shown, const char *name, struct str value, struct str where)
{
    fprintf(shown->program->output, "%-26s %.*s%s%.*s%s\n", name, STR_ARG(value), where.len > 0 ? " (" : "",
            STR_ARG(where), where.len > 0 ? ")" : "");
}

/* Where the first of the places that say it stands. */
static struct str said_by(const struct shown *shown, struct str option, const char *option_name,
                          const char *const *variables, size_t count, const char *otherwise)
{
    if (option.len > 0)
        return str_from(option_name);
    for (size_t i = 0; i < count; i++)
        if (settings_env(&shown->settings, variables[i]).len > 0)
            return str_from(variables[i]);
    return str_from(otherwise);
}

static void show_file(const struct shown *shown, const char *name, struct str path)
{
    bool there = path.len > 0 && access(str_to_c(shown->program->arena, path), R_OK) == 0;
    line(shown, name, path.len > 0 ? path : STR("none"), there ? STR("") : STR("not there, or not readable"));
}

static void show_settings(const struct shown *shown)
{
    static const char *const profiles[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"};
    static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
    const struct settings *settings = &shown->settings;
    bool has_region = settings_value(settings, settings->profile, "region").len > 0;
    line(shown, "profile", settings->profile,
         said_by(shown, shown->account->profile, "--profile", profiles, COUNT_OF(profiles), "where none is named"));
    show_file(shown, "config file", settings->config_path);
    show_file(shown, "credentials file", settings->credentials_path);
    line(shown, "region", settings_region(settings),
         said_by(shown, shown->account->region, "--region", regions, COUNT_OF(regions),
                 has_region ? "the profile" : "where none is set"));
    if (settings_ca_bundle(settings).len > 0)
        show_file(shown, "CA bundle", settings_ca_bundle(settings));
    if (settings_use_fips(settings))
        line(shown, "FIPS endpoints", STR("yes"), STR(""));
    if (settings_use_dual_stack(settings))
        line(shown, "dual stack", STR("yes"), STR(""));
}

/* Where each service is asked, in the caller's region. */
static void show_endpoints(const struct shown *shown)
{
    size_t count;
    const struct settings *settings = &shown->settings;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const struct service *service = rows[i].service;
        struct endpoint_query query =
            settings_endpoint_query(settings, service->id, service->endpoint_env, settings_region(settings));
        struct endpoint found;
        if (rows[i].auth != AUTH_SIGV4 || (i > 0 && rows[i - 1].service == service) ||
            !endpoint_resolve(shown->program->arena, &query, &found, NULL))
            continue;
        struct str base = str_join3(shown->program->arena, found.scheme, STR("://"), found.authority);
        line(shown, str_to_c(shown->program->arena, str_format(shown->program->arena, "endpoint %s", service->id)),
             str_join3(shown->program->arena, base, found.base_path, STR("")), found.custom ? STR("custom") : STR(""));
    }
}

static void show_providers(const struct shown *shown, const struct credentials *used)
{
    size_t count;
    const struct credentials_place *places = credentials_places(&shown->settings, shown->program->arena, &count);
    for (size_t i = 0; i < count; i++) {
        bool is_used = used && used->provider && str_equal(str_from(used->provider), str_from(places[i].provider));
        if (places[i].setting.len > 0 || is_used)
            line(shown, places[i].provider,
                 is_used ? STR("used")
                 : used  ? STR("passed over")
                         : STR("set"),
                 places[i].setting);
    }
}

static void show_credentials(const struct shown *shown, const struct credentials *used)
{
    line(shown, "credentials", used->source, STR(""));
    line(shown, "access key id", used->access_key_id,
         secret_is_empty(used->session_token) ? STR("long-term") : STR("a session's"));
    if (used->expires > 0)
        line(shown, "they end", clock_iso(shown->program->arena, used->expires), STR(""));
}

enum exit_status show_config(struct program *program, const struct source_options *options)
{
    struct shown shown = {.program = program, .account = &options->account};
    struct source source;
    struct error error;
    enum exit_status status = EXIT_STATUS_USAGE;
    if (!live_settings(program, &options->account, &shown.settings, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    show_settings(&shown);
    show_endpoints(&shown);
    bool found = source_open(program, options, &source, &status, &error);
    const struct credentials *used = found && source.live ? live_credentials(source.live) : NULL;
    show_providers(&shown, used);
    if (!found)
        return command_fail(program, status, &error);
    if (used)
        show_credentials(&shown, used);
    return EXIT_STATUS_OK;
}
