/* Which reports go where, and when they are coloured and folded. */
#include "cli/outputs.h"

#include "base/file.h"
#include "reports/results/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/** A program whose output is a scratch file, and no terminal unless said so. */
static struct program program_of(struct arena *arena, char **environment, bool terminal)
{
    return (struct program){
        .arena = arena,
        .environment = environment,
        .output = tmpfile(),
        .errors = stderr,
        .output_is_terminal = terminal,
    };
}

static bool parse(struct program *program, struct str *specifications, size_t count, struct error *error)
{
    struct outputs *outputs = NULL;
    const struct output_options options = {.outputs = {specifications, count, count}};
    return outputs_parse(program, &options, "text", &outputs, error);
}

static void takes_each_format_with_and_without_a_file(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct program program = program_of(arena, NULL, false);
    struct error error;
    struct str several[] = {STR("json"), STR("junit:file=a.xml"), STR("html=dir/r=1.html"), STR("markdown=b")};
    assert_true(parse(&program, several, COUNT_OF(several), &error));
    struct str dash[] = {STR("csv=-")};
    assert_true(parse(&program, dash, 1, &error));
    assert_true(parse(&program, NULL, 0, &error));
    fclose(program.output);
    arena_close(arena);
}

static void refuses_what_cannot_be_meant(void **state)
{
    (void)state;
    static const struct {
        struct str specifications[2];
        const char *message;
    } cases[] = {
        {{STR_INIT("jso"), STR_INIT("text=a")}, "did you mean 'json'"},
        {{STR_INIT("yaml"), STR_INIT("text=a")}, "there are text, json"},
        {{STR_INIT(""), STR_INIT("text=a")}, "there is no format ''"},
        {{STR_INIT("json="), STR_INIT("text=a")}, "the file's name is missing"},
        {{STR_INIT("json"), STR_INIT("text=-")}, "only one report can go to standard output"},
        {{STR_INIT("json=a"), STR_INIT("text=a")}, "same file, a"},
    };
    struct arena *arena = arena_open(0);
    struct program program = program_of(arena, NULL, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str copy[] = {cases[i].specifications[0], cases[i].specifications[1]};
        struct error error = {{0}, {0}};
        assert_false(parse(&program, copy, 2, &error));
        assert_true(error_is(&error, ERROR_INPUT));
        if (!str_contains(str_from(error.text), str_from(cases[i].message)))
            fail_msg("case %zu says '%s'", i, error.text);
    }
    fclose(program.output);
    arena_close(arena);
}

static void colour_follows_option_then_environment_then_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *option;
        const char *variable;
        bool terminal;
        bool color;
    } cases[] = {
        {"", NULL, true, true},
        {"", NULL, false, false},
        {"auto", "NO_COLOR=1", true, false},
        {"auto", "NO_COLOR=", true, true},
        {"", "TERM=dumb", true, false},
        {"always", "NO_COLOR=1", false, true},
        {"always", "TERM=dumb", true, true},
        {"never", NULL, true, false},
    };
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *environment[] = {cases[i].variable ? str_to_c(arena, str_from(cases[i].variable)) : NULL, NULL};
        struct program program = program_of(arena, environment, cases[i].terminal);
        struct report_style style = outputs_style(&program, str_from(cases[i].option));
        assert_int_equal(style.color, cases[i].color);
        assert_int_equal(style.width > 0, cases[i].terminal);
        fclose(program.output);
    }
    arena_close(arena);
}

static void columns_set_the_width_of_a_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        int width;
    } cases[] = {{"COLUMNS=120", 120}, {"COLUMNS=5", 80}, {"COLUMNS=wide", 80}, {NULL, 80}};
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *environment[] = {cases[i].columns ? str_to_c(arena, str_from(cases[i].columns)) : NULL, NULL};
        struct program program = program_of(arena, environment, true);
        assert_int_equal(outputs_style(&program, STR("")).width, cases[i].width);
        fclose(program.output);
    }
    arena_close(arena);
}

static void a_file_appears_whole_at_the_end(void **state)
{
    (void)state;
    char folder[] = "/tmp/outputs-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct arena *arena = arena_open(0);
    struct program program = program_of(arena, NULL, false);
    struct str path = str_format(arena, "%s/r.json", folder);
    struct str specification = str_join3(arena, STR("json="), path, STR(""));
    const struct output_options options = {.outputs = {&specification, 1, 1}};
    const struct run_info run = {.tool = STR("exportcheck 0")};
    struct outputs *outputs = NULL;
    struct error error;
    assert_true(outputs_parse(&program, &options, "text", &outputs, &error));
    assert_true(outputs_open(outputs, &error));
    outputs_begin(outputs, &run);
    assert_int_not_equal(access(str_to_c(arena, path), F_OK), 0);
    assert_true(outputs_end(outputs, &error));
    struct str text = {0};
    struct results results;
    assert_true(file_read(arena, str_to_c(arena, path), 1 << 20, &text, &error));
    assert_true(results_read(arena, path, text, &results, &error));
    assert_int_equal(ftell(program.output), 0);
    fclose(program.output);
    unlink(str_to_c(arena, path));
    arena_close(arena);
    assert_int_equal(rmdir(folder), 0);
}

static void nothing_is_left_of_a_run_that_stopped(void **state)
{
    (void)state;
    char folder[] = "/tmp/outputs-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct arena *arena = arena_open(0);
    struct program program = program_of(arena, NULL, false);
    struct str specification = str_format(arena, "html=%s/r.html", folder);
    const struct output_options options = {.outputs = {&specification, 1, 1}};
    struct outputs *outputs = NULL;
    struct error error;
    assert_true(outputs_parse(&program, &options, "text", &outputs, &error));
    assert_true(outputs_open(outputs, &error));
    fclose(program.output);
    arena_close(arena);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_each_format_with_and_without_a_file),
        cmocka_unit_test(refuses_what_cannot_be_meant),
        cmocka_unit_test(colour_follows_option_then_environment_then_terminal),
        cmocka_unit_test(columns_set_the_width_of_a_terminal),
        cmocka_unit_test(a_file_appears_whole_at_the_end),
        cmocka_unit_test(nothing_is_left_of_a_run_that_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
