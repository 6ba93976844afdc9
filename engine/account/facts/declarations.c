/* declarations.c: reads files of declared facts, and names every mistake in them with its place. */
#include "account/facts/declaration.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct fact_declarations *facts_open(struct arena *arena)
{
    struct fact_declarations *declarations = arena_new(arena, struct fact_declarations);
    declarations->arena = arena;
    declarations->by_name = map_open(arena);
    declarations->expressions = map_open(arena);
    declarations->expressions_for_answer = map_open(arena);
    return declarations;
}

size_t names_unique(struct str *names, size_t count)
{
    size_t kept = 0;
    if (count == 0) /* `names` may be NULL then, which qsort does not take */
        return 0;
    qsort(names, count, sizeof *names, str_compare_qsort);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !str_equal(names[kept - 1], names[i]))
            names[kept++] = names[i];
    }
    return kept;
}

bool declaration_wrap(const struct declaration *declaration, const struct json *at, struct error *error)
{
    struct json_place place = json_place(declaration->file->text, at);
    return error_wrap(error, "%.*s:%d:%d: fact '%.*s'", STR_ARG(declaration->file->name), place.line, place.column,
                      STR_ARG(declaration->name));
}

bool declaration_refuse(const struct declaration *declaration, const struct json *at, struct error *error,
                        const char *format, ...)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct buf message = buf_make(scratch, BUF_NO_MAX);
    va_list values;
    va_start(values, format);
    buf_addv(&message, format, values);
    va_end(values);
    error_set(error, ERROR_INPUT, "%.*s", STR_ARG(buf_str(&message)));
    return declaration_wrap(declaration, at, error);
}

/* --- the form of one declaration --- */

typedef bool (*field_reader)(struct declaration *declaration, const struct json *value, struct error *error);

static bool expect(const struct declaration *declaration, const struct json *value, enum json_type type,
                   const char *field, struct error *error)
{
    if (value->type == type)
        return true;
    return declaration_refuse(declaration, value, error, "'%s' must be %s, found %s", field, json_type_name(type),
                              json_type_name(value->type));
}

/* ", did you mean '…'?" needs both quotes or nothing. */
#define HINT "%s%.*s%s"
#define HINT_ARGS(nearest) (nearest).len > 0 ? ": did you mean '" : "", STR_ARG(nearest), (nearest).len > 0 ? "'?" : ""

static bool read_call(struct declaration *declaration, const struct json *value, struct error *error)
{
    if (!expect(declaration, value, JSON_STRING, "call", error))
        return false;
    declaration->operation = operation_find_call(value->string);
    if (declaration->operation)
        return true;
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct str nearest = operation_nearest(scratch, value->string);
    return declaration_refuse(declaration, value, error, "unknown call '%.*s'" HINT, STR_ARG(value->string),
                              HINT_ARGS(nearest));
}

static bool read_with(struct declaration *declaration, const struct json *value, struct error *error)
{
    declaration->with = value;
    return expect(declaration, value, JSON_OBJECT, "with", error);
}

static bool read_text(struct declaration *declaration, const struct json *value, struct error *error)
{
    if (value->type == JSON_STRING)
        return true;
    return declaration_refuse(declaration, value, error, "expected a string, found %s", json_type_name(value->type));
}

static bool read_fields(struct declaration *declaration, const struct json *value, struct error *error)
{
    if (value->type == JSON_STRING)
        return true;
    return expect(declaration, value, JSON_OBJECT, "fields", error);
}

static bool read_choices(struct declaration *declaration, const struct json *value, struct error *error)
{
    if (value->type == JSON_STRING)
        return true;
    return expect(declaration, value, JSON_ARRAY, "text", error);
}

static bool read_texts(struct declaration *declaration, const struct json *value, struct error *error)
{
    declaration->is_texts = true;
    return expect(declaration, value, JSON_ARRAY, "texts", error);
}

static bool read_codes(struct declaration *declaration, const struct json *value, const char *field,
                       struct error *error)
{
    if (!expect(declaration, value, JSON_ARRAY, field, error))
        return false;
    for (size_t i = 0; i < value->count; i++) {
        if (value->items[i].type != JSON_STRING)
            return declaration_refuse(declaration, &value->items[i], error, "'%s' lists error codes, texts", field);
    }
    return true;
}

static bool read_absent(struct declaration *declaration, const struct json *value, struct error *error)
{
    declaration->absent = value;
    return read_codes(declaration, value, "absent", error);
}

