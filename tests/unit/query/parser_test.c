/* The shape of trees, the words of errors, and the limits. */
#include "query/parser.h"

#include "query/functions.h"

#include "cmocka_all.h"

static const char *const kind_names[NODE_KIND_COUNT] = {
    [NODE_CURRENT] = "@",       [NODE_LITERAL] = "literal",
    [NODE_FIELD] = "field",     [NODE_SUBEXPRESSION] = ".",
    [NODE_PIPE] = "|",          [NODE_INDEX] = "index",
    [NODE_SLICE] = "slice",     [NODE_FLATTEN] = "flatten",
    [NODE_PROJECTION] = "each", [NODE_VALUE_PROJECTION] = "values",
    [NODE_FILTER] = "filter",   [NODE_OR] = "or",
    [NODE_AND] = "and",         [NODE_NOT] = "not",
    [NODE_COMPARE] = "compare", [NODE_LIST] = "list",
    [NODE_HASH] = "hash",       [NODE_CALL] = "call",
    [NODE_REFERENCE] = "&",
};

/** Writes the tree as `(kind left right condition parts…)`, fields and calls by their names. */
static void write_tree(struct buf *out, const struct node *node)
{
    const struct node *children[] = {node->left, node->right, node->condition};
    buf_add_c(out, "(");
    if (node->kind == NODE_FIELD)
        buf_add(out, node->name);
    else if (node->kind == NODE_CALL)
        buf_add(out, node->call.function->name);
    else
        buf_add_c(out, kind_names[node->kind]);
    for (size_t i = 0; i < COUNT_OF(children); i++)
        if (children[i] && children[i]->kind != NODE_CURRENT)
            write_tree(out, children[i]);
    for (size_t i = 0; i < node->part_count; i++)
        write_tree(out, node->parts[i]);
    buf_add_c(out, ")");
}

static struct str tree(struct arena *arena, const char *expression)
{
    struct error error;
    struct buf out = buf_make(arena, 4096);
    const struct node *node = parser_parse(arena, str_from(expression), &error);
    if (!node)
        return str_copy(arena, str_from(error.text));
    write_tree(&out, node);
    return buf_str(&out);
}

static void operators_bind_in_the_order_of_the_specification(void **state)
{
    assert_str_equal(tree(*state, "a | b || c && d"), STR("(|(a)(or(b)(and(c)(d))))"));
    assert_str_equal(tree(*state, "a && b || c | d"), STR("(|(or(and(a)(b))(c))(d))"));
    assert_str_equal(tree(*state, "a == b && c"), STR("(and(compare(a)(b))(c))"));
    assert_str_equal(tree(*state, "a || b || c"), STR("(or(or(a)(b))(c))"));
    assert_str_equal(tree(*state, "(a || b) && c"), STR("(and(or(a)(b))(c))"));
}

static void not_negates_the_whole_selection(void **state)
{
    assert_str_equal(tree(*state, "!a.b"), STR("(not(.(a)(b)))"));
    assert_str_equal(tree(*state, "!a[?b]"), STR("(not(filter(a)(b)))"));
    assert_str_equal(tree(*state, "!a == b"), STR("(compare(not(a))(b))"));
    assert_str_equal(tree(*state, "!!a || b"), STR("(or(not(not(a)))(b))"));
}

static void projections_take_what_follows_until_they_are_stopped(void **state)
{
    assert_str_equal(tree(*state, "a[*].b[0]"), STR("(each(a)(index(b)))"));
    assert_str_equal(tree(*state, "a[*].b[] | c"), STR("(|(each(flatten(each(a)(b))))(c))"));
    assert_str_equal(tree(*state, "a[].b[].c"), STR("(each(flatten(each(flatten(a))(b)))(c))"));
    assert_str_equal(tree(*state, "a[?b].c == d"), STR("(compare(filter(a)(c)(b))(d))"));
    assert_str_equal(tree(*state, "a.*.b"), STR("(values(a)(b))"));
    assert_str_equal(tree(*state, "a[0][1:].b"), STR("(each(slice(index(a)))(b))"));
}

