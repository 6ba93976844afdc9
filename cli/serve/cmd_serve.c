/* cmd_serve.c: `exportcheck serve`: plays a snapshot back as AWS's endpoints on loopback. */
#include "cli/command.h"

#include "account/serve/serve.h"
#include "base/file.h"
#include "base/json/json.h"
#include "cli/rulebase.h"
#include "cli/serve/view.h"

#include <signal.h>
#include <string.h>

#define SECRET_VARIABLE "EXPORTCHECK_SERVE_SECRET_ACCESS_KEY"
#define SECRET_MAX_BYTES 4096

struct serve_options {
    struct str listen;
    struct str as;
    int64_t page_size;
    struct str access_key_id;
    struct str secret_file;
    bool check_clock;
    struct str_list faults;
    struct str objects;
    bool verbose;
};

#define AT(member) offsetof(struct serve_options, member)

static const struct option serve_table[] = {
    {"listen", 'l', OPTION_STRING, AT(listen), "ADDRESS:PORT",
     "Where to listen (default: 127.0.0.1:0; port 0 picks a free one)", NULL},
    {"as", 0, OPTION_STRING, AT(as), "PRINCIPAL",
     "Answer as AWS answers this user or role, an ARN or a user's name: what the snapshot's policies do not allow is "
     "refused",
     NULL},
    {"page-size", 0, OPTION_INTEGER, AT(page_size), "N", "Give at most N items a page, so that every list has pages",
     NULL},
    {"access-key-id", 0, OPTION_STRING, AT(access_key_id), "ID",
     "The one access key that is known; its secret comes from $" SECRET_VARIABLE " or --secret-file", NULL},
    {"secret-file", 0, OPTION_STRING, AT(secret_file), "FILE", "Read the secret access key from FILE", NULL},
    {"check-clock", 0, OPTION_FLAG, AT(check_clock), NULL,
     "Refuse requests signed too far from the snapshot's time, as AWS does", NULL},
    {"fault", 0, OPTION_STRINGS, AT(faults), "SERVICE:OPERATION=MODE",
     "Make an answer wrong: denied, http-500, truncated, html or missing; repeatable", NULL},
    {"objects", 0, OPTION_STRING, AT(objects), "DIR",
     "Give real files as objects: DIR/BUCKET/KEY, whole or by ranges; what is not there, the snapshot answers", NULL},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), NULL, "Log each request on standard error", NULL},
    {.name = NULL},
};

static const struct option_group serve_groups[] = {{"Options", serve_table, 0}, {.options = NULL}};

/* Where the secret comes from: never the command line, which other users can see. */
static bool read_secret(struct program *program, const struct serve_options *options, const struct secret **ret,
                        struct error *error)
{
    struct str text = program_getenv(program, SECRET_VARIABLE);
    if (options->secret_file.len > 0 &&
        !file_read(program->arena, str_to_c(program->arena, options->secret_file), SECRET_MAX_BYTES, &text, error))
        return false;
    text = str_trim(text);
    if (text.len == 0 && options->access_key_id.len == 0)
        return true;
    if (text.len == 0)
        return error_set(error, ERROR_INPUT, "--access-key-id needs its secret in $%s or --secret-file",
                         SECRET_VARIABLE);
    *ret = secret_make(program->arena, text);
    return true;
}

static bool read_faults(struct program *program, const struct str_list *texts, struct playback_options *options,
                        struct error *error)
{
    struct fault *faults = arena_array(program->arena, struct fault, texts->count);
    for (size_t i = 0; i < texts->count; i++) {
        if (!fault_parse(texts->items[i], &faults[i], error))
            return error_wrap(error, "--fault");
    }
    options->faults = faults;
    options->fault_count = texts->count;
    return true;
}

/* From here on the playback is what one principal would see. */
static bool see_as(struct program *program, struct str principal, struct playback_options *playback,
                   struct error *error)
{
    const struct rulebase_options embedded = {.folders = {.count = 0}};
    struct rule_base *base;
    const struct view *view;
    if (!rulebase_load(program, &embedded, &base, error) ||
        !view_open(program, base, playback->snapshot, principal, &view, error) ||
        !view_add_probes(program->arena, base, playback->snapshot, &playback->snapshot, error))
        return false;
    playback->caller = &view->playback;
    return true;
}

