/* settings_test.c: the syntax of AWS's files, and what wins over what. */
#include "aws/settings/settings.h"
#include "base/buf.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static char home[] = "/tmp/exportcheck-settings-XXXXXX";

static int open_all(void **state)
{
    (void)state;
    arena = arena_open(0);
    return mkdtemp(home) ? 0 : 1;
}

static int close_all(void **state)
{
    (void)state;
    (void)unlink(str_to_c(arena, str_format(arena, "%s/config", home)));
    (void)unlink(str_to_c(arena, str_format(arena, "%s/credentials", home)));
    (void)rmdir(home);
    arena_close(arena);
    return 0;
}

static void assert_str(struct str found, const char *expected)
{
    assert_string_equal(str_to_c(arena, found), expected);
}

static struct ini parse(const char *text)
{
    struct ini ini;
    struct error error;
    if (!ini_parse(arena, STR("f"), str_from(text), &ini, &error))
        fail_msg("%s", error.text);
    return ini;
}

static struct str get(const struct ini *ini, const char *section, const char *key)
{
    const struct ini_entry *entry = ini_entry(ini_find(ini, str_from(section)), STR(""), str_from(key));
    return entry ? entry->value : STR("(none)");
}

/* --- syntax --------------------------------------------------------------------------------------- */

static void reads_keys_values_and_comments(void **state)
{
    (void)state;
    struct ini ini = parse("\xEF\xBB\xBF# a comment\r\n[default]\r\nRegion = eu-west-1 \r\n; another\r\n\r\n"
                           "output: json\nempty =\nurl = http://h:80/a=b # kept\n[ spaced ] # why not\nk=v");
    assert_int_equal(ini.count, 2);
    assert_str(get(&ini, "default", "region"), "eu-west-1");
    assert_str(get(&ini, "default", "output"), "json");
    assert_str(get(&ini, "default", "empty"), "");
    assert_str(get(&ini, "default", "url"), "http://h:80/a=b # kept");
    assert_str(get(&ini, "spaced", "k"), "v");
}

static void nests_one_level_under_a_key_without_value(void **state)
{
    (void)state;
    struct ini ini = parse(
        "[services x]\ns3 =\n  endpoint_url = http://s3\n\t# comment\n  other: 1\niam=\n endpoint_url=http://iam\n");
    const struct ini_section *section = ini_find(&ini, STR("services x"));
    assert_str(ini_entry(section, STR("s3"), STR("endpoint_url"))->value, "http://s3");
    assert_str(ini_entry(section, STR("s3"), STR("other"))->value, "1");
    assert_str(ini_entry(section, STR("iam"), STR("endpoint_url"))->value, "http://iam");
    assert_null(ini_entry(section, STR(""), STR("endpoint_url")));
}

static const char *value_in(const struct ini *ini, const char *section, const char *key)
{
    const struct ini_entry *entry = ini_entry(ini_find(ini, str_from(section)), STR(""), str_from(key));
    return entry ? str_to_c(arena, entry->value) : NULL;
}

static void reads_settings_that_are_indented_alike(void **state)
{
    (void)state;
    struct ini ini;
    assert_true(ini_parse(arena, STR("f"), STR("[a]\n  k = v\n  l = w\n    more\n m = x\n[b]\n\tk = y\n"), &ini, NULL));
    assert_string_equal(value_in(&ini, "a", "k"), "v");
    assert_string_equal(value_in(&ini, "a", "l"), "w\nmore");
    assert_string_equal(value_in(&ini, "a", "m"), "x");
    assert_string_equal(value_in(&ini, "b", "k"), "y");
}

static void lends_the_settings_of_default_to_all(void **state)
{
    (void)state;
    struct ini ini;
    assert_true(ini_parse(arena, STR("f"), STR("[DEFAULT]\nk = v\nl = w\n[a]\nl = own\n[b]\n"), &ini, NULL));
    assert_string_equal(value_in(&ini, "a", "k"), "v");
    assert_string_equal(value_in(&ini, "a", "l"), "own");
    assert_string_equal(value_in(&ini, "b", "l"), "w");
    assert_null(ini_find(&ini, STR("DEFAULT")));
}

static void goes_on_with_a_value_on_an_indented_line(void **state)
{
    (void)state;
    struct ini ini = parse("[a]\nk = one\n  two = 2\n");
    assert_str(get(&ini, "a", "k"), "one\ntwo = 2");
}

static void lets_the_later_of_two_equal_keys_win(void **state)
{
    (void)state;
    struct ini ini = parse("[a]\nk=1\nj=1\n[b]\n[a]\nk=2\n");
    assert_int_equal(ini.count, 2);
    assert_str(get(&ini, "a", "k"), "2");
    assert_str(get(&ini, "a", "j"), "1");
}