static void errors_name_the_place_and_what_was_expected(void **state)
{
    assert_str_equal(tree(*state, "a."),
                     STR("column 3: unexpected the end, expected a name, '*', '[' or '{' after '.'"));
    assert_str_equal(tree(*state, "a b"), STR("column 3: unexpected a name, expected an operator or the end"));
    assert_str_equal(tree(*state, "[a b]"), STR("column 4: unexpected a name, expected ',' or ']'"));
    assert_str_equal(tree(*state, "{a}"), STR("column 3: unexpected '}', expected ':'"));
    assert_str_equal(tree(*state, "a || "), STR("column 6: unexpected the end, expected an expression"));
    assert_str_equal(tree(*state, "a.lenght(b)"),
                     STR("column 3: there is no function lenght(); did you mean length()?"));
    assert_str_equal(tree(*state, "join(a)"), STR("column 1: join() takes 2 arguments, and is given 1"));
    assert_str_equal(tree(*state, "not_null()"), STR("column 1: not_null() takes at least 1 argument, and is given 0"));
    assert_str_equal(tree(*state, "map(a, b)"),
                     STR("column 1: map(): argument 1 must be a reference (&expression), and is a value"));
    assert_str_equal(tree(*state, "a[::0]"), STR("column 3: the step of a slice is not 0"));
    assert_str_equal(tree(*state, "\"f\"(a)"), STR("column 1: a function's name is not quoted"));
}

/** `count` times `piece`, between `before` and `after`. */
static struct str repeat(struct arena *arena, const char *before, const char *piece, size_t count, const char *after)
{
    struct buf text = buf_make(arena, 1 << 20);
    buf_add_c(&text, before);
    for (size_t i = 0; i < count; i++)
        buf_add_c(&text, piece);
    buf_add_c(&text, after);
    return buf_str(&text);
}

static void deep_expressions_are_refused(void **state)
{
    static const struct {
        const char *before, *piece, *after;
    } samples[] = {
        {"", "(", "a"},     {"", "[", "a"},   {"", "!", "a"},    {"", "{a:", "a"}, {"", "length(", "a"},
        {"a", ".a", ""},    {"a", "[0]", ""}, {"a", "||a", ""},  {"a", "|a", ""},  {"a", "[*]", ""},
        {"a", "[]", ""},    {"a", "[?a", ""}, {"a", "[?a]", ""}, {"*", ".*", ""},  {"a", "==a", ""},
        {"", "map(&", "a"}, {"", "a[?", "a"}, {"a", "[1:]", ""}, {"", "a.[", "a"}, {"", "*.", "a"},
    };
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct error error = {0};
        struct str text = repeat(*state, samples[i].before, samples[i].piece, 4000, samples[i].after);
        assert_null(parser_parse(*state, text, &error));
        assert_string_equal(error.code, ERROR_LIMIT);
    }
}

static void long_expressions_are_refused(void **state)
{
    struct error error = {0};
    assert_null(parser_parse(*state, repeat(*state, "[a", ",a", QUERY_MAX_LENGTH / 2, "]"), &error));
    assert_string_equal(error.code, ERROR_LIMIT);
    assert_non_null(parser_parse(*state, repeat(*state, "[a", ",a", QUERY_MAX_LENGTH / 2 - 2, "]"), &error));
    assert_non_null(parser_parse(*state, repeat(*state, "a", ".a", QUERY_MAX_DEPTH / 2, ""), &error));
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    struct error error = {0};
    assert_null(parser_parse(*state, STR("'\0'"), &error));
    assert_string_equal(error.code, "syntax");
    assert_null(parser_parse(*state, STR("'\xff'"), &error));
    assert_string_equal(error.code, "syntax");
}

static void the_text_need_not_outlive_the_tree(void **state)
{
    struct error error;
    char text[] = "name";
    const struct node *node = parser_parse(*state, str_from(text), &error);
    memset(text, 'x', sizeof text - 1);
    assert_str_equal(node->name, STR("name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(operators_bind_in_the_order_of_the_specification),
        arena_test(not_negates_the_whole_selection),
        arena_test(projections_take_what_follows_until_they_are_stopped),
        arena_test(errors_name_the_place_and_what_was_expected),
        arena_test(deep_expressions_are_refused),
        arena_test(long_expressions_are_refused),
        arena_test(text_that_is_not_utf8_is_refused),
        arena_test(the_text_need_not_outlive_the_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
