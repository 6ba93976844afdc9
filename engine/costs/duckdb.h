/*
 * duckdb.h: Parquet files by DuckDB's program, which reads them and gives the columns that we want as CSV; and the
 * statements for engines that compute the same where the data is.
 */
#ifndef EXPORTCHECK_COSTS_DUCKDB_H
#define EXPORTCHECK_COSTS_DUCKDB_H

#include "base/buf.h"
#include "costs/source.h"
#include "optscale/costs/row.h"

/** Starts `duckdb` on the file. False: it is not installed; the message says how to get it. */
bool duckdb_open_parquet(struct arena *arena, struct str path, struct byte_source *ret, struct error *error) MUST_CHECK;

enum sql_dialect { SQL_DUCKDB, SQL_ATHENA };

/** What a statement is about. */
struct sql_request {
    enum sql_dialect dialect;
    bool is_parquet;
    bool is_legacy;              /* columns are named lineItem/UsageAccountId, in CSV */
    struct str location;         /* DuckDB: of the period's files, with * ; Athena: the folder of the export's data */
    const struct str *periods;   /* "2026-10" */
    const struct str *locations; /* DuckDB: a pattern for each period */
    size_t period_count;
    const struct str *connected; /* account ids; NULL: every account counts as connected */
    size_t connected_count;
    int64_t threshold; /* 0: none */
    bool has_regions;  /* the import takes some regions only, which the statement does not say */
    bool adds_discounts;
};

/** Writes the statement, with comments that say what it leaves out. */
void sql_write(struct buf *buf, const struct sql_request *request);

#endif
