/*
 * cmd_demo.c: `exportcheck demo`: the main job, for real, on an account that has faults: the sample
 * that is built into the program is served on loopback and read with signed requests.
 */
#include "cli/check/demo_costs.h"
#include "cli/checking/checking.h"

#include "account/serve/serve.h"
#include "aws/crypto/secret.h"

#define SAMPLE "tests/accounts/demo-root-existing.json"
#define DEFAULT_FOLDER "exportcheck-demo"
#define SECRET_DIGITS 40 /* as long as AWS's own */

struct demo_options {
    struct str folder;
    struct str color;
    bool costs;
};

static const struct option demo_table[] = {
    {"output-dir", 0, OPTION_STRING, offsetof(struct demo_options, folder), "DIR",
     "The folder for report.html, junit.xml, results.json and snapshot.json (default: " DEFAULT_FOLDER ")", NULL},
    {"color", 0, OPTION_STRING, offsetof(struct demo_options, color), "WHEN",
     "colour the text report: auto (the default), always or never", "auto|always|never"},
    {"costs", 0, OPTION_FLAG, offsetof(struct demo_options, costs), NULL,
     "Read made-up billing files, too, and say which of the costs OptScale would not show", NULL},
    {.name = NULL},
};

static const struct option_group demo_groups[] = {{"Options", demo_table, 0}, {.options = NULL}};

static bool read_sample(struct arena *arena, const struct snapshot **ret, struct error *error)
{
    struct str text;
    return demo_embedded(SAMPLE, &text, error) && snapshot_read(arena, STR(SAMPLE), text, ret, error);
}

/* Plays the sample back to whoever signs with this key, and to nobody else. */
static bool serve_sample(struct program *program, const struct snapshot *sample, struct str objects,
                         const struct secret *key, struct server **ret, struct error *error)
{
    struct playback_options playback = {.snapshot = sample,
                                        .objects = objects,
                                        .access_key_id = sample->access_key_id,
                                        .secret_key = key,
                                        .check_clock = true};
    const struct serve_setup setup = {
        .address = STR("127.0.0.1:0"),
        .crowd = crowd_open(program->arena, playback_open(program->arena, &playback)),
    };
    return serve_start(program->arena, &setup, ret, error);
}

/* Surroundings with the sample's key in place of the user's own AWS settings, which the demonstration never reads. */
static char **environment_with(struct program *program, struct str access_key_id, const struct secret *key)
{
    static const char *const kept[] = {"NO_COLOR", "TERM", "COLUMNS"};
    struct arena *arena = program->arena;
    char **environment = arena_array(arena, char *, COUNT_OF(kept) + 3);
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct str value = program_getenv(program, kept[i]);
        if (value.len > 0)
            environment[count++] = str_to_c(arena, str_format(arena, "%s=%.*s", kept[i], STR_ARG(value)));
    }
    environment[count++] = str_to_c(arena, str_format(arena, "AWS_ACCESS_KEY_ID=%.*s", STR_ARG(access_key_id)));
    environment[count++] =
        str_to_c(arena, str_format(arena, "AWS_SECRET_ACCESS_KEY=%.*s", STR_ARG(secret_expose(key))));
    return environment;
}

static struct check_options check_of(struct arena *arena, const struct demo_options *options, struct str folder,
                                     const struct snapshot *sample, struct str url)
{
    struct check_options check = {
        .source = {.account = {.endpoint_url = url}, .otherwise = sample->target},
        .output = {.outputs = {arena_array(arena, struct str, 4), 0, 4}, .color = options->color},
        .costs = options->costs,
        .save_snapshot = str_format(arena, "%.*s/snapshot.json", STR_ARG(folder)),
    };
    struct str_list *list = &check.output.outputs;
    list->items[list->count++] = STR("text");
    list->items[list->count++] = str_format(arena, "html=%.*s/report.html", STR_ARG(folder));
    list->items[list->count++] = str_format(arena, "junit=%.*s/junit.xml", STR_ARG(folder));
    list->items[list->count++] = str_format(arena, "json=%.*s/results.json", STR_ARG(folder));
    return check;
}

/* The files, and what to do with an account of one's own. */
static void print_closing(const struct program *program, struct str folder)
{
    fprintf(program->output,
            "\nThis was a sample account, served and read on this machine alone. The same run wrote:\n"
            "  %.*s/report.html    the report to read and to send\n"
            "  %.*s/junit.xml      for CI\n"
            "  %.*s/results.json   for programs\n"
            "  %.*s/snapshot.json  what was read: exportcheck check --snapshot FILE\n"
            "An account of your own, with the credentials that the AWS CLI would use:\n"
            "  exportcheck check --bucket BUCKET --export-name NAME --prefix PREFIX --principal USER\n",
            STR_ARG(folder), STR_ARG(folder), STR_ARG(folder), STR_ARG(folder));
}

/* The sample has faults, and nothing in it is unreadable: any other end says that the demonstration failed. */
static enum exit_status judge(const struct program *program, enum exit_status status, struct str folder)
{
    if (status != EXIT_STATUS_FINDINGS) {
        struct error error;
        error_set(&error, "demo", "the sample account has faults, and its check ended with status %d, not %d",
                  (int)status, (int)EXIT_STATUS_FINDINGS);
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    }
    print_closing(program, folder);
    return EXIT_STATUS_OK;
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    (void)operands;
    (void)operand_count;
    const struct demo_options *chosen = options;
    struct str folder = chosen->folder.len > 0 ? chosen->folder : STR(DEFAULT_FOLDER);
    const struct snapshot *sample;
    struct str objects = STR("");
    const struct secret *key;
    struct server *server;
    struct error error;
    if (!read_sample(program->arena, &sample, &error) || !demo_make_folders(program->arena, folder, &error) ||
        (chosen->costs && !demo_costs_write(program, folder, &sample, &objects, &error)) ||
        !secret_random(program->arena, SECRET_DIGITS, &key, &error) ||
        !serve_sample(program, sample, objects, key, &server, &error)) {
        error_wrap(&error, "demo");
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    }
    fprintf(program->output, "A sample account, served as AWS at %.*s and read with signed requests:\n\n",
            STR_ARG(serve_url(server)));
    struct program within = *program;
    within.environment = environment_with(program, sample->access_key_id, key);
    struct check_options check = check_of(program->arena, chosen, folder, sample, serve_url(server));
    enum exit_status status = checking_run(&within, &check);
    serve_stop(server);
    return judge(program, status, folder);
}

const struct command command_demo = {
    .name = "demo",
    .summary = "run the main job against an embedded sample account",
    .usage = "[--output-dir DIR] [--costs]",
    .description =
        "Shows the program at work, without an account: serves a sample account that has several faults on loopback, "
        "with AWS's protocols and a key made by chance, reads it with signed requests, prints the report, and writes "
        "report.html, junit.xml, results.json and snapshot.json.\n"
        "--costs writes made-up billing files to objects/, too, reads them from there as from S3, and says in money what "
        "OptScale would not show.\n"
        "Exit status: 0 the demonstration worked (although rules fail); 4 it did not.",
    .groups = demo_groups,
    .options_size = sizeof(struct demo_options),
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
