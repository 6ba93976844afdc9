/* Tokens of expressions. */
#include "query/lexer.h"

#include "cmocka_all.h"

/** The kinds of all tokens as lexer_token_name() calls them, with blanks between; or the error's text. */
static struct str kinds(struct arena *arena, struct str text)
{
    struct lexer lexer = {arena, text, 0};
    struct buf out = buf_make(arena, 4096);
    struct token token;
    struct error error;
    do {
        if (!lexer_next(&lexer, &token, &error))
            return str_copy(arena, str_from(error.text));
        buf_addf(&out, "%s%s", out.len ? " " : "", lexer_token_name(token.kind));
    } while (token.kind != TOKEN_END);
    return buf_str(&out);
}

static struct token first(struct arena *arena, const char *text)
{
    struct lexer lexer = {arena, str_from(text), 0};
    struct token token;
    struct error error;
    if (!lexer_next(&lexer, &token, &error))
        fail_msg("%s", error.text);
    return token;
}

static void tells_two_character_tokens_from_one(void **state)
{
    assert_str_equal(kinds(*state, STR("| || & && < <= > >= ! !=")),
                     STR("'|' '||' '&' '&&' '<' '<=' '>' '>=' '!' '!=' the end"));
    assert_str_equal(kinds(*state, STR("[][?[ ]==")), STR("'[]' '[?' '[' ']' '==' the end"));
}

static void reads_names_and_numbers(void **state)
{
    assert_str_equal(first(*state, "_a1 b").text, STR("_a1"));
    assert_int_equal(first(*state, "-12").number, -12);
    assert_int_equal(first(*state, "9223372036854775807").number, INT64_MAX);
    assert_str_equal(kinds(*state, STR("1a")), STR("a number a name the end"));
}

static void unescapes_only_the_quote_in_raw_strings(void **state)
{
    assert_str_equal(first(*state, "'it\\'s'").literal->string, STR("it's"));
    assert_str_equal(first(*state, "'\\n\\\\'").literal->string, STR("\\n\\\\"));
    assert_str_equal(first(*state, "''").literal->string, STR(""));
}

static void reads_literals_as_json(void **state)
{
    assert_true(first(*state, "`true`").literal == &json_true);
    assert_int_equal((int)first(*state, "`-5`").literal->number, -5);
    assert_str_equal(first(*state, "`\"\\`\"`").literal->string, STR("`"));
    assert_int_equal(first(*state, "` [1, 2] `").literal->count, 2);
}

static void unescapes_quoted_names(void **state)
{
    assert_str_equal(first(*state, "\"a\\u00e9\\\"\"").text, STR("a\xc3\xa9\""));
    assert_str_equal(first(*state, "\"a b\"").text, STR("a b"));
}

static void counts_columns_in_characters(void **state)
{
    assert_str_equal(kinds(*state, STR("'\xc3\xa9\xc3\xa9' #")), STR("column 6: unexpected '#'"));
    assert_str_equal(kinds(*state, STR("a\x01")), STR("column 2: unexpected control character"));
    assert_str_equal(kinds(*state, STR("a\0b")), STR("column 2: unexpected control character"));
}

static void says_what_is_missing(void **state)
{
    assert_str_equal(kinds(*state, STR("a 'b")), STR("column 3: the ' is never closed"));
    assert_str_equal(kinds(*state, STR("'b\\")), STR("column 1: the ' is never closed"));
    assert_str_equal(kinds(*state, STR("a = b")), STR("column 3: unexpected '='; equality is '=='"));
    assert_str_equal(kinds(*state, STR("99999999999999999999")), STR("column 1: the number is too large"));
}

static void stays_at_the_end(void **state)
{
    struct lexer lexer = {*state, STR(" "), 0};
    struct token token;
    struct error error;
    for (int i = 0; i < 3; i++) {
        assert_true(lexer_next(&lexer, &token, &error));
        assert_int_equal(token.kind, TOKEN_END);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(tells_two_character_tokens_from_one),
        arena_test(reads_names_and_numbers),
        arena_test(unescapes_only_the_quote_in_raw_strings),
        arena_test(reads_literals_as_json),
        arena_test(unescapes_quoted_names),
        arena_test(counts_columns_in_characters),
        arena_test(says_what_is_missing),
        arena_test(stays_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