static bool prepare(struct program *program, const struct serve_options *options, struct str file,
                    struct playback_options *ret, struct error *error)
{
    struct str text;
    if (options->page_size < 0)
        return error_set(error, ERROR_INPUT, "--page-size: a page has at least one item");
    if (!file_read(program->arena, str_to_c(program->arena, file), json_limits_snapshot.max_bytes, &text, error) ||
        !snapshot_read(program->arena, file, text, &ret->snapshot, error))
        return false;
    if (options->as.len > 0 && !see_as(program, options->as, ret, error))
        return false;
    ret->page_size = options->page_size;
    ret->access_key_id = options->access_key_id;
    ret->check_clock = options->check_clock;
    ret->objects = options->objects;
    return read_secret(program, options, &ret->secret_key, error) && read_faults(program, &options->faults, ret, error);
}

/* SIGTERM and SIGINT end the program in order; they are blocked before threads start, which inherit that. */
static void block_ends(sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGTERM);
    sigaddset(ret, SIGINT);
    sigprocmask(SIG_BLOCK, ret, NULL);
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    (void)operand_count;
    const struct serve_options *chosen = options;
    struct playback_options playback = {.page_size = 0};
    struct server *server;
    struct error error;
    sigset_t ends;
    int signal_number;
    if (!prepare(program, chosen, operands[0], &playback, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    block_ends(&ends);
    struct log log = program->log;
    if (chosen->verbose)
        log.level = LOG_INFO;
    struct str address = chosen->listen.len > 0 ? chosen->listen : STR("127.0.0.1:0");
    if (!serve_start(program->arena, playback_open(program->arena, &playback), address, chosen->verbose ? &log : NULL,
                     &server, &error)) {
        error_wrap(&error, "serve");
        return command_fail(program, error_is(&error, ERROR_INPUT) ? EXIT_STATUS_USAGE : EXIT_STATUS_FAILURE, &error);
    }
    fprintf(program->output, "%.*s\n", STR_ARG(serve_url(server)));
    fflush(program->output);
    sigwait(&ends, &signal_number);
    serve_stop(server);
    return EXIT_STATUS_OK;
}

const struct command command_serve = {
    .name = "serve",
    .summary = "play a snapshot back as AWS endpoints on loopback",
    .usage = "SNAPSHOT [--as PRINCIPAL] [--listen ADDRESS:PORT]",
    .description =
        "Answers the requests of any AWS client (exportcheck itself, the AWS CLI, an SDK) from SNAPSHOT, with the "
        "services' own protocols, all on one address: set AWS_ENDPOINT_URL to the URL that is the first line on "
        "standard output. A call that the snapshot lacks is answered with the error NotInSnapshot. The services' "
        "clock starts at the snapshot's `created`. Runs until SIGTERM or SIGINT, then ends with status 0.\n\n"
        "Any credentials are taken, and signatures are not looked at, unless a secret access key is given. OptScale's "
        "REST service is played back too, under /restapi, and gives a token for anything posted to /auth/v2/tokens.\n\n"
        "--as PRINCIPAL shows what that user or role would see: each request is decided by the policies in SNAPSHOT "
        "(its own and its groups', boundary, bucket policy, key policy, service control policies), and what they do "
        "not allow is refused in the service's own words. GetCallerIdentity answers PRINCIPAL. EC2's dry runs, and "
        "exportcheck's own probes, are answered as AWS would. A role is asked as a session named opt-session.\n\n"
        "--fault breaks single answers, to see what a reader makes of them: `--fault s3:GetBucketPolicy=denied`.",
    .examples = "exportcheck serve snapshot.json --listen 127.0.0.1:8080\n"
                "exportcheck serve snapshot.json --as optscale\n"
                "AWS_ENDPOINT_URL=http://127.0.0.1:8080 aws s3api get-bucket-policy \\\n"
                "    --bucket acme-billing",
    .groups = serve_groups,
    .options_size = sizeof(struct serve_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
