/* listing.c: `exportcheck predict --listing FILE`: reads the listing and asks the model. */
#include "cli/predict/predict.h"

#include "base/file.h"
#include "optscale/files/listing.h"

enum {
    LISTING_MAX_BYTES = 1 << 30,
    PLACES_MAX = 20, /* exports that are worth naming */
};

static bool has_file(const struct predict_options *options, struct error *error)
{
    return options->listing.len > 0 ||
           error_set(error, ERROR_INPUT,
                     "predict: --listing FILE is missing: what 'aws s3 ls --recursive s3://BUCKET' printed; or --cases "
                     "FILE");
}

/* "s3://bucket/a/b/" as the console and the AWS CLI write it: the bucket, and the prefix where no other is told. */
static void take_url_apart(const struct program *program, struct predict_options *options)
{
    struct str rest = options->bucket;
    if (!str_starts(rest, STR("s3://")))
        return;
    rest = str_skip(rest, 5);
    str_cut(&rest, '/', &options->bucket);
    if (str_ends(rest, STR("/")))
        rest = str_slice(rest, 0, rest.len - 1);
    if (!options->prefix.ptr && rest.len > 0)
        options->prefix = rest;
    fprintf(program->errors, "exportcheck: predict: took the URL apart: --bucket %.*s --prefix '%.*s'\n",
            STR_ARG(options->bucket), STR_ARG(options->prefix));
}

static struct optscale_text text_of(struct str value)
{
    return (struct optscale_text){.present = value.ptr != NULL, .value = value};
}

static struct optscale_config config_of(const struct predict_options *options)
{
    bool legacy = str_equal(options->export_type, STR("legacy"));
    return (struct optscale_config){
        .scheme = text_of(STR("bucket_only")),
        .bucket_name = text_of(options->bucket),
        .bucket_prefix = text_of(options->prefix),
        .report_name = text_of(options->export_name),
        .version = legacy ? OPTSCALE_VERSION_LEGACY : OPTSCALE_VERSION_CUR2,
    };
}

static void count_fates(struct prediction *prediction)
{
    const struct optscale_discovery *discovery = &prediction->discovery;
    for (size_t i = 0; discovery->fates && i < discovery->count; i++) {
        size_t fate = discovery->fates[i];
        if (prediction->fates[fate]++ == 0) {
            prediction->examples[fate] = discovery->first[i].key;
        }
    }
}

/* Whether OptScale, told so, would find the export that lies at a place. */
static bool leads_to_files(struct arena *arena, const struct optscale_account *account,
                           const struct prediction *prediction, const struct optscale_place *place)
{
    struct optscale_config config = prediction->config;
    struct optscale_discovery discovery;
    config.bucket_prefix = text_of(place->prefix);
    config.report_name = text_of(place->name);
    config.version = place->version;
    optscale_discover(arena, account, &config, prediction->build, &discovery);
    return discovery.ok;
}

static bool is_named(const struct prediction *prediction, const struct optscale_place *place)
{
    return str_equal(place->name, prediction->config.report_name.value);
}

/* Where nothing was found: the exports in the listing, those of the name that was given first. */
static void find_places(struct arena *arena, const struct optscale_account *account, struct prediction *prediction)
{
    const struct optscale_bucket *bucket = &account->buckets[0];
    struct optscale_place *places;
    size_t count = optscale_places_search(arena, bucket->objects, bucket->object_count, PLACES_MAX, &places);
    struct optscale_place *kept = arena_array(arena, struct optscale_place, count);
    for (int named = 1; named >= 0; named--) {
        for (size_t i = 0; i < count; i++) {
            bool wanted = is_named(prediction, &places[i]) == (named == 1);
            if (wanted && (!places[i].has_prefix || leads_to_files(arena, account, prediction, &places[i]))) {
                kept[prediction->place_count++] = places[i];
            }
        }
    }
    prediction->places = kept;
}

static void predict(struct arena *arena, const struct optscale_account *account, struct prediction *prediction)
{
    const struct optscale_config *config = &prediction->config;
    optscale_connect(arena, account, config, prediction->build, &prediction->connection);
    if (prediction->connection.ok) {
        optscale_first_import(arena, &prediction->connection, prediction->build, &prediction->discovery);
    } else {
        optscale_discover(arena, account, config, prediction->build, &prediction->discovery);
    }
    size_t count = prediction->discovery.period_count;
    prediction->newest = optscale_periods_newest_first(arena, &prediction->discovery);
    prediction->import_count = count < OPTSCALE_FIRST_IMPORT_PERIODS ? count : OPTSCALE_FIRST_IMPORT_PERIODS;
    count_fates(prediction);
    if (!prediction->discovery.ok) {
        find_places(arena, account, prediction);
    }
}

/* Where no export is told: those that the listing holds, each with what to tell. */
static enum exit_status name_candidates(const struct program *program, const struct predict_options *options,
                                        const struct optscale_listing *listing)
{
    struct optscale_place *places;
    struct error error;
    const char *missing = options->bucket.ptr ? "export-name" : "bucket";
    size_t count = optscale_places_search(program->arena, listing->objects, listing->count, PLACES_MAX, &places);
    error_set(&error, ERROR_INPUT, "predict: --%s is missing; %s", missing,
              count ? "the listing holds these exports:" : "the listing holds no export");
    enum exit_status status = command_fail(program, EXIT_STATUS_USAGE, &error);
    for (size_t i = 0; i < count; i++)
        fprintf(program->errors, "  --prefix '%.*s' --export-name '%.*s' --export-type %s\n", STR_ARG(places[i].prefix),
                STR_ARG(places[i].name), prediction_type_option(places[i].version));
    return status;
}

static enum exit_status write_prediction(struct program *program, const struct predict_options *options,
                                         const struct prediction *prediction)
{
    struct sink sink = sink_to_stream(program->output);
    (options->json ? prediction_write_json : prediction_write_text)(&sink, program->arena, prediction);
    return prediction->connection.ok && prediction->discovery.ok ? EXIT_STATUS_OK : EXIT_STATUS_FINDINGS;
}

enum exit_status predict_listing(struct program *program, struct predict_options *options,
                                 const struct optscale_build *build)
{
    struct arena *arena = program->arena;
    struct error error;
    struct optscale_listing listing;
    struct str text;
    if (!has_file(options, &error) ||
        !file_read(arena, str_to_c(arena, options->listing), LISTING_MAX_BYTES, &text, &error) ||
        !optscale_listing_read(arena, options->listing, text, &listing, &error)) {
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    take_url_apart(program, options);
    if (!options->bucket.ptr || !options->export_name.ptr)
        return name_candidates(program, options, &listing);
    const struct optscale_bucket bucket = {
        .name = options->bucket,
        .location = options->region,
        .objects = listing.objects,
        .object_count = listing.count,
    };
    const struct optscale_account account = {.buckets = &bucket, .bucket_count = 1};
    struct prediction prediction = {
        .build = build,
        .config = config_of(options),
        .listing_is_cut = listing.is_cut,
        .region_given = options->region.len > 0,
    };
    predict(arena, &account, &prediction);
    return write_prediction(program, options, &prediction);
}