static bool read_allowed(struct declaration *declaration, const struct json *value, struct error *error)
{
    declaration->allowed = value;
    return read_codes(declaration, value, "allowed", error);
}

static bool read_for_each(struct declaration *declaration, const struct json *value, struct error *error)
{
    declaration->for_each = true;
    if (value->type == JSON_STRING)
        return true;
    if (!expect(declaration, value, JSON_ARRAY, "for_each", error))
        return false;
    for (size_t i = 0; i < value->count; i++) {
        if (value->items[i].type != JSON_STRING)
            return declaration_refuse(declaration, &value->items[i], error, "'for_each' lists expressions");
    }
    return true;
}

static bool read_names(struct declaration *declaration, const struct json *value, const char *field,
                       struct error *error)
{
    if (!expect(declaration, value, JSON_ARRAY, field, error))
        return false;
    for (size_t i = 0; i < value->count; i++) {
        if (value->items[i].type != JSON_STRING)
            return declaration_refuse(declaration, &value->items[i], error, "'%s' lists names of facts", field);
    }
    return true;
}

static bool read_first_of(struct declaration *declaration, const struct json *value, struct error *error)
{
    return read_names(declaration, value, "first_of", error);
}

static bool read_if_denied(struct declaration *declaration, const struct json *value, struct error *error)
{
    if (!json_find(declaration->json, "first_of"))
        return declaration_refuse(declaration, value, error, "'if_denied' belongs to a 'first_of'");
    return read_names(declaration, value, "if_denied", error);
}

static bool read_decode(struct declaration *declaration, const struct json *value, struct error *error)
{
    static const struct {
        struct str name;
        enum decode_kind kind;
    } kinds[] = {{STR_INIT("csv-header"), DECODE_CSV_HEADER},
                 {STR_INIT("parquet-footer"), DECODE_PARQUET_FOOTER},
                 {STR_INIT("json"), DECODE_JSON}};
    if (!expect(declaration, value, JSON_STRING, "decode", error))
        return false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_equal(value->string, kinds[i].name)) {
            declaration->decode = kinds[i].kind;
            return true;
        }
    }
    return declaration_refuse(declaration, value, error,
                              "'decode' is 'csv-header', 'parquet-footer' or 'json', not '%.*s'",
                              STR_ARG(value->string));
}

/* The fields of a declaration; `with_call`: only beside a call. */
static const struct {
    struct str name;
    field_reader read;
    bool with_call;
} fields[] = {
    {STR_INIT("what"), read_text, false},
    {STR_INIT("when"), read_text, false},
    {STR_INIT("for_each"), read_for_each, false},
    /* beside a call */
    {STR_INIT("call"), read_call, false},
    {STR_INIT("with"), read_with, true},
    {STR_INIT("region"), read_text, true},
    {STR_INIT("decode"), read_decode, true},
    {STR_INIT("absent"), read_absent, true},
    {STR_INIT("allowed"), read_allowed, true},
    {STR_INIT("counts_when"), read_text, true},
    /* what it is */
    {STR_INIT("value"), read_text, false},
    {STR_INIT("fields"), read_fields, false},
    {STR_INIT("text"), read_choices, false},
    {STR_INIT("texts"), read_texts, false},
    {STR_INIT("first_of"), read_first_of, false},
    {STR_INIT("if_denied"), read_if_denied, false},
    {STR_INIT("remark"), read_text, false},
};

static bool read_field(struct declaration *declaration, const struct json_member *member, struct error *error)
{
    struct str names[COUNT_OF(fields)];
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        names[i] = fields[i].name;
        if (!str_equal(member->name, fields[i].name))
            continue;
        if (fields[i].with_call && !json_find(declaration->json, "call"))
            return declaration_refuse(declaration, &member->value, error, "'%.*s' belongs to a 'call'",
                                      STR_ARG(member->name));
        return fields[i].read(declaration, &member->value, error);
    }
    struct str nearest = str_nearest(member->name, names, COUNT_OF(names));
    return declaration_refuse(declaration, &member->value, error, "unknown field '%.*s'" HINT, STR_ARG(member->name),
                              HINT_ARGS(nearest));
}

