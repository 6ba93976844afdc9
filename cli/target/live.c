/* live.c: see live.h. */
#include "cli/target/live.h"

#include "aws/live/transport.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/process.h"
#include "cli/target/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define OPTSCALE_NO_TERMINAL                                                                                           \
    "there is no terminal to ask for OptScale's password on: name a file with --optscale-password-file"

enum { TIMEOUT_SECONDS = 300, TIMEOUT_SECONDS_MAX = 86400, CONNECTIONS_MAX = 256, PROGRESS_EVERY_MS = 100 };

struct live {
    struct program *program;
    struct transport_live *transport;
    FILE *ledger; /* or NULL */
    const char *ledger_path;
    struct sink sink;
    int64_t deadline_ms;
    bool verbose;
    bool has_own_timeout; /* --timeout was given */
    bool quiet;           /* no progress */
    int64_t shown_ms;     /* when progress was written */
    bool shown;
    size_t done;
    size_t total;
};

static int64_t deadline_of(const struct account_options *account)
{
    return clock_milliseconds() + (account->timeout > 0 ? account->timeout : TIMEOUT_SECONDS) * 1000;
}

/* The first line of a file: editors end a line that is no part of the password. */
static bool read_password_file(struct program *program, struct str path, const struct secret **ret, struct error *error)
{
    enum { PASSWORD_MAX = 4096 };
    struct str text;
    struct str line;
    if (!file_read(program->arena, str_to_c(program->arena, path), PASSWORD_MAX, &text, error))
        return error_wrap(error, "--optscale-password-file");
    str_cut(&text, '\n', &line);
    *ret = secret_make(program->arena, str_ends(line, STR("\r")) ? str_slice(line, 0, line.len - 1) : line);
    return true;
}

static bool ask_for_password(struct program *program, const struct source_options *options, const struct secret **ret,
                             struct error *error)
{
    struct prompt prompt = {STR("OptScale password: "), STR(OPTSCALE_NO_TERMINAL), deadline_of(&options->account)};
    return options->unattended ? error_set(error, ERROR_INPUT, OPTSCALE_NO_TERMINAL)
                               : prompt_secret(program, &prompt, ret, error);
}

/* A token from the environment, or an address with a password from a file or the terminal: never from the command line.
 */
static bool read_optscale_access(struct program *program, const struct source_options *options, struct str url,
                                 struct optscale_access *ret, struct error *error)
{
    struct str token = program_getenv(program, "OPTSCALE_TOKEN");
    *ret = (struct optscale_access){.url = url, .ca_file = options->optscale_ca, .email = options->optscale_email};
    if (url.len == 0)
        return true;
    if (options->optscale_email.len == 0) {
        ret->token = token.len ? secret_make(program->arena, token) : NULL;
        return token.len ? true
                         : error_set(error, ERROR_INPUT,
                                     "--optscale-url: set OPTSCALE_TOKEN in the environment, or sign in with "
                                     "--optscale-email");
    }
    if (options->optscale_password_file.len)
        return read_password_file(program, options->optscale_password_file, &ret->password, error);
    return ask_for_password(program, options, &ret->password, error);
}

/* --- opening ------------------------------------------------------------------------------------------ */

static void close_ledger(void *object)
{
    struct live *live = object;
    if (live->ledger)
        fclose(live->ledger);
    live->ledger = NULL;
}

/* Names of buckets and hosts are in it: for its owner alone. */
static bool open_ledger(struct live *live, struct str path, struct error *error)
{
    if (path.len == 0)
        return true;
    live->ledger_path = str_to_c(live->program->arena, path);
    int fd = open(live->ledger_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    live->ledger = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!live->ledger)
        return error_set(error, ERROR_IO, "--ledger: cannot write %s: %s", live->ledger_path, strerror(errno));
    live->sink = sink_to_stream(live->ledger);
    arena_defer(live->program->arena, close_ledger, live);
    return true;
}

static bool check_number(const char *name, int64_t number, int64_t most, struct error *error)
{
    if (number >= 0 && number <= most)
        return true;
    return error_set(error, ERROR_INPUT, "--%s takes a number from 1 to %lld, not %lld", name, (long long)most,
                     (long long)number);
}

static struct transport_live_options transport_options(struct live *live, const struct account_options *account,
                                                       const struct json *target)
{
    struct program *program = live->program;
    return (struct transport_live_options){
        .now = program->now,
        .seed = (uint64_t)program->now ^ ((uint64_t)getpid() << 32),
        .log = &program->log,
        .ledger = live->ledger ? &live->sink : NULL,
        .deadline_ms = live->deadline_ms,
        .principal = json_find_string(target, "principal"),
        .max_connections = (int)account->max_connections,
    };
}

static void tell_source(const struct live *live, struct str region)
{
    log_line(&live->program->log, LOG_INFO, "credentials from %.*s, region %.*s",
             STR_ARG(live_credentials(live)->source), STR_ARG(region));
}

static void show_waiting(void *context, const struct call *call, int64_t milliseconds);

bool live_settings(struct program *program, const struct account_options *account, struct settings *ret,
                   struct error *error)
{
    struct settings_options told = {.profile = account->profile,
                                    .region = account->region,
                                    .endpoint_url = account->endpoint_url,
                                    .assume_role = account->assume_role,
                                    .external_id = account->external_id,
                                    .insecure_endpoint = account->insecure_endpoint};
    if (account->external_id.len > 0 && account->assume_role.len == 0)
        return error_set(error, ERROR_INPUT, "--external-id belongs to --assume-role");
    return settings_load(program->arena, program->environment, &told, ret, error);
}

