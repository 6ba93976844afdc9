/* duckdb.c: see duckdb.h. */
#include "costs/duckdb.h"

#include "base/clock.h"

static void add_quoted(struct buf *buf, struct str text)
{
    buf_add_char(buf, '\'');
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            buf_add_char(buf, '\'');
        buf_add_char(buf, text.ptr[i]);
    }
    buf_add_char(buf, '\'');
}

/* A regular expression for the names, of which those that the file has are taken. */
static void add_column_names(struct buf *buf)
{
    buf_add_c(buf, "'^(");
    for (size_t i = 0; i < COST_COLUMN_COUNT; i++)
        buf_addf(buf, "%s%.*s", i > 0 ? "|" : "", STR_ARG(cost_columns[i].snake));
    buf_add_c(buf, ")$'");
}

/* Floating-point numbers come as the shortest text that reads back as the same: as AWS wrote them. */
bool duckdb_open_parquet(struct arena *arena, struct str path, struct byte_source *ret, struct error *error)
{
    struct buf sql = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&sql, "COPY (SELECT COLUMNS(");
    add_column_names(&sql);
    buf_add_c(&sql, ") FROM read_parquet(");
    add_quoted(&sql, path);
    buf_add_c(&sql, ")) TO '/dev/stdout' (FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ')");
    char program[] = "duckdb", no_file[] = "-init", nothing[] = "/dev/null", command[] = "-c";
    char before[] = "-cmd", silent[] = ".mode trash"; /* or COPY's own count would follow the rows */
    char *arguments[] = {program, no_file, nothing, before, silent, command, str_to_c(arena, buf_str(&sql)), NULL};
    return source_open_program(arena, arguments, ret, error) ||
           error_set(error, ERROR_INPUT,
                     "Parquet is read by DuckDB's program `duckdb`, which is not found: pip install duckdb-cli, or "
                     "https://duckdb.org/install");
}

/* --- statements --- */

struct writer {
    struct buf *buf;
    const struct sql_request *request;
    bool parquet; /* or a table of typed columns */
};

static void add_column(const struct writer *w, enum cost_column column)
{
    buf_addf(w->buf, "\"%.*s\"",
             STR_ARG(w->request->is_legacy ? cost_columns[column].legacy : cost_columns[column].snake));
}

static void add_list(struct buf *buf, const struct str *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_c(buf, i == 0 ? "" : i % 6 == 0 ? ",\n      " : ", ");
        add_quoted(buf, items[i]);
    }
}

/* An amount as an exact decimal; NULL where it is no number, 0 where it is empty. */
static void add_amount(const struct writer *w, enum cost_column column, const char *name)
{
    buf_add_c(w->buf, "    CASE WHEN COALESCE(CAST(");
    add_column(w, column);
    buf_add_c(w->buf, " AS VARCHAR), '') = '' THEN 0 ELSE TRY_CAST(CAST(");
    add_column(w, column);
    buf_addf(w->buf, " AS VARCHAR) AS DECIMAL(38, 18)) END AS %s,\n", name);
}

static void add_date(const struct writer *w, enum cost_column column, const char *name)
{
    buf_add_c(w->buf, "    ");
    if (!w->parquet)
        buf_add_c(w->buf, "try_strptime(");
    add_column(w, column);
    buf_addf(w->buf, "%s AS %s,\n", w->parquet ? "" : ", ['%Y-%m-%dT%H:%M:%SZ', '%Y-%m-%dT%H:%M:%S.%fZ'])", name);
}

static void add_text(const struct writer *w, enum cost_column column, const char *name, const char *after)
{
    buf_add_c(w->buf, "    COALESCE(");
    add_column(w, column);
    buf_addf(w->buf, ", '') AS %s%s\n", name, after);
}

static void add_rows(const struct writer *w, const char *period, struct str from)
{
    buf_addf(w->buf, "  SELECT\n    %s AS period,\n", period);
    add_text(w, COST_ACCOUNT, "account", ",");
    add_amount(w, COST_BLENDED, "blended");
    add_amount(w, COST_UNBLENDED, "unblended");
    add_date(w, COST_START, "usage_start");
    add_date(w, COST_END, "usage_end");
    add_text(w, COST_TYPE, "type", ",");
    add_text(w, COST_RESOURCE, "resource", "");
    buf_addf(w->buf, "  FROM %.*s\n", STR_ARG(from));
}

static void add_source_duckdb(const struct writer *w)
{
    const struct sql_request *request = w->request;
    for (size_t i = 0; i < request->period_count; i++) {
        struct buf from = buf_make(w->buf->arena, BUF_NO_MAX);
        struct buf period = buf_make(w->buf->arena, BUF_NO_MAX);
        buf_add_c(&from, request->is_parquet ? "read_parquet(" : "read_csv(");
        add_quoted(&from, request->locations[i]);
        buf_add_c(&from, request->is_parquet
                             ? ", union_by_name = true)"
                             : ", header = true, all_varchar = true, union_by_name = true, delim = ',', "
                               "quote = '\"', escape = '\"', max_line_size = 16777216)");
        add_quoted(&period, request->periods[i]);
        buf_add_char(&period, '\0');
        buf_add_c(w->buf, i > 0 ? "  UNION ALL\n" : "");
        add_rows(w, buf_str(&period).ptr, buf_str(&from));
    }
}

