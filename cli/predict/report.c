/* report.c: a prediction in words, and as JSON. */
#include "cli/predict/predict.h"

#include "base/json/json.h"
#include "optscale/files/case.h"
#include "optscale/model/names.h"

/* Names for programs, and what is said of a number of files. */
static const struct {
    const char *id;
    const char *words;
} fates[OPTSCALE_FATE_COUNT] = {
    [OPTSCALE_TAKEN] = {"taken", "taken"},
    [OPTSCALE_NOT_IN_FOLDER] = {"not_in_folder", "directly in the export's folder, where OptScale never looks"},
    [OPTSCALE_BEYOND_PAGE] = {"beyond_page", "beyond the first 1000 entries, which is all that OptScale lists there"},
    [OPTSCALE_OLDER_VERSION] = {"older_version", "taken for an older version of another file"},
    [OPTSCALE_NO_REPORT] = {"no_report", "no report: a manifest or the like"},
    [OPTSCALE_SHADOWED] = {"shadowed", "Parquet, which OptScale passes over because there are CSV files"},
    [OPTSCALE_NO_PERIOD] = {"no_period", "without the period folder of the export type in use"},
};

static const char *type_words(enum optscale_version version)
{
    return version == OPTSCALE_VERSION_LEGACY ? "legacy CUR" : "CUR 2.0";
}

const char *prediction_type_option(enum optscale_version version)
{
    return version == OPTSCALE_VERSION_LEGACY ? "legacy" : "cur2";
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void write_connection(struct sink *sink, struct arena *arena, const struct prediction *prediction)
{
    const struct optscale_connection *connection = &prediction->connection;
    const struct optscale_failure_row *row = optscale_failure_row(connection->failure.kind);
    if (!connection->ok) {
        sink_addf(sink, "Connecting fails (%s, HTTP %d):\n    %.*s\n", row->error_code, row->http_status,
                  STR_ARG(optscale_failure_reason(arena, &connection->failure)));
        return;
    }
    sink_add_c(sink, "Connecting succeeds.\n");
    if (!connection->found_files) {
        sink_add_c(sink, "    OptScale finds no files, but does not say so: it drops the error where the prefix has no "
                         "slash.\n");
    }
    struct str stored = connection->config.bucket_prefix.value;
    if (!str_equal(stored, prediction->config.bucket_prefix.value)) {
        sink_addf(sink, "    OptScale stores the prefix '%.*s' instead of '%.*s'.\n", STR_ARG(stored),
                  STR_ARG(prediction->config.bucket_prefix.value));
    }
}

static void write_period(struct sink *sink, const struct optscale_period *period)
{
    double bytes = 0;
    for (size_t i = 0; i < period->count; i++) {
        bytes += (double)period->files[i]->size;
    }
    sink_addf(sink, "    %.*s  %5zu file%s  %12.0f bytes  %.*s%s\n", STR_ARG(period->name), period->count,
              period->count == 1 ? " " : "s", bytes, STR_ARG(period->files[0]->key), period->count > 1 ? ", …" : "");
}

static void write_import(struct sink *sink, const struct prediction *prediction)
{
    const struct optscale_discovery *discovery = &prediction->discovery;
    if (!discovery->ok) {
        sink_addf(sink, "%s:\n    %.*s\n",
                  prediction->connection.ok ? "The first import fails" : "An import with these settings would fail",
                  STR_ARG(discovery->failure.text));
        return;
    }
    sink_addf(sink, "%s %zu of %zu period%s, %.*s files in the %s layout:\n",
              prediction->connection.ok ? "The first import reads" : "An import would read", prediction->import_count,
              discovery->period_count, plural(discovery->period_count),
              STR_ARG(optscale_format_name(discovery->format)), type_words(optscale_layout_version(discovery->layout)));
    for (size_t i = 0; i < prediction->import_count; i++) {
        write_period(sink, &prediction->newest[i]);
    }
    if (discovery->period_count > prediction->import_count) {
        sink_add_c(sink, "Older periods are read by a billing reimport alone:\n");
    }
    for (size_t i = prediction->import_count; i < discovery->period_count; i++) {
        write_period(sink, &prediction->newest[i]);
    }
}

static void write_fates(struct sink *sink, const struct prediction *prediction)
{
    bool any = false;
    for (size_t i = 0; i < OPTSCALE_FATE_COUNT; i++) {
        if (i == OPTSCALE_TAKEN || prediction->fates[i] == 0) {
            continue;
        }
        sink_add_c(sink, any ? "" : "Not read, of the files under the export's folder:\n");
        sink_addf(sink, "    %zu file%s %s: %.*s%s\n", prediction->fates[i], plural(prediction->fates[i]),
                  fates[i].words, STR_ARG(prediction->examples[i]), prediction->fates[i] > 1 ? ", …" : "");
        any = true;
    }
}

static void write_place(struct sink *sink, const struct prediction *prediction, const struct optscale_place *place)
{
    bool same_name = str_equal(place->name, prediction->config.report_name.value);
    if (!place->has_prefix) {
        sink_addf(sink,
                  "    The export '%.*s' lies at the top of the bucket: OptScale cannot reach an export without a "
                  "prefix. Make a new one with a prefix.\n",
                  STR_ARG(place->name));
        return;
    }
    sink_addf(sink, "    --prefix '%.*s'", STR_ARG(place->prefix));
    if (!same_name) {
        sink_addf(sink, " --export-name '%.*s'", STR_ARG(place->name));
    }
    if (place->version != prediction->config.version) {
        sink_addf(sink, " --export-type %s", prediction_type_option(place->version));
    }
    sink_addf(sink, "  (%zu file%s)\n", place->files, plural(place->files));
}

static void write_places(struct sink *sink, const struct prediction *prediction)
{
    if (prediction->discovery.ok) {
        return;
    }
    if (prediction->place_count == 0) {
        sink_add_c(sink, "The listing holds no export that other settings would reach.\n");
        return;
    }
    sink_add_c(sink, "Enter instead:\n");
    for (size_t i = 0; i < prediction->place_count; i++) {
        write_place(sink, prediction, &prediction->places[i]);
    }
}

static bool is_unknown_region(const struct prediction *prediction)
{
    const struct optscale_text *region = &prediction->connection.config.region_name;
    return prediction->connection.ok && prediction->region_given && region->present &&
           !optscale_region_is_known(region->value);
}

void prediction_write_text(struct sink *sink, struct arena *arena, const struct prediction *prediction)
{
    write_connection(sink, arena, prediction);
    if (is_unknown_region(prediction)) {
        sink_addf(sink, "    Later updates of the credentials fail: 'Invalid region: %.*s'.\n",
                  STR_ARG(prediction->connection.config.region_name.value));
    }
    write_import(sink, prediction);
    write_fates(sink, prediction);
    write_places(sink, prediction);
    if (prediction->listing_is_cut) {
        sink_add_c(sink, "The listing says that there is more: this is a prediction for what it holds.\n");
    }
    sink_addf(sink, "(OptScale build %.*s: %s)\n", STR_ARG(prediction->build->name), prediction->build->description);
}

static struct json connection_json(struct arena *arena, const struct prediction *prediction)
{
    const struct optscale_connection *connection = &prediction->connection;
    const struct optscale_failure_row *row = optscale_failure_row(connection->failure.kind);
    struct json plain = optscale_connection_json(arena, connection, true);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < plain.count; i++) {
        struct str name = plain.members[i].name;
        bool made_up = str_equal(name, STR("config_updates")) && connection->ok && !prediction->region_given;
        if (!made_up) {
            json_build_append(&object, name, plain.members[i].value);
        }
    }
    if (!connection->ok) {
        json_build_append(&object, STR("error_code"), json_string(str_from(row->error_code)));
        json_build_append(&object, STR("http_status"), json_number(row->http_status));
    } else if (!prediction->region_given) {
        struct optscale_connection without_region = *connection;
        without_region.config.region_name.present = false;
        struct json stored = optscale_connection_json(arena, &without_region, true);
        json_build_append(&object, STR("config_updates"), *json_find(&stored, "config_updates"));
    }
    json_build_append(&object, STR("found_files"), json_boolean(connection->found_files));
    return json_built(&object);
}

