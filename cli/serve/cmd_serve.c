/* cmd_serve.c: `exportcheck serve`: plays a snapshot back as AWS's endpoints on loopback. */
#include "cli/command.h"

#include "account/serve/serve.h"
#include "base/file.h"
#include "base/json/json.h"
#include "cli/process.h"
#include "cli/rulebase.h"
#include "cli/serve/view.h"

#include <signal.h>
#include <string.h>

#define SECRET_VARIABLE "EXPORTCHECK_SERVE_SECRET_ACCESS_KEY"
#define SECRET_MAX_BYTES 4096

/* Weather as it is typed; see engine/account/serve/weather.h. */
struct weather_texts {
    int64_t latency;
    struct str throttle;
    struct str fail;
    struct str truncate;
    struct str drop;
    int64_t slow;
    int64_t skew;
    int64_t seed;
};

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
    struct str_list accounts;
    struct str certificate;
    struct str key;
    struct weather_texts weather;
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
    {"fault", 0, OPTION_STRINGS, AT(faults), "SERVICE:OPERATION[/PART]=MODE",
     "Make an answer wrong: denied, http-500, truncated, html or missing; repeatable", NULL},
    {"objects", 0, OPTION_STRING, AT(objects), "DIR",
     "Give real files as objects: DIR/BUCKET/KEY, whole or by ranges; what is not there, the snapshot answers", NULL},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), NULL, "Log each request on standard error", NULL},
    {.name = NULL},
};

static const struct option crowd_table[] = {
    {"access-key", 0, OPTION_STRINGS, AT(accounts), "[ID=]SNAPSHOT",
     "Play another account, too: for requests signed with the key ID, and for its roles that sts:AssumeRole is asked "
     "for; repeatable",
     NULL},
    {"tls-cert", 0, OPTION_STRING, AT(certificate), "FILE", "Serve HTTPS with this certificate (PEM)", NULL},
    {"tls-key", 0, OPTION_STRING, AT(key), "FILE", "The certificate's key (PEM)", NULL},
    {.name = NULL},
};

#define WEATHER(member) offsetof(struct serve_options, weather.member)

static const struct option weather_table[] = {
    {"latency", 0, OPTION_INTEGER, WEATHER(latency), "MS", "Wait before each answer", NULL},
    {"throttle", 0, OPTION_STRING, WEATHER(throttle), "P",
     "This share of requests (0 to 1) is told to come more slowly, in the service's own words", NULL},
    {"fail", 0, OPTION_STRING, WEATHER(fail), "CODE:P",
     "This share fails, with an error's code or an HTTP status: InternalError:0.1, 503:0.1", NULL},
    {"truncate", 0, OPTION_STRING, WEATHER(truncate), "P", "This share of answers breaks off in the middle", NULL},
    {"drop", 0, OPTION_STRING, WEATHER(drop), "P", "This share of connections ends without an answer", NULL},
    {"slow", 0, OPTION_INTEGER, WEATHER(slow), "BYTES/S", "Give bodies out at this speed", NULL},
    {"skew", 0, OPTION_INTEGER, WEATHER(skew), "SECONDS", "The services' clock is ahead by this; negative: behind",
     NULL},
    {"seed", 0, OPTION_INTEGER, WEATHER(seed), "N", "What chance follows from: the same seed, the same weather", NULL},
    {.name = NULL},
};

static const struct option_group serve_groups[] = {
    {"Options", serve_table, 0},
    {"Several accounts, TLS", crowd_table, 0},
    {"Weather, for tests of what asks", weather_table, 0},
    {.options = NULL},
};

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

static bool read_share(const char *name, struct str text, double *ret, struct error *error)
{
    return text.len == 0 || weather_share(text, ret, error) || error_wrap(error, "--%s", name);
}

