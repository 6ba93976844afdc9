/* demo_costs.c: see demo_costs.h. */
#include "cli/check/demo_costs.h"

#include "base/file.h"
#include "cli/embedded.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define ROWS "tests/accounts/demo-costs.csv"
#define BUCKET "acme-billing"
#define PERIOD "cur2/optscale/data/BILLING_PERIOD=2026-10"

/* An object of the period and its content: plain CSV, since what a file is, its first bytes say. */
struct demo_object {
    struct str key;
    struct str content;
};

bool demo_embedded(const char *path, struct str *ret, struct error *error)
{
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (strcmp(embedded_files[i].path, path) == 0) {
            *ret = str_span(embedded_files[i].begin, embedded_files[i].end);
            return true;
        }
    }
    return error_set(error, ERROR_IO, "this build holds no %s", path);
}

bool demo_make_folders(struct arena *arena, struct str path, struct error *error)
{
    for (ptrdiff_t end = 0; end >= 0 && end < path.len;) {
        end = str_find_char(path, '/', end + 1);
        struct str folder = end < 0 ? path : str_slice(path, 0, end);
        if (mkdir(str_to_c(arena, folder), 0777) != 0 && errno != EEXIST)
            return error_set(error, ERROR_IO, "cannot make the folder %.*s: %s", STR_ARG(folder), strerror(errno));
    }
    return true;
}

static bool write_objects(struct arena *arena, struct str folder, const struct demo_object *objects, size_t count,
                          struct error *error)
{
    struct str under = str_format(arena, "%.*s/" BUCKET "/" PERIOD, STR_ARG(folder));
    if (!demo_make_folders(arena, under, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct str path = str_format(arena, "%.*s/" BUCKET "/%.*s", STR_ARG(folder), STR_ARG(objects[i].key));
        if (!file_write(str_to_c(arena, path), objects[i].content, 0666, error))
            return false;
    }
    return true;
}

/* The listed object, with the size that it really has. */
static struct json with_size(struct arena *arena, const struct json *listed, const struct demo_object *objects,
                             size_t count)
{
    struct json_builder changed = json_build(arena, JSON_OBJECT);
    struct str key = json_find_string(listed, "Key");
    for (size_t i = 0; i < listed->count; i++)
        json_build_append(&changed, listed->members[i].name, listed->members[i].value);
    for (size_t i = 0; i < count; i++) {
        if (str_equal(objects[i].key, key))
            json_build_set(&changed, STR("Size"), json_number((double)objects[i].content.len));
    }
    return json_built(&changed);
}

static const struct json *list_again(struct arena *arena, const struct json *answer, const struct json *contents,
                                     const struct demo_object *objects, size_t count)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    struct json_builder changed = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < contents->count; i++)
        json_build_add(&list, with_size(arena, &contents->items[i], objects, count));
    for (size_t i = 0; i < answer->count; i++)
        json_build_append(&changed, answer->members[i].name, answer->members[i].value);
    json_build_set(&changed, STR("Contents"), json_built(&list));
    return json_box(arena, json_built(&changed));
}

static bool relist(struct arena *arena, const struct snapshot **sample, const struct demo_object *objects, size_t count,
                   struct error *error)
{
    struct snapshot parts = **sample;
    struct answered_call *calls = arena_array(arena, struct answered_call, parts.call_count);
    for (size_t i = 0; i < parts.call_count; i++) {
        const struct json *contents = json_find(parts.calls[i].answer.value, "Contents");
        calls[i] = parts.calls[i];
        if (json_is(contents, JSON_ARRAY))
            calls[i].answer.value = list_again(arena, calls[i].answer.value, contents, objects, count);
    }
    parts.calls = calls;
    parts.index = NULL;
    return snapshot_make(arena, &parts, sample, error);
}

bool demo_costs_write(struct program *program, struct str folder, const struct snapshot **sample,
                      struct str *ret_objects, struct error *error)
{
    struct arena *arena = program->arena;
    struct str rows, header;
    if (!demo_embedded(ROWS, &rows, error))
        return false;
    struct str rest = rows;
    str_cut(&rest, '\n', &header);
    const struct demo_object objects[] = {{STR(PERIOD "/optscale-00001.csv.gz"), rows},
                                          {STR(PERIOD "/optscale-00002.csv.gz"), header}};
    *ret_objects = str_format(arena, "%.*s/objects", STR_ARG(folder));
    return write_objects(arena, *ret_objects, objects, COUNT_OF(objects), error) &&
           relist(arena, sample, objects, COUNT_OF(objects), error);
}
