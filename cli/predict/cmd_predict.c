/* cmd_predict.c: `exportcheck predict`: what OptScale would do, without any account. */
#include "cli/predict/predict.h"

#define OFFSET(member) offsetof(struct predict_options, member)

static const struct option settings[] = {
    {"bucket", 0, OPTION_STRING, OFFSET(bucket), "NAME",
     "the bucket that would be told to OptScale; s3://NAME/PREFIX tells both", NULL},
    {"prefix", 0, OPTION_STRING, OFFSET(prefix), "PREFIX", "the export path prefix that would be told to it", NULL},
    {"export-name", 0, OPTION_STRING, OFFSET(export_name), "NAME", "the export's name that would be told to it", NULL},
    {"export-type", 0, OPTION_STRING, OFFSET(export_type), "TYPE", "cur2 (the default) or legacy", "cur2|legacy"},
    {"region", 0, OPTION_STRING, OFFSET(region), "REGION", "the bucket's region, to check that OptScale knows it",
     NULL},
    {"listing", 0, OPTION_STRING, OFFSET(listing), "FILE",
     "what 'aws s3api list-objects-v2' or 'aws s3 ls --recursive' printed; - is standard input", NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

static const struct option cases[] = {
    {"cases", 0, OPTION_STRING, OFFSET(cases), "FILE", "predict each line of a file of cases (JSON Lines)", NULL},
    {"full", 0, OPTION_FLAG, OFFSET(full), NULL, "with --cases: error types, stored settings and first import too",
     NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

static const struct option output[] = {
    {"optscale-build", 0, OPTION_STRING, OFFSET(build), "BUILD", "S26 (the default), H26 or H24", NULL},
    {"json", 0, OPTION_FLAG, OFFSET(json), NULL, "print one JSON object instead of words", NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

static const struct option_group groups[] = {
    {"Settings and files", settings, 0},
    {"Cases", cases, 0},
    {"OptScale and output", output, 0},
    {NULL, NULL, 0},
};

static bool find_build(const struct predict_options *options, const struct optscale_build **ret, struct error *error)
{
    const struct optscale_build *build =
        options->build.len > 0 ? optscale_build_find(options->build) : optscale_build_default;
    if (!build) {
        return error_set(error, ERROR_INPUT, "--optscale-build: '%.*s' is none of S26, H26, H24",
                         STR_ARG(options->build));
    }
    *ret = build;
    return true;
}

static enum exit_status run(struct program *program, void *given, const struct str *operands, size_t operand_count)
{
    struct predict_options *options = given;
    const struct optscale_build *build;
    struct error error;
    (void)operands;
    (void)operand_count;
    if (!find_build(options, &build, &error)) {
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    return options->cases.len > 0 ? predict_cases(program, options, build) : predict_listing(program, options, build);
}

const struct command command_predict = {
    .name = "predict",
    .summary = "say what OptScale would do with these settings and these files",
    .usage = "--bucket NAME --prefix PREFIX --export-name NAME --listing FILE | --cases FILE",
    .description =
        "Says what OptScale would do at connect and at the first import, without any account: which billing periods "
        "and files it would find, the message it would show, and the prefix to enter where another would work. The "
        "settings are those of \"Connect only to data in bucket\"; everything in the bucket counts as readable.\n\n"
        "Without --export-name the exports that the listing holds are named. Exit status: 0 the first import would "
        "find files; 1 it would not, or connecting would fail; 2 the command line or the file is wrong.\n\n"
        "With --cases each line of the file, {\"id\", \"config\", \"account\"}, is answered with a line {\"id\", "
        "\"connect\", \"discovery\"}.",
    .examples = "aws s3 ls --recursive s3://acme-billing > listing.txt\n"
                "exportcheck predict --bucket acme-billing --prefix cur2 \\\n"
                "    --export-name optscale --export-type cur2 --listing listing.txt",
    .groups = groups,
    .options_size = sizeof(struct predict_options),
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
