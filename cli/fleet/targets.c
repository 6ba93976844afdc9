/* targets.c: see targets.h. */
#include "cli/fleet/targets.h"

#include "base/file.h"
#include "base/map.h"

#include <string.h>

struct reading {
    struct program *program;
    struct str path;
    size_t line;
    struct error *error;
};

/* A member of a line that is no member of a target, and where its text goes. */
static const struct way {
    struct str name;
    size_t offset;
} ways[] = {
    {STR_INIT("name"), offsetof(struct fleet_target, name)},
    {STR_INIT("snapshot"), offsetof(struct fleet_target, snapshot)},
    {STR_INIT("profile"), offsetof(struct fleet_target, account) + offsetof(struct account_options, profile)},
    {STR_INIT("region"), offsetof(struct fleet_target, account) + offsetof(struct account_options, region)},
    {STR_INIT("role_arn"), offsetof(struct fleet_target, account) + offsetof(struct account_options, assume_role)},
    {STR_INIT("external_id"), offsetof(struct fleet_target, account) + offsetof(struct account_options, external_id)},
    {STR_INIT("endpoint_url"), offsetof(struct fleet_target, account) + offsetof(struct account_options, endpoint_url)},
};

static bool fail(const struct reading *r, const char *text, struct str name)
{
    return error_set(r->error, ERROR_INPUT, "%.*s:%zu: '%.*s' %s", STR_ARG(r->path), r->line, STR_ARG(name), text);
}

static bool is_target_field(struct str name)
{
    for (size_t i = 0; i < fact_target_field_count; i++) {
        if (str_equal(name, fact_target_fields[i]))
            return true;
    }
    return false;
}

static bool unknown(const struct reading *r, struct str name)
{
    struct str names[64];
    size_t count = 0;
    for (size_t i = 0; i < fact_target_field_count && count < COUNT_OF(names); i++)
        names[count++] = fact_target_fields[i];
    for (size_t i = 0; i < COUNT_OF(ways) && count < COUNT_OF(names); i++)
        names[count++] = ways[i].name;
    struct str nearest = str_nearest(name, names, count);
    if (nearest.len == 0)
        return fail(r, "is no member of a target", name);
    return fail(
        r, str_format(r->program->arena, "is no member of a target: did you mean '%.*s'?", STR_ARG(nearest)).ptr, name);
}

/* A path in a file is meant from where the file lies. */
static struct str path_beside(const struct reading *r, struct str path)
{
    ptrdiff_t slash = str_find_last_char(r->path, '/');
    if (slash < 0 || path.len == 0 || str_starts(path, STR("/")))
        return path;
    return str_join3(r->program->arena, str_slice(r->path, 0, slash + 1), path, STR(""));
}

static bool take_way(const struct reading *r, const struct json_member *member, struct fleet_target *target,
                     bool *ret_taken)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (!str_equal(member->name, ways[i].name))
            continue;
        *ret_taken = true;
        if (member->value.type != JSON_STRING || member->value.string.len == 0)
            return fail(r, "has to be a text that is not empty", member->name);
        memcpy((char *)target + ways[i].offset, &member->value.string, sizeof(struct str));
        return true;
    }
    return true;
}

static bool read_members(const struct reading *r, const struct json *object, struct fleet_target *target)
{
    struct json_builder members = json_build(r->program->arena, JSON_OBJECT);
    for (size_t i = 0; i < object->count; i++) {
        const struct json_member *member = &object->members[i];
        bool taken = false;
        if (member->value.type == JSON_NULL)
            continue;
        if (!take_way(r, member, target, &taken))
            return false;
        if (!taken && !is_target_field(member->name))
            return unknown(r, member->name);
        if (!taken)
            json_build_append(&members, member->name, member->value);
    }
    target->target = json_box(r->program->arena, json_built(&members));
    return true;
}

/* What people would call the target, where the line does not say it. */
static struct str name_of(const struct reading *r, const struct fleet_target *target)
{
    struct str bucket = json_find_string(target->target, "bucket");
    if (target->name.len)
        return target->name;
    if (target->snapshot.len)
        return target->snapshot;
    return bucket.len ? bucket : str_format(r->program->arena, "line %zu", r->line);
}

static bool read_line(const struct reading *r, struct str text, const struct account_options *otherwise,
                      struct fleet_target *ret)
{
    struct arena *arena = r->program->arena;
    const struct json *object;
    struct error cause;
    if (!json_parse(arena, STR("line"), text, &json_limits_default, &object, &cause))
        return error_set(r->error, ERROR_INPUT, "%.*s:%zu: %s", STR_ARG(r->path), r->line, cause.text);
    if (!json_is(object, JSON_OBJECT))
        return error_set(r->error, ERROR_INPUT, "%.*s:%zu: a line is one target, a JSON object", STR_ARG(r->path),
                         r->line);
    struct fleet_target target = {.file = r->path, .line = r->line, .account = *otherwise};
    if (!read_members(r, object, &target))
        return false;
    target.snapshot = path_beside(r, target.snapshot);
    target.name = name_of(r, &target);
    *ret = target;
    return true;
}

static bool add_target(const struct reading *r, struct map *names, const struct fleet_target *target,
                       struct fleet_targets *list, size_t *capacity)
{
    const size_t *other = map_get(names, target->name);
    if (other)
        return error_set(r->error, ERROR_INPUT,
                         "%.*s:%zu: line %zu is called '%.*s', too: give it a \"name\" of its own", STR_ARG(r->path),
                         r->line, *other, STR_ARG(target->name));
    if (list->count == FLEET_TARGETS_MAX)
        return error_set(r->error, ERROR_LIMIT, "%.*s: more than %d targets", STR_ARG(r->path), FLEET_TARGETS_MAX);
    if (list->count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 64;
        struct fleet_target *items = arena_array(r->program->arena, struct fleet_target, *capacity);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count++] = *target;
    size_t *line = arena_new(r->program->arena, size_t);
    *line = target->line;
    map_set(names, target->name, line);
    return true;
}

bool fleet_targets_read(struct program *program, struct str path, const struct account_options *otherwise,
                        struct fleet_targets *ret, struct error *error)
{
    struct reading r = {program, path, 0, error};
    struct fleet_targets list = {NULL, 0};
    struct map *names = map_open(program->arena);
    struct str text;
    struct str line;
    size_t capacity = 0;
    if (!file_read(program->arena, str_to_c(program->arena, path), json_limits_default.max_bytes, &text, error))
        return false;
    while (text.len) {
        struct fleet_target target;
        str_cut(&text, '\n', &line);
        r.line++;
        if (str_trim(line).len == 0)
            continue;
        if (!read_line(&r, line, otherwise, &target) || !add_target(&r, names, &target, &list, &capacity))
            return false;
    }
    if (list.count == 0)
        return error_set(error, ERROR_INPUT, "%.*s: no target is in it", STR_ARG(path));
    *ret = list;
    return true;
}

void fleet_targets_keep_shard(struct fleet_targets *targets, uint64_t index, uint64_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < targets->count; i++) {
        if (hash_fnv1a(0, targets->items[i].name) % count == index)
            targets->items[kept++] = targets->items[i];
    }
    targets->count = kept;
}