static bool read_weather(struct program *program, const struct weather_texts *texts, struct weather **ret,
                         struct error *error)
{
    struct weather_options options = {
        .latency_ms = texts->latency, .slow = texts->slow, .skew_seconds = texts->skew, .seed = (uint64_t)texts->seed};
    if (texts->latency < 0 || texts->slow < 0)
        return error_set(error, ERROR_INPUT, "--latency and --slow are not negative");
    if (!read_share("throttle", texts->throttle, &options.throttle, error) ||
        !read_share("truncate", texts->truncate, &options.truncate, error) ||
        !read_share("drop", texts->drop, &options.drop, error) ||
        (texts->fail.len > 0 && !weather_fail(texts->fail, &options, error) && !error_wrap(error, "--fail")))
        return false;
    *ret = weather_open(program->arena, &options);
    return true;
}

static bool read_pem(struct program *program, struct str path, char **ret, struct error *error)
{
    struct str text;
    if (path.len == 0)
        return true;
    if (!file_read(program->arena, str_to_c(program->arena, path), json_limits_default.max_bytes, &text, error))
        return false;
    *ret = str_to_c(program->arena, text);
    return true;
}

static bool read_tls(struct program *program, const struct serve_options *options, struct serve_tls *ret,
                     struct error *error)
{
    if ((options->certificate.len > 0) != (options->key.len > 0))
        return error_set(error, ERROR_INPUT, "--tls-cert and --tls-key go together");
    return read_pem(program, options->certificate, &ret->certificate, error) &&
           read_pem(program, options->key, &ret->key, error);
}

/* "ID=SNAPSHOT", or a snapshot alone, which is reached by assumed roles. */
static bool add_account(struct program *program, const struct serve_options *options, struct str text,
                        struct crowd *crowd, struct error *error)
{
    struct playback_options playback = {.page_size = 0};
    struct str file = text;
    struct str id = {0};
    if (str_find_char(text, '=', 0) >= 0)
        str_cut(&file, '=', &id);
    struct serve_options own = *options;
    own.access_key_id = STR("");
    own.secret_file = STR("");
    if (!prepare(program, &own, file, &playback, error))
        return error_wrap(error, "--access-key");
    playback.secret_key = NULL; /* the one secret is of the one key */
    crowd_add(crowd, id, playback_open(program->arena, &playback));
    return true;
}

static bool set_up(struct program *program, const struct serve_options *options, struct str file,
                   struct serve_setup *ret, struct error *error)
{
    struct playback_options playback = {.page_size = 0};
    if (!prepare(program, options, file, &playback, error))
        return false;
    struct crowd *crowd = crowd_open(program->arena, playback_open(program->arena, &playback));
    for (size_t i = 0; i < options->accounts.count; i++) {
        if (!add_account(program, options, options->accounts.items[i], crowd, error))
            return false;
    }
    *ret =
        (struct serve_setup){.address = options->listen.len > 0 ? options->listen : STR("127.0.0.1:0"), .crowd = crowd};
    return read_weather(program, &options->weather, &ret->weather, error) &&
           read_tls(program, options, &ret->tls, error);
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
    struct serve_setup setup;
    struct server *server;
    struct error error;
    sigset_t ends;
    int signal_number;
    if (!set_up(program, chosen, operands[0], &setup, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    block_ends(&ends);
    struct log log = program->log;
    log.level = LOG_INFO;
    setup.log = chosen->verbose ? &log : NULL;
    if (!serve_start(program->arena, &setup, &server, &error)) {
        error_wrap(&error, "serve");
        return command_fail(program, error_is(&error, ERROR_INPUT) ? EXIT_STATUS_USAGE : EXIT_STATUS_FAILURE, &error);
    }
    fprintf(program->output, "%.*s\n", STR_ARG(serve_url(server)));
    if (fflush(program->output) == 0 || process_reader_left(program->output))
        sigwait(&ends, &signal_number); /* else nobody learns where it is */
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
        "exportcheck's own probes, are answered as AWS would, and iam:SimulatePrincipalPolicy by the same policies. A role "
        "is asked as a session named opt-session.\n\n"
        "--fault breaks single answers, to see what a reader makes of them: `--fault s3:GetBucketPolicy=denied`; with a "
        "PART of a parameter, such as a key or a range, those alone: `--fault s3:GetObject/bytes=2097152-=denied`. "
        "--latency, --throttle, --fail and their like make the weather for all.\n\n"
        "--access-key plays several accounts, such as an organization's: whose request it is follows from the key that "
        "signed it, or from the role that was assumed.",
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
