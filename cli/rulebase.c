/* rulebase.c: see rulebase.h. */
#include "cli/rulebase.h"

#include "base/file.h"
#include "checks/registry.h"
#include "cli/embedded.h"

#include <string.h>
#include <sys/stat.h>

const struct option rulebase_option_rows[] = {
    {"rules", 'r', OPTION_STRINGS, offsetof(struct rulebase_options, folders), "DIR",
     "Read rules, facts/, scenarios/ and policies/ of this folder, too; they replace those of the same name", NULL},
    {.name = NULL},
};

struct file_table {
    struct program *program;
    struct data_file *items;
    size_t count;
    size_t capacity;
};

static void add_file(struct file_table *table, struct data_file file)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? table->capacity * 2 : 64;
        struct data_file *larger = arena_array(table->program->arena, struct data_file, table->capacity);
        if (table->count)
            memcpy(larger, table->items, table->count * sizeof *larger);
        table->items = larger;
    }
    table->items[table->count++] = file;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool add_folder(struct file_table *table, const char *folder, struct error *error)
{
    struct arena *arena = table->program->arena;
    struct str *paths;
    size_t count;
    if (!file_list(arena, folder, STR(".json"), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct str text;
        if (!file_read(arena, str_to_c(arena, paths[i]), json_limits_default.max_bytes, &text, error))
            return false;
        add_file(table, (struct data_file){paths[i], text});
    }
    return true;
}

static bool add_rules_folder(struct file_table *table, struct str folder, struct error *error)
{
    static const char *const parts[] = {"facts", "scenarios", "policies"};
    struct arena *arena = table->program->arena;
    while (folder.len > 1 && str_ends(folder, STR("/")))
        folder = str_slice(folder, 0, folder.len - 1);
    size_t before = table->count;
    if (!add_folder(table, str_to_c(arena, folder), error))
        return error_wrap(error, "--rules");
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const char *part = str_join3(arena, folder, STR("/"), str_from(parts[i])).ptr;
        if (is_folder(part) && !add_folder(table, part, error))
            return error_wrap(error, "--rules");
    }
    if (table->count == before)
        return error_set(error, ERROR_INPUT, "--rules: the folder %.*s holds no rule file (*.json)", STR_ARG(folder));
    return true;
}

bool rulebase_files(struct program *program, const struct rulebase_options *options, const struct data_file **ret,
                    size_t *ret_count, size_t *ret_embedded, struct error *error)
{
    struct file_table table = {.program = program};
    for (size_t i = 0; i < embedded_file_count; i++)
        add_file(&table, (struct data_file){str_from(embedded_files[i].path),
                                            str_span(embedded_files[i].begin, embedded_files[i].end)});
    *ret_embedded = table.count;
    for (size_t i = 0; options && i < options->folders.count; i++) {
        if (!add_rules_folder(&table, options->folders.items[i], error))
            return false;
    }
    *ret = table.items;
    *ret_count = table.count;
    return true;
}

bool rulebase_load(struct program *program, const struct rulebase_options *options, struct rule_base **ret,
                   struct error *error)
{
    const struct data_file *files;
    size_t count;
    size_t embedded;
    return rulebase_files(program, options, &files, &count, &embedded, error) &&
           rule_base_load(program->arena, files, count, embedded, check_kinds, ret, error);
}

bool rulebase_scenario(const struct rule_base *base, struct str id, const struct scenario **ret, struct error *error)
{
    *ret = rule_base_scenario(base, id);
    if (*ret)
        return true;
    struct str *ids = arena_array(base->arena, struct str, base->scenario_count);
    for (size_t i = 0; i < base->scenario_count; i++)
        ids[i] = base->scenarios[i]->id;
    struct str nearest = str_nearest(id, ids, base->scenario_count);
    return error_set(error, ERROR_INPUT, "there is no scenario '%.*s'%s%.*s%s", STR_ARG(id),
                     nearest.len ? "; did you mean '" : "", STR_ARG(nearest), nearest.len ? "'?" : "");
}
