/*
 * connect.h: what OptScale does when an AWS data source is connected, or its credentials are updated:
 * validate_credentials(), then configure_report() with one of three schemes (fact sheet 2).
 */
#ifndef EXPORTCHECK_OPTSCALE_CONNECT_CONNECT_H
#define EXPORTCHECK_OPTSCALE_CONNECT_CONNECT_H

#include "optscale/discovery/discovery.h"
#include "optscale/model/build.h"
#include "optscale/model/model.h"

enum optscale_stage {
    OPTSCALE_STAGE_CREDENTIALS, /* validate_credentials */
    OPTSCALE_STAGE_REPORT,      /* configure_report */
};

struct optscale_connection {
    bool ok;
    struct optscale_failure failure;        /* where not ok */
    enum optscale_stage stage;              /* where not ok: which of the two stopped */
    struct optscale_config config;          /* as stored where ok; as OptScale has changed it so far otherwise */
    const struct optscale_account *account; /* as the connect left it */
    bool created_bucket;                    /* create_report made the bucket */
    bool created_report;                    /* create_report made the report or export */
    bool found_files;                       /* bucket_only: files were found, and one was downloaded */
};

/**
 * Connects a data source with these settings. Cannot fail: what stops OptScale is in `failure`. The
 * credentials count as valid. The strings of the result are parts of the inputs, or in the arena.
 */
void optscale_connect(struct arena *arena, const struct optscale_account *account, const struct optscale_config *config,
                      const struct optscale_build *build, struct optscale_connection *ret);

/**
 * The first import after a connect that went well: discovery with the stored settings, in the account as
 * the connect left it. Nothing is imported for a linked data source: do not call it for one.
 */
void optscale_first_import(struct arena *arena, const struct optscale_connection *connection,
                           const struct optscale_build *build, struct optscale_discovery *ret);

#endif
