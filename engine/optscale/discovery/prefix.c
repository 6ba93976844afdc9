/* prefix.c: prefixes as entered, as stored, and as they should have been entered. */
#include "optscale/discovery/prefix.h"

#include "base/map.h"
#include "optscale/discovery/period.h"

bool optscale_prefix_shorten(struct str prefix, struct str *ret)
{
    ptrdiff_t slash = str_find_last_char(prefix, '/');
    if (slash < 0) {
        return false;
    }
    *ret = str_slice(prefix, 0, slash);
    return true;
}

static struct str without_one_slash(struct str prefix)
{
    return str_ends(prefix, STR("/")) ? str_slice(prefix, 0, prefix.len - 1) : prefix;
}

struct str optscale_prefix_folder(struct arena *arena, struct str prefix, struct str report_name)
{
    return str_format(arena, "%.*s/%.*s/", STR_ARG(without_one_slash(prefix)), STR_ARG(report_name));
}

enum optscale_prefix_verdict optscale_prefix_judge(struct str entered, struct str actual)
{
    struct str shorter;
    if (str_equal(without_one_slash(entered), actual)) {
        bool surplus = str_ends(entered, STR("/")) && !str_ends(actual, STR("/"));
        return surplus ? OPTSCALE_PREFIX_SLASH : OPTSCALE_PREFIX_EXACT;
    }
    bool works = optscale_prefix_shorten(entered, &shorter) && str_equal(without_one_slash(shorter), actual);
    return works ? OPTSCALE_PREFIX_SHORTENED : OPTSCALE_PREFIX_WRONG;
}

struct str optscale_prefix_to_enter(struct arena *arena, struct str actual)
{
    return str_ends(actual, STR("/")) ? str_join3(arena, actual, STR("/"), STR("")) : actual;
}

static struct str without_slashes(struct str prefix)
{
    while (str_starts(prefix, STR("/"))) {
        prefix = str_skip(prefix, 1);
    }
    while (str_ends(prefix, STR("/"))) {
        prefix = str_slice(prefix, 0, prefix.len - 1);
    }
    return prefix;
}

static struct str last_folder(struct str prefix)
{
    return str_skip(prefix, str_find_last_char(prefix, '/') + 1);
}

/* The same path, where only doubled slashes differ. */
static bool equal_but_doubled(struct str a, struct str b)
{
    ptrdiff_t i = 0;
    ptrdiff_t j = 0;
    while (i < a.len && j < b.len && a.ptr[i] == b.ptr[j]) {
        bool slash = a.ptr[i] == '/';
        i++;
        j++;
        while (slash && i < a.len && a.ptr[i] == '/') {
            i++;
        }
        while (slash && j < b.len && b.ptr[j] == '/') {
            j++;
        }
    }
    return i == a.len && j == b.len;
}

/* Which slash it is, where nothing else differs. */
static bool differs_by_a_slash(struct str entered, struct str actual, enum optscale_prefix_fault *ret)
{
    bool led = str_starts(entered, STR("/")) && !str_starts(actual, STR("/"));
    if (!str_equal(without_slashes(entered), without_slashes(actual))) {
        *ret = OPTSCALE_PREFIX_FAULT_DOUBLE;
        return equal_but_doubled(without_slashes(entered), without_slashes(actual));
    }
    *ret = led                          ? OPTSCALE_PREFIX_FAULT_LEADING_SLASH
           : str_ends(actual, STR("/")) ? OPTSCALE_PREFIX_FAULT_UNNAMED
                                        : OPTSCALE_PREFIX_FAULT_SLASHES;
    return true;
}

enum optscale_prefix_fault optscale_prefix_explain(struct str entered, struct str actual, struct str report_name,
                                                   struct str bucket_name)
{
    enum optscale_prefix_fault fault;
    struct str core = without_slashes(entered);
    struct str target = without_slashes(actual);
    if (entered.len == 0) {
        return OPTSCALE_PREFIX_FAULT_EMPTY;
    }
    if (core.len > 0 && differs_by_a_slash(entered, actual, &fault)) {
        return fault;
    }
    if (str_equal(core, report_name)) {
        return OPTSCALE_PREFIX_FAULT_EXPORT_NAME;
    }
    if (str_equal(core, bucket_name)) {
        return OPTSCALE_PREFIX_FAULT_BUCKET_NAME;
    }
    if (str_starts(entered, STR("s3://")) || (str_starts(core, bucket_name) && str_ends(core, target))) {
        return OPTSCALE_PREFIX_FAULT_URI;
    }
    if (str_equal(core, last_folder(target))) {
        return OPTSCALE_PREFIX_FAULT_LAST_FOLDER;
    }
    return str_equal_nocase(core, target) ? OPTSCALE_PREFIX_FAULT_CASE : OPTSCALE_PREFIX_FAULT_OTHER;
}

/* `P/N` of the path before a period folder: what stands between differs by layout. */
static struct str export_path(enum optscale_layout layout, struct str before)
{
    struct str path = without_one_slash(before);
    struct str parent;
    if (layout == OPTSCALE_LAYOUT_LEGACY || !optscale_prefix_shorten(path, &parent)) {
        return path;
    }
    bool repeats = str_equal(last_folder(parent), last_folder(path));
    return layout == OPTSCALE_LAYOUT_CUR2 || repeats ? parent : path;
}

static bool is_report(struct str key)
{
    return optscale_format_matches(OPTSCALE_FORMAT_CSV, key) || optscale_format_matches(OPTSCALE_FORMAT_PARQUET, key);
}

static bool place_of(struct str key, struct str *ret_path, enum optscale_version *ret_version)
{
    struct str match;
    for (int layout = 0; layout < OPTSCALE_LAYOUT_COUNT && is_report(key); layout++) {
        if (optscale_layout_find((enum optscale_layout)layout, key, &match)) {
            *ret_path = export_path((enum optscale_layout)layout, str_span(key.ptr, match.ptr));
            *ret_version = optscale_layout_version((enum optscale_layout)layout);
            return ret_path->len > 0;
        }
    }
    return false;
}

size_t optscale_places_search(struct arena *arena, const struct optscale_object *objects, size_t count, size_t max,
                              struct optscale_place **ret)
{
    struct optscale_place *places = arena_array(arena, struct optscale_place, max);
    struct map *by_path = map_open(arena);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct str path;
        enum optscale_version version;
        if (!place_of(objects[i].key, &path, &version)) {
            continue;
        }
        struct optscale_place *place = NULL;
        if (map_has(by_path, path)) {
            place = &places[(const struct optscale_place *)map_get(by_path, path) - places];
        } else if (found < max) {
            struct str prefix = STR("");
            place = &places[found++];
            bool has_prefix = optscale_prefix_shorten(path, &prefix);
            *place = (struct optscale_place){prefix, last_folder(path), has_prefix, version, 0};
            map_set(by_path, path, place);
        }
        if (place) {
            place->files++;
        }
    }
    *ret = places;
    return found;
}
