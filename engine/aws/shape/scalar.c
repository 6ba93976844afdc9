/* scalar.c: single values as text, both ways; see scalar.h. */
#include "aws/shape/scalar.h"

#include "aws/operation/call.h"

#include <math.h>
#include <string.h>

/* Whole numbers beyond this have no exact double: none of the operations returns one. */
#define INTEGER_MAX 9007199254740992.0

static bool read_string(struct arena *arena, struct str text, struct json *ret, struct error *error)
{
    (void)error;
    *ret = json_string(str_copy(arena, text));
    return true;
}

static bool read_integer(struct arena *arena, struct str text, struct json *ret, struct error *error)
{
    (void)arena;
    int64_t value;
    if (!str_to_int64(str_trim(text), &value) || fabs((double)value) > INTEGER_MAX)
        return answer_is_bad(error, "'%.*s' is no whole number", STR_ARG(str_slice(text, 0, 40)));
    *ret = json_number((double)value);
    return true;
}

static bool read_double(struct arena *arena, struct str text, struct json *ret, struct error *error)
{
    double value;
    struct str trimmed = str_trim(text);
    if (str_equal(trimmed, STR("NaN")) || str_equal(trimmed, STR("Infinity")) || str_equal(trimmed, STR("-Infinity")))
        return read_string(arena, trimmed, ret, error); /* JSON has no number for these */
    if (!str_to_double(trimmed, &value))
        return answer_is_bad(error, "'%.*s' is no number", STR_ARG(str_slice(text, 0, 40)));
    *ret = json_number(value);
    return true;
}

static bool read_boolean(struct arena *arena, struct str text, struct json *ret, struct error *error)
{
    (void)arena;
    struct str trimmed = str_trim(text);
    bool is_true = str_equal_nocase(trimmed, STR("true")); /* S3 has said TRUE */
    if (!is_true && !str_equal_nocase(trimmed, STR("false")))
        return answer_is_bad(error, "'%.*s' is neither true nor false", STR_ARG(str_slice(text, 0, 40)));
    *ret = json_boolean(is_true);
    return true;
}

static bool read_policy(struct arena *arena, struct str text, struct json *ret, struct error *error)
{
    const struct json *document;
    struct error cause = {.code = ""};
    if (!json_parse(arena, STR("policy document"), text, &json_limits_default, &document, &cause))
        return answer_is_bad(error, "%s", cause.text);
    if (!json_is(document, JSON_OBJECT))
        return answer_is_bad(error, "a policy document is %s, not an object", json_type_name(document->type));
    *ret = *document;
    return true;
}

static bool read_policy_encoded(struct arena *arena, struct str text, struct json *ret, struct error *error)
{
    return read_policy(arena, str_percent_decode(arena, text), ret, error);
}

/* S3's form of percent-encoding has `+` for a blank, as HTML forms do. A NUL, which no JSON text may hold, is U+FFFD.
 */
static struct str key_decode(struct arena *arena, struct str text)
{
    struct str decoded = str_form_decode(arena, text);
    if (str_find_char(decoded, '\0', 0) < 0)
        return decoded;
    struct buf clean = buf_make(arena, BUF_NO_MAX);
    for (ptrdiff_t i = 0; i < decoded.len; i++) {
        if (decoded.ptr[i])
            buf_add_char(&clean, decoded.ptr[i]);
        else
            buf_add_utf8(&clean, 0xFFFD);
    }
    return buf_str(&clean);
}

typedef bool scalar_reader(struct arena *arena, struct str text, struct json *ret, struct error *error);

static scalar_reader *const readers[] = {
    [SHAPE_STRUCTURE] = read_string,
    [SHAPE_LIST] = read_string,
    [SHAPE_MAP] = read_string,
    [SHAPE_STRING] = read_string,
    [SHAPE_INTEGER] = read_integer,
    [SHAPE_DOUBLE] = read_double,
    [SHAPE_BOOLEAN] = read_boolean,
    [SHAPE_TIMESTAMP] = read_string,
    [SHAPE_BLOB] = read_string,
    [SHAPE_POLICY] = read_policy,
    [SHAPE_POLICY_ENCODED] = read_policy_encoded,
    [SHAPE_KEY] = read_string,
    [SHAPE_DOCUMENT] = read_string,
};

bool scalar_read(struct arena *arena, const struct shape *shape, struct str text, bool url_encoded, struct json *ret,
                 struct error *error)
{
    if (shape->kind == SHAPE_KEY && url_encoded) {
        *ret = json_string(key_decode(arena, text));
        return true;
    }
    return readers[shape->kind](arena, text, ret, error);
}

struct str scalar_write(struct arena *arena, const struct shape *shape, const struct json *value, bool url_encoded)
{
    struct str text = value->type == JSON_STRING ? value->string : json_text(arena, value, 0);
    if (value->type == JSON_NULL)
        text = STR("");
    if (shape->kind == SHAPE_POLICY_ENCODED)
        return str_percent_encode(arena, text, "");
    if (shape->kind == SHAPE_KEY && url_encoded)
        return str_percent_encode(arena, text, "/*");
    return text;
}
