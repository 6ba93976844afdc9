/* discovery.c: from a bucket's keys to billing periods; see discovery.h for the steps. */
#include "optscale/discovery/discovery.h"

#include "base/macros.h"
#include "base/map.h"
#include "optscale/discovery/prefix.h"
#include "optscale/model/answers.h"
#include "optscale/model/python.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_ENTRIES = 1000 }; /* of ListObjectsV2: keys and common prefixes together */

/* What a run works on; everything in it lives in the caller's arena. */
struct search {
    struct arena *arena;
    const struct optscale_account *account;
    const struct optscale_build *build;
    const struct optscale_bucket *bucket;
    struct str root;        /* PREFIX/NAME/ */
    struct str report_name; /* NAME */
    size_t first;           /* index of the first object under root */
    size_t *kept;           /* indexes of the objects that are the newest version, in OptScale's order */
    size_t kept_count;
    struct optscale_discovery *result;
};

static void set_fate(struct search *search, size_t index, enum optscale_fate fate)
{
    search->result->fates[index - search->first] = (unsigned char)fate;
}

static bool has_fate(const struct search *search, size_t index, enum optscale_fate fate)
{
    return search->result->fates[index - search->first] == (unsigned char)fate;
}

/*
 * The name under which versions of a file are one: the key without what stands between the folder and
 * the report's name, save the period in it. `str.split` ends the rest at a second occurrence of the
 * folder's path; both removals are of every occurrence, wherever in the key.
 */
static struct str version_id(const struct search *search, struct arena *arena, struct str key, struct str folder)
{
    struct str rest = str_skip(key, folder.len);
    ptrdiff_t again = str_find(rest, folder, 0);
    rest = again < 0 ? rest : str_slice(rest, 0, again);
    ptrdiff_t name = str_find(rest, search->report_name, 0);
    struct str day = name < 0 ? rest : str_slice(rest, 0, name);
    for (int layout = 0; layout < OPTSCALE_LAYOUT_COUNT && day.len > 0; layout++) {
        struct str match;
        if (optscale_layout_find((enum optscale_layout)layout, day, &match)) {
            day = optscale_layout_remove(arena, (enum optscale_layout)layout, day);
            break;
        }
    }
    return python_remove_all(arena, key, day);
}

/* Adds the objects [from, to) of one folder, of each version the newest, at the place of the first. */
static void keep_newest(struct search *search, struct str folder, size_t from, size_t to)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0); /* a name for each of 200,000 keys, needed here only */
    struct map *newest = map_open(scratch);
    const struct optscale_object *objects = search->bucket->objects;
    for (size_t i = from; i < to; i++) {
        struct str id = version_id(search, scratch, objects[i].key, folder);
        const size_t *slot = (const size_t *)map_get(newest, id);
        if (!slot) {
            map_set(newest, id, &search->kept[search->kept_count]);
            search->kept[search->kept_count++] = i;
            continue;
        }
        size_t place = (size_t)(slot - search->kept);
        bool newer = objects[search->kept[place]].modified < objects[i].modified;
        set_fate(search, newer ? search->kept[place] : i, OPTSCALE_OLDER_VERSION);
        if (newer) {
            search->kept[place] = i;
        }
    }
}

static void read_folder(struct search *search, struct str folder, size_t from, size_t to)
{
    if (!search->build->lists_all_pages && to - from > PAGE_ENTRIES) {
        for (size_t i = from + PAGE_ENTRIES; i < to; i++) {
            set_fate(search, i, OPTSCALE_BEYOND_PAGE);
        }
        to = from + PAGE_ENTRIES;
    }
    keep_newest(search, folder, from, to);
}

/* The end of the run of keys from `from` on that start with `prefix`. */
static size_t end_of(const struct optscale_bucket *bucket, size_t from, struct str prefix)
{
    size_t to = from;
    while (to < bucket->object_count && str_starts(bucket->objects[to].key, prefix)) {
        to++;
    }
    return to;
}

/* ListObjectsV2, refused or not. */
static bool list(struct search *search, struct str bucket, struct str prefix, const char *delimiter)
{
    struct optscale_refusal refusal;
    struct optscale_listing_request listing = {.bucket = bucket, .prefix = prefix, .delimiter = str_from(delimiter)};
    if (optscale_answer_list(search->arena, search->account, listing, &search->bucket, &refusal)) {
        return true;
    }
    search->result->failure =
        (struct optscale_failure){.kind = OPTSCALE_CLIENT_ERROR, .text = refusal.text, .aws_code = refusal.code};
    return false;
}