static void add_source_athena(const struct writer *w)
{
    add_rows(w, "billing_period", STR("exportcheck_costs"));
    buf_add_c(w->buf, "  WHERE billing_period IN (");
    add_list(w->buf, w->request->periods, w->request->period_count);
    buf_add_c(w->buf, ")\n");
}

/* The order of the conditions is that of the import (optscale/costs/row.h). */
static void add_fate(const struct writer *w)
{
    const struct sql_request *request = w->request;
    buf_add_c(w->buf, "  SELECT *, CASE\n");
    if (request->connected) {
        buf_add_c(w->buf, "    WHEN account NOT IN (");
        add_list(w->buf, request->connected, request->connected_count);
        buf_addf(w->buf, "%s) THEN 'account-not-connected'\n", request->connected_count == 0 ? "''" : "");
    }
    buf_add_c(w->buf, "    WHEN usage_start IS NULL THEN 'bad-date'\n");
    if (request->threshold > 0) {
        struct str day = str_slice(clock_iso(w->buf->arena, request->threshold), 0, 10);
        buf_addf(w->buf,
                 "    WHEN CAST(usage_start AS DATE) < DATE '%.*s' AND type <> 'RIFee' THEN 'before-threshold'\n",
                 STR_ARG(day));
    }
    buf_add_c(w->buf, "    WHEN usage_end IS NULL THEN 'bad-date'\n"
                      "    WHEN blended IS NULL THEN 'not-a-number'\n"
                      "    WHEN resource = '' AND type = 'Credit' THEN 'credit-without-resource'\n"
                      "    ELSE 'imported'\n  END AS reason\n  FROM line_items\n");
}

/* The table over the export's files in S3, as Data Exports lays them out. */
static void add_table(const struct writer *w)
{
    static const enum cost_column texts[] = {COST_ACCOUNT, COST_TYPE, COST_RESOURCE, COST_CURRENCY};
    buf_add_c(w->buf, "CREATE EXTERNAL TABLE IF NOT EXISTS exportcheck_costs (\n");
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        buf_addf(w->buf, "  %.*s string,\n", STR_ARG(cost_columns[texts[i]].snake));
    buf_addf(w->buf, "  %.*s timestamp,\n  %.*s timestamp,\n  %.*s double,\n  %.*s double\n)\n",
             STR_ARG(cost_columns[COST_START].snake), STR_ARG(cost_columns[COST_END].snake),
             STR_ARG(cost_columns[COST_BLENDED].snake), STR_ARG(cost_columns[COST_UNBLENDED].snake));
    buf_addf(w->buf, "PARTITIONED BY (billing_period string)\nSTORED AS PARQUET\nLOCATION '%.*s'\n",
             STR_ARG(w->request->location));
    buf_addf(w->buf,
             "TBLPROPERTIES (\n  'projection.enabled' = 'true',\n  'projection.billing_period.type' = 'date',\n"
             "  'projection.billing_period.format' = 'yyyy-MM',\n  'projection.billing_period.range' = '2019-01,NOW',\n"
             "  'projection.billing_period.interval' = '1',\n  'projection.billing_period.interval.unit' = 'MONTHS',\n"
             "  'storage.location.template' = '%.*sBILLING_PERIOD=${billing_period}/'\n);\n\n",
             STR_ARG(w->request->location));
}

void sql_write(struct buf *buf, const struct sql_request *request)
{
    bool athena = request->dialect == SQL_ATHENA;
    struct writer writer = {buf, request, athena || request->is_parquet};
    buf_add_c(buf,
              "-- What OptScale imports of these costs, and what not. Left out: `overwritten`, which needs the rows' "
              "order.\n");
    if (request->has_regions)
        buf_add_c(buf, "-- Left out, too: `region-not-imported`; these rows count as if their region were taken.\n");
    if (request->adds_discounts)
        buf_add_c(buf,
                  "-- OptScale shows imported costs with their EDP and private rate discounts: not so these sums.\n");
    if (!request->connected)
        buf_add_c(buf, "-- No connected accounts were told: every account counts as connected.\n");
    if (athena)
        add_table(&writer);
    buf_add_c(buf, "WITH line_items AS (\n");
    (athena ? add_source_athena : add_source_duckdb)(&writer);
    buf_add_c(buf, "), judged AS (\n");
    add_fate(&writer);
    buf_add_c(buf, ")\nSELECT period, account, reason, COUNT(*) AS line_items,\n"
                   "  SUM(COALESCE(blended, 0)) AS blended, SUM(COALESCE(unblended, 0)) AS unblended\n"
                   "FROM judged\nGROUP BY period, account, reason\nORDER BY period, account, reason;\n");
}
