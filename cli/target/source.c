/* source.c: see source.h. */
#include "cli/target/source.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/target/live.h"

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

bool source_time(struct str text, int64_t *ret, struct error *error)
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
    ret->read_for = snapshot->target;
    ret->transport = snapshot_transport(program->arena, snapshot);
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
    if (!source_time(options->at, &source.at, error)) {
        *ret_status = EXIT_STATUS_USAGE;
        return false;
    }
    bool from_snapshot = options->snapshot.len > 0;
    if (!(from_snapshot ? open_snapshot(program, options, &source, error)
                        : live_open(program, options, &source, error))) {
        *ret_status = from_snapshot ? EXIT_STATUS_USAGE : status_of(error);
        return false;
    }
    source.known = options->known;
    source.known_count = options->known_count;
    *ret = source;
    return true;
}

bool source_collect(struct program *program, const struct source *source, const struct fact_declarations *declarations,
                    const struct str *wanted, size_t wanted_count, const struct facts **ret,
                    enum exit_status *ret_status, struct error *error)
{
    struct transport *transport = arena_new(program->arena, struct transport); /* the facts outlive this call */
    *transport = source->transport;
    struct collection collection = {
        .arena = program->arena,
        .declarations = declarations,
        .target = source->target,
        .transport = transport,
        .known = source->known,
        .known_count = source->known_count,
        .caller_region = source->region,
        .wanted = wanted,
        .wanted_count = wanted_count,
        .at = source->at,
    };
    if (source->live)
        live_watch(source->live, &collection);
    *ret = facts_collect(&collection);
    if (!source->live || live_collected(source->live, error))
        return source->goes_on || source_close(source, ret_status, error);
    bool closed = source_close(source, ret_status, NULL);
    (void)closed; /* why nothing could be learned is more to the point */
    *ret_status = status_of(error);
    return false;
}

bool source_close(const struct source *source, enum exit_status *ret_status, struct error *error)
{
    if (!source->live || live_close(source->live, error))
        return true;
    *ret_status = EXIT_STATUS_FAILURE;
    return false;
}
