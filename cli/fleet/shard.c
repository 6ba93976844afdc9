/* shard.c: see shard.h. */
#include "cli/fleet/shard.h"

/* The variables by which an engine says which of how many its process is. */
static const struct engine {
    const char *name;
    const char *index;
    const char *first; /* of the indexes; NULL: they begin at 0 */
    const char *count;
} engines[] = {
    {"a Slurm array", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"},
    {"a Kubernetes Indexed Job", "JOB_COMPLETION_INDEX", NULL, "JOB_COMPLETIONS"},
};

static bool check(struct str what, int64_t index, int64_t count, struct shard *ret, struct error *error)
{
    if (count < 1 || index < 0 || index >= count)
        return error_set(error, ERROR_INPUT, "%.*s: there is no part %lld of %lld; parts are counted from 0",
                         STR_ARG(what), (long long)index, (long long)count);
    *ret = (struct shard){(uint64_t)index, (uint64_t)count};
    return true;
}

static bool read_text(struct str text, struct shard *ret, struct error *error)
{
    struct str rest = text;
    struct str part;
    int64_t index;
    int64_t count;
    if (!str_cut(&rest, '/', &part) || !str_to_int64(part, &index) || !str_to_int64(rest, &count))
        return error_set(error, ERROR_INPUT, "--shard takes I/N, such as 0/8, not '%.*s'", STR_ARG(text));
    return check(STR("--shard"), index, count, ret, error);
}

static bool read_engine(const struct program *program, const struct engine *engine, struct shard *ret,
                        struct error *error)
{
    struct str index_text = program_getenv(program, engine->index);
    struct str count_text = program_getenv(program, engine->count);
    struct str first_text = engine->first ? program_getenv(program, engine->first) : STR("");
    int64_t index;
    int64_t count;
    int64_t first = 0;
    if (!str_to_int64(index_text, &index) || !str_to_int64(count_text, &count) ||
        (first_text.len && !str_to_int64(first_text, &first)))
        return error_set(error, ERROR_INPUT, "%s: %s is '%.*s' and %s is '%.*s': say the part with --shard I/N",
                         engine->name, engine->index, STR_ARG(index_text), engine->count, STR_ARG(count_text));
    return check(str_from(engine->name), index - first, count, ret, error);
}

bool shard_find(const struct program *program, struct str text, struct shard *ret, struct error *error)
{
    *ret = (struct shard){0, 1};
    if (text.len)
        return read_text(text, ret, error);
    for (size_t i = 0; i < COUNT_OF(engines); i++) {
        if (program_getenv(program, engines[i].index).len)
            return read_engine(program, &engines[i], ret, error);
    }
    return true;
}
