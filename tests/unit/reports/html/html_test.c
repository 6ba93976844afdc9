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
    struct buf style = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < html_style_count; i++)
        buf_add_c(&style, html_style[i]);
    check_hash(arena, "style-src", buf_str(&style));
    check_hash(arena, "script-src", str_from(html_script));
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
    assert_int_equal(occurrences(page, "<article"), 3);
    assert_int_equal(occurrences(page, "data-status=\"fail\""), 3000);
    assert_true(str_contains(page, STR("and 2,997 more of ")));
    assert_true(page.len < 6000000);
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
