/* targets.c: see targets.h. */
#include "cli/fleet/targets.h"

#include "base/map.h"
#include "base/store/sorter.h"
#include "reports/results/lines.h"

#include <errno.h>
#include <string.h>

struct reading {
    struct arena *arena;
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
    return fail(r, str_format(r->arena, "is no member of a target: did you mean '%.*s'?", STR_ARG(nearest)).ptr, name);
}

/* A path in a file is meant from where the file lies. */
static struct str path_beside(const struct reading *r, struct str path)
{
    ptrdiff_t slash = str_find_last_char(r->path, '/');
    if (slash < 0 || path.len == 0 || str_starts(path, STR("/")))
        return path;
    return str_join3(r->arena, str_slice(r->path, 0, slash + 1), path, STR(""));
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
    struct json_builder members = json_build(r->arena, JSON_OBJECT);
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
    target->target = json_box(r->arena, json_built(&members));
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
    return bucket.len ? bucket : str_format(r->arena, "line %zu", r->line);
}

static bool read_line(const struct reading *r, struct str text, const struct account_options *otherwise,
                      struct fleet_target *ret)
{
    const struct json *object;
    struct error cause;
    if (!json_parse(r->arena, STR("line"), text, &json_limits_default, &object, &cause))
        return error_set(r->error, ERROR_INPUT, "%.*s:%zu: %s", STR_ARG(r->path), r->line, cause.text);
    if (!json_is(object, JSON_OBJECT))
        return error_set(r->error, ERROR_INPUT, "%.*s:%zu: a line is one target, a JSON object", STR_ARG(r->path),
                         r->line);
    struct fleet_target target = {.line = r->line, .account = *otherwise};
    if (!read_members(r, object, &target))
        return false;
    target.snapshot = path_beside(r, target.snapshot);
    target.name = name_of(r, &target);
    *ret = target;
    return true;
}

/* ---- The list ---- */

bool fleet_targets_open(struct program *program, struct str path, const struct account_options *otherwise,
                        struct fleet_targets *ret, struct error *error)
{
    *ret = (struct fleet_targets){.program = program, .path = path, .otherwise = otherwise};
    return spool_open(program->arena, &ret->lines, error);
}

/* Reads the line, so that what is wrong is found before anything is called; gives the hash of its name. */
static bool add_line(struct fleet_targets *targets, const struct shard *shard, size_t line, struct str text,
                     struct arena *arena, uint64_t *ret_name, struct error *error)
{
    struct reading r = {arena, targets->path, line, error};
    struct fleet_target target;
    if (!read_line(&r, text, targets->otherwise, &target))
        return false;
    if (targets->total == FLEET_TARGETS_MAX)
        return error_set(error, ERROR_LIMIT, "%.*s: more than %d targets", STR_ARG(targets->path), FLEET_TARGETS_MAX);
    targets->total++;
    *ret_name = hash_fnv1a(0, target.name);
    if (*ret_name % shard->count != shard->index)
        return true;
    struct str entry = str_format(arena, "%zu %zu %.*s", targets->total, line, STR_ARG(text));
    return spool_add(targets->lines, entry, error);
}

bool fleet_targets_add(struct fleet_targets *targets, const struct shard *shard, size_t line, struct str text,
                       struct error *error)
{
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    uint64_t name;
    return add_line(targets, shard, line, text, arena, &name, error) && spool_flush(targets->lines, error);
}

/* ---- The file ---- */

/* A name's hash, and the line that has it. */
struct naming {
    uint64_t name;
    uint64_t line;
};

static int compare_namings(const void *left, const void *right)
{
    const struct naming *a = left;
    const struct naming *b = right;
    int order = (a->name > b->name) - (a->name < b->name);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* The first line whose name another has before it; `ret` with the line 0 where there is none. */
static bool find_double(struct sorter *namings, struct naming *ret, uint64_t *ret_other, struct error *error)
{
    struct naming before = {0, 0};
    struct naming naming;
    bool more;
    *ret = (struct naming){0, 0};
    if (!sorter_finish(namings, error) || !sorter_next(namings, &naming, &more, error))
        return false;
    while (more) {
        if (before.line && before.name == naming.name && (!ret->line || naming.line < ret->line)) {
            *ret = naming;
            *ret_other = before.line;
        }
        before = naming;
        if (!sorter_next(namings, &naming, &more, error))
            return false;
    }
    return true;
}

static bool check_names(const struct fleet_targets *targets, struct sorter *namings, struct error *error)
{
    struct naming naming;
    uint64_t other;
    if (!find_double(namings, &naming, &other, error))
        return false;
    return naming.line == 0 ||
           error_set(error, ERROR_INPUT, "%.*s:%llu: line %llu has the same name: give it a \"name\" of its own",
                     STR_ARG(targets->path), (unsigned long long)naming.line, (unsigned long long)other);
}

static bool read_lines(struct fleet_targets *targets, const struct shard *shard, struct lines *lines,
                       struct sorter *namings, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    for (;;) {
        struct arena_mark mark = arena_mark(scratch);
        struct str line;
        struct naming naming;
        if (!lines_next(lines, &line, error))
            return error_wrap(error, "%.*s", STR_ARG(targets->path));
        if (!line.ptr)
            return true;
        naming.line = lines->number;
        if (!add_line(targets, shard, lines->number, line, scratch, &naming.name, error) ||
            !sorter_add(namings, &naming, error))
            return false;
        arena_rewind(scratch, mark);
    }
}

static void close_file(FILE **file)
{
    if (*file && *file != stdin)
        fclose(*file);
}

bool fleet_targets_read(struct fleet_targets *targets, const struct shard *shard, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    bool standard_input = str_equal(targets->path, STR("-"));
    CLEANUP(close_file)
    FILE *file = standard_input ? targets->program->input : fopen(str_to_c(scratch, targets->path), "re");
    struct sorter *namings;
    if (!file)
        return error_set(error, ERROR_INPUT, "cannot open %.*s: %s", STR_ARG(targets->path), strerror(errno));
    struct lines lines = lines_open(scratch, file, json_limits_default.max_bytes);
    if (!sorter_open(scratch, sizeof(struct naming), compare_namings, &namings, error) ||
        !read_lines(targets, shard, &lines, namings, error) || !check_names(targets, namings, error))
        return false;
    if (targets->total == 0)
        return error_set(error, ERROR_INPUT, "%.*s: no target is in it", STR_ARG(targets->path));
    return spool_flush(targets->lines, error);
}

/* ---- One of them ---- */

size_t fleet_targets_count(const struct fleet_targets *targets)
{
    return spool_count(targets->lines);
}

bool fleet_target_get(const struct fleet_targets *targets, size_t index, struct arena *arena, struct fleet_target *ret,
                      struct error *error)
{
    struct str rest;
    struct str number;
    struct str line;
    int64_t values[2] = {0, 0};
    if (!spool_get(targets->lines, index, arena, &rest, error))
        return false;
    str_cut(&rest, ' ', &number);
    str_cut(&rest, ' ', &line);
    if (!str_to_int64(number, &values[0]) || !str_to_int64(line, &values[1]))
        return error_set(error, ERROR_IO, "a target that was written cannot be read again");
    struct reading r = {arena, targets->path, (size_t)values[1], error};
    if (!read_line(&r, rest, targets->otherwise, ret))
        return false;
    ret->number = (size_t)values[0];
    return true;
}