/* Of the listing with the delimiter `/` the first page, and each folder on it in full. */
static bool read_folders(struct search *search)
{
    size_t end = search->first + search->result->count;
    size_t entries = 0;
    for (size_t at = search->first; at < end; entries++) {
        struct str key = search->bucket->objects[at].key;
        ptrdiff_t slash = str_find_char(key, '/', search->root.len);
        if (slash < 0) {
            set_fate(search, at++, OPTSCALE_NOT_IN_FOLDER);
            continue;
        }
        struct str folder = str_slice(key, 0, slash + 1);
        size_t next = end_of(search->bucket, at, folder);
        if (entries < PAGE_ENTRIES) {
            if (!list(search, search->bucket->name, folder, "")) {
                return false;
            }
            read_folder(search, folder, at, next);
        } else {
            memset(&search->result->fates[at - search->first], OPTSCALE_BEYOND_PAGE, next - at);
        }
        at = next;
    }
    return true;
}

/* Whether any of the kept files of a format has the layout's period in its key. */
static bool any_has_layout(const struct search *search, enum optscale_format format, enum optscale_layout layout)
{
    struct str match;
    for (size_t i = 0; i < search->kept_count; i++) {
        struct str key = search->bucket->objects[search->kept[i]].key;
        if (optscale_format_matches(format, key) && optscale_layout_find(layout, key, &match)) {
            return true;
        }
    }
    return false;
}

static bool choose_layout(const struct search *search, enum optscale_format format, enum optscale_version version,
                          enum optscale_layout *ret)
{
    for (int layout = 0; layout < OPTSCALE_LAYOUT_COUNT; layout++) {
        if (optscale_layout_is_tried((enum optscale_layout)layout, version) &&
            any_has_layout(search, format, (enum optscale_layout)layout)) {
            *ret = (enum optscale_layout)layout;
            return true;
        }
    }
    return false;
}

/* The periods under construction: a list in order of appearance, and each kept file's place in it. */
struct grouping {
    struct map *by_name;
    struct optscale_period *periods;
    size_t count;
    size_t capacity;
};

static size_t period_place(struct arena *arena, struct grouping *grouping, struct str name)
{
    const size_t *known = (const size_t *)map_get(grouping->by_name, name);
    if (known) {
        return *known;
    }
    if (grouping->count == grouping->capacity) {
        grouping->capacity = grouping->capacity ? grouping->capacity * 2 : 32;
        struct optscale_period *grown = arena_array(arena, struct optscale_period, grouping->capacity);
        if (grouping->count > 0) {
            memcpy(grown, grouping->periods, grouping->count * sizeof(*grown));
        }
        grouping->periods = grown;
    }
    size_t *place = arena_new(arena, size_t);
    *place = grouping->count++;
    struct str owned = str_copy(arena, name);
    grouping->periods[*place] = (struct optscale_period){.name = owned};
    map_set(grouping->by_name, owned, place);
    return *place;
}

static enum optscale_fate fate_of(const struct optscale_discovery *result, struct str key, struct str *ret_match)
{
    if (optscale_format_matches(result->format, key)) {
        return optscale_layout_find(result->layout, key, ret_match) ? OPTSCALE_TAKEN : OPTSCALE_NO_PERIOD;
    }
    bool shadowed = result->format == OPTSCALE_FORMAT_CSV && optscale_format_matches(OPTSCALE_FORMAT_PARQUET, key);
    return shadowed ? OPTSCALE_SHADOWED : OPTSCALE_NO_REPORT;
}

/* Two passes: how many files each period has, then the files. */
static void group_files(struct search *search)
{
    struct optscale_discovery *result = search->result;
    struct grouping grouping = {.by_name = map_open(search->arena)};
    size_t *places = arena_array(search->arena, size_t, search->kept_count);
    for (size_t i = 0; i < search->kept_count; i++) {
        char storage[OPTSCALE_PERIOD_MAX];
        struct str match;
        enum optscale_fate fate = fate_of(result, search->bucket->objects[search->kept[i]].key, &match);
        set_fate(search, search->kept[i], fate);
        if (fate == OPTSCALE_TAKEN) {
            struct str name = optscale_period_name(result->layout, match, storage);
            places[i] = period_place(search->arena, &grouping, name);
            grouping.periods[places[i]].count++;
        }
    }
    for (size_t i = 0; i < grouping.count; i++) {
        struct optscale_period *period = &grouping.periods[i];
        period->files = arena_array(search->arena, const struct optscale_object *, period->count);
        period->count = 0;
    }
    for (size_t i = 0; i < search->kept_count; i++) {
        if (has_fate(search, search->kept[i], OPTSCALE_TAKEN)) {
            struct optscale_period *period = &grouping.periods[places[i]];
            period->files[period->count++] = &search->bucket->objects[search->kept[i]];
        }
    }
    result->periods = grouping.periods;
    result->period_count = grouping.count;
}

