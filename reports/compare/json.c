/* json.c: a comparison as one JSON object, `exportcheck-comparison/1`. */
#include "base/macros.h"
#include "reports/compare/compare.h"

static struct json verdict_or_null(const struct result *result)
{
    return result ? json_string(verdict_name(result->verdict)) : json_null;
}

static struct json change_document(struct arena *arena, const struct change *change)
{
    const struct result *result = change_result(change);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("change"), json_string(change_name(change->kind)));
    json_build_append(&object, STR("id"), json_string(result->id));
    json_build_append(&object, STR("rule"), json_string(result->rule));
    json_build_append(&object, STR("severity"), json_string(severity_name(result->severity)));
    json_build_append(&object, STR("account"), result->account.len ? json_string(result->account) : json_null);
    json_build_append(&object, STR("subject"), json_string(result->subject));
    json_build_append(&object, STR("before"), verdict_or_null(change->before));
    json_build_append(&object, STR("after"), verdict_or_null(change->after));
    json_build_append(&object, STR("message"), json_string(result->message));
    return json_built(&object);
}

static void write_json(struct arena *arena, struct sink *sink, const struct comparison *comparison)
{
    struct json_builder summary = json_build(arena, JSON_OBJECT);
    struct json_builder changes = json_build(arena, JSON_ARRAY);
    for (size_t kind = 0; kind < CHANGE_COUNT; kind++)
        json_build_append(&summary, change_name((enum change_kind)kind), json_number((double)comparison->count[kind]));
    for (size_t i = 0; i < comparison->change_count; i++)
        json_build_add(&changes, change_document(arena, &comparison->changes[i]));
    struct json_builder document = json_build(arena, JSON_OBJECT);
    json_build_append(&document, STR("format"), json_string(STR("exportcheck-comparison/1")));
    json_build_append(&document, STR("summary"), json_built(&summary));
    json_build_append(&document, STR("changes"), json_built(&changes));
    struct json value = json_built(&document);
    json_write(sink, &value, 2);
    sink_add_char(sink, '\n');
}

const struct comparison_format comparison_format_json = {"json", write_json};
