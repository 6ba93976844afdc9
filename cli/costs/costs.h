/*
 * costs.h: `exportcheck costs`: what AWS billed, and what of it OptScale will show: the same for `check --costs`.
 */
#ifndef EXPORTCHECK_CLI_COSTS_COSTS_H
#define EXPORTCHECK_CLI_COSTS_COSTS_H

#include "base/sink.h"
#include "cli/target/source.h"
#include "costs/period.h"
#include "optscale/discovery/discovery.h"

/** What the options fill. */
struct costs_options {
    struct source_options source;
    struct str_list periods; /* "2026-10"; none: the newest complete one */
    struct str files;        /* a folder that stands for the bucket; empty: S3 */
    struct str as_of;
    struct str last_import;
    bool use_edp_discount;
    struct str included_regions; /* with commas */
    struct str excluded_regions;
    struct str print_sql;
    int64_t threads;
    bool json;
};

/** Account ids, each once, in the order of their text. */
struct costs_ids {
    const struct str *items;
    size_t count;
};

/** What is known besides the files. */
struct costs_context {
    const struct json *target;
    struct cost_import import;  /* `connected` NULL: nobody told */
    struct costs_ids connected; /* the ids of `import.connected` */
    struct map *names;          /* account id → const struct json *, a string */
    struct map *roots;          /* ids that are connected as Root, and are not the account itself */
    struct str account;         /* the root's own: its rows are always taken; empty: not known */
    struct map *organization;   /* account id → const struct json *, with its `state`; NULL: not read */
    struct costs_ids members;   /* the organization's accounts */
    struct costs_ids active;    /* those of them that are active */
    struct str currency;        /* of OptScale's organization; empty: not known */
    int64_t as_of;
};

/** A billing period and its files, in the order in which OptScale loads them. */
struct costs_period {
    struct str name; /* "2026-10" */
    const struct optscale_object *const *files;
    size_t count;
    struct cost_statement statement; /* once it was read */
};

struct costs_report {
    const struct costs_context *context;
    struct costs_period *periods;
    size_t count;
};

/** A run: where the files are, and what they come to. */
struct costs_run {
    struct costs_context context;
    struct costs_report report;
    struct source source;        /* of costs_prepare(): to be closed behind the last file */
    struct transport_live *live; /* NULL: files of a folder */
    struct str bucket;
    struct str region;
};

/** The objects under a folder that stands for the bucket, in the order of their keys. */
bool costs_list_folder(struct arena *arena, struct str folder, struct optscale_object **ret, size_t *ret_count,
                       struct error *error) MUST_CHECK;
/** Opens objects as files under the folder. */
struct cost_opener costs_folder_opener(struct arena *arena, struct str folder, const struct costs_period *period);

/**
 * The periods that OptScale finds among the objects with the target's prefix, name and type, and of these the ones that
 * are asked for. Where the target names no export and the objects hold one, it is that. False, code "input".
 */
bool costs_choose(struct arena *arena, const struct costs_options *options, const struct costs_context *context,
                  const struct optscale_object *objects, size_t count, struct costs_report *ret,
                  struct error *error) MUST_CHECK;

/** Reads connected accounts, names, times and currency from the target and, where there are any, from facts. */
bool costs_context_make(struct program *program, const struct costs_options *options, const struct json *target,
                        const struct facts *facts, struct costs_context *ret, struct error *error) MUST_CHECK;

/** The names of the period's files, for messages: as keys. */
const struct str *costs_file_names(struct arena *arena, const struct costs_period *period);

/** Finds the periods and their files; reads none. False, with the status to exit with. */
bool costs_prepare(struct program *program, const struct costs_options *options, struct costs_run *ret,
                   enum exit_status *ret_status, struct error *error) MUST_CHECK;
/** The same with an account that is open already. */
bool costs_prepare_live(struct program *program, const struct costs_options *options, const struct source *source,
                        struct costs_run *ret, struct error *error) MUST_CHECK;
/** Reads all files of the periods. */
void costs_read(struct program *program, const struct costs_options *options, struct costs_run *run);

/** The first period's sums by account, for a target's member `costs`: what rules read, and what a snapshot keeps. */
struct json costs_summary(struct arena *arena, const struct costs_report *report);
/** Sorts the items, and drops what is there twice. */
struct costs_ids costs_ids(struct str *items, size_t count);
/** Who is in the data, connected, in the organization: side by side. */
void costs_write_accounts(struct sink *sink, struct arena *arena, const struct costs_context *context,
                          const struct cost_sums *sums);
/** The report as "exportcheck-costs/1". */
struct json costs_json(struct arena *arena, const struct costs_report *report);
void costs_write_text(struct sink *sink, struct arena *arena, const struct costs_report *report);
/** The statement for DuckDB over the report's files. False, code "input": what it cannot read. */
bool costs_sql_duckdb(struct arena *arena, const struct costs_options *options, const struct costs_report *report,
                      struct str *ret, struct error *error) MUST_CHECK;
/** The table and the statement for Athena, of the target alone. False, code "input": what is missing. */
bool costs_sql_athena(struct arena *arena, const struct costs_options *options, const struct costs_context *context,
                      struct str *ret, struct error *error) MUST_CHECK;

/** Whether all files of all periods were read. */
bool costs_is_complete(const struct costs_report *report);

#endif
