/* columns.c: the kind `columns`: the columns that OptScale's import cannot do without
 * (engine/optscale/discovery/columns.h). */
#include "optscale/discovery/columns.h"

#include "rule/loader.h"

struct columns_check {
    const struct expression *header; /* a list of names */
    const struct expression *file;   /* the key or format of the file: Parquet has other needs */
};

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {
        {"kind", FIELD_STRING, true}, {"header", FIELD_STRING, true}, {"format", FIELD_STRING, false}};
    struct columns_check *check = arena_new(loader->arena, struct columns_check);
    if (!loader_fields(loader, definition, "a check of kind columns", fields, COUNT_OF(fields)) ||
        !loader_expression(loader, json_find(definition, "header"), &check->header) ||
        !loader_expression(loader, json_find(definition, "format"), &check->file))
        return false;
    *ret = check;
    return true;
}

static bool is_parquet(struct str format)
{
    return str_equal_nocase(format, STR("parquet")) || str_ends(format, STR(".parquet"));
}

static struct str describe(struct arena *arena, const struct optscale_column *const *missing, size_t count,
                           enum optscale_format format)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++)
        buf_addf(&buf, "%s%.*s is missing: %s", i ? "; " : "", STR_ARG(missing[i]->snake),
                 optscale_column_effect_words(missing[i]->effect[format]));
    return buf_str(&buf);
}

/* Without resource ids costs still arrive; a rule of its own asks for them. */
static size_t without_resource_ids(const struct optscale_column **missing, size_t count, enum optscale_format format)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (missing[i]->effect[format] != OPTSCALE_COLUMN_NO_RESOURCE)
            missing[kept++] = missing[i];
    }
    return kept;
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct columns_check *check = data;
    struct arena *arena = judging->arena;
    struct evaluated header = expression_evaluate(check->header, &judging->scope, arena);
    struct evaluated file = {.state = FACT_ABSENT, .value = &json_null};
    if (check->file)
        file = expression_evaluate(check->file, &judging->scope, arena);
    if (judge_unread(judging, &header, ret) || judge_unread(judging, &file, ret))
        return;
    size_t count = json_is(header.value, JSON_ARRAY) ? header.value->count : 0;
    struct str *names = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = json_is(&header.value->items[i], JSON_STRING) ? header.value->items[i].string : STR("");
        if (str_equal(names[i], STR("*"))) { /* SELECT *: every column of the table */
            ret->verdict = VERDICT_PASS;
            return;
        }
    }
    bool parquet = json_is(file.value, JSON_STRING) && is_parquet(file.value->string);
    enum optscale_format format = parquet ? OPTSCALE_FORMAT_PARQUET : OPTSCALE_FORMAT_CSV;
    const struct optscale_column *missing[OPTSCALE_COLUMN_COUNT];
    size_t lacking = without_resource_ids(missing, optscale_columns_missing(names, count, format, missing), format);
    struct json_builder actual = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < lacking; i++)
        json_build_add(&actual, json_string(missing[i]->snake));
    *ret = (struct judgement){.verdict = lacking ? VERDICT_FAIL : VERDICT_PASS,
                              .actual = lacking ? json_box(arena, json_built(&actual)) : NULL,
                              .message = lacking ? describe(arena, missing, lacking, format) : STR("")};
}

const struct check_kind check_columns = {"columns", "the columns that OptScale needs are there", load, judge, NULL};
