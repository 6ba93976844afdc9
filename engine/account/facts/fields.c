/* fields.c: from "fields" to the expression that they stand for: `VALUE.{name: expression, …}`. */
#include "account/facts/declaration.h"

#include "base/buf.h"
#include "query/query.h"

/* Fields within fields. */
#define FIELDS_MAX_DEPTH 4

struct composing {
    const struct declaration *declaration;
    struct arena *arena;
    struct buf buf;
    struct error *error;
};

static bool refuse(const struct composing *c, const struct json *at, const char *message)
{
    return declaration_refuse(c->declaration, at, c->error, "%s", message);
}

/* The value that the fields are of, so that `.{…}` behind it is of the whole of it. */
static bool add_value(struct composing *c, const struct json *value)
{
    const struct query *query;
    if (!query_compile(c->arena, value->string, &query, c->error)) {
        error_wrap(c->error, "expression '%.*s'", STR_ARG(value->string));
        return declaration_wrap(c->declaration, value, c->error);
    }
    buf_addf(&c->buf, query_binds_loosely(query) ? "(%.*s)." : "%.*s.", STR_ARG(value->string));
    return true;
}

static bool add_fields(struct composing *c, const struct json *fields, int depth);

/* One field: an expression, or `{"value": …, "fields": …}`. */
static bool add_field(struct composing *c, const struct json *field, int depth)
{
    const struct json *value = json_find(field, "value");
    const struct json *fields = json_find(field, "fields");
    if (field->type == JSON_STRING) {
        buf_add(&c->buf, field->string);
        return true;
    }
    if (!json_is(field, JSON_OBJECT) || field->count != 2 || !json_is(value, JSON_STRING) ||
        !json_is(fields, JSON_OBJECT))
        return refuse(c, field, "a field is an expression, or has a 'value' and 'fields' of its own");
    return add_value(c, value) && add_fields(c, fields, depth + 1);
}

/* NOLINTNEXTLINE(misc-no-recursion): FIELDS_MAX_DEPTH */
static bool add_fields(struct composing *c, const struct json *fields, int depth)
{
    if (depth > FIELDS_MAX_DEPTH)
        return refuse(c, fields, "'fields' are nested too deeply");
    if (fields->count == 0)
        return refuse(c, fields, "'fields' names no field");
    for (size_t i = 0; i < fields->count; i++) {
        struct json name = json_string(fields->members[i].name);
        buf_addf(&c->buf, "%s%.*s: ", i ? ", " : "{", STR_ARG(json_text(c->arena, &name, 0)));
        if (!add_field(c, &fields->members[i].value, depth))
            return false;
    }
    buf_add_char(&c->buf, '}');
    return true;
}

/* The fields themselves, or those of the fact that is named in their place. */
static const struct json *find_fields(const struct composing *c, const struct fact_declarations *declarations,
                                      const struct json *fields)
{
    if (fields->type == JSON_OBJECT)
        return fields;
    const struct declaration *other = declaration_find(declarations, fields->string);
    const struct json *found = other ? json_find(other->json, "fields") : NULL;
    if (json_is(found, JSON_OBJECT))
        return found;
    refuse(c, fields, "'fields' are an object, or the name of a fact that has such fields");
    return NULL;
}

bool declaration_compose(const struct fact_declarations *declarations, const struct declaration *declaration,
                         struct str *ret, struct error *error)
{
    struct composing c = {declaration, declarations->arena, buf_make(declarations->arena, BUF_NO_MAX), error};
    const struct json *value = json_find(declaration->json, "value");
    const struct json *fields = find_fields(&c, declarations, json_find(declaration->json, "fields"));
    if (!fields || (value && !add_value(&c, value)) || !add_fields(&c, fields, 1))
        return false;
    *ret = buf_str(&c.buf);
    return true;
}
