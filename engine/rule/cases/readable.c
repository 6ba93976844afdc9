/* readable.c: finds expressions that are hard to read; see readable.h. */
#include "rule/cases/readable.h"

#include "account/facts/expression.h"
#include "rule/loader.h"

bool readable_is_hard(struct str expression)
{
    int pipes = 0;
    char quote = 0;
    for (ptrdiff_t i = 0; i < expression.len; i++) {
        char c = expression.ptr[i];
        if (quote && c == '\\')
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
        else if (str_starts(str_skip(expression, i), STR("||")))
            i++;
        else
            pipes += c == '|';
    }
    return expression.len > READABLE_MAX_CHARACTERS || pipes > READABLE_MAX_PIPES;
}

struct search {
    struct arena *arena;
    struct name_list found;
};

static void look_at(struct search *search, struct str expression)
{
    if (readable_is_hard(expression))
        name_list_add(search->arena, &search->found, expression);
}

/* The expressions in braces. */
static void look_into_text(struct search *search, struct str text)
{
    struct str expression;
    for (ptrdiff_t at = 0; text_next_expression(text, &at, &expression);)
        look_at(search, expression);
}

/* The members that are expressions as a whole, wherever they stand; all other strings are texts. */
static bool is_expression(struct str name)
{
    static const struct str names[] = {STR_INIT("value"), STR_INIT("when"), STR_INIT("for_each"),
                                       STR_INIT("each"),  STR_INIT("of"),   STR_INIT("exports")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_equal(names[i], name))
            return true;
    }
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_default.max_depth */
static void walk(struct search *search, const struct json *value, bool expression)
{
    if (value->type == JSON_STRING && expression && !str_starts(value->string, STR("{")))
        look_at(search, value->string);
    else if (value->type == JSON_STRING)
        look_into_text(search, value->string);
    for (size_t i = 0; value->type == JSON_ARRAY && i < value->count; i++)
        walk(search, &value->items[i], expression);
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->count; i++) {
        struct str name = value->members[i].name;
        bool fields = str_equal(name, STR("fields"));
        walk(search, &value->members[i].value,
             fields || is_expression(name) || (expression && !str_equal(name, STR("is"))));
    }
}

const struct str *readable_find_hard(struct arena *arena, const struct json *source, size_t *ret_count)
{
    struct search search = {.arena = arena};
    walk(&search, source, false);
    *ret_count = search.found.count;
    return search.found.items;
}
