/* source.c: see source.h. */
#include "cli/target/source.h"

#include "aws/live/transport.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/process.h"
#include "cli/target/prompt.h"

#include <unistd.h>

const struct option source_option_rows[] = {
    {"snapshot", 0, OPTION_STRING, offsetof(struct source_options, snapshot), "FILE",
     "Evaluate what a snapshot holds, and call nobody", NULL},
    {"at", 0, OPTION_STRING, offsetof(struct source_options, at), "TIME",
     "Evaluate as of this time (2026-11-22T10:00:00Z) in place of the account's own", NULL},
    {"verbose", 'v', OPTION_FLAG, offsetof(struct source_options, verbose), NULL,
     "Say on standard error whose credentials are used and which calls were made", NULL},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct source_options, quiet), NULL,
     "No progress and no word of success on standard error", NULL},
    {.name = NULL},
};

const struct option optscale_option_rows[] = {
    {"optscale-email", 0, OPTION_STRING, offsetof(struct source_options, optscale_email), "ADDRESS",
     "Sign in to OptScale as this user; else the token in OPTSCALE_TOKEN is used", NULL},
    {"optscale-password-file", 0, OPTION_STRING, offsetof(struct source_options, optscale_password_file), "FILE",
     "Read that user's password from FILE; else it is asked for", NULL},
    {"optscale-ca", 0, OPTION_STRING, offsetof(struct source_options, optscale_ca), "FILE",
     "Trust these certificates (PEM) for OptScale's address", NULL},
    {.name = NULL},
};

static bool read_time(struct str text, int64_t *ret, struct error *error)
{
    *ret = 0;
    if (text.len == 0 || clock_parse(text, ret))
        return true;
    return error_set(error, ERROR_INPUT, "--at takes a time such as 2026-11-22T10:00:00Z, not '%.*s'", STR_ARG(text));
}

/* The members of one target, and those of another over them; `over` may be NULL. */
static const struct json *target_over(struct arena *arena, const struct json *target, const struct json *over)
{
    struct json_builder all = json_build(arena, JSON_OBJECT);
    if (!over)
        return target;
    for (size_t i = 0; i < target->count; i++)
        json_build_set(&all, target->members[i].name, target->members[i].value);
    for (size_t i = 0; i < over->count; i++)
        json_build_set(&all, over->members[i].name, over->members[i].value);
    return json_box(arena, json_built(&all));
}

static bool open_snapshot(struct program *program, const struct source_options *options, struct source *ret,
                          struct error *error)
{
    struct str text;
    const struct snapshot *snapshot;
    struct str path = options->snapshot;
    struct str name = str_equal(path, STR("-")) ? STR("standard input") : path;
    if (!file_read(program->arena, str_to_c(program->arena, path), json_limits_snapshot.max_bytes, &text, error) ||
        !snapshot_read(program->arena, name, text, &snapshot, error) ||
        !target_read(program, &options->target, target_over(program->arena, snapshot->target, options->otherwise),
                     &ret->target, error))
        return false;
    ret->transport = snapshot_transport(program->arena, snapshot);
    return true;
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
    return prompt_secret(program, "OptScale password: ", &ret->password, error);
}

static bool open_live(struct program *program, const struct source_options *options, struct source *ret,
                      struct error *error)
{
    struct settings_options told = {options->account.profile, options->account.region, options->account.endpoint_url};
    struct settings *settings = arena_new(program->arena, struct settings);
    struct transport_live_options live = {
        .settings = settings,
        .now = program->now,
        .seed = (uint64_t)program->now ^ ((uint64_t)getpid() << 32),
        .log = &program->log,
    };
    process_keep_secrets();
    if (!target_read(program, &options->target, options->otherwise, &ret->target, error) ||
        !settings_load(program->arena, program->environment, &told, settings, error) ||
        !read_optscale_access(program, options, json_find_string(ret->target, "optscale_url"), &live.optscale, error) ||
        !transport_live_open(program->arena, &live, &ret->live, error))
        return false;
    ret->transport = transport_live_transport(ret->live);
    ret->region = settings_region(settings);
    return true;
}

/* What the user can put right is a usage error; that the system failed is not. */
static enum exit_status status_of(const struct error *error)
{
    return error_is(error, ERROR_IO) ? EXIT_STATUS_FAILURE : EXIT_STATUS_USAGE;
}

bool source_open(struct program *program, const struct source_options *options, struct source *ret,
                 enum exit_status *ret_status, struct error *error)
{
    struct source source = {0};
    if (options->verbose)
        program->log.level = LOG_INFO;
    if (!read_time(options->at, &source.at, error)) {
        *ret_status = EXIT_STATUS_USAGE;
        return false;
    }
    bool from_snapshot = options->snapshot.len > 0;
    if (!(from_snapshot ? open_snapshot(program, options, &source, error)
                        : open_live(program, options, &source, error))) {
        *ret_status = from_snapshot ? EXIT_STATUS_USAGE : status_of(error);
        return false;
    }
    if (source.live)
        log_line(&program->log, LOG_INFO, "credentials from %.*s, region %.*s",
                 STR_ARG(transport_live_source(source.live)), STR_ARG(source.region));
    *ret = source;
    return true;
}

enum { PROGRESS_EVERY_MS = 100 };

struct progress {
    FILE *stream;
    int64_t last; /* milliseconds */
    bool shown;
};

static void show_progress(void *context, size_t done, size_t total)
{
    struct progress *progress = context;
    int64_t now = clock_milliseconds();
    if (now - progress->last < PROGRESS_EVERY_MS)
        return;
    progress->last = now;
    progress->shown = true;
    fprintf(progress->stream, "\rreading the account: %zu of %zu calls answered", done, total);
    fflush(progress->stream);
}

static void print_ledger(const struct program *program, const struct transport_live *live)
{
    size_t count;
    const struct transport_tally *rows = transport_live_ledger(live, program->arena, &count);
    for (size_t i = 0; i < count; i++)
        log_line(&program->log, LOG_INFO, "%s:%s: %lld calls, %lld requests, %lld retries, %lld bytes, %lld ms",
                 rows[i].operation->service->id, rows[i].operation->name, (long long)rows[i].calls,
                 (long long)rows[i].requests, (long long)rows[i].retries, (long long)rows[i].bytes,
                 (long long)rows[i].milliseconds);
}

struct facts *source_collect(struct program *program, const struct source_options *options, const struct source *source,
                             const struct fact_declarations *declarations, const struct str *wanted,
                             size_t wanted_count)
{
    struct progress progress = {.stream = program->errors, .last = clock_milliseconds()};
    struct transport *transport = arena_new(program->arena, struct transport); /* the facts outlive this call */
    *transport = source->transport;
    struct collection collection = {
        .arena = program->arena,
        .declarations = declarations,
        .target = source->target,
        .transport = transport,
        .caller_region = source->region,
        .wanted = wanted,
        .wanted_count = wanted_count,
        .at = source->at,
    };
    if (source->live && program->errors_is_terminal && !options->quiet) {
        collection.progress = show_progress;
        collection.progress_context = &progress;
    }
    struct facts *facts = facts_collect(&collection);
    if (progress.shown)
        fprintf(program->errors, "\r%60s\r", "");
    if (source->live && options->verbose)
        print_ledger(program, source->live);
    return facts;
}
