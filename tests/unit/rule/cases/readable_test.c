/* What is hard to read in a rule or a fact. */
#include "rule/cases/readable.h"
#include "rule/kit.h"

static struct str of(char c, size_t count, struct arena *arena)
{
    char *text = arena_array(arena, char, count);
    memset(text, c, count);
    return (struct str){text, (ptrdiff_t)count};
}

static void a_hundred_characters_and_two_pipes_are_read_with_ease(void **state)
{
    assert_false(readable_is_hard(of('a', 100, *state)));
    assert_true(readable_is_hard(of('a', 101, *state)));
    assert_false(readable_is_hard(STR("a | b | c || d || e || '| | |' || `\"|\"` || \"a|b\"")));
    assert_true(readable_is_hard(STR("a | b | c | d")));
}

static void expressions_are_found_wherever_they_stand(void **state)
{
    static const struct {
        const char *source;
        size_t count;
    } cases[] = {
        {"{'value': 'a|b|c|d'}", 1},
        {"{'check': {'kind': 'all', 'checks': [{'value': 'a|b|c|d'}, {'each': 'a|b|c|e'}]}}", 2},
        {"{'fields': {'x': 'a|b|c|d', 'y': {'value': 'a', 'fields': {'z': 'a|b|c|e'}}}}", 2},
        {"{'for_each': ['a', 'a|b|c|d']}", 1},
        {"{'text': [{'when': 'a|b|c|d', 'is': '{a|b|c|e}'}, 'a|b|c|f']}", 2},
        {"{'why': 'this | is | a | text', 'fix': {'console': ['{a|b|c|d} {a}']}}", 1},
        {"{'enter': [{'label': 'a|b|c|d', 'value': '{a|b|c|d}'}]}", 1},
        {"{'check': {'kind': 'value', 'value': 'a', 'equals': 'a|b|c|d', 'matches': '^(a|b|c|d)$'}}", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t count;
        readable_find_hard(*state, requoted_json(*state, cases[i].source), &count);
        if (count != cases[i].count)
            fail_msg("%s: %zu", cases[i].source, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(a_hundred_characters_and_two_pipes_are_read_with_ease),
        arena_test(expressions_are_found_wherever_they_stand),
    };
    return cmocka_run_group_tests_name("readable", tests, NULL, NULL);
}
