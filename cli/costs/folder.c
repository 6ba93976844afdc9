/* folder.c: a bucket's objects as files of a folder. */
#include "cli/costs/costs.h"

#include "costs/duckdb.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 32, OBJECTS_MAX = 1000000 };

/* A local copy may be unpacked: it counts as what it was. */
#define UNPACKED STR(".csv")
#define PACKED ".gz"

struct listing {
    struct arena *arena;
    struct str folder;
    struct optscale_object *objects;
    size_t count;
    size_t capacity;
    struct error *error;
};

static bool fail(const struct listing *listing, struct str path)
{
    return error_set(listing->error, ERROR_INPUT, "cannot read %.*s: %s", STR_ARG(path), strerror(errno));
}

static bool add_object(struct listing *listing, struct str key, const struct stat *status)
{
    if (listing->count == OBJECTS_MAX)
        return error_set(listing->error, ERROR_LIMIT, "%.*s: more than a million files", STR_ARG(listing->folder));
    if (listing->count == listing->capacity) {
        size_t capacity = listing->capacity ? listing->capacity * 2 : 64;
        struct optscale_object *grown = arena_array(listing->arena, struct optscale_object, capacity);
        if (listing->count > 0)
            memcpy(grown, listing->objects, listing->count * sizeof *grown);
        listing->objects = grown;
        listing->capacity = capacity;
    }
    if (str_ends(key, UNPACKED))
        key = str_join3(listing->arena, key, STR(PACKED), STR(""));
    listing->objects[listing->count++] =
        (struct optscale_object){.key = key, .modified = (int64_t)status->st_mtime * 1000000, .size = status->st_size};
    return true;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static bool walk(struct listing *listing, struct str under, int depth);

static bool visit(struct listing *listing, struct str key, int depth)
{
    struct stat status;
    struct str path = str_format(listing->arena, "%.*s/%.*s", STR_ARG(listing->folder), STR_ARG(key));
    if (stat(path.ptr, &status) != 0)
        return fail(listing, path);
    if (S_ISDIR(status.st_mode))
        return walk(listing, str_join3(listing->arena, key, STR("/"), STR("")), depth + 1);
    return !S_ISREG(status.st_mode) || add_object(listing, key, &status);
}

/* NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX */
static bool walk(struct listing *listing, struct str under, int depth)
{
    struct str path = str_format(listing->arena, "%.*s/%.*s", STR_ARG(listing->folder), STR_ARG(under));
    CLEANUP(close_folder) DIR *folder = depth < DEPTH_MAX ? opendir(path.ptr) : NULL;
    if (!folder)
        return depth < DEPTH_MAX
                   ? fail(listing, path)
                   : error_set(listing->error, ERROR_LIMIT, "%.*s: more than 32 folders deep", STR_ARG(path));
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        bool itself = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        struct str key = str_join3(listing->arena, under, str_from(entry->d_name), STR(""));
        if (!itself && !visit(listing, key, depth))
            return false;
    }
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const struct optscale_object *left = a, *right = b;
    return str_compare(left->key, right->key);
}

bool costs_list_folder(struct arena *arena, struct str folder, struct optscale_object **ret, size_t *ret_count,
                       struct error *error)
{
    struct listing listing = {.arena = arena, .folder = folder, .error = error};
    if (!walk(&listing, STR(""), 0))
        return error_wrap(error, "--files");
    if (listing.count > 0)
        qsort(listing.objects, listing.count, sizeof *listing.objects, compare_keys);
    *ret = listing.objects;
    *ret_count = listing.count;
    return true;
}

/* --- opening --- */

struct folder_opener {
    struct str folder;
    const struct costs_period *period;
};

static char *path_of(const struct folder_opener *opener, struct arena *arena, size_t file)
{
    struct str key = opener->period->files[file]->key;
    struct stat status;
    char *path = str_to_c(arena, str_format(arena, "%.*s/%.*s", STR_ARG(opener->folder), STR_ARG(key)));
    if (stat(path, &status) != 0 && str_ends(key, STR(".csv" PACKED))) /* it lies there unpacked */
        path[strlen(path) - strlen(PACKED)] = '\0';
    return path;
}

static bool open_file(void *self, struct arena *arena, size_t file, struct byte_source *ret, struct error *error)
{
    return source_open_file(arena, path_of(self, arena, file), ret, error);
}

static bool open_parquet(void *self, struct arena *arena, size_t file, struct byte_source *ret, struct error *error)
{
    return duckdb_open_parquet(arena, str_from(path_of(self, arena, file)), ret, error);
}

struct cost_opener costs_folder_opener(struct arena *arena, struct str folder, const struct costs_period *period)
{
    struct folder_opener *opener = arena_new(arena, struct folder_opener);
    *opener = (struct folder_opener){folder, period};
    return (struct cost_opener){opener, open_file, open_parquet};
}
