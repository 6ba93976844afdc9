/* The HTML report stays inside its security policy, and stays small where results are many. */
#include "reports/html/assets.h"
#include "reports/render.h"

#include <openssl/evp.h>

#include <string.h>

static struct str sha256_base64(struct arena *arena, struct str text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    unsigned char base64[2 * EVP_MAX_MD_SIZE];
    assert_true(EVP_Digest(text.ptr, (size_t)text.len, digest, &length, EVP_sha256(), NULL));
    EVP_EncodeBlock(base64, digest, (int)length);
    return str_copy(arena, str_from((const char *)base64));
}

static void check_hash(struct arena *arena, const char *directive, struct str text)
{
    struct str hash = sha256_base64(arena, text);
    struct str expected = str_format(arena, "%s 'sha256-%.*s'", directive, STR_ARG(hash));
    if (!str_contains(str_from(html_security_policy), expected))
        fail_msg("html_security_policy must say: %.*s", STR_ARG(expected));
}

static void security_policy_names_the_style_and_the_script(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    check_hash(arena, "style-src", html_style());
    check_hash(arena, "script-src", html_script());
    arena_close(arena);
}

static size_t occurrences(struct str text, const char *part)
{
    size_t count = 0;
    ptrdiff_t at = 0;
    while ((at = str_find(text, str_from(part), at)) >= 0) {
        count++;
        at += (ptrdiff_t)strlen(part);
    }
    return count;
}

static void hostile_names_add_no_markup(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "hostile");
    struct str page = render_results(arena, "html", &results, render_plain);
    assert_int_equal(occurrences(page, "<script"), 1);
    assert_int_equal(occurrences(page, "</script"), 1);
    assert_int_equal(occurrences(page, "<img"), 0);
    assert_int_equal(occurrences(page, "<!--"), 0);
    assert_int_equal(occurrences(page, "href=\"javascript"), 0);
    assert_int_equal(occurrences(page, "\x1b"), 0);
    arena_close(arena);
}

static void nothing_is_loaded_from_elsewhere(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    struct str page = render_results(arena, "html", &results, render_plain);
    assert_int_equal(occurrences(page, " src="), 0);
    assert_int_equal(occurrences(page, "<link"), 0);
    assert_int_equal(occurrences(page, "url("), 0);
    assert_int_equal(occurrences(page, "@import"), 0);
    arena_close(arena);
}

static void every_result_has_an_anchor(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    struct str page = render_results(arena, "html", &results, render_plain);
    for (size_t i = 0; i < results.count; i++) {
        struct str id = str_format(arena, " id=\"r-%.*s\"", STR_ARG(results.items[i].id));
        assert_int_equal(occurrences(page, str_to_c(arena, id)), 1);
    }
    arena_close(arena);
}

static void many_results_of_a_rule_are_folded(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    struct result account = results.items[7];
    assert_true(str_equal(account.rule, STR("organization-accounts-connected")));
    results.count = 3000;
    results.items = arena_array(arena, struct result, results.count);
    for (size_t i = 0; i < results.count; i++) {
        results.items[i] = account;
        results.items[i].id = str_format(arena, "%016zx", i);
    }
    struct str page = render_results(arena, "html", &results, render_plain);
    assert_int_equal(occurrences(page, "<article"), 1);
    assert_int_equal(occurrences(page, "<li id=\"r-"), 12);
    assert_true(str_contains(page, STR("<summary>and 2,988 more</summary>")));
    assert_int_equal(occurrences(page, "\"team-200000000001 (200000000001) is not connected.\""), 2988);
    assert_true(page.len < 600000);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(security_policy_names_the_style_and_the_script),
        cmocka_unit_test(hostile_names_add_no_markup),
        cmocka_unit_test(nothing_is_loaded_from_elsewhere),
        cmocka_unit_test(every_result_has_an_anchor),
        cmocka_unit_test(many_results_of_a_rule_are_folded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
