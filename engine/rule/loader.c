/* loader.c: see loader.h. */
#include "rule/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool loader_fail(struct loader *loader, const struct json *at, const char *format, ...)
{
    char text[sizeof loader->error->text];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    struct json_place place = json_place(loader->text, at);
    if (place.line == 0)
        place = (struct json_place){1, 1};
    const char *quote = loader->rule.len ? "'" : "";
    return error_set(loader->error, ERROR_INPUT, "%.*s:%d:%d: %s%s%.*s%s%s%s", STR_ARG(loader->file), place.line,
                     place.column, loader->rule.len ? "rule " : "", quote, STR_ARG(loader->rule), quote,
                     loader->rule.len ? ": " : "", text);
}

int loader_line(struct loader *loader, const struct json *value)
{
    ptrdiff_t end = value->offset ? (ptrdiff_t)value->offset - 1 : 0;
    if (end < loader->counted || loader->line == 0) {
        loader->counted = 0;
        loader->line = 1;
    }
    for (ptrdiff_t next = str_find_char(loader->text, '\n', loader->counted); next >= 0 && next < end;
         next = str_find_char(loader->text, '\n', loader->counted)) {
        loader->line++;
        loader->counted = next + 1;
    }
    return loader->line;
}

/* `; did you mean "x"?`, or nothing. */
static struct str suggestion(struct arena *arena, struct str nearest)
{
    return nearest.len ? str_format(arena, "; did you mean \"%.*s\"?", STR_ARG(nearest)) : STR("");
}

bool loader_unknown(struct loader *loader, const struct json *at, const char *what, struct str name,
                    const struct str *names, size_t count)
{
    return loader_fail(loader, at, "there is no %s \"%.*s\"%.*s", what, STR_ARG(name),
                       STR_ARG(suggestion(loader->arena, str_nearest(name, names, count))));
}

static unsigned type_bit(enum json_type type)
{
    static const unsigned bits[] = {0, FIELD_BOOLEAN, FIELD_NUMBER, FIELD_STRING, FIELD_ARRAY, FIELD_OBJECT};
    return bits[type];
}

static struct str describe_types(struct arena *arena, unsigned types)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{FIELD_STRING, "a string"},
                 {FIELD_NUMBER, "a number"},
                 {FIELD_BOOLEAN, "a boolean"},
                 {FIELD_ARRAY, "an array"},
                 {FIELD_OBJECT, "an object"}};
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (types & names[i].bit)
            buf_addf(&buf, "%s%s", buf.len ? " or " : "", names[i].name);
    }
    return buf_str(&buf);
}

static const struct field *find_field(const struct field *fields, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        bool begins_alike = name.len && fields[i].name[0] == name.ptr[0]; /* most do not: no need to measure the name */
        if (begins_alike && str_equal(str_from(fields[i].name), name))
            return &fields[i];
    }
    return NULL;
}

static bool unknown_field(struct loader *loader, const struct json_member *member, const char *what,
                          const struct field *fields, size_t count)
{
    struct str *names = arena_array(loader->arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        names[i] = str_from(fields[i].name);
    struct str nearest = str_nearest(member->name, names, count);
    struct buf help = buf_make(loader->arena, BUF_NO_MAX);
    buf_add(&help, nearest.len ? suggestion(loader->arena, nearest) : STR("; it has "));
    for (size_t i = 0; i < count && !nearest.len; i++)
        buf_addf(&help, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
    return loader_fail(loader, &member->value, "%s has no \"%.*s\"%.*s", what, STR_ARG(member->name),
                       STR_ARG(buf_str(&help)));
}

bool loader_fields(struct loader *loader, const struct json *object, const char *what, const struct field *fields,
                   size_t count)
{
    if (!json_is(object, JSON_OBJECT))
        return loader_fail(loader, object, "%s must be an object, not %s", what, json_type_name(object->type));
    for (size_t i = 0; i < object->count; i++) {
        const struct json_member *member = &object->members[i];
        const struct field *field = find_field(fields, count, member->name);
        if (!field)
            return unknown_field(loader, member, what, fields, count);
        if (field->types && !(field->types & type_bit(member->value.type)))
            return loader_fail(loader, &member->value, "\"%s\" must be %.*s, not %s", field->name,
                               STR_ARG(describe_types(loader->arena, field->types)),
                               json_type_name(member->value.type));
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].required && !json_find(object, fields[i].name))
            return loader_fail(loader, object, "%s lacks \"%s\"", what, fields[i].name);
    }
    return true;
}

void name_list_add(struct arena *arena, struct name_list *list, struct str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_equal(list->items[i], name))
            return;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 8;
        struct str *items = arena_array(arena, struct str, capacity);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = name;
}

static void note_facts(struct loader *loader, struct name_list *list, const struct str *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        name_list_add(loader->arena, list, facts[i]);
}

static bool read_expression(struct loader *loader, const struct json *value, struct name_list *facts_noted,
                            const struct expression **ret)
{
    struct error error;
    size_t count;
    if (!value) {
        *ret = NULL;
        return true;
    }
    if (!json_is(value, JSON_STRING))
        return loader_fail(loader, value, "an expression is a string, not %s", json_type_name(value->type));
    if (!expression_compile(loader->arena, loader->declarations, value->string, ret, &error))
        return loader_fail(loader, value, "%s", error.text);
    const struct str *facts = expression_facts(*ret, &count);
    note_facts(loader, facts_noted, facts, count);
    return true;
}

bool loader_expression(struct loader *loader, const struct json *value, const struct expression **ret)
{
    return read_expression(loader, value, &loader->facts, ret);
}

