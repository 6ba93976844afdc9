/*
 * Each results file of tests/golden/reports, rendered in each format, is the file beside it, byte
 * for byte. EXPORTCHECK_UPDATE_GOLDEN=1 rewrites the files; look at the difference before keeping it.
 * Of HTML pages the style and the script, which stand in every page as they stand in reports/html, are left out.
 */
#include "reports/render.h"

#include "reports/html/assets.h"

#include <string.h>

static const struct {
    const char *format;
    const char *suffix;
    struct report_style style;
} renderings[] = {
    {"json", "json", {0}},          {"jsonl", "jsonl", {0}},
    {"text", "txt", {0}},           {"text", "72.ansi.txt", {.color = true, .width = 72}},
    {"junit", "junit.xml", {0}},    {"junit:file", "junit-file.xml", {0}},
    {"html", "html", {0}},          {"sarif", "sarif", {0}},
    {"markdown", "md", {0}},        {"csv", "csv", {0}},
    {"ocsf", "ocsf.json", {0}},     {"github", "github.txt", {0}},
    {"gitlab", "gitlab.json", {0}}, {"openmetrics", "prom", {0}},
};

static void compare(struct arena *arena, const char *path, struct str made)
{
    struct str kept = {0};
    struct error error = {{0}, {0}};
    if (getenv("EXPORTCHECK_UPDATE_GOLDEN")) {
        if (!file_write(path, made, 0644, &error))
            fail_msg("%s", error.text);
        return;
    }
    if (!file_read(arena, path, (size_t)64 << 20, &kept, &error))
        fail_msg("%s", error.text);
    if (str_equal(made, kept))
        return;
    ptrdiff_t at = 0;
    while (at < made.len && at < kept.len && made.ptr[at] == kept.ptr[at])
        at++;
    struct str here = str_slice(made, at - 40, at + 80);
    struct str there = str_slice(kept, at - 40, at + 80);
    fail_msg("%s differs from byte %td on:\nmade: %.*s\nkept: %.*s", path, at, STR_ARG(here), STR_ARG(there));
}

/* The text with `…` in place of the asset, which must be there whole. */
static struct str without(struct arena *arena, struct str text, struct str asset)
{
    ptrdiff_t at = str_find(text, asset, 0);
    assert_true(at >= 0);
    return str_join3(arena, str_slice(text, 0, at), STR("…"), str_skip(text, at + asset.len));
}

static struct str without_assets(struct arena *arena, const char *format, struct str made)
{
    bool is_page = strcmp(format, "html") == 0;
    return is_page ? without(arena, without(arena, made, html_style()), html_script()) : made;
}

static void check_case(const char *name)
{
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, name);
    for (size_t i = 0; i < COUNT_OF(renderings); i++) {
        if (!report_format_find(str_from(renderings[i].format)))
            continue;
        char path[512];
        snprintf(path, sizeof path, GOLDEN_FOLDER "%s.%s", name, renderings[i].suffix);
        struct str made = render_results(arena, renderings[i].format, &results, renderings[i].style);
        compare(arena, path, without_assets(arena, renderings[i].format, made));
    }
    arena_close(arena);
}

static void renders_an_account_with_many_faults(void **state)
{
    (void)state;
    check_case("faulty");
}

static void renders_a_healthy_account(void **state)
{
    (void)state;
    check_case("healthy");
}

static void lists_exports_where_none_was_named(void **state)
{
    (void)state;
    check_case("choose");
}

static void renders_hostile_names_harmlessly(void **state)
{
    (void)state;
    check_case("hostile");
}

static void renders_a_run_without_results(void **state)
{
    (void)state;
    check_case("empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders_an_account_with_many_faults), cmocka_unit_test(renders_a_healthy_account),
        cmocka_unit_test(lists_exports_where_none_was_named),  cmocka_unit_test(renders_hostile_names_harmlessly),
        cmocka_unit_test(renders_a_run_without_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
