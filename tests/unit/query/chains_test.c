/* Which chains of names an expression reads from the root. */
#include "query/query.h"

#include "cmocka_all.h"

/** The chains as text: `a.b`, `root().a`; with `!` where dynamic; blanks between. */
static struct str chains_of(struct arena *arena, const char *expression)
{
    const struct query *query;
    struct error error;
    size_t count;
    if (!query_compile(arena, str_from(expression), &query, &error))
        fail_msg("%s: %s", expression, error.text);
    const struct query_chain *chains = query_chains(query, arena, &count);
    struct buf text = buf_make(arena, 4096);
    for (size_t i = 0; i < count; i++) {
        buf_add_c(&text, i ? " " : "");
        buf_add_c(&text, chains[i].from_root ? "root()" : "");
        for (size_t j = 0; j < chains[i].count; j++)
            buf_addf(&text, "%s%.*s", j || chains[i].from_root ? "." : "", STR_ARG(chains[i].names[j]));
        buf_add_c(&text, chains[i].dynamic ? "!" : "");
    }
    return buf_str(&text);
}

struct sample {
    const char *expression;
    const char *chains;
};

static void check(struct arena *arena, const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_str_equal(chains_of(arena, samples[i].expression), str_from(samples[i].chains));
}

static void names_from_the_root_are_chains(void **state)
{
    const struct sample samples[] = {
        {"a", "a"},
        {"a.b.c", "a.b.c"},
        {"\"a b\".c", "a b.c"},
        {"@.a.b", "a.b"},
        {"(a.b).c", "a.b.c"},
        {"a.b[0].c", "a.b"},
        {"a.b[1:].c", "a.b"},
        {"a.b[].c", "a.b"},
        {"a.b.*.c", "a.b"},
        {"a == b", "a b"},
        {"a.x && !b.y || c", "a.x b.y c"},
        {"'a'", ""},
        {"`{\"a\": 1}`.a", ""},
    };
    check(*state, samples, COUNT_OF(samples));
}

static void names_of_elements_are_none(void **state)
{
    const struct sample samples[] = {
        {"a[?b == c.d].e", "a"},       {"a[*].[b, c]", "a"}, {"a | b", "a"},        {"a.b | [0].c | d", "a.b"},
        {"sort_by(a.b, &c.d)", "a.b"}, {"map(&c, a)", "a"},  {"(a || b).c", "a b"}, {"length(a).b", "a"},
        {"[a, b][0].c", "a b"},        {"item().a", ""},     {"item()", ""},
    };
    check(*state, samples, COUNT_OF(samples));
}

static void root_calls_are_chains_everywhere(void **state)
{
    const struct sample samples[] = {
        {"root().target.prefix", "root().target.prefix"},
        {"a[?b == root().c.d].e", "a root().c.d"},
        {"a[].root().b", "a root().b"},
        {"a | root().b", "a root().b"},
        {"map(&root().x.y, a)", "root().x.y a"},
        {"item().a == root().b[0]", "root().b"},
        {"exports.all[?name == root().target.export_name] | [0]", "exports.all root().target.export_name"},
        {"(root()).a", "root().a"},
        {"root().a[?b].c", "root().a"},
    };
    check(*state, samples, COUNT_OF(samples));
}

static void root_without_a_name_is_dynamic(void **state)
{
    const struct sample samples[] = {
        {"root()", "root()!"},
        {"root()[0]", "root()!"},
        {"root().*", "root()!"},
        {"root() | a", "root()!"},
        {"root().{x: a}", "root()!"},
        {"root().[a]", "root()!"},
        {"root().length(@)", "root()!"},
        {"length(root())", "root()!"},
        {"a[?b == root()]", "a root()!"},
        {"[root(), root().a]", "root()! root().a"},
    };
    check(*state, samples, COUNT_OF(samples));
}

static void the_bare_value_is_dynamic(void **state)
{
    const struct sample samples[] = {
        {"@", "!"}, {"[0]", "!"}, {"*", "!"}, {"[].a", "!"}, {"keys(@)", "!"}, {"@ | a", "!"}, {"[?a]", "!"},
    };
    check(*state, samples, COUNT_OF(samples));
}

static void members_of_multi_selects_go_on_from_their_left(void **state)
{
    const struct sample samples[] = {
        {"{x: a.b, y: c}", "a.b c"},       {"[a.b, c[0]]", "a.b c"},
        {"a.{x: b, y: c.d}", "a.b a.c.d"}, {"a.[b, @]", "a.b a"},
        {"a.b.length(c)", "a.b.c"},        {"a.{x: `1`}", "a"},
        {"a.{x: root().b}", "root().b a"}, {"a.{x: b}.x", "a.b"},
        {"contains(a.b, c)", "a.b c"},     {"not_null(a, root().b, 'c')", "a root().b"},
    };
    check(*state, samples, COUNT_OF(samples));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(names_from_the_root_are_chains),   arena_test(names_of_elements_are_none),
        arena_test(root_calls_are_chains_everywhere), arena_test(root_without_a_name_is_dynamic),
        arena_test(the_bare_value_is_dynamic),        arena_test(members_of_multi_selects_go_on_from_their_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
