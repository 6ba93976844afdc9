/* predict.h: the two ways of `exportcheck predict`: recorded cases, and a listing that someone has. */
#ifndef EXPORTCHECK_CLI_PREDICT_PREDICT_H
#define EXPORTCHECK_CLI_PREDICT_PREDICT_H

#include "base/sink.h"
#include "cli/command.h"
#include "optscale/connect/connect.h"
#include "optscale/discovery/prefix.h"
#include "optscale/model/build.h"

struct predict_options {
    struct str cases;
    bool full;
    struct str bucket;
    struct str prefix; /* ptr NULL: not given; OptScale tells that from an empty one */
    struct str export_name;
    struct str export_type;
    struct str region;
    struct str listing;
    struct str build;
    bool json;
};

/** What OptScale would do with a listing, ready to be written as words or JSON. */
struct prediction {
    const struct optscale_build *build;
    struct optscale_config config; /* as given */
    bool listing_is_cut;
    bool region_given;
    struct optscale_connection connection;
    struct optscale_discovery discovery;  /* of the import: with the stored settings where connecting works */
    const struct optscale_period *newest; /* the periods found, newest first */
    size_t import_count;                  /* how many of them the first import reads */
    size_t fates[OPTSCALE_FATE_COUNT];    /* objects under PREFIX/NAME/, by fate */
    struct str examples[OPTSCALE_FATE_COUNT];
    const struct optscale_place *places; /* exports that the listing holds and these settings do not reach */
    size_t place_count;
};

/** Answers each line of the file of cases with a line. */
enum exit_status predict_cases(struct program *program, const struct predict_options *options,
                               const struct optscale_build *build);

/**
 * Says what OptScale would do with these settings and this listing; an `s3://` URL as bucket is taken apart. Status 1
 * where the first import would find nothing, 2 with the listing's exports where none is told.
 */
enum exit_status predict_listing(struct program *program, struct predict_options *options,
                                 const struct optscale_build *build);

/** "cur2" or "legacy", as --export-type takes it. */
const char *prediction_type_option(enum optscale_version version);

void prediction_write_text(struct sink *sink, struct arena *arena, const struct prediction *prediction);
void prediction_write_json(struct sink *sink, struct arena *arena, const struct prediction *prediction);

#endif
