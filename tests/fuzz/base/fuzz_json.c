/*
 * fuzz_json.c: whatever the bytes, parsing ends; what it accepts is written and read back the same, and is what cJSON
 * reads, too.
 */
#include "base/json/json.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct json *value, const cJSON *other);

static bool same_parts(const struct json *value, const cJSON *other)
{
    const cJSON *part = other->child;
    for (size_t i = 0; i < value->count; i++, part = part->next) {
        bool object = value->type == JSON_OBJECT;
        if (!part || (object && !str_equal(value->members[i].name, str_from(part->string))) ||
            !same(object ? &value->members[i].value : &value->items[i], part))
            return false;
    }
    return part == NULL;
}

static bool same(const struct json *value, const cJSON *other)
{
    static const int types[] = {[JSON_NULL] = cJSON_NULL,
                                [JSON_NUMBER] = cJSON_Number,
                                [JSON_STRING] = cJSON_String,
                                [JSON_ARRAY] = cJSON_Array,
                                [JSON_OBJECT] = cJSON_Object};
    int type = other->type & 0xFF;
    if (value->type == JSON_BOOLEAN)
        return type == (value->boolean ? cJSON_True : cJSON_False);
    if (type != types[value->type])
        return false;
    if (value->type == JSON_STRING)
        return str_equal(value->string, str_from(other->valuestring));
    if (value->type == JSON_NUMBER)
        return !(value->number < other->valuedouble) && !(value->number > other->valuedouble);
    return value->type == JSON_NULL || same_parts(value, other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    const struct json *value;
    const struct json *again;
    struct error error;
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (json_parse(arena, STR("fuzz"), text, &json_limits_default, &value, &error)) {
        /* cJSON steps over a byte order mark only where five bytes follow each other. */
        struct str plain = str_starts(text, STR("\xEF\xBB\xBF")) ? str_skip(text, 3) : text;
        cJSON *other = cJSON_ParseWithLength(plain.ptr, (size_t)plain.len);
        if (!json_parse(arena, STR("again"), json_text(arena, value, 1), &json_limits_default, &again, &error) ||
            !json_equal(value, again) || !other || !same(value, other))
            abort();
        cJSON_Delete(other);
    }
    arena_close(arena);
    return 0;
}
