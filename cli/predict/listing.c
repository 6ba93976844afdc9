/* listing.c: `exportcheck predict --listing FILE`: reads the listing and asks the model. */
#include "cli/predict/predict.h"

#include "base/file.h"
#include "optscale/files/listing.h"

enum {
    LISTING_MAX_BYTES = 1 << 30,
    PLACES_MAX = 20, /* exports that are worth naming */
};

static bool check_options(const struct predict_options *options, struct error *error)
{
    const struct {
        const char *name;
        struct str value;
    } needed[] = {
        {"listing", options->listing},
        {"bucket", options->bucket},
        {"export-name", options->export_name},
    };
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        if (!needed[i].value.ptr) {
            return error_set(error, ERROR_INPUT,
                             "predict: --%s is missing; it needs --cases FILE, or --listing FILE "
                             "with --bucket, --export-name and --prefix",
                             needed[i].name);
        }
    }
    return true;
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

enum exit_status predict_listing(struct program *program, const struct predict_options *options,
                                 const struct optscale_build *build)
{
    struct arena *arena = program->arena;
    struct error error;
    struct optscale_listing listing;
    struct str text;
    if (!check_options(options, &error) ||
        !file_read(arena, str_to_c(arena, options->listing), LISTING_MAX_BYTES, &text, &error) ||
        !optscale_listing_read(arena, options->listing, text, &listing, &error)) {
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
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
    struct sink sink = sink_to_stream(program->output);
    (options->json ? prediction_write_json : prediction_write_text)(&sink, arena, &prediction);
    return sink_ok(&sink, &error) ? EXIT_STATUS_OK : command_fail(program, EXIT_STATUS_FAILURE, &error);
}
