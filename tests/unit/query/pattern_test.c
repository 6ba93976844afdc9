/* Regular expressions behind limits, and globs. */
#include "query/pattern.h"

#include "base/buf.h"

#include "cmocka_all.h"

/** Whether the pattern matches; the pattern and the search must work. */
static bool matches(struct arena *arena, const char *source, struct str text)
{
    const struct pattern *pattern;
    struct error error;
    bool found = false;
    if (!pattern_compile(arena, str_from(source), &pattern, &error) || !pattern_match(pattern, text, &found, &error))
        fail_msg("%s: %s", source, error.text);
    return found;
}

static void finds_the_pattern_anywhere(void **state)
{
    assert_true(matches(*state, "b+", STR("abbc")));
    assert_false(matches(*state, "^b", STR("abbc")));
    assert_true(matches(*state, "", STR("")));
    assert_true(matches(*state, "(?i)ABC", STR("xabcx")));
}

static void works_on_code_points(void **state)
{
    assert_true(matches(*state, "^..$", STR("\xc3\xa9\xf0\x9f\x98\x80")));
    assert_false(matches(*state, "^\\w$", STR("\xc3\xa9")));
}

static void bytes_that_are_no_utf8_match_nothing(void **state)
{
    assert_false(matches(*state, "^.$", STR("\xff")));
    assert_true(matches(*state, "b", STR("\xff b")));
    assert_true(matches(*state, "a.b", STR("a\0b")));
}

static void says_where_a_pattern_is_wrong(void **state)
{
    const struct pattern *pattern;
    struct error error = {0};
    assert_false(pattern_compile(*state, STR("ab(c"), &pattern, &error));
    assert_string_equal(error.code, "invalid-value");
    assert_string_equal(error.text, "column 5: pattern: missing closing parenthesis");
    assert_false(pattern_compile(*state, STR("\xff"), &pattern, &error));
    assert_false(pattern_compile(*state, STR("\\C"), &pattern, &error));
}

static void long_patterns_are_refused(void **state)
{
    const struct pattern *pattern;
    struct error error = {0};
    struct str text = {arena_array(*state, char, PATTERN_MAX_LENGTH + 1), PATTERN_MAX_LENGTH + 1};
    assert_false(pattern_compile(*state, text, &pattern, &error));
    assert_string_equal(error.code, "invalid-value");
}

static void runaway_patterns_are_stopped(void **state)
{
    static const char *const sources[] = {"^(a+)+$", "^(a|aa)+$", "(.*)*(.*)*(.*)*b$"};
    struct str text = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac");
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        const struct pattern *pattern;
        struct error error = {0};
        bool found = true;
        assert_true(pattern_compile(*state, str_from(sources[i]), &pattern, &error));
        if (pattern_match(pattern, text, &found, &error))
            assert_false(found); /* PCRE2 may see at once that there is no b */
        else
            assert_string_equal(error.code, "invalid-value");
    }
}

static void globs_fit_the_whole_text(void **state)
{
    (void)state;
    assert_true(pattern_glob(STR("a*c?e"), STR("abbbcde")));
    assert_false(pattern_glob(STR("a*c?e"), STR("abbbcdef")));
    assert_true(pattern_glob(STR("**"), STR("")));
    assert_false(pattern_glob(STR(""), STR("a")));
    assert_true(pattern_glob(STR("*\xc3\xa9?"), STR("a\xc3\xa9\xc3\xa9")));
    assert_false(pattern_glob(STR("*??"), STR("\xf0\x9f\x98\x80")));
}

/** The obvious definition, against which the loop is checked. */
static bool glob_by_definition(const char *glob, const char *text)
{
    if (*glob == '*')
        return glob_by_definition(glob + 1, text) || (*text && glob_by_definition(glob, text + 1));
    if (!*glob || !*text)
        return *glob == *text;
    return (*glob == '?' || *glob == *text) && glob_by_definition(glob + 1, text + 1);
}

/** Word number `number` of up to four letters of the alphabet. */
static void word(const char *alphabet, unsigned number, char out[5])
{
    size_t letters = strlen(alphabet);
    size_t len = 0;
    for (; number > 0; number = (unsigned)((number - 1) / letters))
        out[len++] = alphabet[(number - 1) % letters];
    out[len] = '\0';
}

static void globs_are_what_their_definition_says(void **state)
{
    (void)state;
    enum { GLOBS = 340, TEXTS = 30 }; /* all words of four letters of "ab*?", and of "ab" */
    for (unsigned i = 0; i <= GLOBS; i++) {
        for (unsigned j = 0; j <= TEXTS; j++) {
            char glob[5];
            char text[5];
            word("ab*?", i, glob);
            word("ab", j, text);
            assert_int_equal(pattern_glob(str_from(glob), str_from(text)), glob_by_definition(glob, text));
        }
    }
}

static void hostile_globs_end(void **state)
{
    struct buf glob = buf_make(*state, 1 << 20);
    struct buf text = buf_make(*state, 1 << 20);
    for (int i = 0; i < 1000; i++)
        buf_add_c(&glob, "*a");
    buf_add_c(&glob, "b");
    for (int i = 0; i < 100000; i++)
        buf_add_c(&text, "a");
    assert_false(pattern_glob(buf_str(&glob), buf_str(&text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(finds_the_pattern_anywhere),
        arena_test(works_on_code_points),
        arena_test(bytes_that_are_no_utf8_match_nothing),
        arena_test(says_where_a_pattern_is_wrong),
        arena_test(long_patterns_are_refused),
        arena_test(runaway_patterns_are_stopped),
        cmocka_unit_test(globs_fit_the_whole_text),
        cmocka_unit_test(globs_are_what_their_definition_says),
        arena_test(hostile_globs_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