static struct json place_json(struct arena *arena, const struct optscale_place *place)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("prefix"), place->has_prefix ? json_string(place->prefix) : json_null);
    json_build_append(&object, STR("export_name"), json_string(place->name));
    json_build_append(&object, STR("export_type"), json_string(str_from(prediction_type_option(place->version))));
    json_build_append(&object, STR("files"), json_number((double)place->files));
    return json_built(&object);
}

static struct json fates_json(struct arena *arena, const struct prediction *prediction)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < OPTSCALE_FATE_COUNT; i++) {
        json_build_append(&object, str_from(fates[i].id), json_number((double)prediction->fates[i]));
    }
    return json_built(&object);
}

void prediction_write_json(struct sink *sink, struct arena *arena, const struct prediction *prediction)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct json_builder periods = json_build(arena, JSON_ARRAY);
    struct json_builder places = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; prediction->connection.ok && i < prediction->import_count; i++) {
        json_build_add(&periods, json_string(prediction->newest[i].name));
    }
    for (size_t i = 0; i < prediction->place_count; i++) {
        json_build_add(&places, place_json(arena, &prediction->places[i]));
    }
    json_build_append(&object, STR("optscale_build"), json_string(prediction->build->name));
    json_build_append(&object, STR("connect"), connection_json(arena, prediction));
    json_build_append(&object, STR("discovery"), optscale_discovery_json(arena, &prediction->discovery, true));
    json_build_append(&object, STR("first_import_periods"), json_built(&periods));
    json_build_append(&object, STR("files"), fates_json(arena, prediction));
    json_build_append(&object, STR("enter_instead"), json_built(&places));
    struct json document = json_built(&object);
    json_write(sink, &document, 2);
    sink_add_char(sink, '\n');
}
