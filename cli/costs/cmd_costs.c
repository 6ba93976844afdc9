/* cmd_costs.c: `exportcheck costs`: what AWS billed, row by row, and what of it OptScale will show. */
#include "cli/costs/costs.h"

#define AT(member) offsetof(struct costs_options, member)

static const struct option costs_rows[] = {
    {"period", 0, OPTION_STRINGS, AT(periods), "MONTH",
     "A billing period, 2026-10; repeatable (default: the newest that is over)", NULL},
    {"files", 0, OPTION_STRING, AT(files), "DIR",
     "Read local copies: DIR stands for the bucket, DIR/PREFIX/NAME/data/…", NULL},
    {"as-of", 0, OPTION_STRING, AT(as_of), "TIME", "When OptScale's import runs (default: now)", NULL},
    {"last-import", 0, OPTION_STRING, AT(last_import), "TIME",
     "When the newest file of OptScale's last import was written (H26: when that import ran), where its API does not "
     "tell (default: this is the first import)",
     NULL},
    {"use-edp-discount", 0, OPTION_FLAG, AT(use_edp_discount), NULL,
     "The data source adds EDP and private rate discounts, where OptScale's API does not tell", NULL},
    {"included-regions", 0, OPTION_STRING, AT(included_regions), "LIST",
     "The data source takes rows of these regions alone (H26), where its API does not tell", NULL},
    {"excluded-regions", 0, OPTION_STRING, AT(excluded_regions), "LIST", "It takes rows of all regions but these (H26)",
     NULL},
    {"print-sql", 0, OPTION_STRING, AT(print_sql), "ENGINE",
     "Print the statement that computes the same, and run nothing: duckdb or athena", "duckdb|athena"},
    {"threads", 0, OPTION_INTEGER, AT(threads), "N", "Read N files side by side (default: one a processor, at most 8)",
     NULL},
    {"json", 0, OPTION_FLAG, AT(json), NULL, "Print one JSON object, exportcheck-costs/1, instead of words", NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Costs", costs_rows, 0},
    {"Target", target_option_rows, offsetof(struct costs_options, source.target)},
    {"Account", account_option_rows, offsetof(struct costs_options, source.account)},
    {"OptScale", optscale_option_rows, offsetof(struct costs_options, source)},
    {.options = NULL},
};

static enum exit_status write_report(struct program *program, const struct costs_options *options,
                                     const struct costs_report *report)
{
    struct sink sink = sink_to_stream(program->output);
    if (options->json) {
        struct json json = costs_json(program->arena, report);
        json_write(&sink, &json, 2);
        sink_add_char(&sink, '\n');
    } else {
        costs_write_text(&sink, program->arena, report);
    }
    return costs_is_complete(report) ? EXIT_STATUS_OK : EXIT_STATUS_UNDECIDED;
}

static bool print_athena(struct program *program, const struct costs_options *options, struct str *ret,
                         struct error *error)
{
    const struct json *target;
    struct costs_context context;
    return target_read(program, &options->source.target, NULL, &target, error) &&
           costs_context_make(program, options, target, NULL, &context, error) &&
           costs_sql_athena(program->arena, options, &context, ret, error);
}

static enum exit_status print_sql(struct program *program, const struct costs_options *options)
{
    struct costs_run run;
    struct str sql;
    struct error error;
    enum exit_status status = EXIT_STATUS_USAGE;
    bool ok = str_equal(options->print_sql, STR("athena"))
                  ? print_athena(program, options, &sql, &error)
                  : costs_prepare(program, options, &run, &status, &error) &&
                        costs_sql_duckdb(program->arena, options, &run.report, &sql, &error);
    if (!ok)
        return command_fail(program, status, &error);
    fprintf(program->output, "%.*s", STR_ARG(sql));
    return EXIT_STATUS_OK;
}

static enum exit_status run(struct program *program, void *given, const struct str *operands, size_t operand_count)
{
    const struct costs_options *options = given;
    struct costs_run costs;
    struct error error;
    enum exit_status status;
    (void)operands;
    (void)operand_count;
    if (options->print_sql.len > 0)
        return print_sql(program, options);
    if (!costs_prepare(program, options, &costs, &status, &error))
        return command_fail(program, status, &error);
    costs_read(program, options, &costs);
    if (!source_close(&costs.source, &status, &error))
        return command_fail(program, status, &error);
    return write_report(program, options, &costs.report);
}

const struct command command_costs = {
    .name = "costs",
    .summary = "say which of the billed costs OptScale will show, and which not",
    .usage = "[--period MONTH…] [--files DIR]",
    .description =
        "Reads the data files of a billing period, from S3 or from local copies, and says for each account what was "
        "billed, what OptScale will import, and what not, and why. Amounts are exact. Nothing of the rows is kept.\n\n"
        "Files may be CSV (gzip, ZIP or plain) or Parquet; Parquet needs DuckDB's program `duckdb`.\n\n"
        "Exit status: 0 everything was read; 3 a file is damaged or could not be read, and its period has no sums; 2 "
        "the command line or an input is wrong; 4 the program failed.",
    .examples = "exportcheck costs --bucket acme-billing --export-name optscale --prefix cur2 \\\n"
                "    --period 2026-10 --connected-accounts accounts.csv\n"
                "exportcheck costs --files ./copies --connected-accounts accounts.csv --json",
    .groups = groups,
    .options_size = sizeof(struct costs_options),
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