bool loader_side_expression(struct loader *loader, const struct json *value, const struct expression **ret)
{
    return read_expression(loader, value, &loader->text_facts, ret);
}

bool loader_consulted_expression(struct loader *loader, const struct json *value, const struct expression **ret)
{
    return read_expression(loader, value, &loader->consulted, ret);
}

static bool compile_text(struct loader *loader, const struct json *value, const struct text **ret)
{
    struct error error;
    const struct json *at = value;
    if (!json_is(value, JSON_STRING) && !json_is(value, JSON_ARRAY))
        return loader_fail(loader, value, "a text is a string, or a list of choices, not %s",
                           json_type_name(value->type));
    if (json_is(value, JSON_STRING)
            ? text_compile(loader->arena, loader->declarations, value->string, ret, &error)
            : text_compile_choices(loader->arena, loader->declarations, value, ret, &at, &error))
        return true;
    return loader_fail(loader, at, "%s", error.text);
}

bool loader_text(struct loader *loader, const struct json *value, bool evidence, const struct text **ret)
{
    size_t count;
    *ret = NULL;
    if (!value)
        return true;
    if (!compile_text(loader, value, ret))
        return false;
    const struct str *facts = text_facts(*ret, &count);
    note_facts(loader, evidence ? &loader->facts : &loader->text_facts, facts, count);
    return true;
}

static bool note_named_fact(struct loader *loader, struct name_list *list, const struct json *name)
{
    if (!json_is(name, JSON_STRING))
        return loader_fail(loader, name, "the name of a fact is a string, not %s", json_type_name(name->type));
    if (!facts_has(loader->declarations, name->string)) {
        struct str nearest = facts_nearest(loader->declarations, loader->arena, name->string);
        return loader_unknown(loader, name, "fact", name->string, &nearest, nearest.len > 0);
    }
    note_facts(loader, list, &name->string, 1);
    return true;
}

bool loader_fact(struct loader *loader, const struct json *name)
{
    return note_named_fact(loader, &loader->facts, name);
}

bool loader_consulted_fact(struct loader *loader, const struct json *name)
{
    return note_named_fact(loader, &loader->consulted, name);
}

bool loader_side_fact(struct loader *loader, const struct json *name)
{
    return note_named_fact(loader, &loader->text_facts, name);
}

bool loader_strings(struct loader *loader, const struct json *list, const char *what, const struct str **ret,
                    size_t *ret_count)
{
    size_t count = list ? list->count : 0;
    struct str *items = arena_array(loader->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        if (!json_is(&list->items[i], JSON_STRING))
            return loader_fail(loader, &list->items[i], "\"%s\" holds strings, not %s", what,
                               json_type_name(list->items[i].type));
        items[i] = list->items[i].string;
    }
    *ret = items;
    *ret_count = count;
    return true;
}

static const struct check_kind *find_kind(const struct loader *loader, struct str name)
{
    for (size_t i = 0; loader->kinds[i]; i++) {
        if (str_equal(str_from(loader->kinds[i]->name), name))
            return loader->kinds[i];
    }
    return NULL;
}

static void note_list(struct loader *loader, struct name_list *list, const struct name_list *added)
{
    note_facts(loader, list, added->items, added->count);
}

/* Each check has lists of facts of its own: which of them a judgement rests on is known only then. */
static bool load_kind(struct loader *loader, const struct check_kind *kind, const struct json *definition,
                      struct check *ret)
{
    struct name_list outer_facts = loader->facts;
    struct name_list outer_consulted = loader->consulted;
    struct check check = {.kind = kind};
    loader->facts = (struct name_list){0};
    loader->consulted = (struct name_list){0};
    bool ok = kind->load(loader, definition, &check.data);
    check.decisive_fact_count = loader->facts.count;
    note_list(loader, &loader->facts, &loader->consulted);
    note_list(loader, &loader->checked, &loader->facts);
    check.facts = loader->facts.items;
    check.fact_count = loader->facts.count;
    loader->facts = outer_facts;
    loader->consulted = outer_consulted;
    *ret = check;
    return ok;
}

bool loader_check(struct loader *loader, const struct json *definition, struct check *ret)
{
    const struct json *name = json_find(definition, "kind");
    if (!json_is(name, JSON_STRING))
        return loader_fail(loader, definition, "a check is an object with a \"kind\"");
    const struct check_kind *kind = find_kind(loader, name->string);
    if (!kind) {
        struct name_list names = {0};
        for (size_t i = 0; loader->kinds[i]; i++)
            name_list_add(loader->arena, &names, str_from(loader->kinds[i]->name));
        return loader_unknown(loader, name, "kind of check", name->string, names.items, names.count);
    }
    return load_kind(loader, kind, definition, ret);
}

const struct data_file *loader_file(const struct loader *loader, struct str path)
{
    const struct data_file *found = NULL; /* a later file replaces an earlier one */
    for (size_t i = 0; i < loader->file_count; i++) {
        if (str_ends(loader->files[i].path, path))
            found = &loader->files[i];
    }
    return found;
}

bool loader_operand(struct loader *loader, const struct json *value, struct operand *ret)
{
    *ret = (struct operand){.literal = value};
    if (!json_is(value, JSON_STRING) || str_find_char(value->string, '{', 0) < 0)
        return true;
    ret->literal = NULL;
    return loader_text(loader, value, true, &ret->text);
}

struct evaluated operand_evaluate(const struct operand *operand, const struct judging *judging)
{
    if (operand->literal)
        return (struct evaluated){.state = FACT_PRESENT, .value = operand->literal};
    return text_value(operand->text, &judging->scope, judging->arena);
}
