/*
 * target.h: what is checked, and with whose credentials: the options that check, collect, policy
 * and serve share, and the target as facts and rules read it.
 */
#ifndef EXPORTCHECK_CLI_TARGET_TARGET_H
#define EXPORTCHECK_CLI_TARGET_TARGET_H

#include "base/json/json.h"
#include "cli/command.h"

/** What the options of a target fill; a view whose ptr is NULL was not given. */
struct target_options {
    struct str scenario;
    struct str bucket;
    struct str export_name;
    struct str prefix; /* may be given empty: a prefix of nothing */
    struct str export_type;
    struct str principal;
    struct str detect;
    struct str account_id;
    struct str legacy_export_name;
    struct str connected_accounts; /* a file */
    struct str optscale_url;
    struct str optscale_organization;
    struct str optscale_ip;
    struct str optscale_build;
    struct str optscale_principal;
    struct str file; /* --target */
};
/** Rows for an option_group; they end with a row without name. */
extern const struct option target_option_rows[];

/** How to reach the account; the rest is in the environment that every AWS tool obeys. */
struct account_options {
    struct str profile;
    struct str region;
    struct str endpoint_url;
    struct str assume_role;
    struct str external_id;
    bool show_config;
    bool insecure_endpoint;
    int64_t timeout;         /* seconds for all calls; 0: the default */
    int64_t max_connections; /* 0: the default */
    struct str ledger;       /* a file */
};
extern const struct option account_option_rows[];

/**
 * Makes the target: the members of `otherwise` (a snapshot's target; NULL: none) or, where it is
 * given, of the file --target; over them the options; defaults where nothing is said. The file
 * that --connected-accounts names is read: the target holds the list. False, code "input", with
 * the nearest right name: an unknown member, a value of another type or form.
 */
bool target_read(struct program *program, const struct target_options *options, const struct json *otherwise,
                 const struct json **ret, struct error *error) MUST_CHECK;

/**
 * Reads a list of connected accounts: JSON (a list of ids or of objects with `account_id`, or what
 * OptScale's API answers: `{"cloud_accounts": […]}`), CSV with a header or without, or an id a
 * line. Gives a list of {account_id, and name, linked, auto_import, deleted where they are said}.
 * False, with `name:line`: an id that is not 12 digits, an account that is listed twice.
 */
bool connected_accounts_read(struct arena *arena, struct str name, struct str text, const struct log *log,
                             const struct json **ret, struct error *error);

#endif
