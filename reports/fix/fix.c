/* fix.c: see fix.h. */
#include "reports/fix/fix.h"

#include "reports/fix/apply.h"
#include "reports/fix/cloudformation.h"
#include "reports/fix/readme.h"
#include "reports/fix/terraform.h"

const struct str fix_file_names[] = {
    STR_INIT("corrected.json"), STR_INIT("before.json"),         STR_INIT("patch.json"),   STR_INIT("apply.sh"),
    STR_INIT("undo.sh"),        STR_INIT("cloudformation.json"), STR_INIT("terraform.tf"), STR_INIT(""),
};

struct listing {
    struct arena *arena;
    struct fix_file *files;
    size_t count;
    struct str folder;
};

static void add(struct listing *list, const char *name, struct str content)
{
    struct str path = str_join3(list->arena, list->folder, STR("/"), str_from(name));
    if (content.len)
        list->files[list->count++] = (struct fix_file){path, content};
}

static struct str json_file(struct arena *arena, const struct json *value)
{
    return value ? str_join3(arena, json_text(arena, value, 2), STR("\n"), STR("")) : STR("");
}

static struct str line(struct arena *arena, struct str command)
{
    return str_join3(arena, command, STR("\n"), STR(""));
}

static void add_correction(struct listing *list, const struct correction *correction)
{
    struct arena *arena = list->arena;
    add(list, "corrected.json", json_file(arena, correction->after));
    add(list, "before.json", json_file(arena, correction->before));
    add(list, "patch.json", json_file(arena, correction->patch));
    add(list, "apply.sh", line(arena, fix_apply(arena, correction)));
    add(list, "undo.sh", line(arena, fix_undo(arena, correction)));
    add(list, "terraform.tf", fix_terraform(arena, correction));
    add(list, "cloudformation.json", fix_cloudformation(arena, correction));
}

const struct fix_file *fix_files(struct arena *arena, const struct fix_plan *plan, const struct run_info *run,
                                 size_t *ret_count)
{
    enum { FILES = 7 };
    struct str *folders = arena_array(arena, struct str, plan->correction_count);
    struct listing list = {.arena = arena,
                           .files = arena_array(arena, struct fix_file, plan->correction_count * FILES + 1)};
    for (size_t i = 0; i < plan->correction_count; i++) {
        folders[i] = str_format(arena, "%02zu-%.*s", i + 1, STR_ARG(plan->corrections[i].kind));
        list.folder = folders[i];
        add_correction(&list, &plan->corrections[i]);
    }
    list.files[list.count++] = (struct fix_file){STR("README.md"), fix_readme(arena, plan, run, folders)};
    *ret_count = list.count;
    return list.files;
}