const struct credentials *live_credentials(const struct live *live)
{
    return transport_live_credentials(live->transport);
}

static bool ask_on_terminal(void *self, struct str question, struct str otherwise, const struct secret **ret,
                            struct error *error)
{
    struct live *live = self;
    struct prompt prompt = {question, otherwise, live->deadline_ms};
    return prompt_secret(live->program, &prompt, ret, error);
}

bool live_open(struct program *program, const struct source_options *options, struct source *ret, struct error *error)
{
    const struct account_options *account = &options->account;
    struct settings *settings = arena_new(program->arena, struct settings);
    struct live *live = arena_new(program->arena, struct live);
    *live = (struct live){.program = program,
                          .verbose = options->verbose,
                          .has_own_timeout = account->timeout > 0,
                          .quiet = options->quiet};
    process_keep_secrets();
    if (!check_number("timeout", account->timeout, TIMEOUT_SECONDS_MAX, error) ||
        !check_number("max-connections", account->max_connections, CONNECTIONS_MAX, error) ||
        !target_read(program, &options->target, options->otherwise, &ret->target, error) ||
        !live_settings(program, account, settings, error) || !open_ledger(live, account->ledger, error))
        return false;
    live->deadline_ms = deadline_of(account);
    struct transport_live_options transport = transport_options(live, account, ret->target);
    transport.settings = settings;
    if (!options->unattended)
        transport.prompt = (struct credentials_prompt){live, ask_on_terminal};
    if (program->errors_is_terminal && !live->quiet)
        transport.watcher = (struct transport_watcher){show_waiting, live};
    if (!read_optscale_access(program, options, json_find_string(ret->target, "optscale_url"), &transport.optscale,
                              error) ||
        !transport_live_open(program->arena, &transport, &live->transport, error))
        return false;
    ret->live = live;
    ret->transport = transport_live_transport(live->transport);
    ret->region = settings_region(settings);
    tell_source(live, ret->region);
    return true;
}

struct transport_live *live_for_files(struct live *live)
{
    if (!live->has_own_timeout)
        transport_live_set_time(live->transport, 0, TIMEOUT_SECONDS * INT64_C(1000));
    return live->transport;
}

void live_after_files(struct live *live)
{
    if (!live->has_own_timeout)
        transport_live_set_time(live->transport, clock_milliseconds() + TIMEOUT_SECONDS * INT64_C(1000), 0);
}

/* --- progress ----------------------------------------------------------------------------------------- */

static bool is_time_to_show(struct live *live)
{
    int64_t now = clock_milliseconds();
    if (now - live->shown_ms < PROGRESS_EVERY_MS)
        return false;
    live->shown_ms = now;
    live->shown = true;
    return true;
}

static void show_waiting(void *context, const struct call *call, int64_t milliseconds)
{
    struct live *live = context;
    if (milliseconds < 1000 || !is_time_to_show(live))
        return;
    fprintf(live->program->errors, "\rreading the account: %zu of %zu calls answered; %s:%s takes %lld s\033[K",
            live->done, live->total, call->operation->service->id, call->operation->name,
            (long long)milliseconds / 1000);
    fflush(live->program->errors);
}

static void show_progress(void *context, size_t done, size_t total)
{
    struct live *live = context;
    live->done = done;
    live->total = total;
    if (!is_time_to_show(live))
        return;
    fprintf(live->program->errors, "\rreading the account: %zu of %zu calls answered\033[K", done, total);
    fflush(live->program->errors);
}

void live_watch(struct live *live, struct collection *collection)
{
    live->shown_ms = clock_milliseconds();
    if (!live->program->errors_is_terminal || live->quiet)
        return;
    collection->progress = show_progress;
    collection->progress_context = live;
}

/* --- the end ------------------------------------------------------------------------------------------ */

static void tell_summary(const struct live *live)
{
    const struct log *log = &live->program->log;
    const struct transport_summary *sums = transport_live_summary(live->transport);
    log_line(log, LOG_INFO, "%lld calls in %lld requests, %lld bytes, %lld ms; the longest chain has %lld calls",
             (long long)sums->calls, (long long)sums->requests, (long long)sums->bytes, (long long)sums->milliseconds,
             (long long)sums->longest_chain);
    for (size_t i = 0; i < sums->service_count; i++) {
        const struct transport_service *service = &sums->services[i];
        if (service->throttled + service->broken > 0)
            log_line(log, LOG_INFO, "%s was asked again %lld times after throttling, %lld times after failures",
                     service->service->id, (long long)service->throttled, (long long)service->broken);
    }
}

static bool end_ledger(struct live *live, struct error *error)
{
    FILE *stream = live->ledger;
    if (!stream)
        return true;
    transport_live_end_ledger(live->transport);
    bool written = sink_ok(&live->sink, error);
    live->ledger = NULL;
    if (fclose(stream) != 0 && written)
        written = error_set(error, ERROR_IO, "%s", strerror(errno));
    return written || error_wrap(error, "--ledger: cannot write %s", live->ledger_path);
}

bool live_close(struct live *live, struct error *error)
{
    if (live->verbose)
        tell_summary(live);
    return end_ledger(live, error);
}

bool live_collected(struct live *live, struct error *error)
{
    struct error trouble;
    if (live->shown)
        fprintf(live->program->errors, "\r\033[K");
    live->shown = false;
    if (!transport_live_trouble(live->transport, &trouble))
        return true;
    if (error)
        *error = trouble;
    return false;
}