/* Which fields go together. */
static bool check_combination(const struct declaration *declaration, struct error *error)
{
    const struct json *json = declaration->json;
    const struct json *first_of = json_find(json, "first_of");
    const struct json *is_texts = json_find(json, "texts");
    const struct json *text = is_texts ? is_texts : json_find(json, "text");
    bool has_value = json_find(json, "value") || json_find(json, "fields");
    if (first_of && (declaration->operation || has_value || declaration->for_each))
        return declaration_refuse(declaration, first_of, error,
                                  "'first_of' stands alone: without 'call', 'value' and 'for_each'");
    if (text && (declaration->operation || first_of || has_value || (is_texts && json_find(json, "text"))))
        return declaration_refuse(declaration, text, error,
                                  "a text is the fact's value: without 'call', 'value', 'fields' and 'first_of'");
    if (!first_of && !declaration->operation && !declaration->for_each && !has_value && !text)
        return declaration_refuse(
            declaration, json, error,
            "one of 'call', 'value', 'fields', 'text', 'texts', 'for_each', 'first_of' is missing");
    return true;
}

static const struct shape_member *find_input(const struct operation *operation, struct str name)
{
    for (size_t i = 0; i < operation->input->member_count; i++) {
        if (str_equal(name, str_from(operation->input->members[i].name)))
            return &operation->input->members[i];
    }
    return NULL;
}

static bool is_paging(const struct operation *operation, struct str name)
{
    return str_equal(name, str_from(operation->input_token)) || str_equal(name, str_from(operation->limit_key));
}

static bool refuse_parameter(const struct declaration *declaration, const struct json_member *member,
                             struct error *error)
{
    const struct shape *input = declaration->operation->input;
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct str *names = arena_array(scratch, struct str, input->member_count);
    for (size_t i = 0; i < input->member_count; i++)
        names[i] = str_from(input->members[i].name);
    struct str nearest = str_nearest(member->name, names, input->member_count);
    return declaration_refuse(declaration, &member->value, error, "%s has no parameter '%.*s'" HINT,
                              declaration->operation->name, STR_ARG(member->name), HINT_ARGS(nearest));
}

/* The parameters against the operation's row: each is known, none pages, the required ones are there. */
static bool check_parameters(const struct declaration *declaration, struct error *error)
{
    const struct operation *operation = declaration->operation;
    if (!operation || !operation->input)
        return true;
    for (size_t i = 0; declaration->with && i < declaration->with->count; i++) {
        const struct json_member *member = &declaration->with->members[i];
        if (!find_input(operation, member->name))
            return refuse_parameter(declaration, member, error);
        if (is_paging(operation, member->name))
            return declaration_refuse(declaration, &member->value, error,
                                      "'%.*s' pages a list: pages are read by themselves", STR_ARG(member->name));
    }
    for (size_t i = 0; i < operation->input->member_count; i++) {
        const struct shape_member *member = &operation->input->members[i];
        if (member->required && !json_find(declaration->with, member->name))
            return declaration_refuse(declaration, declaration->json, error, "%s needs the parameter '%s'",
                                      operation->name, member->name);
    }
    return true;
}

/* --- names --- */

static bool is_name(struct str name)
{
    int parts = 0;
    struct str part;
    for (bool more = true; more; parts++) {
        more = str_cut(&name, '.', &part);
        if (part.len == 0 || part.ptr[0] < 'a' || part.ptr[0] > 'z')
            return false;
        for (ptrdiff_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
                return false;
        }
    }
    return parts <= FACT_NAME_MAX_PARTS;
}

static bool is_reserved(struct str name)
{
    static const struct str reserved[] = {STR_INIT("target"), STR_INIT("credentials"), STR_INIT("parameter"),
                                          STR_INIT("item"),   STR_INIT("finding"),     STR_INIT("template")};
    struct str first;
    str_cut(&name, '.', &first);
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        if (str_equal(first, reserved[i]))
            return true;
    }
    return false;
}

/* --- files --- */

static void add(struct fact_declarations *declarations, struct declaration *declaration)
{
    const struct declaration *replaced = declaration_find(declarations, declaration->name);
    if (replaced) {
        declaration->index = replaced->index;
        declarations->items[replaced->index] = declaration;
    } else {
        if (declarations->count == declarations->capacity) {
            size_t capacity = declarations->capacity ? declarations->capacity * 2 : 64;
            struct declaration **items = arena_array(declarations->arena, struct declaration *, capacity);
            if (declarations->count > 0)
                memcpy(items, declarations->items, declarations->count * sizeof(*items));
            declarations->items = items;
            declarations->capacity = capacity;
        }
        declaration->index = declarations->count;
        declarations->items[declarations->count++] = declaration;
    }
    map_set(declarations->by_name, declaration->name, declaration);
    declarations->linked = false;
}

