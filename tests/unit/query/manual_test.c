/* The examples of docs/query.md: each ```query block holds expressions, each followed by `=> JSON` or `=> error NAME`.
 */
#include "query/suite.h"

#include "cmocka_all.h"

#define MANUAL TEST_SOURCE_DIR "/docs/query.md"

/** The text of the next block that begins with ```KIND; the empty view if there is none. */
static struct str next_block(struct str *rest, struct str fence)
{
    ptrdiff_t begin = str_find(*rest, fence, 0);
    if (begin < 0)
        return (struct str){0};
    struct str block = str_skip(*rest, begin + fence.len);
    ptrdiff_t end = str_find(block, STR("```"), 0);
    assert_true(end >= 0);
    *rest = str_skip(block, end + 3);
    return str_slice(block, 0, end);
}

/** Whether the example gives what the line behind `=> ` says. */
static bool holds(struct arena *arena, const struct json *document, struct str expression, struct str outcome)
{
    const struct query_scope scope = {.now = 1795341600}; /* 2026-11-22T10:00:00Z */
    struct error error = {0};
    struct error ignored;
    const struct json *actual = NULL;
    const struct json *expected = NULL;
    bool ok = suite_run(arena, expression, document, &scope, &actual, &error);
    bool as_said = str_starts(outcome, STR("error "))
                       ? !ok && str_equal(str_skip(outcome, 6), str_from(error.code))
                       : ok && json_parse(arena, STR("outcome"), outcome, &json_limits_default, &expected, &ignored) &&
                             json_equal(actual, expected);
    if (!as_said)
        printf("%.*s\n  manual: %.*s\n  actual: %.*s\n", STR_ARG(expression), STR_ARG(outcome),
               STR_ARG(ok ? json_text(arena, actual, 0) : str_from(error.text)));
    return as_said;
}

static void the_manual_tells_the_truth(void **state)
{
    struct arena *arena = *state;
    struct error error;
    struct str rest;
    const struct json *document;
    size_t examples = 0;
    size_t wrong = 0;
    assert_true(file_read(arena, MANUAL, 1 << 20, &rest, &error));
    struct str json = next_block(&rest, STR("```json\n"));
    assert_true(json_parse(arena, STR(MANUAL), json, &json_limits_default, &document, &error));
    for (struct str block; (block = next_block(&rest, STR("```query\n"))).len > 0;) {
        struct str expression;
        struct str outcome;
        while (str_cut(&block, '\n', &expression) && str_cut(&block, '\n', &outcome)) {
            assert_true(str_starts(outcome, STR("=> ")));
            wrong += !holds(arena, document, expression, str_skip(outcome, 3));
            examples++;
        }
    }
    assert_true(examples > 40);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {arena_test(the_manual_tells_the_truth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
