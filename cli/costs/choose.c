/* choose.c: which billing periods, and which of their files: what OptScale itself would find. */
#include "cli/costs/costs.h"

#include "base/clock.h"
#include "optscale/discovery/prefix.h"

enum { PLACES_MAX = 20 };

static struct optscale_text text_of(struct str value)
{
    return (struct optscale_text){.present = value.ptr != NULL, .value = value};
}

/* "20261001-20261101": "2026-10". */
static struct str short_name(struct arena *arena, struct str name)
{
    return str_format(arena, "%.*s-%.*s", STR_ARG(str_slice(name, 0, 4)), STR_ARG(str_slice(name, 4, 6)));
}

/* When the period ends, by the second half of its name. */
static bool is_over(struct str name, int64_t now)
{
    int64_t end;
    struct str text = str_skip(name, str_find_char(name, '-', 0) + 1);
    char date[] = {text.ptr[0], text.ptr[1], text.ptr[2], text.ptr[3], '-', text.ptr[4], text.ptr[5], '-', '0', '1', 0};
    return text.len >= 6 && clock_parse(str_from(date), &end) && end <= now;
}

static bool no_single_place(struct arena *arena, const struct optscale_place *places, size_t count, struct error *error)
{
    struct buf list = buf_make(arena, sizeof error->text / 2);
    for (size_t i = 0; i < count; i++)
        buf_addf(&list, "%s--prefix '%.*s' --export-name %.*s", i ? "; " : "", STR_ARG(places[i].prefix),
                 STR_ARG(places[i].name));
    if (count == 0)
        return error_set(error, ERROR_INPUT,
                         "costs: there are no files of an export here, of the form "
                         "PREFIX/NAME/data/BILLING_PERIOD=2026-10/….csv.gz or PREFIX/NAME/20261001-20261101/….csv.zip");
    return error_set(error, ERROR_INPUT, "costs: which export? Say one of: %.*s", STR_ARG(buf_str(&list)));
}

/* What is told to OptScale; where no export is named and there is but one, that. */
static bool config_of(struct arena *arena, const struct json *target, const struct optscale_object *objects,
                      size_t count, struct optscale_config *ret, struct error *error)
{
    struct optscale_place *places;
    bool legacy = str_equal(json_find_string(target, "export_type"), STR("legacy"));
    *ret = (struct optscale_config){
        .scheme = text_of(STR("bucket_only")),
        .bucket_name = text_of(STR("bucket")),
        .bucket_prefix = text_of(json_find(target, "prefix") ? json_find_string(target, "prefix") : STR("")),
        .report_name = text_of(json_find_string(target, "export_name")),
        .version = legacy ? OPTSCALE_VERSION_LEGACY : OPTSCALE_VERSION_CUR2,
    };
    if (ret->report_name.value.len > 0)
        return true;
    size_t found = optscale_places_search(arena, objects, count, PLACES_MAX, &places);
    if (found != 1)
        return no_single_place(arena, places, found, error);
    ret->bucket_prefix = text_of(places[0].prefix);
    ret->report_name = text_of(places[0].name);
    ret->version = places[0].version;
    return true;
}

static void add_period(struct arena *arena, struct costs_report *report, const struct optscale_period *period)
{
    report->periods[report->count++] =
        (struct costs_period){.name = short_name(arena, period->name), .files = period->files, .count = period->count};
}

static bool add_named(struct arena *arena, const struct optscale_period *periods, size_t count, struct str wanted,
                      struct costs_report *report, struct error *error)
{
    struct buf names = buf_make(arena, sizeof error->text / 2);
    for (size_t i = 0; i < count; i++) {
        if (str_equal(short_name(arena, periods[i].name), wanted)) {
            add_period(arena, report, &periods[i]);
            return true;
        }
        buf_addf(&names, "%s%.*s", i ? ", " : "", STR_ARG(short_name(arena, periods[i].name)));
    }
    return error_set(error, ERROR_INPUT, "--period: OptScale finds no files of '%.*s'; it finds %.*s", STR_ARG(wanted),
                     STR_ARG(buf_str(&names)));
}

/* The newest that is over, else the newest. */
static void add_default(struct arena *arena, const struct optscale_period *periods, size_t count, int64_t now,
                        struct costs_report *report)
{
    size_t chosen = 0;
    while (chosen < count && !is_over(periods[chosen].name, now))
        chosen++;
    add_period(arena, report, &periods[chosen < count ? chosen : 0]);
}

bool costs_choose(struct arena *arena, const struct costs_options *options, const struct costs_context *context,
                  const struct optscale_object *objects, size_t count, struct costs_report *ret, struct error *error)
{
    struct optscale_config config;
    struct optscale_discovery discovery;
    if (!config_of(arena, context->target, objects, count, &config, error))
        return false;
    const struct optscale_bucket bucket = {.name = config.bucket_name.value, .objects = objects, .object_count = count};
    const struct optscale_account account = {.buckets = &bucket, .bucket_count = 1};
    optscale_discover(arena, &account, &config, optscale_build_default, &discovery);
    if (!discovery.ok)
        return error_set(error, ERROR_INPUT, "costs: OptScale finds no files: %.*s", STR_ARG(discovery.failure.text));
    const struct optscale_period *periods = optscale_periods_newest_first(arena, &discovery);
    const struct str_list *wanted = &options->periods;
    *ret = (struct costs_report){.context = context,
                                 .periods = arena_array(arena, struct costs_period, wanted->count + 1)};
    if (wanted->count == 0)
        add_default(arena, periods, discovery.period_count, context->as_of, ret);
    for (size_t i = 0; i < wanted->count; i++) {
        if (!add_named(arena, periods, discovery.period_count, wanted->items[i], ret, error))
            return false;
    }
    return true;
}

const struct str *costs_file_names(struct arena *arena, const struct costs_period *period)
{
    struct str *names = arena_array(arena, struct str, period->count);
    for (size_t i = 0; i < period->count; i++)
        names[i] = period->files[i]->key;
    return names;
}