static bool load_one(struct fact_declarations *declarations, const struct fact_file *file,
                     const struct json_member *member, struct error *error)
{
    struct declaration *declaration = arena_new(declarations->arena, struct declaration);
    *declaration = (struct declaration){.name = member->name, .file = file, .json = &member->value};
    if (!is_name(member->name))
        return declaration_refuse(declaration, &member->value, error,
                                  "a fact's name is lower-case words joined with '.', at most %d", FACT_NAME_MAX_PARTS);
    if (is_reserved(member->name))
        return declaration_refuse(declaration, &member->value, error, "this name is taken by the program");
    if (member->value.type != JSON_OBJECT)
        return declaration_refuse(declaration, &member->value, error, "expected an object, found %s",
                                  json_type_name(member->value.type));
    for (size_t i = 0; i < member->value.count; i++) {
        if (!read_field(declaration, &member->value.members[i], error))
            return false;
    }
    if (!check_combination(declaration, error) || !check_parameters(declaration, error))
        return false;
    if (declarations->count >= FACTS_MAX)
        return error_set(error, ERROR_LIMIT, "%.*s: more than %d facts", STR_ARG(file->name), FACTS_MAX);
    add(declarations, declaration);
    return true;
}

bool facts_load(struct fact_declarations *declarations, struct str name, struct str text, struct error *error)
{
    struct fact_file *file = arena_new(declarations->arena, struct fact_file);
    *file = (struct fact_file){str_copy(declarations->arena, name), str_copy(declarations->arena, text)};
    const struct json *document = NULL;
    if (!json_parse_kept(declarations->arena, file->name, file->text, &json_limits_default, &document, error))
        return false;
    if (document->type != JSON_OBJECT)
        return error_set(error, ERROR_INPUT, "%.*s:1:1: expected an object of facts, found %s", STR_ARG(name),
                         json_type_name(document->type));
    for (size_t i = 0; i < document->count; i++) {
        const struct json_member *member = &document->members[i];
        if (str_equal(member->name, STR("$schema"))) /* for editors */
            continue;
        if (!load_one(declarations, file, member, error))
            return false;
    }
    return true;
}

/* --- questions --- */

const struct declaration *declaration_find(const struct fact_declarations *declarations, struct str name)
{
    return map_get(declarations->by_name, name);
}

bool facts_has(const struct fact_declarations *declarations, struct str name)
{
    return map_has(declarations->by_name, name);
}

struct str facts_action(const struct fact_declarations *declarations, struct str name)
{
    const struct declaration *declaration = declaration_find(declarations, name);
    const struct operation *operation = declaration ? declaration->operation : NULL;
    return operation && operation->iam_action ? str_from(operation->iam_action) : STR("");
}

bool facts_is_probe(struct str name)
{
    return str_starts(name, STR("probe."));
}

/* The name cut to its first `parts` components. */
static struct str cut_to_parts(struct str name, size_t parts)
{
    ptrdiff_t end = -1;
    for (size_t i = 0; i < parts; i++) {
        end = str_find_char(name, '.', end + 1);
        if (end < 0)
            return name;
    }
    return str_slice(name, 0, end);
}

struct str facts_nearest(const struct fact_declarations *declarations, struct arena *arena, struct str typed)
{
    struct str *names = arena_array(arena, struct str, declarations->count);
    for (size_t i = 0; i < declarations->count; i++)
        names[i] = declarations->items[i]->name;
    /* `buckt.policy.Statement` means `bucket.policy`: try with fewer and fewer members. */
    struct str nearest = {0};
    for (size_t parts = FACT_NAME_MAX_PARTS; parts > 0 && nearest.len == 0; parts--)
        nearest = str_nearest(cut_to_parts(typed, parts), names, declarations->count);
    return nearest;
}

size_t facts_count(const struct fact_declarations *declarations)
{
    return declarations->count;
}

struct fact_info facts_info(const struct fact_declarations *declarations, size_t index)
{
    const struct declaration *declaration = declarations->items[index];
    return (struct fact_info){.name = declaration->name,
                              .what = json_find_string(declaration->json, "what"),
                              .call = json_find_string(declaration->json, "call"),
                              .operation = declaration->operation,
                              .parameters = declaration->with,
                              .source = declaration->json,
                              .file = declaration->file->name,
                              .line = json_place(declaration->file->text, declaration->json).line};
}
