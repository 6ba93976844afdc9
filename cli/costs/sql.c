/* sql.c: `costs --print-sql`: the same sums as a statement, for the engine where the data is. */
#include "cli/costs/costs.h"

#include "base/macros.h"
#include "costs/duckdb.h"
#include "optscale/discovery/prefix.h"

static void set_connected(const struct costs_context *context, struct sql_request *request)
{
    request->connected = context->import.connected ? context->connected.items : NULL;
    request->connected_count = context->connected.count;
    request->has_regions = context->import.regions != NULL;
    request->adds_discounts = context->import.adds_discounts;
}

/* "s3://bucket/P/N/data/BILLING_PERIOD=2026-10/" and a pattern for its files. */
static struct str pattern_of(struct arena *arena, const struct costs_options *options,
                             const struct costs_context *context, const struct costs_period *period)
{
    struct str key = period->files[0]->key;
    struct str folder = str_slice(key, 0, str_find_last_char(key, '/') + 1);
    const char *ending = optscale_format_matches(OPTSCALE_FORMAT_PARQUET, key) ? ".snappy.parquet" : ".csv.gz";
    if (options->files.len > 0)
        return str_format(arena, "%.*s/%.*s*%s", STR_ARG(options->files), STR_ARG(folder), ending);
    return str_format(arena, "s3://%.*s/%.*s*%s", STR_ARG(json_find_string(context->target, "bucket")), STR_ARG(folder),
                      ending);
}

bool costs_sql_duckdb(struct arena *arena, const struct costs_options *options, const struct costs_report *report,
                      struct str *ret, struct error *error)
{
    struct str *names = arena_array(arena, struct str, report->count);
    struct str *patterns = arena_array(arena, struct str, report->count);
    struct sql_request request = {.dialect = SQL_DUCKDB, .threshold = report->context->import.threshold};
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct str match;
    for (size_t i = 0; i < report->count; i++) {
        struct str key = report->periods[i].files[0]->key;
        if (str_ends(key, STR(".zip")))
            return error_set(error, ERROR_INPUT, "--print-sql: DuckDB reads no ZIP files, such as %.*s", STR_ARG(key));
        names[i] = report->periods[i].name;
        patterns[i] = pattern_of(arena, options, report->context, &report->periods[i]);
        request.is_parquet = optscale_format_matches(OPTSCALE_FORMAT_PARQUET, key);
        request.is_legacy = !request.is_parquet && !optscale_layout_find(OPTSCALE_LAYOUT_CUR2, key, &match);
    }
    request.periods = names;
    request.locations = patterns;
    request.period_count = report->count;
    set_connected(report->context, &request);
    sql_write(&buf, &request);
    *ret = buf_str(&buf);
    return true;
}

bool costs_sql_athena(struct arena *arena, const struct costs_options *options, const struct costs_context *context,
                      struct str *ret, struct error *error)
{
    struct str bucket = json_find_string(context->target, "bucket");
    struct str name = json_find_string(context->target, "export_name");
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    if (bucket.len == 0 || name.len == 0 || options->periods.count == 0)
        return error_set(error, ERROR_INPUT,
                         "--print-sql athena needs --bucket, --export-name, --prefix and --period: it reads nothing");
    if (!str_equal(json_find_string(context->target, "export_type"), STR("cur2")))
        return error_set(error, ERROR_INPUT,
                         "--print-sql athena is for CUR 2.0: for a legacy report AWS makes the table, by the template "
                         "crawler-cfn.yml beside its files");
    struct str folder = optscale_prefix_folder(arena, json_find_string(context->target, "prefix"), name);
    struct sql_request request = {
        .dialect = SQL_ATHENA,
        .location = str_format(arena, "s3://%.*s/%.*sdata/", STR_ARG(bucket), STR_ARG(folder)),
        .periods = options->periods.items,
        .period_count = options->periods.count,
        .threshold = context->import.threshold,
    };
    set_connected(context, &request);
    sql_write(&buf, &request);
    *ret = buf_str(&buf);
    return true;
}
