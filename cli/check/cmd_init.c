/*
 * cmd_init.c: `exportcheck init`: the few questions whose answers make a target, asked on a terminal: which of the
 * exports found, and whom OptScale connects as. Writes a target file, and says the command that checks it.
 */
#include "base/file.h"
#include "cli/checking/again.h"
#include "cli/checking/exports.h"
#include "cli/rulebase.h"

#define DEFAULT_FILE "exportcheck-target.json"

struct init_options {
    struct source_options source;
    struct rulebase_options rulebase;
    struct str output;
};

static const struct option init_rows[] = {
    {"output", 'o', OPTION_STRING, offsetof(struct init_options, output), "FILE",
     "The target file to write (default: " DEFAULT_FILE ")", NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Options", init_rows, 0},
    {"Account", account_option_rows, offsetof(struct init_options, source.account)},
    {.options = NULL},
};

struct init {
    struct program *program;
    const struct init_options *options;
    struct source source;
    struct account_exports exports;
    const struct found_export *chosen;
    struct str principal;
    struct error error;
    enum exit_status status;
};

static bool find_exports(struct init *init)
{
    struct rule_base *base;
    const struct scenario *scenario;
    init->status = EXIT_STATUS_USAGE;
    if (!init->program->input_is_terminal)
        return error_set(&init->error, ERROR_INPUT,
                         "init asks questions: run it on a terminal, or write the target file by hand");
    if (!file_has_place(init->program->arena, init->options->output, &init->error)) {
        init->status = EXIT_STATUS_FAILURE;
        return false;
    }
    if (!rulebase_load(init->program, &init->options->rulebase, &base, &init->error) ||
        !source_open(init->program, &init->options->source, &init->source, &init->status, &init->error) ||
        !rulebase_scenario(base, json_find_string(init->source.target, "scenario"), &scenario, &init->error))
        return false;
    return exports_read(init->program, &init->source, base, scenario, &init->exports, &init->status, &init->error);
}

/* A line of the terminal without its end; false: there is none, or the user has left. */
static bool read_line(struct init *init, struct str *ret)
{
    char line[1024];
    if (!fgets(line, sizeof line, init->program->input))
        return error_set(&init->error, ERROR_INPUT, "init: no answer was given; nothing was written");
    *ret = str_trim(str_copy(init->program->arena, str_from(line)));
    return true;
}

static void print_exports(const struct init *init)
{
    FILE *stream = init->program->output;
    fprintf(stream, "Exports that OptScale can import:\n");
    for (size_t i = 1; i <= init->exports.importable; i++) {
        const struct found_export *found = exports_importable(&init->exports, (int64_t)i);
        fprintf(stream, "  %zu  %.*s  %.*s  s3://%.*s/%.*s\n", i, STR_ARG(found->name), STR_ARG(found->type),
                STR_ARG(found->bucket), STR_ARG(found->prefix));
    }
}

static bool no_export(struct init *init)
{
    const struct answered_call *trouble = exports_trouble(&init->exports);
    if (!trouble)
        return error_set(&init->error, ERROR_INPUT,
                         "init: no export was found that OptScale can import; `exportcheck check --scenario root-new` "
                         "says how to begin");
    return error_set(&init->error, ERROR_INPUT, "init: the exports could not be listed: %.*s",
                     STR_ARG(exports_trouble_text(init->program, trouble)));
}

static bool ask_export(struct init *init)
{
    struct str line;
    if (init->exports.importable == 0)
        return no_export(init);
    print_exports(init);
    while (!init->chosen) {
        int64_t number = 1;
        fprintf(init->program->output, "Which one is told to OptScale? [1] ");
        fflush(init->program->output);
        if (!read_line(init, &line))
            return false;
        if (line.len == 0 || str_to_int64(line, &number))
            init->chosen = exports_importable(&init->exports, number);
    }
    return true;
}

static bool ask_principal(struct init *init)
{
    fprintf(init->program->output,
            "Whom does OptScale connect as (a user's name, or the ARN of a user or role)? [optscale] ");
    fflush(init->program->output);
    if (!read_line(init, &init->principal))
        return false;
    if (init->principal.len == 0)
        init->principal = STR("optscale");
    return true;
}

static struct str target_text(const struct init *init)
{
    struct arena *arena = init->program->arena;
    struct json_builder target = json_build(arena, JSON_OBJECT);
    json_build_append(&target, STR("scenario"), *json_find(init->source.target, "scenario"));
    for (size_t i = 0; i < init->chosen->arguments->count; i++) {
        char *name = str_to_c(arena, init->chosen->arguments->members[i].name);
        for (char *c = name; *c; c++)
            *c = *c == '-' ? '_' : *c;
        json_build_append(&target, str_from(name), init->chosen->arguments->members[i].value);
    }
    json_build_append(&target, STR("principal"), json_string(init->principal));
    struct json built = json_built(&target);
    return str_join3(arena, json_text(arena, &built, 2), STR("\n"), STR(""));
}

static bool write_target(struct init *init)
{
    struct arena *arena = init->program->arena;
    struct str path = init->options->output.len ? init->options->output : STR(DEFAULT_FILE);
    init->status = EXIT_STATUS_FAILURE;
    if (!file_write(str_to_c(arena, path), target_text(init), 0666, &init->error))
        return false;
    struct json_builder arguments = json_build(arena, JSON_OBJECT);
    json_build_append(&arguments, STR("target"), json_string(path));
    json_build_append(&arguments, STR("output"), json_null); /* init's own: no option of the check */
    struct json built = json_built(&arguments);
    fprintf(init->program->output, "%.*s was written. Now:\n  %.*s\n", STR_ARG(path),
            STR_ARG(again_with(init->program, command_find("check"), &built)));
    return true;
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    struct init init = {.program = program, .options = options};
    (void)operands;
    (void)operand_count;
    if (find_exports(&init) && ask_export(&init) && ask_principal(&init) && write_target(&init))
        return EXIT_STATUS_OK;
    return command_fail(program, init.status, &init.error);
}

const struct command command_init = {
    .name = "init",
    .summary = "ask what to check, write a target file",
    .usage = "[OPTION…]",
    .description =
        "Lists the exports of the account, asks which one is told to OptScale and whom OptScale connects as, "
        "writes the answers to a file for --target, and prints the command that checks it. It needs a "
        "terminal.",
    .groups = groups,
    .options_size = sizeof(struct init_options),
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
