/* exports.c: see exports.h. */
#include "cli/checking/exports.h"

#include "cli/checking/again.h"

void exports_add_commands(const struct program *program, struct found_export *exports, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (exports[i].arguments)
            exports[i].command = again_with(program, command_find("check"), exports[i].arguments);
    }
}

bool exports_read(struct program *program, const struct source *source, const struct rule_base *base,
                  const struct scenario *scenario, struct account_exports *ret, enum exit_status *ret_status,
                  struct error *error)
{
    struct account_exports found = {0};
    if (!source_collect(program, source, base->declarations, scenario->facts, scenario->fact_count, &found.facts,
                        ret_status, error))
        return false;
    found.items = scenario_exports(scenario, found.facts, program->arena, &found.count);
    exports_add_commands(program, found.items, found.count);
    for (size_t i = 0; i < found.count; i++)
        found.importable += found.items[i].arguments != NULL;
    *ret = found;
    return true;
}

const struct found_export *exports_importable(const struct account_exports *exports, int64_t number)
{
    for (size_t i = 0; i < exports->count; i++) {
        if (exports->items[i].arguments && --number == 0)
            return &exports->items[i];
    }
    return NULL;
}

struct str exports_trouble_text(const struct program *program, const struct answered_call *call)
{
    return str_format(program->arena, "%s:%s: %.*s: %.*s", call->call.operation->service->id,
                      call->call.operation->name, STR_ARG(call->answer.code), STR_ARG(call->answer.message));
}

const struct answered_call *exports_trouble(const struct account_exports *exports)
{
    size_t count;
    const struct answered_call *calls = facts_calls(exports->facts, &count);
    for (size_t i = 0; i < count; i++) {
        if (calls[i].answer.code.len > 0)
            return &calls[i];
    }
    return NULL;
}

static void print_export(FILE *stream, const struct found_export *found)
{
    fprintf(stream, "\n  %.*s  %.*s  s3://%.*s/%.*s\n    %.*s\n", STR_ARG(found->name), STR_ARG(found->type),
            STR_ARG(found->bucket), STR_ARG(found->prefix),
            STR_ARG(found->command.len ? found->command : STR("OptScale cannot import it.")));
}

void exports_print(const struct program *program, const struct account_exports *exports)
{
    size_t count;
    const struct answered_call *calls = facts_calls(exports->facts, &count);
    for (size_t i = 0; i < exports->count; i++)
        print_export(program->errors, &exports->items[i]);
    for (size_t i = 0; i < count; i++) {
        if (calls[i].answer.code.len > 0)
            fprintf(program->errors, "  %.*s\n", STR_ARG(exports_trouble_text(program, &calls[i])));
    }
}
