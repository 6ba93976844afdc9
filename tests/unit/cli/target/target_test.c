/* The target: from options, files and snapshots; and the lists of connected accounts. */
#include "cli/target/target.h"

#include "base/file.h"
#include "cmocka_all.h"

#include <stdlib.h>
#include <unistd.h>

static struct program *program_of(struct arena *arena)
{
    struct program *program = arena_new(arena, struct program);
    program->arena = arena;
    return program;
}

static const struct json *json_of(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    struct error error;
    if (!json_parse(arena, STR("test"), str_from(text), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static void expect_target(struct arena *arena, const struct target_options *options, const char *otherwise,
                          const char *expected)
{
    const struct json *target = NULL;
    struct error error;
    if (!target_read(program_of(arena), options, otherwise ? json_of(arena, otherwise) : NULL, &target, &error))
        fail_msg("%s", error.text);
    assert_str_equal(json_text(arena, target, 0), str_from(expected));
}

static void expect_refusal(struct arena *arena, const struct target_options *options, const char *otherwise,
                           const char *message)
{
    const struct json *target = NULL;
    struct error error = {.text = "accepted"};
    assert_false(
        target_read(program_of(arena), options, otherwise ? json_of(arena, otherwise) : NULL, &target, &error));
    if (!str_contains(str_from(error.text), str_from(message)))
        fail_msg("'%s' does not say '%s'", error.text, message);
}

/* A file with this text, removed at the end of the test by remove_file(). */
static char *file_of(struct arena *arena, const char *text)
{
    char *path = str_to_c(arena, STR("/tmp/exportcheck-target-XXXXXX"));
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(file_write(path, str_from(text), 0600, NULL));
    return path;
}

#define DEFAULTS "\"export_type\":\"cur2\",\"detect\":\"manual\"}"

static void has_defaults_where_nothing_is_said(void **state)
{
    struct target_options options = {.file = {NULL, 0}};
    expect_target(*state, &options, NULL, "{\"scenario\":\"root-existing\"," DEFAULTS);
}

static void options_go_over_a_snapshots_target(void **state)
{
    struct target_options options = {.bucket = STR_INIT("other"), .prefix = STR_INIT(""), .detect = STR_INIT("auto")};
    expect_target(*state, &options, "{\"bucket\": \"acme\", \"export_name\": \"e\", \"principal\": null}",
                  "{\"bucket\":\"other\",\"export_name\":\"e\",\"prefix\":\"\",\"detect\":\"auto\","
                  "\"scenario\":\"root-existing\",\"export_type\":\"cur2\"}");
}

static void a_file_goes_before_a_snapshots_target(void **state)
{
    char *path = file_of(*state, "{\"scenario\": \"linked\", \"account_id\": \"123456789012\"}");
    struct target_options options = {.file = str_from(path)};
    expect_target(*state, &options, "{\"bucket\": \"acme\"}",
                  "{\"scenario\":\"linked\",\"account_id\":\"123456789012\"," DEFAULTS);
    unlink(path);
}

static void names_mistakes_with_the_nearest_right_name(void **state)
{
    struct target_options none = {.file = {NULL, 0}};
    expect_refusal(*state, &none, "{\"bukcet\": \"acme\"}",
                   "target, 'bukcet': a target has no such member: did you mean 'bucket'?");
    expect_refusal(*state, &none, "{\"bucket\": 1}", "expected a string, found a number");
    expect_refusal(*state, &none, "{\"export_type\": \"cur3\"}", "expected cur2 or legacy, not 'cur3'");
    expect_refusal(*state, &none, "[]", "expected an object");
    struct target_options id = {.account_id = STR_INIT("12345678901")};
    expect_refusal(*state, &id, NULL, "--account-id: expected an account id, 12 digits, not '12345678901'");
    struct target_options url = {.optscale_url = STR_INIT("optscale.example.com")};
    expect_refusal(*state, &url, NULL, "--optscale-url: expected a URL");
    struct target_options empty = {.bucket = STR_INIT("")};
    expect_refusal(*state, &empty, NULL, "--bucket: expected a bucket's name");
    struct target_options missing = {.file = STR_INIT("/nonexistent/target.json")};
    expect_refusal(*state, &missing, NULL, "/nonexistent/target.json");
    char *path = file_of(*state, "{\n  \"detect\": \"sometimes\"}");
    struct target_options file = {.file = str_from(path)};
    expect_refusal(*state, &file, NULL, ":2:13: 'detect': expected auto or manual, not 'sometimes'");
    unlink(path);
}

static void connected_accounts_are_a_list_in_the_target(void **state)
{
    char *path = file_of(*state, "123456789012\n");
    struct target_options options = {.connected_accounts = str_from(path)};
    expect_target(
        *state, &options, NULL,
        "{\"connected_accounts\":[{\"account_id\":\"123456789012\"}],\"scenario\":\"root-existing\"," DEFAULTS);
    unlink(path);
    struct target_options none = {.file = {NULL, 0}};
    expect_target(*state, &none, "{\"connected_accounts\": [{\"account_id\": \"123456789012\", \"linked\": false}]}",
                  "{\"connected_accounts\":[{\"account_id\":\"123456789012\",\"linked\":false}],"
                  "\"scenario\":\"root-existing\"," DEFAULTS);
    expect_refusal(*state, &none, "{\"connected_accounts\": [12]}", "expected an account id as text");
    expect_refusal(*state, &none, "{\"connected_accounts\": {}}", "expected a list or the name of a file");
}

static void a_file_names_its_list_of_accounts_beside_itself(void **state)
{
    char *list = file_of(*state, "123456789012\n");
    char *path = file_of(*state, str_format(*state, "{\"connected_accounts\": \"%s\"}", strrchr(list, '/') + 1).ptr);
    struct target_options options = {.file = str_from(path)};
    expect_target(
        *state, &options, NULL,
        "{\"connected_accounts\":[{\"account_id\":\"123456789012\"}],\"scenario\":\"root-existing\"," DEFAULTS);
    unlink(list);
    unlink(path);
}

static const char *const lists[][2] = {
    {"123456789012\n210987654321", "[{\"account_id\":\"123456789012\"},{\"account_id\":\"210987654321\"}]"},
    {"# ours\r\n\r\n  123456789012 , production\r\n", "[{\"account_id\":\"123456789012\",\"name\":\"production\"}]"},
    {"Name,Account_Id,Linked,extra\n\"a, \"\"b\"\"\",123456789012,TRUE,x\nc,210987654321,0,\n",
     "[{\"name\":\"a, \\\"b\\\"\",\"account_id\":\"123456789012\",\"linked\":true},"
     "{\"name\":\"c\",\"account_id\":\"210987654321\",\"linked\":false}]"},
    {"\xEF\xBB\xBF"
     "account_id\n123456789012\n",
     "[{\"account_id\":\"123456789012\"}]"},
    {"[\"123456789012\", {\"id\": \"210987654321\", \"name\": \"x\"}]",
     "[{\"account_id\":\"123456789012\"},{\"account_id\":\"210987654321\",\"name\":\"x\"}]"},
    {"{\"cloud_accounts\": [{\"account_id\": \"123456789012\", \"type\": \"aws_cnr\", \"config\": {\"linked\": true},"
     "\"auto_import\": true, \"deleted_at\": 0}, {\"account_id\": \"x\", \"type\": \"azure_cnr\"}]}",
     "[{\"account_id\":\"123456789012\",\"linked\":true,\"auto_import\":true}]"},
    {"[{\"account_id\": \"123456789012\", \"deleted_at\": 1765000000}, \"123456789012\"]",
     "[{\"account_id\":\"123456789012\",\"deleted\":true},{\"account_id\":\"123456789012\"}]"},
    {"", "[]"},
    {"[]", "[]"},
    {"123456789012\n\n123456789012\n", "[{\"account_id\":\"123456789012\"}]"},
    {"account_id,name,linked\n123456789012,a,true\n123456789012,b,\n",
     "[{\"account_id\":\"123456789012\",\"name\":\"a\",\"linked\":true}]"},
};

static void reads_accounts_from_lines_csv_and_json(void **state)
{
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct json *list = NULL;
        struct error error;
        if (!connected_accounts_read(*state, STR("list"), str_from(lists[i][0]), NULL, &list, &error))
            fail_msg("%s: %s", lists[i][0], error.text);
        assert_str_equal(json_text(*state, list, 0), str_from(lists[i][1]));
    }
}

static const char *const wrong_lists[][2] = {
    {"123456789012\n12345678901\n", "list:2: expected an account id, 12 digits, found '12345678901'"},
    {"account_id,linked\n123456789012,true\n123456789012,false\n",
     "list:3: the account 123456789012 is listed twice, and 'linked' differs"},
    {"[123456789012]", "list:1: expected an account id as text"},
    {"{\"accounts\": []}", "{\"cloud_accounts\": […]}"},
    {"account_id,linked\n123456789012,perhaps\n", "list:2: 'linked' must be true or false, found 'perhaps'"},
    {"[{\"account_id\": \"123456789012\", \"linked\": \"yes\"}]",
     "list:1: 'linked' must be true or false, found a string"},
    {"[\"123456789012\"", "list:1:"},
};

static void names_what_is_wrong_in_a_list_with_its_line(void **state)
{
    for (size_t i = 0; i < COUNT_OF(wrong_lists); i++) {
        const struct json *list = NULL;
        struct error error = {.text = "accepted"};
        assert_false(connected_accounts_read(*state, STR("list"), str_from(wrong_lists[i][0]), NULL, &list, &error));
        if (!str_contains(str_from(error.text), str_from(wrong_lists[i][1])))
            fail_msg("'%s' does not say '%s'", error.text, wrong_lists[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(has_defaults_where_nothing_is_said),
        arena_test(options_go_over_a_snapshots_target),
        arena_test(a_file_goes_before_a_snapshots_target),
        arena_test(names_mistakes_with_the_nearest_right_name),
        arena_test(connected_accounts_are_a_list_in_the_target),
        arena_test(a_file_names_its_list_of_accounts_beside_itself),
        arena_test(reads_accounts_from_lines_csv_and_json),
        arena_test(names_what_is_wrong_in_a_list_with_its_line),
    };
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
