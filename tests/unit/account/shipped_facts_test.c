/* The facts that ship: they link, each says what it is, and the healthy sample account has them. */
#include "base/file.h"
#include "kit.h"

#define FOLDER TEST_SOURCE_DIR "/rules/facts"

/* The shipped declarations, linked. */
static struct fact_declarations *shipped(struct arena *arena)
{
    struct fact_declarations *declarations = facts_open(arena);
    struct str *paths = NULL;
    size_t count = 0;
    struct error error;
    if (!file_list(arena, FOLDER, STR(".json"), &paths, &count, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < count; i++) {
        struct str text;
        if (!file_read(arena, str_to_c(arena, paths[i]), 1 << 24, &text, &error) ||
            !facts_load(declarations, paths[i], text, &error))
            fail_msg("%s", error.text);
    }
    if (!facts_link(declarations, &error))
        fail_msg("%s", error.text);
    return declarations;
}

static void every_fact_says_what_it_is(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    assert_true(facts_count(declarations) > 50);
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct fact_info info = facts_info(declarations, i);
        if (info.what.len == 0)
            fail_msg("%.*s has no 'what'", STR_ARG(info.name));
        assert_true(info.line > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(every_fact_says_what_it_is),
    };
    return cmocka_run_group_tests_name("shipped facts", tests, NULL, NULL);
}
