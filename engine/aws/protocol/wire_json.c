/* wire_json.c: JSON answers and errors; see wire_json.h. */
#include "aws/protocol/wire_json.h"

#include "aws/protocol/module.h"

static const struct json_limits limits = {.max_bytes = WIRE_BODY_MAX, .max_depth = WIRE_MAX_DEPTH};

bool wire_json_parse(struct arena *arena, struct str body, const struct json **ret, struct error *error)
{
    struct error cause = {.code = ""};
    const struct json *document;
    if (str_trim(body).len == 0)
        return answer_is_bad(error, "there is no document");
    if (!json_parse(arena, STR("answer"), body, &limits, &document, &cause))
        return answer_is_bad(error, "%s", cause.text);
    if (!json_is(document, JSON_OBJECT))
        return answer_is_bad(error, "the document is %s, not an object", json_type_name(document->type));
    *ret = document;
    return true;
}

/* "com.amazonaws.kms#NotFoundException:http://…" → "NotFoundException" */
static struct str bare_code(struct str type)
{
    struct str code;
    str_cut(&type, ':', &code);
    return str_trim(str_skip(code, str_find_last_char(code, '#') + 1));
}

bool wire_json_error(struct arena *arena, const struct json *document, struct http_headers headers, struct answer *ret,
                     struct error *error)
{
    static const char *const message_names[] = {"message", "Message", "errorMessage"};
    struct str code = bare_code(json_find_string(document, "__type"));
    if (code.len == 0)
        code = bare_code(json_find_string(document, "code"));
    if (code.len == 0)
        code = bare_code(http_header_find(headers, STR("x-amzn-errortype")));
    if (code.len == 0)
        return answer_is_bad(error, "an error without a type");
    ret->code = str_copy(arena, code);
    for (size_t i = 0; i < COUNT_OF(message_names) && ret->message.len == 0; i++)
        ret->message = str_copy(arena, json_find_string(document, message_names[i]));
    return true;
}