/* Where nothing is found the fates still say which files are no reports and which lack a period. */
static void judge_leftovers(struct search *search)
{
    for (size_t i = 0; i < search->kept_count; i++) {
        struct str key = search->bucket->objects[search->kept[i]].key;
        bool report =
            optscale_format_matches(OPTSCALE_FORMAT_CSV, key) || optscale_format_matches(OPTSCALE_FORMAT_PARQUET, key);
        set_fate(search, search->kept[i], report ? OPTSCALE_NO_PERIOD : OPTSCALE_NO_REPORT);
    }
}

static bool find_reports(struct search *search, enum optscale_version version)
{
    struct optscale_discovery *result = search->result;
    for (int format = 0; format < OPTSCALE_FORMAT_COUNT; format++) {
        if (choose_layout(search, (enum optscale_format)format, version, &result->layout)) {
            result->format = (enum optscale_format)format;
            if (version == OPTSCALE_VERSION_UNSET) {
                result->version = optscale_layout_version(result->layout);
            }
            group_files(search);
            return true;
        }
    }
    judge_leftovers(search);
    return false;
}

static struct str text_or(struct optscale_text text, const char *otherwise)
{
    return text.present ? text.value : str_from(otherwise);
}

static void name_root(struct search *search, const struct optscale_config *config)
{
    search->report_name = text_or(config->report_name, OPTSCALE_DEFAULT_REPORT);
    search->root = optscale_prefix_folder(search->arena, text_or(config->bucket_prefix, OPTSCALE_DEFAULT_PREFIX),
                                          search->report_name);
}

static void start_search(struct search *search)
{
    search->first = optscale_object_index(search->bucket, search->root);
    size_t count = end_of(search->bucket, search->first, search->root) - search->first;
    search->result->first = count > 0 ? &search->bucket->objects[search->first] : NULL;
    search->result->count = count;
    search->result->fates = arena_array(search->arena, unsigned char, count);
    search->kept = arena_array(search->arena, size_t, count);
}

static void fail(struct optscale_discovery *result, enum optscale_failure_kind kind, struct str text)
{
    result->failure = (struct optscale_failure){.kind = kind, .text = text};
}

static struct str nothing_found(const struct search *search)
{
    return str_format(search->arena, "Report files for report %.*s not found in bucket %.*s%s",
                      STR_ARG(search->report_name), STR_ARG(search->bucket->name),
                      search->build->explains_no_files
                          ? ". Please check your CUR version and existence of report files in the bucket"
                          : "");
}

/* str.split('') raises, but only once there is a key to split. */
static bool splits_at_nothing(const struct search *search)
{
    if (search->report_name.len > 0) {
        return false;
    }
    for (size_t i = 0; i < search->result->count; i++) {
        if (str_find_char(search->result->first[i].key, '/', search->root.len) >= 0) {
            return true;
        }
    }
    return false;
}

void optscale_discover(struct arena *arena, const struct optscale_account *account,
                       const struct optscale_config *config, const struct optscale_build *build,
                       struct optscale_discovery *ret)
{
    *ret = (struct optscale_discovery){.version = config->version};
    if (!config->bucket_name.present) {
        fail(ret, OPTSCALE_KEY_ERROR, STR("'bucket_name'"));
        return;
    }
    struct search search = {.arena = arena, .account = account, .build = build, .result = ret};
    if (!optscale_bucket_region(arena, account, config, build, &ret->region, &ret->failure)) {
        return;
    }
    name_root(&search, config);
    if (!list(&search, config->bucket_name.value, search.root, "/")) {
        return;
    }
    start_search(&search);
    if (splits_at_nothing(&search)) {
        fail(ret, OPTSCALE_VALUE_ERROR, STR("empty separator"));
        return;
    }
    if (!read_folders(&search)) {
        return;
    }
    ret->ok = find_reports(&search, config->version);
    if (!ret->ok) {
        fail(ret, OPTSCALE_FILES_NOT_FOUND, nothing_found(&search));
    }
}

static int compare_newest_first(const void *a, const void *b)
{
    const struct optscale_period *left = (const struct optscale_period *)a;
    const struct optscale_period *right = (const struct optscale_period *)b;
    return str_compare(right->name, left->name);
}

struct optscale_period *optscale_periods_newest_first(struct arena *arena, const struct optscale_discovery *discovery)
{
    struct optscale_period *sorted = arena_array(arena, struct optscale_period, discovery->period_count);
    if (discovery->period_count > 0) {
        memcpy(sorted, discovery->periods, discovery->period_count * sizeof(*sorted));
        qsort(sorted, discovery->period_count, sizeof(*sorted), compare_newest_first);
    }
    return sorted;
}