static void grows_past_any_first_guess(void **state)
{
    (void)state;
    struct buf text = buf_make(arena, 1 << 20);
    for (int i = 0; i < 100; i++)
        buf_addf(&text, "[s%d]\nm =\n a = %d\n b = %d\n k%d = x\n", i, i, i, i);
    struct ini ini;
    assert_true(ini_parse(arena, STR("f"), buf_str(&text), &ini, NULL));
    assert_int_equal(ini.count, 100);
    assert_str(ini_entry(ini_find(&ini, STR("s99")), STR("m"), STR("b"))->value, "99");
}

static void says_file_and_line_of_what_it_cannot_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[a]\nb", "f:2: expected 'key = value'"},
        {"[a\n", "f:1: the section's ']' is missing"},
        {"[a] b\n", "f:1: something follows"},
        {"[]\n", "f:1: the section has no name"},
        {"\nk = v\n", "f:2: a setting stands before the first [section]"},
        {"[a]\ns3 =\n word\n", "f:3: expected 'key = value' under"},
        {"[a]\n= v\n", "f:2: expected 'key = value'"},
        {"[a]\nk = \xff\n", "f: not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ini ini;
        struct error error;
        assert_false(ini_parse(arena, STR("f"), str_from(rows[i].text), &ini, &error));
        assert_string_equal(error.code, "input");
        if (!str_starts(str_from(error.text), str_from(rows[i].message)))
            fail_msg("'%s', expected '%s…'", error.text, rows[i].message);
    }
}

static void takes_quotes_off_names(void **state)
{
    (void)state;
    struct str kind, rest;
    ini_split_name(STR("profile \"my name\""), &kind, &rest);
    assert_str(kind, "profile");
    assert_str(rest, "my name");
    ini_split_name(STR("profile\t'x'"), &kind, &rest);
    assert_str(rest, "x");
    ini_split_name(STR("default"), &kind, &rest);
    assert_str(kind, "default");
    assert_str(rest, "");
}

/* --- what wins ------------------------------------------------------------------------------------- */

#define CONFIG                                                                                                            \
    "[default]\nregion = eu-north-1\nservices = mine\nendpoint_url = http://profile\nmax_attempts = 7\n"                  \
    "[profile work]\nregion = eu-central-1\naws_access_key_id = CONFIG\nca_bundle = ~/ca.pem\nuse_fips_endpoint = TRUE\n" \
    "[profile \"two words\"]\nregion = af-south-1\n"                                                                      \
    "[services mine]\ns3 =\n  endpoint_url = http://s3\ncost_and_usage_report_service =\n  endpoint_url = http://cur\n"

static void write_file(const char *name, const char *text)
{
    assert_true(file_write(str_to_c(arena, str_format(arena, "%s/%s", home, name)), str_from(text), 0600, NULL));
}

/* `variables` are separated by blanks. */
static bool load(const char *variables, const struct settings_options *options, struct settings *ret,
                 struct error *error)
{
    static const struct settings_options none = {.profile = {NULL, 0}};
    char **environment = arena_array(arena, char *, 16);
    size_t count = 0;
    environment[count++] = str_to_c(arena, str_format(arena, "AWS_CONFIG_FILE=%s/config", home));
    environment[count++] = str_to_c(arena, str_format(arena, "AWS_SHARED_CREDENTIALS_FILE=%s/credentials", home));
    environment[count++] = str_to_c(arena, str_format(arena, "HOME=%s", home));
    struct str rest = str_from(variables), one;
    for (bool more = rest.len > 0; more;) {
        more = str_cut(&rest, ' ', &one);
        environment[count++] = str_to_c(arena, one);
    }
    write_file("config", CONFIG);
    write_file("credentials", "[work]\naws_access_key_id = CREDENTIALS\n[only-keys]\naws_access_key_id = K\n");
    return settings_load(arena, environment, options ? options : &none, ret, error);
}

static struct settings loaded(const char *variables, const struct settings_options *options)
{
    struct settings settings;
    struct error error;
    if (!load(variables, options, &settings, &error))
        fail_msg("%s", error.text);
    return settings;
}

static void chooses_the_profile(void **state)
{
    (void)state;
    struct settings_options option = {.profile = STR("only-keys")};
    struct settings settings = loaded("", NULL);
    assert_str(settings.profile, "default");
    settings = loaded("AWS_DEFAULT_PROFILE=work", NULL);
    assert_str(settings.profile, "work");
    settings = loaded("AWS_DEFAULT_PROFILE=default AWS_PROFILE=work", NULL);
    assert_str(settings.profile, "work");
    settings = loaded("AWS_PROFILE=work", &option);
    assert_str(settings.profile, "only-keys");
    option.profile = STR("two words");
    settings = loaded("", &option);
    assert_str(settings_region(&settings), "af-south-1");
}

static void refuses_a_profile_that_does_not_exist(void **state)
{
    (void)state;
    struct settings settings;
    struct error error;
    assert_false(load("AWS_PROFILE=nobody", NULL, &settings, &error));
    assert_string_equal(error.code, "input");
    assert_true(str_starts(str_from(error.text), STR("profile 'nobody' (AWS_PROFILE) is in neither")));
}

static void chooses_the_region(void **state)
{
    (void)state;
    static const struct {
        const char *variables, *option, *region;
    } rows[] = {
        {"", "", "eu-north-1"},
        {"AWS_PROFILE=only-keys", "", "us-east-1"},
        {"AWS_DEFAULT_REGION=a-b-1", "", "a-b-1"},
        {"AWS_DEFAULT_REGION=a-b-1 AWS_REGION=a-b-2", "", "a-b-2"},
        {"AWS_REGION=a-b-2", "a-b-3", "a-b-3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct settings_options options = {.region = str_from(rows[i].option)};
        struct settings settings = loaded(rows[i].variables, &options);
        assert_str(settings_region(&settings), rows[i].region);
    }
}

static void chooses_the_endpoint(void **state)
{
    (void)state;
    static const struct {
        const char *variables, *option, *service, *url;
    } rows[] = {
        {"", "", "IAM", "http://profile"},
        {"", "", "S3", "http://s3"},
        {"", "", "COST_AND_USAGE_REPORT_SERVICE", "http://cur"},
        {"AWS_ENDPOINT_URL=http://all", "", "S3", "http://all"},
        {"AWS_ENDPOINT_URL=http://all AWS_ENDPOINT_URL_S3=http://one", "", "S3", "http://one"},
        {"AWS_ENDPOINT_URL=http://all AWS_ENDPOINT_URL_S3=http://one", "", "S3_CONTROL", "http://all"},
        {"AWS_ENDPOINT_URL_S3=http://one", "http://option", "S3", "http://option"},
        {"AWS_ENDPOINT_URL=http://all AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "", "S3", ""},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "http://option", "S3", "http://option"},
        {"AWS_PROFILE=work", "", "S3", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct settings_options options = {.endpoint_url = str_from(rows[i].option)};
        struct settings settings = loaded(rows[i].variables, &options);
        assert_str(settings_endpoint_url(&settings, rows[i].service), rows[i].url);
    }
}

static void lets_the_credentials_file_win(void **state)
{
    (void)state;
    struct settings settings = loaded("AWS_PROFILE=work", NULL);
    assert_str(settings_value(&settings, STR("work"), "aws_access_key_id"), "CREDENTIALS");
    assert_str(settings_value(&settings, STR("work"), "region"), "eu-central-1");
    assert_str(settings_value(&settings, STR("work"), "nothing"), "");
    assert_str(settings_ca_bundle(&settings), str_to_c(arena, str_format(arena, "%s/ca.pem", home)));
    assert_true(settings_use_fips(&settings));
    assert_false(settings_use_dual_stack(&settings));
}

static void reads_the_number_of_attempts(void **state)
{
    (void)state;
    static const struct {
        const char *variables;
        int attempts;
    } rows[] = {{"", 7},
                {"AWS_PROFILE=work", 0},
                {"AWS_MAX_ATTEMPTS=1", 1},
                {"AWS_MAX_ATTEMPTS=0", 0},
                {"AWS_MAX_ATTEMPTS=many", 0},
                {"AWS_MAX_ATTEMPTS=99999", 100}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct settings settings = loaded(rows[i].variables, NULL);
        assert_int_equal(settings_max_attempts(&settings), rows[i].attempts);
    }
}

static void needs_neither_files_nor_home(void **state)
{
    (void)state;
    char *environment[] = {NULL};
    struct settings_options options = {.profile = STR("")};
    struct settings settings;
    assert_true(settings_load(arena, environment, &options, &settings, NULL));
    assert_str(settings_region(&settings), "us-east-1");
    assert_int_equal(settings.config_path.len, 0);
    assert_true(settings_load(arena, NULL, &options, &settings, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_keys_values_and_comments),
        cmocka_unit_test(nests_one_level_under_a_key_without_value),
        cmocka_unit_test(reads_settings_that_are_indented_alike),
        cmocka_unit_test(lends_the_settings_of_default_to_all),
        cmocka_unit_test(goes_on_with_a_value_on_an_indented_line),
        cmocka_unit_test(lets_the_later_of_two_equal_keys_win),
        cmocka_unit_test(grows_past_any_first_guess),
        cmocka_unit_test(says_file_and_line_of_what_it_cannot_read),
        cmocka_unit_test(takes_quotes_off_names),
        cmocka_unit_test(chooses_the_profile),
        cmocka_unit_test(refuses_a_profile_that_does_not_exist),
        cmocka_unit_test(chooses_the_region),
        cmocka_unit_test(chooses_the_endpoint),
        cmocka_unit_test(lets_the_credentials_file_win),
        cmocka_unit_test(reads_the_number_of_attempts),
        cmocka_unit_test(needs_neither_files_nor_home),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
